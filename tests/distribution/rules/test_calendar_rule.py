"""Days, weeks, months and quarters of Shanghai, at their first and last instants."""

import datetime as dt
import time

import pytest

from distribution.rules import calendar

TICK = dt.timedelta(microseconds=1)


def utc(*when):
    return dt.datetime(*when, tzinfo=dt.UTC)


@pytest.mark.parametrize(("moment", "day"), [(utc(2026, 2, 28, 16), 1), (utc(2026, 2, 28, 16) - TICK, 28)])
def test_a_day_begins_at_sixteen_hours_of_utc(moment, day):
    assert calendar.day_of(moment).day == day


@pytest.mark.parametrize(
    ("bounds", "day", "first", "until"),
    [
        ("day_bounds", (2026, 12, 31), (2026, 12, 31), (2027, 1, 1)),
        ("month_bounds", (2026, 2, 28), (2026, 2, 1), (2026, 3, 1)),
        ("month_bounds", (2026, 1, 31), (2026, 1, 1), (2026, 2, 1)),
        ("month_bounds", (2026, 12, 1), (2026, 12, 1), (2027, 1, 1)),
        ("week_bounds", (2026, 3, 2), (2026, 3, 2), (2026, 3, 9)),
        ("week_bounds", (2026, 3, 1), (2026, 2, 23), (2026, 3, 2)),
        ("quarter_bounds", (2026, 1, 1), (2026, 1, 1), (2026, 4, 1)),
        ("quarter_bounds", (2026, 3, 31), (2026, 1, 1), (2026, 4, 1)),
        ("quarter_bounds", (2026, 4, 30), (2026, 4, 1), (2026, 7, 1)),
        ("quarter_bounds", (2026, 8, 31), (2026, 7, 1), (2026, 10, 1)),
        ("quarter_bounds", (2026, 12, 31), (2026, 10, 1), (2027, 1, 1)),
    ],
)
def test_stretches_go_from_their_first_instant_to_the_first_of_the_next(bounds, day, first, until):
    found = getattr(calendar, bounds)(dt.date(*day))

    assert found == (calendar.start_of(dt.date(*first)), calendar.start_of(dt.date(*until)))
    assert [moment.tzinfo for moment in found] == [dt.UTC, dt.UTC]


def test_a_day_starts_in_utc():
    assert calendar.start_of(dt.date(2026, 3, 1)) == utc(2026, 2, 28, 16)


def test_a_time_without_a_zone_is_meant_in_shanghai():
    meant = calendar.parse_local("2026-03-01T10:26")

    assert (meant, meant.tzinfo) == (utc(2026, 3, 1, 2, 26), dt.UTC)
    assert calendar.parse_local("2026-03-01T10:26+00:00") == utc(2026, 3, 1, 10, 26)
    with pytest.raises(ValueError, match="wibble"):
        calendar.parse_local("wibble")


def test_the_zone_of_the_machine_changes_nothing(monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        assert str(calendar.parse_local("2026-03-01T10:26")) == "2026-03-01 02:26:00+00:00"
        assert calendar.day_of(utc(2026, 2, 28, 16)).day == 1
        assert str(calendar.start_of(dt.date(2026, 3, 1))) == "2026-02-28 16:00:00+00:00"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_moments_are_shown_on_a_shanghai_clock():
    moment = utc(2026, 11, 3, 17, 5)

    assert calendar.shown_day(moment) == "11月4日"
    assert calendar.shown_time(moment) == "11月4日 01:05"
    assert calendar.shown_full(moment) == "2026-11-04 01:05"
