"""The cut of every cycle, on the cut's day, the day before and the day after (R38)."""

import datetime as dt

import pytest

from distribution.policy_parts import CycleTerms
from distribution.rules import settlement
from distribution.rules.calendar import start_of

TICK = dt.timedelta(microseconds=1)


def noon(*day):
    return start_of(dt.date(*day)) + dt.timedelta(hours=12)


def cycle(mode, **more):
    return CycleTerms(mode=mode, **more)


DAILY = [cycle("daily"), cycle("threshold", fen=100)]
WEEKLY, FIRST, LAST = cycle("weekly", weekday=3), cycle("monthly", day=1), cycle("monthly", day=31)
FIFTH, QUARTER = cycle("monthly", day=5), cycle("quarterly", day=10)


@pytest.mark.parametrize("every", DAILY)
def test_every_run_settles_what_is_due_in_its_own_moment(every):
    at = noon(2026, 3, 1)

    assert settlement.settled_until(every, at) == at + TICK
    assert settlement.settles_at(every, at) == at


def test_a_person_decides_where_nothing_settles_by_itself():
    assert settlement.settled_until(cycle("manual"), noon(2026, 3, 1)) is None
    assert settlement.settles_at(cycle("manual"), noon(2026, 3, 1)) is None


@pytest.mark.parametrize(
    ("every", "at", "until"),
    [
        # 2026-03-04 is a Wednesday.
        (WEEKLY, (2026, 3, 4), (2026, 3, 4)),
        (WEEKLY, (2026, 3, 3), (2026, 2, 25)),
        (WEEKLY, (2026, 3, 10), (2026, 3, 4)),
        (cycle("weekly", weekday=7), (2026, 3, 1), (2026, 3, 1)),
        (cycle("weekly", weekday=1), (2026, 3, 1), (2026, 2, 23)),
        (FIRST, (2026, 3, 1), (2026, 3, 1)),
        (FIRST, (2026, 2, 28), (2026, 2, 1)),
        (FIFTH, (2026, 3, 4), (2026, 2, 1)),
        (FIFTH, (2026, 3, 5), (2026, 3, 1)),
        (FIFTH, (2026, 1, 4), (2025, 12, 1)),
        (LAST, (2026, 2, 27), (2026, 1, 1)),
        (LAST, (2026, 2, 28), (2026, 2, 1)),
        (LAST, (2024, 2, 28), (2024, 1, 1)),
        (LAST, (2024, 2, 29), (2024, 2, 1)),
        (LAST, (2026, 12, 31), (2026, 12, 1)),
        (QUARTER, (2026, 4, 9), (2026, 1, 1)),
        (QUARTER, (2026, 4, 10), (2026, 4, 1)),
        (QUARTER, (2026, 6, 30), (2026, 4, 1)),
        (QUARTER, (2026, 1, 9), (2025, 10, 1)),
        (QUARTER, (2026, 12, 31), (2026, 10, 1)),
    ],
)
def test_a_cut_takes_what_was_due_before_its_stretch_began(every, at, until):
    assert settlement.settled_until(every, noon(*at)) == start_of(dt.date(*until))


@pytest.mark.parametrize(
    ("every", "due", "settles"),
    [
        (WEEKLY, (2026, 3, 3), (2026, 3, 4)),
        (WEEKLY, (2026, 3, 4), (2026, 3, 11)),
        (FIRST, (2026, 3, 1), (2026, 4, 1)),
        (FIRST, (2026, 3, 31), (2026, 4, 1)),
        (FIFTH, (2026, 12, 31), (2027, 1, 5)),
        (LAST, (2026, 1, 31), (2026, 2, 28)),
        (QUARTER, (2026, 1, 1), (2026, 4, 10)),
        (QUARTER, (2026, 3, 31), (2026, 4, 10)),
        (QUARTER, (2026, 10, 1), (2027, 1, 10)),
    ],
)
def test_what_is_due_waits_for_the_next_cut(every, due, settles):
    assert settlement.settles_at(every, noon(*due)) == start_of(dt.date(*settles))


@pytest.mark.parametrize("every", [WEEKLY, FIRST, LAST, FIFTH, QUARTER, cycle("quarterly", day=31)])
def test_both_questions_have_one_answer(every):
    for day in range(0, 800, 3):
        due = start_of(dt.date(2024, 1, 1) + dt.timedelta(days=day))
        settles = settlement.settles_at(every, due)

        assert settlement.settled_until(every, settles) > due >= settlement.settled_until(every, settles - TICK)
