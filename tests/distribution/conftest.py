"""A small shop to test the business on: Alice invited Bob, Carol buys."""

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy.orm import Session

from distribution import members, orders, people, policy, proof, refunds
from distribution.shapes import LineReport, OrderOutcome, OrderReport, RefundLine, RefundReport
from models import Distributor, Merchant, Product
from models.database import Database

T = TypeVar("T")
APPID = "wx0123456789abcdef"


@dataclass
class Shop:
    """One merchant with a database, a clock, and short ways to what the business does."""

    database: Database
    clock: object
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def now(self) -> dt.datetime:
        return self.clock.now()

    def member(self, openid: str) -> int:
        with self.database.transaction() as session:
            return people.meet(session, APPID, openid, self.now).member_id

    def distributor(self, name: str, *, invited_by: str | None = None) -> Distributor:
        member_id = self.member(f"o{name}")
        phone = f"138{next(self.numbers):08d}"
        with self.database.transaction() as session:
            row = members.apply(
                session,
                member_id,
                name=name,
                phone=phone,
                invite_code=invited_by,
                terms_version="1",
                policy=policy.Policy(),
                now=self.now,
            )
            return members.approve(session, row.id, by="tester", now=self.now)

    def order(self, no: str, state: str = "paid", version: int = 1, **more: object) -> OrderOutcome:
        lines = more.pop("lines", (LineReport(1, "AJ250", "即食阿胶糕", 1, 10_000),))
        report = OrderReport(
            no,
            state,
            version,
            more.pop("occurred_at", self.now),
            lines,
            buyer_openid=more.pop("buyer", "obuyer"),
            **more,
        )
        with self.database.transaction() as session:
            return orders.record(session, 1, report, appid=APPID, now=self.now)

    def refund(self, no: str, order_no: str, fen: int, *, state: str = "refunded", quantity: int = 0) -> bool:
        report = RefundReport(no, order_no, state, self.now, (RefundLine(1, quantity, fen),))
        with self.database.transaction() as session:
            return refunds.record(session, 1, report, now=self.now).applied

    def write(self, operation: Callable[[Session], T]) -> T:
        with self.database.transaction() as session:
            return operation(session)

    def ask(self, question: Callable[[Session], T]) -> T:
        with self.database.reading() as session:
            return question(session)


@pytest.fixture
def shop(database: Database, clock: object, request: pytest.FixtureRequest) -> Iterator[Shop]:
    """The shop; when the test ends, every invariant of the books must hold that its module does not name."""
    made = Shop(database, clock)
    with database.transaction() as session:
        session.add(Merchant(name="禾苗好物", created_at=made.now))
        session.flush()
        session.add(
            Product(
                merchant_id=1,
                sku="AJ250",
                name="即食阿胶糕",
                price_fen=10_000,
                stock=9,
                updated_at=made.now,
                on_sale=True,
            )
        )
    yield made
    with database.reading() as session:
        broken = [finding for finding in proof.prove(session) if not finding.ok]
    assert [finding for finding in broken if finding.name not in getattr(request.module, "NOT_PROVED", ())] == []


@pytest.fixture
def other(shop: Shop, sqlite_template: Path, tmp_path: Path) -> Iterator[Shop]:
    """A second shop beside the first, on SQLite: the same is done there another way."""
    shutil.copy(sqlite_template, tmp_path / "other.sqlite3")
    made = replace(shop, database=Database(f"sqlite:///{tmp_path / 'other.sqlite3'}"), numbers=count(1))
    made.write(lambda s: s.add(Merchant(name="另一家", created_at=made.now)))
    yield made
    made.database.close()
