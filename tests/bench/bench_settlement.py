"""Settling 100,000 due commissions, beside bare set-based SQL that does the same, in the same run."""

import os
import re
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))
sys.path.append(str(Path(__file__).parent.parent))

from postgres_server import NoPostgres, PostgresServer, running_postgres
from settlement_shop import NOW, fill
from sqlalchemy import create_engine, text

from distribution import settlement
from models import schema
from models.database import Database

ROWS = int(os.environ.get("BENCH_ROWS", "100000"))
PEOPLE = int(os.environ.get("BENCH_PEOPLE", "10000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "2"))

#: What must be written whoever does it, in four statements.
FLOOR = (
    "update commission set state = 'available', settled_at = :now where state = 'pending' and due_at <= :now",
    "insert into journal (reference, cause, actor, at) select 'commission:' || min(id) || ':settled', 'settlement',"
    " 'clock', :now from commission where settled_at = :now group by distributor_id",
    "insert into posting (journal_id, source_id, destination_id, fen) select j.id, s.id, d.id, c.fen from (select"
    " distributor_id, min(id) as first, sum(fen) as fen from commission where settled_at = :now group by"
    " distributor_id) c join journal j on j.reference = 'commission:' || c.first || ':settled'"
    " join account s on s.name = 'distributor:' || c.distributor_id || ':pending'"
    " join account d on d.name = 'distributor:' || c.distributor_id || ':available'",
    "update account set balance_fen = balance_fen + s.fen from (select account_id, sum(fen) as fen from (select"
    " destination_id as account_id, p.fen from posting p join journal j on j.id = p.journal_id where j.at = :now"
    " union all select source_id, -p.fen from posting p join journal j on j.id = p.journal_id where j.at = :now) m"
    " group by account_id) s where account.id = s.account_id",
)

#: Every colon but the parameter's.
_COLON = re.compile(r":(?!now)")
#: Opens a fresh copy of the filled shop.
Copy = Callable[[], AbstractContextManager[Database]]


def main() -> None:
    """Print the seconds of both and how many times the floor ours takes."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        compare("SQLite", sqlite_copies(folder))
        try:
            server = stack.enter_context(running_postgres())
        except NoPostgres as error:
            say(f"PostgreSQL: left out, {error}")
            return
        compare("PostgreSQL", postgres_copies(server))


def compare(name: str, copy: Copy) -> None:
    floors, ours = [], []
    for _ in range(ROUNDS):
        with copy() as database:
            floors.append(timed(bare, database))
        with copy() as database:
            ours.append(timed(settled, database))
    floor, our = min(floors), min(ours)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    say(f"{name:<12}{ROWS} rows of {PEOPLE} people: bare SQL {floor:.2f} s, ours {our:.2f} s = {our / floor:.2f} ×,")
    say(f"{'':<12}{ROWS / our:.0f} rows/s, {memory} MB at most")


def bare(database: Database) -> None:
    """The floor on a connection of its own: no fingerprints, no guards, one transaction."""
    engine = create_engine(database.url)
    with engine.begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("set local session_replication_role = replica"))
        now = NOW.replace(tzinfo=None).isoformat(" ", "microseconds") if database.is_sqlite else NOW
        for statement in FLOOR:
            connection.execute(text(_COLON.sub(r"\\:", statement)), {"now": now})
    engine.dispose()


def settled(database: Database) -> None:
    after: int | None = 0
    while after is not None:
        begin = after
        chunk = database.write(lambda session: settlement.settle_chunk(session, now=NOW, after=begin))  # noqa: B023
        after = chunk.after


def timed(work: Callable[[Database], None], database: Database) -> float:
    began = time.perf_counter()
    work(database)
    seconds = time.perf_counter() - began
    with database.reading() as session:
        left = session.execute(text("select count(*) from commission where state = 'pending'")).scalar_one()
        names = "distributor:%:available"
        moved = session.execute(
            text("select sum(balance_fen) from account where name like :names"), {"names": names}
        ).scalar_one()
    if left or moved != ROWS * 890:
        raise SystemExit(f"not everything was settled: {left} rows left, {moved} fen")
    return seconds


def sqlite_copies(folder: Path) -> Copy:
    filled = folder / "filled.sqlite3"
    database = Database(f"sqlite:///{filled}")
    schema.upgrade(database)
    fill(database, rows=ROWS, people=PEOPLE)
    database.close()

    @contextmanager
    def copy() -> Iterator[Database]:
        path = folder / "copy.sqlite3"
        shutil.copy(filled, path)
        database = Database(f"sqlite:///{path}")
        yield database
        database.close()
        for left in folder.glob("copy.sqlite3*"):
            left.unlink()

    return copy


def postgres_copies(server: PostgresServer) -> Copy:
    def prepare(url: str) -> None:
        database = Database(url)
        schema.upgrade(database)
        fill(database, rows=ROWS, people=PEOPLE)
        database.close()

    @contextmanager
    def copy() -> Iterator[Database]:
        with server.database(prepare) as url:
            database = Database(url)
            yield database
            database.close()

    return copy


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
