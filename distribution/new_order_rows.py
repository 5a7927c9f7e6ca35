"""The rows of new orders: order, lines, commissions, books and notices, each kind by one statement for all."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from distribution import ledger, ledger_bulk, order_notices, outbox
from distribution.ledger_bulk import Entry
from distribution.new_order_facts import Facts
from distribution.new_order_prices import Priced
from distribution.outbox import Thing
from distribution.rules import lifecycle
from distribution.shapes import LineReport, OrderOutcome, OrderReport
from models import tables as t
from models.direct import insert_numbered, insert_rows, stored
from models.states import CommissionState, OrderState

_ORDER = (
    "merchant_id", "order_no", "channel", "state", "version", "buyer_openid", "buyer_external_id", "buyer_id",
    "distributor_code", "l1_id", "l2_id", "l3_id", "policy_id", "parties", "coupon_fen", "points_fen", "freight_fen",
    "address", "shipment", "created_at", "created_known", "paid_at", "shipped_at", "received_at", "closed_at",
)  # fmt: skip
_LINE = (
    "order_id", "line_no", "sku", "name", "quantity", "unit_fen", "discount_fen", "paid_fen", "base_fen",
    "refunded_fen", "refunded_quantity", "open_cases", "category", "cost_fen", "product_rule", "offers",
)  # fmt: skip
_COMMISSION = (
    "merchant_id", "order_id", "line_id", "distributor_id", "kind", "cause", "fen", "state", "paid_at", "due_at",
    "why", "created_at",
)  # fmt: skip
#: A plain word: a member of an enumeration costs the driver more than the row around it.
_PENDING = CommissionState.PENDING.value
#: The states whose moments stand in a row of ``_ORDER``, in that order.
_AFTER = (OrderState.PAID, OrderState.SHIPPED, OrderState.RECEIVED, OrderState.CLOSED)


@dataclass(slots=True)
class NewOrder:
    """An order as it will be written; ``id`` and ``line_ids`` are the numbers its rows are given then."""

    report: OrderReport
    created_at: dt.datetime
    priced: Priced
    buyer_id: int | None
    warnings: tuple[str, ...]
    id: int = 0
    line_ids: Sequence[int] = ()

    @property
    def due_at(self) -> dt.datetime | None:
        """When its commissions fall due; None before receipt (R35)."""
        if self.report.state != OrderState.RECEIVED:
            return None
        return self.report.occurred_at + dt.timedelta(days=self.priced.terms.freeze_days)


class _Told:
    """What a price says in each row of its orders."""

    def __init__(self, merchant_id: int, priced: Priced, goods: Sequence[LineReport]) -> None:
        people = [place.person.id if place.person else None for place in priced.places] + [None] * 3
        #: From the order's ``l1_id`` to its ``parties``.
        self.parties = (*people[:3], priced.terms.id or None, priced.parties)
        told = zip(goods, priced.lines, priced.paid, priced.bases, priced.offers, strict=True)
        #: Of each line, from ``line_no`` on.
        self.lines = [
            (line.line_no, sold.sku, sold.name, line.quantity, line.unit_fen, line.discount_fen, paid, base, 0, 0, 0,
             line.category, line.cost_fen, line.rule, offers)
            for sold, line, paid, base, offers in told
        ]  # fmt: skip
        places = {line.line_no: place for place, line in enumerate(priced.lines)}
        #: Of each share: the place of its line, who, of which kind, fen and why.
        self.shares = [(places[one.line_no], one.distributor_id, one.kind, one.fen, one.why) for one in priced.shares]
        cost = ledger.cost(merchant_id)
        self.moves = [(cost, ledger.purse(one.distributor_id, "pending"), one.fen) for one in priced.shares]


def write(
    session: Session, merchant_id: int, made: Sequence[NewOrder], facts: Facts, *, now: dt.datetime, tell: bool
) -> None:
    """Write everything the orders are and do, in the caller's transaction; they get the numbers of their rows."""
    told: dict[int, _Told] = {}
    for each in made:
        if id(each.priced) not in told:
            told[id(each.priced)] = _Told(merchant_id, each.priced, each.report.lines)
    whole = [(each, told[id(each.priced)]) for each in made]
    _sell(session, merchant_id, whole)
    sold = [(each.id,) for each in made if lifecycle.is_paid(each.report.state)]
    insert_rows(session, t.sales_change, ("order_id",), sold)
    _earn(session, merchant_id, [(each, said) for each, said in whole if said.shares], now=now)
    if tell:
        outbox.put_all(session, [thing for each in made for thing in _notices(each, facts, now)], now=now)


def outcomes(made: Sequence[NewOrder], facts: Facts) -> list[OrderOutcome]:
    """What is answered: of each order the commission rows that were written."""
    known: dict[tuple[int, dt.datetime | None], list[dict[str, Any]]] = {}
    found = []
    for each in made:
        due = each.due_at
        rows = known.get((id(each.priced), due))
        if rows is None:
            rows = known[id(each.priced), due] = _rows(each, facts)
        found.append(OrderOutcome(each.report.order_no, True, [*rows], each.warnings))
    return found


def _rows(each: NewOrder, facts: Facts) -> list[dict[str, Any]]:
    due = {"due_at": each.due_at.isoformat()} if each.due_at else {}
    return [
        {"who": facts.earners[one.distributor_id].code, "kind": one.kind, "line_no": one.line_no, "fen": one.fen,
         "state": CommissionState.PENDING, "why": one.why | due}
        for one in each.priced.shares
    ]  # fmt: skip


def _sell(session: Session, merchant_id: int, whole: Sequence[tuple[NewOrder, _Told]]) -> None:
    """The orders and their lines."""
    rows = [_order(merchant_id, each, said) for each, said in whole]
    for (each, _), number in zip(whole, insert_numbered(session, t.order, _ORDER, rows), strict=True):
        each.id = number
    lines = [(each.id, *line) for each, said in whole for line in said.lines]
    ids, after = insert_numbered(session, t.order_line, _LINE, lines), 0
    for each, said in whole:
        first, after = after, after + len(said.lines)
        each.line_ids = ids[first:after]


def _order(merchant_id: int, each: NewOrder, said: _Told) -> tuple[Any, ...]:
    report = each.report
    return (
        merchant_id, report.order_no, "mall", str(report.state), report.version, report.buyer_openid,
        report.buyer_external_id, each.buyer_id, report.distributor_code, *said.parties, report.coupon_fen,
        report.points_fen, report.freight_fen, report.address, report.shipment, stored(each.created_at),
        int(report.created_at is not None), *_moments(report.state, stored(report.occurred_at)),
    )  # fmt: skip


@lru_cache(maxsize=1024)
def _moments(state: str, at: str | None) -> tuple[str | None, ...]:
    """When the order was paid, shipped, received and closed, as far as its first report says so."""
    reached = lifecycle.reached(state)
    return tuple(at if after in reached else None for after in _AFTER)


def _earn(session: Session, merchant_id: int, earned: Sequence[tuple[NewOrder, _Told]], *, now: dt.datetime) -> None:
    if not earned:
        return
    made_at = stored(now)
    rows = []
    for each, said in earned:
        paid_at, due_at = stored(each.report.occurred_at), stored(each.due_at)
        rows += [
            (merchant_id, each.id, each.line_ids[place], who, kind, "order", fen, _PENDING, paid_at, due_at, why,
             made_at)
            for place, who, kind, fen, why in said.shares
        ]  # fmt: skip
    insert_rows(session, t.commission, _COMMISSION, rows)
    entries = [_entry(merchant_id, each, said) for each, said in earned]
    names = {
        name for said in {id(said): said for _, said in earned}.values() for move in said.moves for name in move[:2]
    }
    ledger_bulk.post_all(session, entries, ledger_bulk.hold(session, names), at=now)


def _entry(merchant_id: int, each: NewOrder, said: _Told) -> Entry:
    no = each.report.order_no
    return Entry(f"order:{merchant_id}:{no}:commission", said.moves, cause=f"order {no}", actor="orders")


def _notices(each: NewOrder, facts: Facts, now: dt.datetime) -> list[Thing]:
    lines = each.report.lines
    sold = order_notices.goods(each.report.occurred_at, min(line.name for line in lines), len(lines))
    things = []
    for person, (fen, kinds) in order_notices.totals(each.priced.shares).items():
        who = facts.earners[person]
        if who.wants_notices:
            text = order_notices.paid_text(each.report.order_no, sold, kinds, fen)
            told = order_notices.facts(each.report.order_no, sold, fen, status=order_notices.PENDING, now=now)
            message = {"kind": "order", "text": text, "facts": told, "link": None}
            once = f"notice:order:{each.id}:paid:{person}"
            things.append(Thing("notice", message, once=once, member_id=who.member_id))
    return things
