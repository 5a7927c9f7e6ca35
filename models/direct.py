"""SQL handed to the driver as it is written, for the few paths where a statement costs more than its work."""

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache
from itertools import chain, compress
from typing import Any, TypeVar

from sqlalchemy import JSON, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from models.columns import UTCDateTime
from models.json_text import as_json

T = TypeVar("T")

_LINE = "direct.line"
#: Rows of one statement on SQLite, within the 32,766 values it binds at most.
_AT_ONCE = 100
_PARAMETER, _EACH = re.compile(r"(?<!:):(\w+)"), re.compile(r"@each\(:(\w+)\)")
_EACH_IN = {"sqlite": r"json_each(:\1) r", "postgresql": r"jsonb_array_elements(cast(:\1 as jsonb)) r(value)"}

_MACROS = {
    re.compile(r"@share\((\w+)\)"): {"sqlite": "", "postgresql": r"for key share of \1"},
    re.compile(r"@lock\((\w+)\)"): {"sqlite": "", "postgresql": r"for no key update of \1"},
    re.compile(r"@instant\(:(\w+)\)"): {"sqlite": r":\1", "postgresql": r"cast(:\1 || '+00' as timestamptz)"},
}


class Direct:
    """A statement with ``:named`` parameters; ``@each(:rows)`` is a JSON list of lists, read as ``r.value ->> 0``.

    ``@lock(a)`` locks the rows of ``a`` where the database knows such locks, without hindering new rows that point to
    them; ``@share(a)`` keeps them from whoever ends them; ``@instant(:at)`` reads an instant that ``stored`` made.
    """

    def __init__(self, sql: str) -> None:
        self._texts = {name: _spoken(sql, name) for name in _EACH_IN}

    def rows(self, session: Session, **values: Any) -> list[tuple[Any, ...]]:
        """Run it in the session's transaction; what it gives, as the driver gives it."""
        driver, dialect = line(session)
        return _run(driver, dialect, self._texts[dialect.name], values, read=_all)


def insert_rows(session: Session, table: Table, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert ``rows`` at once; instants as ``stored`` makes them, structured values plain.

    Raises DBAPIError, after which rows before the wrong one may stand: the caller rolls back.
    """
    driver, dialect = line(session)
    if dialect.name == "sqlite":
        _insert_bound(session, table, tuple(names), rows)
    else:
        _run(driver, dialect, _insert(table, tuple(names)), {"rows": as_rows(rows)}, read=_all)


def insert_numbered(
    session: Session, table: Table, names: Sequence[str], rows: Collection[Sequence[Any]]
) -> Sequence[int]:
    """Insert as ``insert_rows`` does; the ``id`` that each row was given, in the order of ``rows``."""
    driver, dialect = line(session)
    if dialect.name == "sqlite":
        # Whoever writes holds the only turn: the rows' numbers follow one another.
        last = _insert_bound(session, table, tuple(names), rows)
        return range(last + 1 - len(rows), last + 1)
    found = _run(driver, dialect, f"{_insert(table, tuple(names))} returning id", {"rows": as_rows(rows)}, read=_all)
    # Numbers are drawn row by row as the list is read; how the answers are ordered is promised nowhere.
    return sorted(number for (number,) in found)


def stored(moment: dt.datetime | None) -> str | None:
    """An aware instant as both databases read it out of a text (UTC, the spelling that SQLite keeps)."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError("a naive datetime cannot be stored")
    # Two instants of a zone's repeated hour are equal to each other, but not in UTC.
    return _spelled(moment if moment.tzinfo is dt.UTC else moment.astimezone(dt.UTC))


@lru_cache(maxsize=4096)
def _spelled(moment: dt.datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(" ", "microseconds")


def read_instant(told: str | dt.datetime | None) -> dt.datetime | None:
    """The instant that ``Direct.rows`` gave: SQLite gives the text it keeps."""
    return dt.datetime.fromisoformat(told).replace(tzinfo=dt.UTC) if isinstance(told, str) else told


def line(session: Session) -> tuple[Any, Dialect]:
    """The driver's connection of the session's transaction or savepoint, looked up once for each."""
    known = session.info.get(_LINE)
    # A savepoint is made when its connection is first asked for: what ran before would not be undone with it.
    current = session.get_nested_transaction() or session.get_transaction()
    if known is not None and known[0] is current:
        return known[1], known[2]
    connection = session.connection()
    driver = connection.connection.dbapi_connection
    session.info[_LINE] = (session.get_nested_transaction() or session.get_transaction(), driver, connection.dialect)
    return driver, connection.dialect


def wrapped(error: Exception, dialect: Dialect, text: str) -> DBAPIError:
    """The driver's error as the session would have raised it; nobody's values are told."""
    made = DBAPIError.instance(text, None, error, dialect.loaded_dbapi.Error, dialect=dialect)
    assert isinstance(made, DBAPIError)
    return made


def _all(cursor: Any) -> list[tuple[Any, ...]]:
    return cursor.fetchall() if cursor.description is not None else []


def _last(cursor: Any) -> int:
    return int(cursor.lastrowid)


def _run(
    driver: Any, dialect: Dialect, text: str, values: dict[str, Any] | list[Any], *, read: Callable[[Any], T]
) -> T:
    cursor = driver.cursor()
    try:
        cursor.execute(text, values)
        return read(cursor)
    except dialect.loaded_dbapi.Error as error:
        raise wrapped(error, dialect, text) from error
    finally:
        cursor.close()


def _insert_bound(session: Session, table: Table, names: tuple[str, ...], rows: Iterable[Sequence[Any]]) -> int:
    """For SQLite, to which bound values come cheaper than a list it must take apart; gives the last row's number."""
    driver, dialect = line(session)
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
    last = 0
    if not columns:
        return last
    count = len(columns[0])
    for place in _structured(table, names):
        columns[place] = _written(columns[place])
    # Nothing costs more to bind than nothing: a column without a value is left to the statement.
    filled = tuple(column.count(None) < count for column in columns)
    told = list(chain.from_iterable(zip(*compress(columns, filled), strict=True)))
    width = sum(filled)
    # Not one by one: a statement that has triggers pays for being undone, whatever it writes.
    for first in range(0, count, _AT_ONCE):
        values = told[first * width : (first + _AT_ONCE) * width]
        last = _run(driver, dialect, _insert_values(table, names, filled, len(values) // width), values, read=_last)
    return last


def _written(values: Sequence[Any]) -> list[str | None]:
    """Structured values in words; the same one stands in many rows and is put into words once."""
    known: dict[int, str | None] = {id(None): None}
    for value in values:
        if id(value) not in known:
            known[id(value)] = _encode(value)
    return [known[id(value)] for value in values]


def as_rows(rows: Iterable[Sequence[Any]]) -> str:
    """Rows as ``@each`` reads them."""
    return _encode(list(rows))


def _encode(value: Any) -> str:
    return as_json(value).decode()


def _spoken(sql: str, dialect: str) -> str:
    text = _EACH.sub(_EACH_IN[dialect], sql)
    for macro, words in _MACROS.items():
        text = macro.sub(words[dialect], text)
    return text if dialect == "sqlite" else _PARAMETER.sub(r"%(\1)s", text)


@lru_cache(maxsize=64)
def _structured(table: Table, names: tuple[str, ...]) -> list[int]:
    return [place for place, name in enumerate(names) if isinstance(_impl(table, name, "sqlite"), JSON)]


@lru_cache(maxsize=1024)
def _insert_values(table: Table, names: tuple[str, ...], filled: tuple[bool, ...], count: int) -> str:
    """The statement for SQLite, which binds the values of ``count`` rows."""
    marks = f"({', '.join('?' if each else 'null' for each in filled)})"
    return f'insert into "{table.name}" ({_named(names)}) values {", ".join([marks] * count)}'


@lru_cache(maxsize=64)
def _insert(table: Table, names: tuple[str, ...]) -> str:
    """The statement for PostgreSQL, which reads all rows out of one JSON list."""
    read = ", ".join(_read(table, name, place) for place, name in enumerate(names))
    return _spoken(f'insert into "{table.name}" ({_named(names)}) select {read} from @each(:rows)', "postgresql")


def _named(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _read(table: Table, name: str, place: int) -> str:
    kind = table.c[name].type
    if isinstance(_impl(table, name, "postgresql"), JSON):
        return f"case when r.value ->> {place} is null then null else r.value -> {place} end"
    if isinstance(kind, UTCDateTime):
        return f"cast(r.value ->> {place} || '+00' as timestamptz)"
    return f"cast(r.value ->> {place} as {kind.compile(_DIALECTS['postgresql'])})"


def _impl(table: Table, name: str, dialect: str) -> Any:
    return table.c[name].type.dialect_impl(_DIALECTS[dialect])


_DIALECTS: dict[str, Dialect] = {"sqlite": sqlite.dialect(), "postgresql": postgresql.dialect()}  # type: ignore[no-untyped-call]
