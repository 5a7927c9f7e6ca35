"""A tree of 100,000 distributors with a year of sales: how long a team page, a rank and an earnings answer take."""

import datetime as dt
import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import insert

from app.first_merchant import open_shop
from app.settings import ShopSettings
from distribution import (
    customer_lists,
    earning_lists,
    earnings,
    levels,
    metrics,
    order_lists,
    product_lists,
    ranking,
    tallies,
    tally_rebuild,
    team,
    team_lists,
    team_sales,
)
from distribution.rules.calendar import day_of, month_bounds
from distribution.rules.rates import Person
from models import schema
from models import tables as t
from models.database import Database, Session

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "100000"))
ORDERS = int(os.environ.get("BENCH_ORDERS", "60000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "20"))
MOST_MS = 100.0
_CHUNK = 5000


def main() -> None:
    """Print milliseconds of each question (median and worst) and what the same question costs without the sums."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'tree.sqlite3'}")
        schema.upgrade(database)
        now = dt.datetime.now(dt.UTC)
        began = time.perf_counter()
        busiest = plant(database, now)
        seconds = time.perf_counter() - began
        print(f"{PEOPLE} distributors, {ORDERS} orders, planted in {seconds:.0f} s")  # noqa: T201
        slow = [name for name, question in questions(busiest, now).items() if asked(database, name, question) > MOST_MS]
        beside(database, busiest, now)
        database.close()
    if slow:
        raise SystemExit(f"slower than {MOST_MS:.0f} ms: {', '.join(slow)}")


def questions(who: int, now: dt.datetime) -> dict[str, Callable[[Session], object]]:
    """What is asked of the greatest team's head."""
    month = month_bounds(day_of(now))
    return {
        "team page": lambda session: team_lists.page(session, who, now=now),
        "team's sales of the month": lambda session: team_sales.of_team(session, who, _days(month), month, most=3),
        "orders of the month": lambda session: order_lists.of_seller(session, who, order_lists.Wanted(month)),
        "all orders": lambda session: order_lists.of_seller(session, who, order_lists.Wanted()),
        "customers": lambda session: customer_lists.page(session, who, customer_lists.Wanted(), now=now),
        "pending by day": lambda session: earning_lists.pending(session, who),
        "best sellers": lambda session: product_lists.listed(session, "hot", Person(0), limit=5, now=now),
        "team size": lambda session: team.sizes(session, who),
        "earnings of the month": lambda session: earnings.earned(session, who, *month),
        "purse": lambda session: earnings.purse(session, who),
        "board of the month": lambda session: ranking.board(session, "sales", "month", 10, now=now),
        "board of orders, ever": lambda session: ranking.board(session, "orders", "all", 10, now=now),
        "own place in the month": lambda session: ranking.place_of(session, who, "sales", "month", now=now),
        "own place, ever": lambda session: ranking.place_of(session, who, "sales", "all", now=now),
    }


def _days(span: tuple[dt.datetime, dt.datetime]) -> tuple[dt.date, dt.date]:
    return day_of(span[0]), day_of(span[1])


def asked(database: Database, name: str, question: Callable[[Session], object]) -> float:
    """The median of the rounds in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        with database.reading() as session:
            question(session)
        times.append((time.perf_counter() - began) * 1000)
    print(f"{name:28}{statistics.median(times):8.1f} ms median {max(times):8.1f} ms worst")  # noqa: T201
    return statistics.median(times)


def beside(database: Database, who: int, now: dt.datetime) -> None:
    """The same answers counted from every order, as the levels' daily run does for all people at once."""
    began = time.perf_counter()
    with database.reading() as session:
        found = metrics.of_everyone(session)
    seconds = time.perf_counter() - began
    print(f"beside: figures of all {len(found)} people from every order {seconds * 1000:.0f} ms")  # noqa: T201
    began = time.perf_counter()
    with database.reading() as session:
        ranking.place_of(session, who, "invitations", "month", now=now)
    seconds = time.perf_counter() - began
    print(f"beside: one's own place by invitations, counted from all people {seconds * 1000:.0f} ms")  # noqa: T201
    began = time.perf_counter()
    with database.reading() as session:
        levels.progress(session, who, now)
    seconds = time.perf_counter() - began
    print(f"beside: one's own level, counted from the whole team's orders {seconds * 1000:.0f} ms")  # noqa: T201
    began = time.perf_counter()
    with database.transaction() as session:
        people = tallies.add_up(session, day_of(now))
    seconds = time.perf_counter() - began
    print(f"beside: one day's sums of {people} people made anew {seconds * 1000:.0f} ms")  # noqa: T201


def plant(database: Database, now: dt.datetime) -> int:
    """A tree in which everybody invites about three, below few heads; the head of the greatest team."""
    dice = random.Random(7)
    with database.transaction() as session:
        merchant = open_shop(session, ShopSettings(), now=now)
        inviters = _people(session, dice, now)
        _paths(session, inviters)
        _orders(session, merchant, dice, now)
        tally_rebuild.rebuild(session)
    teams: dict[int, int] = {}
    for person in inviters:
        for head in _above(inviters, person)[:2]:
            teams[head] = teams.get(head, 0) + 1
    return max(teams, key=lambda each: teams[each])


def _people(session: Session, dice: random.Random, now: dt.datetime) -> dict[int, int | None]:
    inviters: dict[int, int | None] = {}
    for first in range(1, PEOPLE + 1, _CHUNK):
        some = range(first, min(first + _CHUNK, PEOPLE + 1))
        session.execute(
            insert(t.member),
            [{"id": n, "appid": "wx", "openid": f"o{n}", "following": True, "notices": True, "created_at": now}
             for n in some],
        )  # fmt: skip
        rows = []
        for n in some:
            inviters[n] = None if n <= 10 else 1 if dice.random() < 0.05 else dice.randrange(max(1, n // 4), n)
            joined = now - dt.timedelta(days=dice.randrange(365))
            rows.append({"id": n, "member_id": n, "code": f"C{n}", "name": "李娜", "phone": f"138{n:08d}",
                         "state": "active", "inviter_id": inviters[n], "terms_version": "1", "applied_at": joined,
                         "decided_at": joined})  # fmt: skip
        session.execute(insert(t.distributor), rows)
    return inviters


def _paths(session: Session, inviters: dict[int, int | None]) -> None:
    rows = []
    for person in inviters:
        line = [person, *_above(inviters, person)]
        rows += [{"ancestor_id": each, "descendant_id": person, "depth": depth} for depth, each in enumerate(line)]
        if len(rows) > 50_000:
            session.execute(insert(t.team_path), rows)
            rows = []
    session.execute(insert(t.team_path), rows)


def _above(inviters: dict[int, int | None], person: int) -> list[int]:
    line, here = [], inviters[person]
    while here is not None:
        line.append(here)
        here = inviters[here]
    return line


def _orders(session: Session, merchant: int, dice: random.Random, now: dt.datetime) -> None:
    why = json.loads("{}")
    for first in range(1, ORDERS + 1, _CHUNK):
        orders, lines, shares = [], [], []
        for n in range(first, min(first + _CHUNK, ORDERS + 1)):
            who = 1 if n % 100 == 0 else dice.randrange(1, PEOPLE + 1)
            # Half of the year's sales are of this month: the board to be read is the fullest one.
            age = dice.random() * (25 if n % 2 else 365)
            at, fen = now - dt.timedelta(days=age), dice.randrange(1_000, 50_000)
            orders.append({"id": n, "merchant_id": merchant, "order_no": f"E{n}", "state": "received", "version": 1,
                           "l1_id": who, "coupon_fen": 0, "points_fen": 0, "freight_fen": 0, "created_at": at,
                           "created_known": True, "paid_at": at, "received_at": at, "parties": why})  # fmt: skip
            lines.append({"id": n, "order_id": n, "line_no": 1, "sku": "A", "name": "即食阿胶糕", "quantity": 1,
                          "unit_fen": fen, "discount_fen": 0, "paid_fen": fen, "base_fen": fen, "refunded_fen": 0,
                          "refunded_quantity": 0, "open_cases": 0})  # fmt: skip
            shares.append({"merchant_id": merchant, "order_id": n, "line_id": n, "distributor_id": who, "kind": "l1",
                           "cause": "order", "fen": max(1, fen // 10), "state": "available", "paid_at": at,
                           "due_at": at, "settled_at": at, "why": why, "created_at": at})  # fmt: skip
        for table, rows in ((t.order, orders), (t.order_line, lines), (t.commission, shares)):
            session.execute(insert(table), rows)


if __name__ == "__main__":
    main()
