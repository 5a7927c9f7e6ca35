"""A person's monthly statement: every fen that came and went, told from the books (R33, R44)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from distribution import ledger
from distribution.rules.calendar import month_bounds
from models import tables as t

#: As many rows are shown at once; a month may have tens of thousands.
PART_ROWS = 500
_PURSES = ("pending", "available", "withdrawing", "owed")
_j, _p, _r = t.journal.c, t.posting.c, t.refund.c
#: What stands behind a row, by the account at its other end.
_KINDS = {
    "bank:wechatpay": "withdrawal",
    "bank:transfer": "withdrawal",
    "shop:balance": "withdrawal",
    "fees:withdrawal": "fee",
    "tax:withheld": "tax",
}
#: The kinds in the words of people.
WORDS = {
    "commission": "佣金",
    "taken_back": "退款扣回",
    "bonus": "奖励",
    "written_off": "欠款减免",
    "withdrawal": "提现到账",
    "fee": "提现手续费",
    "tax": "代扣个税",
}
_OF_MERCHANT = {"bonus": "bonus", "written_off": "written_off"}


@dataclass(frozen=True, slots=True)
class Row:
    """What one event changed, in fen: plus came, minus went. ``number`` is an order's, a withdrawal's or empty."""

    at: dt.datetime
    kind: str
    number: str
    fen: int


@dataclass(frozen=True, slots=True)
class Statement:
    """``opening_fen`` and all rows make ``closing_fen``, which is what ``left`` holds in the purses at the end."""

    month: dt.date
    opening_fen: int
    closing_fen: int
    rows: list[Row]
    left: dict[str, int]
    sums: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a statement: page ``page`` of ``pages``, of ``total`` rows."""

    rows: list[Row]
    page: int
    pages: int
    total: int


def part(told: Statement, page: int) -> Part:
    """The rows of one page, the nearest one there is; every row is on exactly one."""
    total = len(told.rows)
    pages = max(1, -(-total // PART_ROWS))
    page = min(max(1, page), pages)
    return Part(told.rows[(page - 1) * PART_ROWS : page * PART_ROWS], page, pages, total)


def month(session: Session, distributor_id: int, day: dt.date) -> Statement:
    """The statement of the Shanghai month that ``day`` lies in; rows in the order of the books."""
    since, until = month_bounds(day)
    names = {ledger.purse(distributor_id, kind): kind for kind in _PURSES}
    opening = sum(_balances(session, names, since).values())
    left = _balances(session, names, until)
    rows = _rows(session, names, since, until)
    sums: dict[str, int] = defaultdict(int)
    for row in rows:
        sums[row.kind] += row.fen
    return Statement(day.replace(day=1), opening, sum(left.values()), rows, left, dict(sums))


def owing(session: Session, distributor_id: int) -> dict[str, int]:
    """Fen that each order took back as debt, by order number: what stands behind ``owed`` before it was netted."""
    owed = ledger.purse(distributor_id, "owed")
    found: dict[str, int] = defaultdict(int)
    for _, reference, source, _, fen in session.execute(_postings({owed})):
        if source == owed:
            found[reference] += fen
    numbers = _orders_of_refunds(session, found)
    return {numbers.get(reference) or _number(reference): fen for reference, fen in found.items()}


def _balances(session: Session, names: dict[str, str], before: dt.datetime) -> dict[str, int]:
    left, account = dict.fromkeys(_PURSES, 0), t.account.c
    for end, sign in ((_p.source_id, -1), (_p.destination_id, 1)):
        moved = (
            select(account.name, func.sum(_p.fen))
            .join(t.posting, end == account.id)
            .join(t.journal, _j.id == _p.journal_id)
            .where(account.name.in_(list(names)), _j.at < before)
            .group_by(account.name)
        )
        for name, fen in session.execute(moved):
            left[names[name]] += sign * int(fen)
    return left


def _rows(session: Session, names: dict[str, str], since: dt.datetime, until: dt.datetime) -> list[Row]:
    moved: dict[tuple[dt.datetime, str, str], int] = defaultdict(int)
    for at, reference, source, destination, fen in session.execute(
        _postings(names.keys()).where(_j.at >= since, _j.at < until)
    ):
        if source in names and destination in names:
            continue
        sign, other = (-1, destination) if source in names else (1, source)
        moved[at, reference, _kind(other, sign)] += sign * fen
    numbers = _orders_of_refunds(session, {reference for _, reference, _ in moved})
    return [
        Row(at, kind, numbers.get(reference) or _number(reference), fen) for (at, reference, kind), fen in moved.items()
    ]


def _postings(names: Iterable[str]) -> Select[Any]:
    """Every posting that touches one of the accounts: moment, reference, both ends, fen."""
    source, destination = t.account.alias("source"), t.account.alias("destination")
    own = select(t.account.c.id).where(t.account.c.name.in_(list(names)))
    return (
        select(_j.at, _j.reference, source.c.name, destination.c.name, _p.fen)
        .join(t.posting, _p.journal_id == _j.id)
        .join(source, source.c.id == _p.source_id)
        .join(destination, destination.c.id == _p.destination_id)
        .where(_p.source_id.in_(own) | _p.destination_id.in_(own))
        .order_by(_j.at, _j.id, _p.id)
    )


def _kind(other: str, sign: int) -> str:
    if other in _KINDS:
        return _KINDS[other]
    known = _OF_MERCHANT.get(other.rpartition(":")[2])
    return known or ("commission" if sign > 0 else "taken_back")


def _number(reference: str) -> str:
    """The order's or withdrawal's number in a reference of the books."""
    parts = reference.split(":")
    if parts[0] == "withdrawal":
        return parts[1]
    if parts[0] != "order":
        return ""
    rest = ":".join(parts[2:])
    return rest.removesuffix(":clawback").removesuffix(":commission").partition(":closed")[0]


def _orders_of_refunds(session: Session, references: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    by_merchant: dict[int, dict[str, str]] = defaultdict(dict)
    for reference in references:
        parts = reference.split(":")
        if parts[0] == "refund":
            by_merchant[int(parts[1])][":".join(parts[2:]).rpartition(":")[0]] = reference
    for merchant_id, told in by_merchant.items():
        rows = session.execute(
            select(_r.refund_no, _r.order_no).where(and_(_r.merchant_id == merchant_id, _r.refund_no.in_(list(told))))
        )
        found.update({told[refund_no]: order_no for refund_no, order_no in rows})
    return found
