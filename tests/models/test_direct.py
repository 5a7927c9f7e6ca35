"""Rows written straight through the driver hold what was told, one or hundreds at once."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models import tables as t
from models.direct import insert_numbered, insert_rows, stored

NOW = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
_h, _a = t.heartbeat.c, t.audit_entry.c
_NOTE = ("actor", "action", "subject", "facts", "at", "digest")


def beats(count):
    """Made one by one: nobody else keeps them."""
    return ((f"n{number:03d}", stored(NOW), {"number": number, "词": ["一", None]}) for number in range(count))


def notes(count):
    return [("boss", "noted", f"n{at}", {}, stored(NOW), "d") for at in range(count)]


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
def test_every_row_holds_its_own_facts(database, count):
    with database.transaction() as session:
        insert_rows(session, t.heartbeat, ("name", "at", "facts"), beats(count))

    with database.reading() as session:
        rows = session.execute(select(_h.at, _h.facts).order_by(_h.name)).all()
    assert rows == [(NOW, {"number": number, "词": ["一", None]}) for number in range(count)]


def test_one_row_that_may_not_be_stops_all(database):
    with pytest.raises(IntegrityError), database.transaction() as session:
        insert_rows(session, t.heartbeat, ("name", "at", "facts"), [*beats(3), *beats(1)])

    with database.reading() as session:
        assert session.execute(select(_h.name)).all() == []


def test_a_savepoint_undoes_what_went_straight_through_the_driver(database):
    with database.transaction() as session:
        insert_rows(session, t.heartbeat, ("name", "at", "facts"), [*beats(1)])
        undone = session.begin_nested()
        insert_rows(session, t.heartbeat, ("name", "at", "facts"), [*beats(3)][1:])
        undone.rollback()
        insert_rows(session, t.heartbeat, ("name", "at", "facts"), [*beats(4)][3:])

    with database.reading() as session:
        assert session.scalars(select(_h.name).order_by(_h.name)).all() == ["n000", "n003"]


@pytest.mark.parametrize("count", [0, 1, 100, 101, 250])
def test_every_row_is_told_its_own_number_whatever_was_undone_before(database, count):
    with database.transaction() as session:
        undone = session.begin_nested()
        insert_numbered(session, t.audit_entry, _NOTE, notes(7))
        undone.rollback()
        insert_numbered(session, t.audit_entry, _NOTE, notes(2))
        ids = insert_numbered(session, t.audit_entry, _NOTE, notes(count))

    with database.reading() as session:
        rows = session.execute(select(_a.id, _a.subject).order_by(_a.id).offset(2)).all()
    assert rows == [(number, f"n{at}") for at, number in enumerate(ids)]


def test_the_hour_that_a_zone_repeats_is_two():
    moments = [dt.datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/New_York"), fold=fold) for fold in (0, 1)]

    assert [stored(each) for each in moments] == ["2026-11-01 05:30:00.000000", "2026-11-01 06:30:00.000000"]
