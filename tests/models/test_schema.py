"""The migrations make exactly the tables that the code declares, on both databases."""

import datetime as dt

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

import models
from models import fingerprints, schema
from models.database import Database, DatabaseDown


def test_a_migrated_database_is_what_the_tables_say(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, SQLModel.metadata)

    assert differences == []
    assert schema.current(database) == schema.head()


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    schema.upgrade(database)

    assert schema.current(database) == schema.head()


def take_down(database: Database, revision: str) -> None:
    with database.engine.connect() as connection:
        config = schema.alembic()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
        connection.commit()
    database.engine.dispose()


def test_what_came_last_can_be_taken_away_again_from_under_rows(database: Database) -> None:
    now = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
    with database.transaction() as session:
        session.add(models.Member(appid="wx", openid="o-1", created_at=now, desk="human", desk_until=now))
        session.flush()
        facts = {"kind": "human", "text": "在吗", "facts": {}, "opened_at": now, "touched_at": now}
        session.add(models.Ticket(no="T1", member_id=1, **facts))
    take_down(database, "0011")
    schema.upgrade(database)

    with database.reading() as session:
        assert session.scalars(select(models.Ticket.text)).all() == ["在吗"]


def test_an_upgrade_that_was_cut_off_is_ended_by_the_next(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.transaction() as session:
        session.add(models.Account(name="bank:x", guarded=False))
    take_down(database, "0014")
    with monkeypatch.context() as patch:
        patch.setattr(fingerprints, "take_all", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            schema.upgrade(database)
    schema.upgrade(database)

    with database.reading() as session:
        assert list(fingerprints.differing(session.connection(), "account")) == []


def test_a_purse_cannot_go_below_zero_whatever_the_code_does(database: Database) -> None:
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.add(models.Account(name="distributor:1:available", guarded=True, balance_fen=-1))


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    def half_way(session: Session) -> None:
        session.add(models.Tag(name="新"))
        session.flush()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.write(half_way)

    with database.reading() as session:
        assert session.query(models.Tag).count() == 0


def test_a_database_that_cannot_be_reached_is_named_so() -> None:
    away = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with pytest.raises(DatabaseDown):
        away.ping()
    away.close()
