"""The rows of new orders: order, lines, commissions, books and notices, each kind by one statement for all."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from distribution import ledger, ledger_bulk, order_notices, outbox
from distribution.ledger_bulk import Entry
from distribution.new_order_facts import Facts
from distribution.outbox import Thing
from distribution.policy import Policy
from distribution.rules import lifecycle
from distribution.rules.commission import Offer, Place, Share
from distribution.rules.goods import Line
from distribution.shapes import OrderOutcome, OrderReport
from models import tables as t
from models.direct import insert_rows, new_ids, stored
from models.states import CommissionState, OrderState

_ORDER = (
    "id", "merchant_id", "order_no", "channel", "state", "version", "buyer_openid", "buyer_external_id", "buyer_id",
    "distributor_code", "l1_id", "l2_id", "l3_id", "policy_id", "parties", "coupon_fen", "points_fen", "freight_fen",
    "address", "shipment", "created_at", "created_known", "paid_at", "shipped_at", "received_at", "closed_at",
)  # fmt: skip
_LINE = (
    "id", "order_id", "line_no", "sku", "name", "quantity", "unit_fen", "discount_fen", "paid_fen", "base_fen",
    "refunded_fen", "refunded_quantity", "open_cases", "category", "cost_fen", "product_rule", "offers",
)  # fmt: skip
_COMMISSION = (
    "merchant_id", "order_id", "line_id", "distributor_id", "kind", "cause", "fen", "state", "paid_at", "due_at",
    "why", "created_at",
)  # fmt: skip


@dataclass(slots=True)
class NewOrder:
    """An order as it will be written: who shares in it, what its lines are worth, what is earned."""

    report: OrderReport
    created_at: dt.datetime
    terms: Policy
    buyer_id: int | None
    parties: dict[str, Any]
    places: Sequence[Place]
    lines: Sequence[Line]
    paid: Sequence[int]
    bases: Sequence[int]
    offers: Sequence[list[Offer]]
    shares: Sequence[Share]
    warnings: tuple[str, ...]
    id: int = 0

    @property
    def due_at(self) -> dt.datetime | None:
        """When its commissions fall due; None before receipt (R35)."""
        if self.report.state != OrderState.RECEIVED:
            return None
        return self.report.occurred_at + dt.timedelta(days=self.terms.freeze_days)


def write(
    session: Session, merchant_id: int, made: Sequence[NewOrder], facts: Facts, *, now: dt.datetime, tell: bool
) -> None:
    """Write everything the orders are and do, in the caller's transaction."""
    for each, number in zip(made, new_ids(session, t.order, len(made)), strict=True):
        each.id = number
    insert_rows(session, t.order, _ORDER, [_order(merchant_id, each) for each in made])
    line_ids = iter(new_ids(session, t.order_line, sum(len(each.lines) for each in made)))
    numbered = [(each, [next(line_ids) for _ in each.lines]) for each in made]
    insert_rows(session, t.order_line, _LINE, [row for each, ids in numbered for row in _lines(each, ids)])
    sold = [(each.id,) for each in made if lifecycle.is_paid(each.report.state)]
    insert_rows(session, t.sales_change, ("order_id",), sold)
    rows = [row for each, ids in numbered for row in _commissions(merchant_id, each, ids, now)]
    if not rows:
        return
    insert_rows(session, t.commission, _COMMISSION, rows)
    entries = [_entry(merchant_id, each) for each in made if each.shares]
    held = ledger_bulk.hold(session, {name for entry in entries for move in entry.moves for name in move[:2]})
    ledger_bulk.post_all(session, entries, held, at=now)
    if tell:
        outbox.put_all(session, [thing for each in made for thing in _notices(each, facts, now)], now=now)


def outcome(each: NewOrder, facts: Facts) -> OrderOutcome:
    """What is answered: the commission rows that were written."""
    due = {"due_at": each.due_at.isoformat()} if each.due_at else {}
    rows = [
        {"who": facts.earners[one.distributor_id].code, "kind": one.kind, "line_no": one.line_no, "fen": one.fen,
         "state": CommissionState.PENDING, "why": one.why | due}
        for one in each.shares
    ]  # fmt: skip
    return OrderOutcome(each.report.order_no, True, rows, each.warnings)


def _order(merchant_id: int, each: NewOrder) -> tuple[Any, ...]:
    report = each.report
    people = [place.person.id if place.person else None for place in each.places] + [None] * 3
    reached = {*lifecycle.reached(report.state)}
    at = stored(report.occurred_at)
    moments = [at if state in reached else None for state in ("paid", "shipped", "received", "closed")]
    return (
        each.id, merchant_id, report.order_no, "mall", report.state, report.version, report.buyer_openid,
        report.buyer_external_id, each.buyer_id, report.distributor_code, *people[:3], each.terms.id or None,
        each.parties, report.coupon_fen, report.points_fen, report.freight_fen, report.address, report.shipment,
        stored(each.created_at), report.created_at is not None, *moments,
    )  # fmt: skip


def _lines(each: NewOrder, ids: Sequence[int]) -> list[tuple[Any, ...]]:
    told = zip(ids, each.report.lines, each.lines, each.paid, each.bases, each.offers, strict=True)
    return [
        (number, each.id, line.line_no, report.sku, report.name, line.quantity, line.unit_fen, line.discount_fen, paid,
         base, 0, 0, 0, line.category, line.cost_fen, line.rule, offers)
        for number, report, line, paid, base, offers in told
    ]  # fmt: skip


def _commissions(merchant_id: int, each: NewOrder, ids: Sequence[int], now: dt.datetime) -> list[tuple[Any, ...]]:
    line_ids = dict(zip((line.line_no for line in each.lines), ids, strict=True))
    paid_at, due_at, made_at = stored(each.report.occurred_at), stored(each.due_at), stored(now)
    return [
        (merchant_id, each.id, line_ids[one.line_no], one.distributor_id, one.kind, "order", one.fen,
         CommissionState.PENDING, paid_at, due_at, one.why, made_at)
        for one in each.shares
    ]  # fmt: skip


def _entry(merchant_id: int, each: NewOrder) -> Entry:
    no, cost = each.report.order_no, ledger.cost(merchant_id)
    moves = [(cost, ledger.purse(one.distributor_id, "pending"), one.fen) for one in each.shares]
    return Entry(f"order:{merchant_id}:{no}:commission", moves, cause=f"order {no}", actor="orders")


def _notices(each: NewOrder, facts: Facts, now: dt.datetime) -> list[Thing]:
    lines = each.report.lines
    sold = order_notices.goods(each.report.occurred_at, min(line.name for line in lines), len(lines))
    things = []
    for person, (fen, kinds) in order_notices.totals(each.shares).items():
        who = facts.earners[person]
        if who.wants_notices:
            text = order_notices.paid_text(each.report.order_no, sold, kinds, fen)
            told = order_notices.facts(each.report.order_no, sold, fen, status=order_notices.PENDING, now=now)
            message = {"kind": "order", "text": text, "facts": told, "link": None}
            once = f"notice:order:{each.id}:paid:{person}"
            things.append(Thing("notice", message, once=once, member_id=who.member_id))
    return things
