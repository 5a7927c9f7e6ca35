"""Column types and defaults that every table shares."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Integer
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field

#: Integer fen; 64 bits on PostgreSQL, SQLite integers are 64 bits anyway.
Fen = BigInteger().with_variant(Integer(), "sqlite")
#: Small structured facts; JSONB where the server has it.
Facts = JSON().with_variant(JSONB(), "postgresql")


class UTCDateTime(TypeDecorator[dt.datetime]):
    """An aware instant: refuses naive values, always gives aware UTC back (SQLite forgets zones)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


def key() -> Any:
    """An integer primary key made by the database."""
    return Field(default=None, primary_key=True, sa_type=Fen)


def link(target: str, **more: Any) -> Any:
    """A foreign key to ``target`` ("table.column")."""
    return Field(foreign_key=target, sa_type=Fen, **more)


def amount(**more: Any) -> Any:
    """An amount in integer fen."""
    return Field(sa_type=Fen, **more)


def instant(**more: Any) -> Any:
    """An aware UTC instant."""
    return Field(sa_type=UTCDateTime, **more)


def structured(**more: Any) -> Any:
    """A small JSON object."""
    return Field(sa_type=Facts, **more)
