"""Prepared statements read what the session would read, on both databases."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import bindparam, select
from sqlalchemy.exc import DBAPIError

from distribution.prepared import Prepared
from models import InboxMessage
from models.database import Database, DatabaseDown
from models.tables import inbox_message

ROW = inbox_message.c
SINCE = select(ROW.key, ROW.answer, ROW.received_at, ROW.error).where(
    ROW.received_at >= bindparam("since"), ROW.state == "done", ROW.key.in_([bindparam("one"), bindparam("two")])
)


def message(key: str, clock: Any) -> InboxMessage:
    answer = {"text": "好", "n": [1, None]}
    return InboxMessage(key=key, openid="o", kind="said", state="done", answer=answer, received_at=clock.now())


def test_every_type_comes_back_as_the_session_gives_it(database: Database, clock: Any) -> None:
    with database.transaction() as session:
        session.add_all([message("k1", clock), message("k2", clock), message("k3", clock)])
    values = {"since": clock.now(), "one": "k1", "two": "k3"}

    with database.reading() as session:
        rows = Prepared(SINCE).rows(session, **values)
        assert sorted(map(repr, rows)) == sorted(repr(tuple(row)) for row in session.execute(SINCE, values))
    assert rows[0][1:] == ({"text": "好", "n": [1, None]}, clock.now(), None)


def test_one_that_fails_leaves_the_session_to_the_next(database: Database, clock: Any) -> None:
    with database.reading() as session:
        with pytest.raises(DBAPIError):
            Prepared(select(ROW.id).prefix_with("no_such_word")).rows(session)

        assert Prepared(SINCE).rows(session, since=clock.now(), one="", two="") == []


def test_what_the_session_has_still_to_write_is_seen(database: Database, clock: Any) -> None:
    with database.transaction() as session:
        session.add(message("k1", clock))

        assert Prepared(SINCE).first(session, since=clock.now(), one="k1", two="")


def test_nothing_found_is_no_row(database: Database, clock: Any) -> None:
    with database.reading() as session:
        assert Prepared(SINCE).first(session, since=clock.now(), one="", two="") is None


def test_one_statement_serves_both_kinds_of_database(database: Database, sqlite_database: Database, clock: Any) -> None:
    prepared = Prepared(SINCE)
    for each in (database, sqlite_database, database):
        with each.reading() as session:
            assert prepared.rows(session, since=clock.now(), one="", two="") == []


def test_a_reading_session_opens_no_transaction_for_it_but_uses_its_own(database: Database, clock: Any) -> None:
    values = {"since": clock.now(), "one": "k1", "two": ""}
    with database.reading() as session:
        assert Prepared(SINCE).rows(session, **values) == []
        assert not session.in_transaction()
        with database.transaction() as other:
            other.add(message("k1", clock))
        session.execute(select(ROW.id)).all()

        assert session.in_transaction()
        assert len(Prepared(SINCE).rows(session, **values)) == 1


def test_one_connection_serves_a_reading_session_and_none_is_kept_after_it(database: Database, clock: Any) -> None:
    values = {"since": clock.now(), "one": "", "two": ""}
    with database.reading() as session:
        for _ in range(2):
            Prepared(SINCE).rows(session, **values)
            assert "Checked out connections: 1" in database.engine.pool.status()
        session.execute(select(ROW.id)).all()
        assert "Checked out connections: 1" in database.engine.pool.status()

    assert "Checked out connections: 0" in database.engine.pool.status()


def test_an_answer_that_fails_keeps_no_connection(database: Database, clock: Any) -> None:
    with pytest.raises(DBAPIError), database.reading() as session:
        Prepared(SINCE).rows(session, since=clock.now(), one=object(), two="")

    assert "Checked out connections: 0" in database.engine.pool.status()


def test_a_naive_instant_is_refused(database: Database) -> None:
    with pytest.raises(ValueError, match="naive"), database.reading() as session:
        Prepared(SINCE).rows(session, since=dt.datetime(2026, 11, 23), one="", two="")  # noqa: DTZ001


def test_a_database_out_of_reach_is_down(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'nowhere' / 'x.sqlite3'}")

    with pytest.raises(DatabaseDown), database.reading() as session:
        Prepared(SINCE).rows(session, since=dt.datetime.now(dt.UTC), one="", two="")


def test_a_failure_is_the_one_the_session_would_raise(database: Database) -> None:
    missing = select(inbox_message.c.id).select_from(inbox_message).prefix_with("no_such_word")

    with pytest.raises((DBAPIError, DatabaseDown)), database.reading() as session:
        Prepared(missing).rows(session)
