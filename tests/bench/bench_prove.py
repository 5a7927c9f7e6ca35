"""How long the whole proof takes of a million postings, chain and all, beside one bare scan that adds them up."""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))
sys.path.append(str(Path(__file__).parent.parent))

from big_books import NOW, make
from postgres_server import running_postgres
from sqlalchemy import text

from distribution import chain, proof
from models import schema
from models.database import Database

JOURNALS = int(os.environ.get("BENCH_JOURNALS", "500000"))
COPIES = int(os.environ.get("BENCH_ORDERS", "25000"))
KINDS = os.environ.get("BENCH_DATABASES", "sqlite,postgres").split(",")
SLOWEST = 6


def main() -> None:
    """Print seconds of the proof on both databases, the slowest invariants, and how many bare scans that is."""
    for kind in KINDS:
        with opened(kind) as database:
            schema.upgrade(database)
            began = time.monotonic()
            make(database, journals=JOURNALS, copies=COPIES)
            made = time.monotonic() - began
            say(f"{kind}: {JOURNALS} journals, {JOURNALS * 2} postings, {COPIES} orders, made in {made:.0f} s")
            began = time.monotonic()
            seals = len(chain.seal_all(database.write, now=NOW))
            say(f"  {seals} seals in {time.monotonic() - began:.1f} s")
            # A process of its own, so that its memory is the proof's.
            address = database.url.render_as_string(hide_password=False)
            subprocess.run([sys.executable, __file__, address], check=True)


def prove(database: Database) -> None:
    scan = bare_scan(database)
    before, taken = memory(), []
    began = last = time.monotonic()
    with database.snapshot() as session:
        for finding in proof.findings(session):
            taken.append((time.monotonic() - last, finding.name))
            last = time.monotonic()
            if not finding.ok:
                say(f"  FAIL {finding.name}: {finding.rows[:3]}")
    whole = last - began
    say(f"  proof {whole:.1f} s ({len(taken)} invariants), bare sum {scan:.2f} s, ratio {whole / scan:.0f}")
    say(f"  memory grew by {memory() - before:.0f} MB")
    for seconds, name in sorted(taken, reverse=True)[:SLOWEST]:
        say(f"  {seconds:6.2f} s  {name}")


def bare_scan(database: Database) -> float:
    """Seconds of the quicker of two ``select sum``."""
    taken = []
    for _ in range(2):
        began = time.monotonic()
        with database.reading() as session:
            session.execute(text("select sum(fen) from posting")).scalar()
        taken.append(time.monotonic() - began)
    return min(taken)


def memory() -> float:
    """The most this process has held so far, in MB (a started process has its parent's ``ru_maxrss`` on Linux)."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024


@contextmanager
def opened(kind: str) -> Iterator[Database]:
    with ExitStack() as stack:
        if kind == "sqlite":
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-"))
            url = f"sqlite:///{folder}/books.sqlite3"
        else:
            server = stack.enter_context(running_postgres())
            url = stack.enter_context(server.database(lambda _: None))
        database = Database(url)
        stack.callback(database.close)
        yield database


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    prove(Database(sys.argv[1])) if sys.argv[1:] else main()
