"""The engine, and the only place that commits."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from psycopg.abc import Buffer
from psycopg.adapt import Loader
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError
from sqlalchemy.orm import Session as Session  # the edges, which write no SQL, know it by this name
from sqlalchemy.pool import ConnectionPoolEntry

from models import fingerprints
from models.direct import wrapped
from models.reading import Reading

T = TypeVar("T")

_SQLITE_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON")
_POSTGRES_OPTIONS = (
    "-c statement_timeout=60000 -c lock_timeout=8000 -c idle_in_transaction_session_timeout=60000"
    # A fingerprint is taken of a row's text, which must not depend on the server's own settings.
    " -c timezone=UTC -c datestyle=ISO"
)
#: PostgreSQL: serialization failure, deadlock, lock not available.
_RETRYABLE = {"40001", "40P01", "55P03"}
#: How long a writer waits for its turn in this process.
_TURN_SECONDS = 10.0


class DatabaseDown(Exception):
    """The database cannot be reached, or is too busy to answer; nothing was written."""


class Database:
    """One database by URL: SQLite (WAL, synchronous FULL) or PostgreSQL (psycopg)."""

    def __init__(self, url: str, *, pool_size: int = 16) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url, pool_size) if self.is_sqlite else _postgres_engine(url, pool_size)
        self._reader = self.engine.execution_options(reading=True)
        self._turn = threading.Lock()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One write transaction: commits at the end, rolls back on any exception; may raise DatabaseDown."""
        with (
            self._write_turn(),
            _translated(),
            Session(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            connection = session.connection()
            yield session
            session.flush()
            fingerprints.take(connection)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads: consistent from its first question on; prepared ones before it, each alone."""
        with _translated(), Reading(self._reader, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """One consistent read over many statements, however long it takes."""
        with self.reading() as session:
            if not self.is_sqlite:
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
                session.execute(text("set local statement_timeout = 0"))
                session.execute(text("set local idle_in_transaction_session_timeout = 0"))
            yield session

    def write(self, operation: Callable[[Session], T]) -> T:
        """Run ``operation`` in one transaction, again (three times at most) when PostgreSQL picked it as a victim."""
        for _ in range(2):
            try:
                with self.transaction() as session:
                    return operation(session)
            except DBAPIError as error:
                if not is_retryable(error):
                    raise
        with self.transaction() as session:
            return operation(session)

    def ping(self) -> None:
        """Ask the database for one row; DatabaseDown if it does not answer."""
        with self.reading() as session:
            session.execute(text("select 1"))

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()

    @contextmanager
    def _write_turn(self) -> Iterator[None]:
        # SQLite has one writer; queueing here is fair and cheap, its busy handler only sleeps and retries.
        if not self.is_sqlite:
            yield
            return
        if not self._turn.acquire(timeout=_TURN_SECONDS):
            raise DatabaseDown("no turn to write within ten seconds")
        try:
            yield
        finally:
            self._turn.release()


def hurry(session: Session, milliseconds: int) -> None:
    """Wait no longer than this for a lock in this transaction; SQLite's one writer meets none."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"set local lock_timeout = {milliseconds:d}"))


def is_retryable(error: DBAPIError) -> bool:
    """Whether the same transaction may simply be run again."""
    return getattr(error.orig, "sqlstate", None) in _RETRYABLE


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise DatabaseDown("no free connection") from error
    except OperationalError as error:
        if is_retryable(error):
            raise
        raise DatabaseDown(str(error.orig)) from error


def _sqlite_engine(url: str, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=pool_size,
        # The connection used last still holds the pages that the next message wants.
        pool_use_lifo=True,
        max_overflow=0,
        pool_timeout=8,
        connect_args={"check_same_thread": False, "timeout": 10},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


class _WholeNumber(Loader):
    """A sum of whole numbers, which PostgreSQL calls numeric; no column of ours has a fraction."""

    def load(self, data: Buffer) -> int:
        return int(bytes(data))


def _prepare_postgres(connection: Any, _: ConnectionPoolEntry) -> None:
    connection.adapters.register_loader("numeric", _WholeNumber)


def _postgres_engine(url: str, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=4,
        pool_timeout=8,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 5, "options": _POSTGRES_OPTIONS},
    )
    event.listen(engine, "connect", _prepare_postgres)
    return engine


def _prepare_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    # The driver opens no transaction of its own: BEGIN is ours, so that a read never turns into a write half-way.
    connection.isolation_level = None
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()
    fingerprints.prepare_sqlite(connection)


def _begin_sqlite(connection: Connection) -> None:
    # Straight to the driver: this runs for every message.
    driver: Any = connection.connection.dbapi_connection
    if connection.get_execution_options().get("reading", False):
        driver.execute("BEGIN").close()
        return
    try:
        driver.execute("BEGIN IMMEDIATE").close()
    except connection.dialect.loaded_dbapi.Error as error:
        raise wrapped(error, connection.dialect, "BEGIN IMMEDIATE") from error
