"""The proof finds any one field that somebody changes past the program, in every table that money depends on."""

import json
from itertools import count

import pytest
from sqlalchemy import JSON, Boolean, Integer, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from distribution import bindings, chain, ledger, policy, proof, settlement, transfers, withdrawals
from distribution.shapes import LineReport
from distribution.transfers import TransferNews
from models import guards
from models.columns import UTCDateTime
from models.fingerprints import KINDS

LINES = (LineReport(1, "AJ250", "即食阿胶糕", 2, 50_000, 1000), LineReport(2, "AJ500", "即食阿胶糕", 1, 30_000))
TABLES = sorted({*KINDS, "journal", "posting", "account", "seal", "audit", "team_path"})
#: Columns that no change of is found, and why; every other column of ``TABLES`` is covered.
EXEMPT: dict[str, str] = {}
#: What is true of any change that another program makes; a change must be found without their help.
WITHOUT = {"the guards of the books stand", "no row was written past this program"}


@pytest.fixture
def books(shop):
    """Everything that can happen to money has happened once, and is sealed."""
    alice = shop.distributor("爱丽丝")
    bob = shop.distributor("鲍勃", invited_by=alice.code)
    _publish(shop)
    customer = shop.member("obuyer")
    visit = {"policy": policy.Policy(), "channel": "link", "at": shop.now, "now": shop.now}
    shop.write(lambda s: bindings.click(s, customer, bob.id, **visit))
    for no, last in (("E1", "received"), ("E2", "received"), ("E3", "paid"), ("E4", "shipped"), ("E5", "unpaid")):
        shop.order(no, last, 1, distributor_code=bob.code, lines=LINES, coupon_fen=777, points_fen=5)
    shop.refund("R1", "E1", 10_000, quantity=1)
    shop.refund("R2", "E2", 0, state="opened")
    shop.refund("R9", "E9", 10, state="refunded")
    shop.clock.advance(days=7)
    shop.write(lambda s: settlement.settle_due(s, now=shop.now))
    for key, fen, end in (
        ("k1", 4000, "SUCCESS"), ("k2", 1000, "FAIL"), ("k3", 1500, "WAIT_USER_CONFIRM"), ("k4", 1100, None)
    ):  # fmt: skip
        _withdraw(shop, bob, fen, key, end)
    shop.write(lambda s: withdrawals.request(s, bob.id, 1200, request_key="k5", policy=TERMS, now=shop.now))
    shop.refund("R3", "E1", 80_000)
    shop.order("E3", "closed", 2, distributor_code=bob.code, lines=LINES, coupon_fen=777, points_fen=5)
    gift = [("fees:gifts", "bank:gifts", 5)]
    first = shop.write(lambda s: ledger.post(s, "manual:1", gift, cause="gift", actor="boss", at=shop.now))
    shop.write(lambda s: ledger.reverse(s, first, "manual:2", cause="mistake", actor="boss", at=shop.now))
    chain.seal_all(shop.database.write, now=shop.now)
    return shop


TERMS = policy.Policy(withdraw=policy.WithdrawalTerms(fee_bp=60))


def _publish(shop):
    document = {"store_rate_bp": {"l1": 1000, "l2": 300}}
    shop.write(
        lambda s: policy.publish(s, merchant_id=1, document=document, effective_from=shop.now, by="boss", now=shop.now)
    )


def _withdraw(shop, person, fen, key, end):
    no = shop.write(lambda s: withdrawals.request(s, person.id, fen, request_key=key, policy=TERMS, now=shop.now)).no
    shop.write(lambda s: withdrawals.approve(s, no, by="boss", version=1, now=shop.now))
    if end:
        shop.write(lambda s: transfers.begin(s, no, now=shop.now))
        shop.write(lambda s: transfers.record(s, no, TransferNews(end), source="query", now=shop.now))


class Meddler:
    """Another program with the right to write, which took the guards away."""

    def __init__(self, database):
        self.engine = create_engine(database.url)
        self.sqlite = database.is_sqlite
        with self.engine.begin() as connection:
            guards.remove(connection)

    def leave(self):
        with self.engine.begin() as connection:
            guards.install(connection)
            connection.execute(text("delete from touched"))

    def rows(self, table):
        """The first, the middle and the last row as text; JSON as it is stored."""
        names = ", ".join(f'"{each.name}"' if self.sqlite else f'"{each.name}"::text' for each in table.columns)
        with self.engine.connect() as connection:
            found = connection.execute(text(f'select {names} from "{table.name}" order by 1'.replace(":", "\\:"))).all()
        return {found[place] for place in (0, len(found) // 2, -1)} if found else set()

    def write(self, table, row, column, value):
        """Whether the database let the field be changed."""
        names = [each.name for each in table.columns]
        where = " and ".join(f'"{each.name}" = {self._cast(each, each.name)}' for each in table.primary_key)
        keys = {each.name: row[names.index(each.name)] for each in table.primary_key}
        statement = f'update "{table.name}" set "{column.name}" = {self._cast(column, "value")} where {where}'
        with self.engine.begin() as connection:
            return connection.execute(text(statement), keys | {"value": value}).rowcount == 1

    def _cast(self, column, name):
        return f":{name}" if self.sqlite else f"cast(:{name} as {column.type.compile(self.engine.dialect)})"


def others(column, value):
    """Other values that a field could have been given, as text or as SQLite keeps them."""
    kind = column.type
    if isinstance(kind, Boolean):
        return [0 if str(value) in ("1", "true") else 1]
    if isinstance(kind, Integer):
        return [1] if value is None else [int(value) + 1, int(value) - 1]
    if isinstance(kind, JSON):
        held = json.loads(value) if value else None
        return [json.dumps([*held, 1] if isinstance(held, list) else {**(held or {}), "x": 1})]
    if isinstance(kind, UTCDateTime):
        return ["2026-11-23 02:00:01.000000"] if value is None else [value[:18] + "3" + value[19:], None]
    if value is None:
        return ["x"]
    states = [each for each in STATES.get((column.table.name, column.name), ()) if each != value]
    return [value + "x", *states] + ([None] if column.nullable else [])


STATES = {
    ("commission", "state"): ("pending", "available", "void"),
    ("withdrawal", "state"): ("requested", "approved", "paying", "paid", "released"),
    ("withdrawal", "transfer_state"): ("SENDING", "WAIT_USER_CONFIRM", "SUCCESS", "FAIL"),
    ("order", "state"): ("unpaid", "paid", "shipped", "received", "closed"),
    ("refund", "state"): ("opened", "closed", "refunded"),
    ("distributor", "state"): ("pending", "active", "rejected", "frozen", "terminated"),
}


def found(shop):
    with shop.database.snapshot() as session:
        return any(not each.ok and each.name not in WITHOUT for each in proof.findings(session))


@pytest.fixture
def meddler(books):
    made = Meddler(books.database)
    yield made
    made.leave()


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_any_one_changed_field_is_found(books, meddler):
    missed, numbers = set(), count(1)
    step = 1 if books.database.is_sqlite else 2
    assert not found(books)
    for table in map(SQLModel.metadata.tables.__getitem__, TABLES):
        for row in meddler.rows(table):
            for column, value in zip(table.columns, row, strict=True):
                for other in others(column, value):
                    if f"{table.name}.{column.name}" in EXEMPT or next(numbers) % step:
                        continue
                    missed |= _missed(books, meddler, (table, row, column), value, other)
    assert sorted(missed) == []
    assert not found(books)
    assert next(numbers) > 600


def _missed(books, meddler, place, value, other):
    table, row, column = place
    try:
        assert meddler.write(table, row, column, other), place
    except DBAPIError:
        return set()
    seen = found(books)
    if column.primary_key:
        row = tuple(other if each is column else held for each, held in zip(table.columns, row, strict=True))
    assert meddler.write(table, row, column, value), place
    return set() if seen else {(table.name, column.name, str(value), str(other))}
