"""Statements on a message's way, compiled once for each kind of database and run without ceremony."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from models.columns import UTCDateTime
from models.direct import line, read_instant, stored, wrapped
from models.reading import Reading

Convert = Callable[[Any], Any]


class Prepared:
    """A Core SELECT with named parameters; its rows are the same plain values as the session's own would hold.

    It is read in the session's transaction, after what that has still to write. A session that only reads and has
    opened no transaction is not made to open one: the statement is then a consistent read of its own.
    """

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement
        self._ready: dict[str, _Compiled] = {}

    def rows(self, session: Session, **values: Any) -> list[tuple[Any, ...]]:
        """All rows."""
        if isinstance(session, Reading) and not session.in_transaction():
            try:
                return self._run(*session.driver(), values)
            except DBAPIError:
                # PostgreSQL answers nothing more on a connection whose statement failed.
                session.give_back()
                raise
        if session.autoflush:
            session.flush()
        return self._run(*line(session), values)

    def first(self, session: Session, **values: Any) -> tuple[Any, ...] | None:
        """The first row, if there is one."""
        found = self.rows(session, **values)
        return found[0] if found else None

    def _run(self, driver: Any, dialect: Dialect, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        ready = self._ready.get(dialect.name)
        if ready is None:
            ready = self._ready[dialect.name] = _Compiled(self._statement, dialect)
        try:
            return ready.run(driver, values)
        except dialect.loaded_dbapi.Error as error:
            raise wrapped(error, dialect, ready.text) from error


class _Compiled:
    def __init__(self, statement: Select[Any], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self._names = list(compiled.positiontup or compiled.params)
        self._positional = compiled.positiontup is not None
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        writers = ((name, _writer(bind.type, dialect)) for name, bind in compiled.binds.items())
        self._writers = [(name, writer) for name, writer in writers if writer]
        readers = [_reader(column.type, dialect) for column in statement.selected_columns]
        self._readers = [(place, reader) for place, reader in enumerate(readers) if reader]

    def run(self, driver: Any, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        told = self._fixed | values
        for name, writer in self._writers:
            told[name] = writer(told[name])
        cursor = driver.cursor()
        cursor.execute(self.text, [told[name] for name in self._names] if self._positional else told)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        cursor.close()
        return [self._read(row) for row in rows] if self._readers else rows

    def _read(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = list(row)
        for place, reader in self._readers:
            if (value := values[place]) is not None:
                values[place] = reader(value)
        return tuple(values)


def _writer(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    if isinstance(kind, UTCDateTime) and dialect.name == "sqlite":
        return stored
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    if isinstance(kind, UTCDateTime) and dialect.name == "sqlite":
        return read_instant
    return kind.dialect_impl(dialect).result_processor(dialect, None)
