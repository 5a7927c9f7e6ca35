"""The invariants alone, without fingerprints, notice what somebody changed by hand in most fields of money rows."""

import datetime as dt
from itertools import count

import pytest
from sqlalchemy import Boolean, String, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from distribution import policy, proof, settlement, transfers, withdrawals
from distribution.shapes import LineReport
from distribution.transfers import TransferNews
from models import tables as t

LINES = (LineReport(1, "AJ250", "即食阿胶糕", 2, 50_000, 1000), LineReport(2, "AJ500", "即食阿胶糕", 1, 30_000))
MONEY = (t.account, t.journal, t.posting, t.commission, t.withdrawal, t.order, t.order_line, t.refund, t.team_path)
#: What the books cannot tell by themselves: names, words and who did it stand nowhere else. Fingerprints tell.
UNPROVEN = {
    "account": {"name"},
    "commission": {"created_at", "why"},
    "withdrawal": {"no", "request_key", "payee_name", "version", "needs_second", "decided_at", "reason"}
    | {"transfer_bill_no", "package", "confirm_by", "next_query_at"},
    "order": {"version", "buyer_openid", "buyer_external_id", "buyer_id", "distributor_code", "policy_id", "address"}
    | {"shipment", "freight_fen", "created_at", "created_known", "shipped_at", "closed_at", "l1_id", "l2_id", "l3_id"},
    "order_line": {"line_no", "sku", "name", "product_rule"},
    "refund": {"freight_fen", "occurred_at", "created_at"},
}
STATES = {
    "commission": ("pending", "available", "void"),
    "withdrawal": ("requested", "approved", "paying", "paid", "released"),
    "order": ("unpaid", "paid", "shipped", "received", "closed"),
    "refund": ("opened", "closed", "refunded"),
}


@pytest.fixture
def books(shop):
    """Everything that can happen to money has happened once."""
    alice = shop.distributor("爱丽丝")
    bob = shop.distributor("鲍勃", invited_by=alice.code)
    for no, last in (("E1", "received"), ("E2", "received"), ("E3", "paid"), ("E4", "shipped"), ("E5", "unpaid")):
        shop.order(no, last, 1, distributor_code=bob.code, lines=LINES, coupon_fen=777, points_fen=5)
    shop.refund("R1", "E1", 10_000, quantity=1)
    shop.refund("R2", "E2", 0, state="opened")
    shop.clock.advance(days=7)
    shop.write(lambda s: settlement.settle_due(s, now=shop.now))
    for key, fen, end in (("k1", 4000, "SUCCESS"), ("k2", 1000, "FAIL"), ("k3", 1500, "WAIT_USER_CONFIRM")):
        _withdraw(shop, bob, fen, key, end)
    shop.refund("R3", "E1", 80_000)
    shop.order("E3", "closed", 2, distributor_code=bob.code, lines=LINES, coupon_fen=777, points_fen=5)
    return shop


def _withdraw(shop, person, fen, key, end):
    terms = policy.Policy(withdraw=policy.WithdrawalTerms(fee_bp=60))
    no = shop.write(lambda s: withdrawals.request(s, person.id, fen, request_key=key, policy=terms, now=shop.now)).no
    shop.write(lambda s: withdrawals.approve(s, no, by="boss", version=1, now=shop.now))
    shop.write(lambda s: transfers.begin(s, no, now=shop.now))
    shop.write(lambda s: transfers.record(s, no, TransferNews(end), source="query", now=shop.now))


class _Undone(Exception):
    pass


def noticed(shop, change):
    """Whether the proof fails, or the database refuses, after ``change``; which is undone."""
    held = []
    try:
        with shop.database.transaction() as session:
            session.execute(change)
            held.append(proof.holds(session))
            raise _Undone
    except IntegrityError:
        return True
    except _Undone:
        return not held[0]


def others(table, column, row):
    """Other values a field could have."""
    value = row._mapping[column.name]
    if column.name in ("state", "applied") and table.name in STATES:
        return [state for state in STATES[table.name] if state != value]
    if value is None:
        return []
    if isinstance(column.type, Boolean):
        return [not value]
    if isinstance(value, dt.datetime):
        return [value + dt.timedelta(hours=1)]
    if isinstance(value, int):
        return [value + 1, value - 1]
    return [value + "x"] if isinstance(column.type, String) else []


def test_every_changed_field_is_noticed_or_named_as_unprovable(books):
    missed, numbers = set(), count()
    # PostgreSQL plans each of the questions anew: every ninth field there, all of them on SQLite.
    step = 1 if books.database.is_sqlite else 9
    for table in MONEY:
        with books.database.reading() as session:
            rows = session.execute(select(table)).all()
        for row in rows:
            here = [column == row._mapping[column.name] for column in table.primary_key]
            for column in table.columns:
                if column.name in UNPROVEN.get(table.name, ()) or (column.name == "id"):
                    continue
                for value in others(table, column, row):
                    if next(numbers) % step:
                        continue
                    if not noticed(books, update(table).where(*here).values({column.name: value})):
                        missed.add((table.name, column.name, str(row._mapping[column.name]), str(value)))
    assert sorted(missed) == []


def test_every_removed_row_of_the_books_is_noticed(books):
    missed = []
    for table in (t.journal, t.posting, t.commission, t.withdrawal, t.team_path):
        with books.database.reading() as session:
            rows = session.execute(select(table)).all()
        for row in rows:
            here = [column == row._mapping[column.name] for column in table.primary_key]
            if not noticed(books, delete(table).where(*here)):
                missed.append((table.name, row))
    assert missed == []


def found(shop, *changes):
    """The names of what fails after ``changes``; which are undone."""
    names = set()
    try:
        with shop.database.transaction() as session:
            for change in changes:
                session.execute(change)
            names |= {each.name for each in proof.prove(session) if not each.ok}
            raise _Undone
    except _Undone:
        return names


def test_a_generation_that_the_rules_do_not_reach_is_named(books):
    row = books.write(
        lambda s: policy.publish(
            s, merchant_id=1, document={"depth": 1}, effective_from=books.now, by="boss", now=books.now
        )
    )

    assert "nobody earns deeper than the rules of the order reach" not in found(books)
    assert "nobody earns deeper than the rules of the order reach" in found(
        books, update(t.order).where(t.order.c.order_no == "E4").values(policy_id=row.id)
    )


def test_a_second_correction_of_the_same_is_named(books):
    names = ("a", "b")
    twice = [
        insert(t.journal).values(
            reference=f"correction:{name}", cause="x", actor="x", digest="x", at=books.now, corrects_id=1
        )
        for name in names
    ]

    assert "nothing is corrected twice" not in found(books, twice[0])
    assert "nothing is corrected twice" in found(books, text("drop index journal_corrects"), *twice)
