"""Rows written straight through the driver hold what was told, one or hundreds at once."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models import tables as t
from models.direct import insert_rows, stored

NOW = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
_h = t.heartbeat.c


def beats(count):
    """Made one by one: nobody else keeps them."""
    return ((f"n{number:03d}", stored(NOW), {"number": number, "词": ["一", None]}) for number in range(count))


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
