"""Long results row by row from the driver's own cursor: no row is kept, however many there are."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

_AT_ONCE = 5000
_numbers = count(1)


def rows(session: Session, statement: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement in the driver's words, inside the session's transaction."""
    connection = session.connection()
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        cursor = driver.execute(statement)
    else:
        cursor = driver.cursor(name=f"rows_{next(_numbers)}")
        cursor.itersize = _AT_ONCE
        cursor.execute(statement)
    try:
        yield from cursor
    finally:
        cursor.close()


def moment(session: Session, column: str) -> str:
    """The SQL that reads an instant as ``digests.moment`` writes it."""
    if session.get_bind().dialect.name == "sqlite":
        return column
    return f"to_char({column} at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
