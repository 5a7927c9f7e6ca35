"""Ten thousand distributors' posters drawn ahead by a worker that is killed half-way: pace, memory, nobody twice."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from distribution import poster_batches
from models import Merchant, schema
from models import tables as t
from models.database import Database
from posters.cabinet import Cabinet
from scheduler.parts import Parts
from scheduler.poster_batches import draw_all
from wechat.official import SceneCode

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "10000"))
#: A call of WeChat's takes about so long from a server in the same country.
CALL_SECONDS = 0.06
KILLED_AT = PEOPLE * 2 // 5
MOST_GROWTH = 1.25


class Account:
    """WeChat as far as codes are concerned: slow, and it counts."""

    def __init__(self, folder: Path) -> None:
        self._calls = folder / f"calls-{os.getpid()}"
        self._guard = threading.Lock()

    def create_scene(self, scene: str, *, seconds: int | None) -> SceneCode:
        """A code, after a while."""
        time.sleep(CALL_SECONDS)
        with self._guard, self._calls.open("a", encoding="utf-8") as file:
            file.write(scene + "\n")
        return SceneCode(f"ticket{scene}", f"http://weixin.qq.com/q/{scene}", seconds)


class Clock:
    """The machine's."""

    def now(self) -> datetime:
        """The present moment."""
        return datetime.now(UTC)


def worker(folder: Path, batch_id: int) -> None:
    """Draw what is left of the batch."""
    idle: Any = None
    cabinet = Cabinet(folder / "drawn")
    parts = Parts(Database(url(folder)), Clock(), Account(folder), None, cabinet.draw, lambda _: None, idle)  # type: ignore[arg-type]
    draw_all(parts, batch_id, told=lambda _: None)


def main() -> None:
    """Print how fast it went, what the worker held in memory, and whether everybody has one poster."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        database, batch_id = furnished(folder)
        began = time.monotonic()
        seen = run(folder, database, batch_id, until=KILLED_AT)
        resumed = time.monotonic()
        seen += run(folder, database, batch_id, until=PEOPLE)
        ended = time.monotonic()
        calls = [line for path in folder.glob("calls-*") for line in path.read_text().split()]
        drawn = sum(1 for _ in (folder / "drawn").glob("??/*.jpg"))
        with database.reading() as session:
            batch = poster_batches.get(session, batch_id)
    say(f"{PEOPLE:,} posters: {ended - began:.0f} s, {PEOPLE / (ended - began):.0f} a second; killed at {KILLED_AT:,}")
    say(f"done {batch.done:,}, failed {batch.failed}, files {drawn:,}; codes asked for {len(calls):,}, ", end="")
    say(f"of them twice {len(calls) - len(set(calls))}")
    early, late = memory(seen, 1 / 10), max(each for _, each in seen)
    say(f"memory of the worker: {early:.0f} MB at a tenth, at most {late:.0f} MB; killed after {resumed - began:.0f} s")
    if late > early * MOST_GROWTH:
        say("  memory grows with the number of posters")


def furnished(folder: Path) -> tuple[Database, int]:
    """A shop with many distributors and a batch for all of them."""
    database, now = Database(url(folder)), datetime.now(UTC)
    schema.upgrade(database)
    with database.transaction() as session:
        session.add(Merchant(name="云岭好物", created_at=now))
        session.flush()
        numbers = range(1, PEOPLE + 1)
        members = [{"id": n, "appid": "wx", "openid": f"o{n}", "created_at": now} for n in numbers]
        session.execute(insert(t.member), members)
        rows = [{"id": n, "member_id": n, "code": f"C{n:05}", "name": f"分销员{n}", **FACTS} for n in numbers]
        session.execute(insert(t.distributor), [row | {"applied_at": now} for row in rows])
        batch = poster_batches.start(session, 1, purpose="shop", by="bench", now=now)
        return database, batch.id


FACTS = {"phone": "", "state": "active", "terms_version": "1"}


def run(folder: Path, database: Database, batch_id: int, *, until: int) -> list[tuple[int, float]]:
    """A worker until so many are done, then killed; (done, megabytes) from second to second."""
    child = subprocess.Popen([sys.executable, __file__, str(folder), str(batch_id)], env=os.environ)
    seen = []
    while child.poll() is None:
        time.sleep(1)
        with database.reading() as session:
            batch = poster_batches.get(session, batch_id)
        seen.append((batch.done, held(child.pid)))
        if batch.done >= until and batch.ended_at is None and until < PEOPLE:
            child.kill()
    child.wait()
    return [each for each in seen if each[1]]


def held(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def memory(seen: list[tuple[int, float]], share: float) -> float:
    return next((held for done, held in seen if done >= PEOPLE * share), seen[-1][1])


def url(folder: Path) -> str:
    return f"sqlite:///{folder}/shop.sqlite3"


def say(line: str, end: str = "\n") -> None:
    sys.stdout.write(line + end)
    sys.stdout.flush()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        worker(Path(sys.argv[1]), int(sys.argv[2]))
    else:
        main()
