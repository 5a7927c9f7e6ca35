"""Orders with two commissions and six ledger entries: in bulk and one by one, beside plain ways to write as much.

Ours does more in that time: it attributes, freezes offers, prices, keeps evidence, guards and proves its rows.
"""

import datetime as dt
import os
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import count, islice
from pathlib import Path

from order_peers import executemany_orders, executemany_same, sqlmodel_at_once, sqlmodel_looking_up, sqlmodel_orders

from app import garbage
from distribution import members, orders, people, policy
from distribution.api_answers import Asked
from distribution.shapes import LineReport, OrderReport
from models import Merchant, schema
from models.database import Database
from web.order_intake import OrderIntake

BULK = int(os.environ.get("BENCH_ORDERS", "20000"))
SINGLE = int(os.environ.get("BENCH_SINGLE", "400"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
CHUNK = 2000
CALLERS = 16
NOW = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
_numbers = count(1)


def main() -> None:
    """Print orders a second of each way, and ours as a ratio of the others, from interleaved rounds."""
    ways: dict[str, Callable[[Path], float]] = {
        "executemany, 4 indexes": lambda folder: executemany_orders(folder, BULK, each=BULK),
        "executemany, our very rows": same,
        "SQLModel add_all": lambda folder: sqlmodel_orders(folder, BULK // 10, each=BULK // 10),
        "ours in bulk": bulk,
        "one by one, raw sqlite3": lambda folder: executemany_orders(folder, SINGLE, each=1),
        "one by one, SQLModel": lambda folder: sqlmodel_orders(folder, SINGLE, each=1),
        "one by one, SQLModel looking up": lambda folder: sqlmodel_looking_up(folder, SINGLE),
        "ours one by one": single,
        f"{CALLERS} at once, SQLModel": lambda folder: sqlmodel_at_once(folder, 2 * SINGLE, callers=CALLERS),
        f"{CALLERS} at once, ours": crowd,
    }
    # As every process of ours does; the other ways gain by it, too.
    garbage.settle()
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                rates[name].append(way(Path(folder)))
    rate = {name: statistics.median(found) for name, found in rates.items()}
    for name, found in rate.items():
        say(f"{name:<32}{found:>9.0f} orders/s")
    say(f"bulk: {rate['ours in bulk'] / rate['executemany, 4 indexes']:.2f} × executemany (must 0.5, superb 1)")
    say(f"bulk: {rate['ours in bulk'] / rate['executemany, our very rows']:.2f} × executemany of the same rows")
    say(f"single: {rate['ours one by one'] / rate['one by one, SQLModel']:.1f} × SQLModel (must 2.5, superb 4)")
    say(
        f"single: {rate['ours one by one'] / rate['one by one, SQLModel looking up']:.1f} × SQLModel that looks up, too"
    )
    ours, theirs = rate[f"{CALLERS} at once, ours"], rate[f"{CALLERS} at once, SQLModel"]
    say("sixteen callers at once, each answered when its order is durable:")
    say(f"{ours / theirs:.1f} × SQLModel with as many (must 2.5, superb 4)")
    say(f"{ours / rate['one by one, SQLModel']:.1f} × SQLModel one by one, which nobody waits for")
    say(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB at most")
    held()


def held() -> None:
    """The cost of an order beside few and beside many, and the memory it takes."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        database, code = shop(Path(folder))
        early = singles(database, code, SINGLE)
        for _ in range(5):
            write(database, reports(code, BULK))
        late = singles(database, code, SINGLE)
        database.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    say(f"beside {SINGLE} orders {early:.0f}/s, beside {5 * BULK} {late:.0f}/s ({late / early:.2f} ×), {memory} MB")


def bulk(folder: Path) -> float:
    """Orders a second, two thousand a transaction."""
    database, code = shop(folder)
    told = list(reports(code, BULK))
    began = time.perf_counter()
    write(database, told)
    taken = time.perf_counter() - began
    database.close()
    return BULK / taken


def same(folder: Path) -> float:
    """Orders a second of the bare rows that ours leave behind."""
    database, code = shop(folder)
    write(database, reports(code, BULK))
    database.close()
    return executemany_same(folder / "shop.db", folder)


def single(folder: Path) -> float:
    """Orders a second, each durable by itself."""
    database, code = shop(folder)
    rate = singles(database, code, SINGLE)
    database.close()
    return rate


def crowd(folder: Path) -> float:
    """Orders a second by sixteen callers at once, one order a call, each answered when its order is durable."""
    database, code = shop(folder)
    intake = OrderIntake(database, Standing(), "wx")

    def post(report: OrderReport) -> None:
        answer = intake.take(1, Asked(report.order_no, "hash"), report).answer
        assert answer["order_no"] == report.order_no

    told = list(reports(code, 2 * SINGLE))
    began = time.perf_counter()
    with ThreadPoolExecutor(CALLERS) as pool:
        list(pool.map(post, told))
    taken = time.perf_counter() - began
    database.close()
    return len(told) / taken


class Standing:
    """A clock that stands still."""

    def now(self) -> dt.datetime:
        return NOW


def singles(database: Database, code: str, number: int) -> float:
    began = time.perf_counter()
    for report in reports(code, number):
        with database.transaction() as session:
            orders.record(session, 1, report, appid="wx", now=NOW)
    return number / (time.perf_counter() - began)


def write(database: Database, told: Iterable[OrderReport]) -> None:
    waiting = iter(told)
    while some := list(islice(waiting, CHUNK)):
        with database.transaction() as session:
            orders.record_all(session, 1, some, appid="wx", now=NOW, tell=False)


def reports(code: str, number: int):
    for at in islice(_numbers, number):
        line = LineReport(1, "AJ250", "即食阿胶糕 250g", 1, 8900)
        yield OrderReport(f"E{at:09d}", "paid", 1, NOW, (line,), buyer_external_id=f"u{at}", distributor_code=code)


def shop(folder: Path) -> tuple[Database, str]:
    """A migrated shop with one distributor and an inviter; the distributor's code."""
    database = Database(f"sqlite:///{folder / 'shop.db'}")
    schema.upgrade(database)
    code = None
    with database.transaction() as session:
        session.add(Merchant(name="店", created_at=NOW))
        for name in ("陈晓燕", "李娜娜"):
            member = people.meet(session, "wx", f"o{name}", NOW).member_id
            row = members.apply(
                session, member, name=name, phone="13800138000", invite_code=code, terms_version="1",
                policy=policy.Policy(join_mode="everyone"), now=NOW,
            )  # fmt: skip
            code = row.code
    assert code is not None
    return database, code


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    assert sqlite3.sqlite_version_info >= (3, 35)
    main()
