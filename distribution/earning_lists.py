"""What somebody earned, from one side: pending and when it comes, settled, taken back, paid out, of one product."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from distribution.rules.calendar import Span, day_of
from models import tables as t
from models.states import CommissionState, WithdrawalState

_c, _o, _line, _w = t.commission.c, t.order.c, t.order_line.c, t.withdrawal.c


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a sum: fen and how many orders; ``day`` None: it waits for the goods to be received."""

    day: dt.date | None
    fen: int
    orders: int


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum in fen over some orders (or withdrawals)."""

    fen: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A commission that went back with a refund or a closed order, its ``cause``; ``fen`` is above zero."""

    order_no: str
    goods: str
    fen: int
    at: dt.datetime
    order_id: int
    cause: str


def pending(session: Session, distributor_id: int) -> list[Part]:
    """What is pending by the day from which it may be settled, the nearest first, what waits for receipt last."""
    found = (
        select(_c.due_at, func.sum(_c.fen), func.count(func.distinct(_c.order_id)))
        .where(_c.distributor_id == distributor_id, _c.state == CommissionState.PENDING)
        .group_by(_c.due_at)
    )
    days: dict[dt.date | None, list[int]] = defaultdict(lambda: [0, 0])
    for due_at, fen, orders in session.execute(found):
        part = days[day_of(due_at) if due_at else None]
        part[0], part[1] = part[0] + int(fen), part[1] + orders
    parts = [Part(day, fen, orders) for day, (fen, orders) in days.items() if fen]
    return sorted(parts, key=lambda part: (part.day is None, part.day or dt.date.max))


def settled(session: Session, distributor_id: int, span: Span | None = None) -> Sum:
    """What was settled of orders paid in ``span``, refunds taken off."""
    return _sum(session, distributor_id, _c.state == CommissionState.AVAILABLE, *_within(_c.paid_at, span))


def taken_back(session: Session, distributor_id: int, span: Span | None = None) -> Sum:
    """What went back in ``span``, in fen above zero."""
    found = _sum(session, distributor_id, _c.fen < 0, *_within(_c.created_at, span))
    return Sum(-found.fen, found.count)


def last_taken_back(session: Session, distributor_id: int, limit: int = 3) -> list[TakenBack]:
    """The newest amounts that went back, an order's together."""
    rows = session.execute(
        select(_o.order_no, func.min(_line.name), -func.sum(_c.fen), func.max(_c.created_at).label("at"))
        .add_columns(_o.id, _c.cause)
        .join(t.order, _o.id == _c.order_id)
        .join(t.order_line, _line.id == _c.line_id)
        .where(_c.distributor_id == distributor_id, _c.fen < 0)
        .group_by(_o.order_no, _o.id, _c.cause)
        .order_by(func.max(_c.created_at).desc())
        .limit(limit)
    )
    return [TakenBack(no, goods, int(fen), at, *which) for no, goods, fen, at, *which in rows]


def withdrawn(session: Session, distributor_id: int, span: Span | None = None) -> Sum:
    """What was paid out, by the day it arrived."""
    paid = (_w.distributor_id == distributor_id, _w.state == WithdrawalState.PAID, *_within(_w.ended_at, span))
    fen, count = session.execute(select(func.coalesce(func.sum(_w.fen), 0), func.count()).where(*paid)).one()
    return Sum(int(fen), count)


def of_product(session: Session, distributor_id: int, words: str, span: Span | None = None) -> Sum:
    """What goods whose name or number holds ``words`` brought, of orders paid in ``span``."""
    named = or_(_line.name.contains(words, autoescape=True), _line.sku == words.upper())
    lines = select(_line.id).where(named)
    return _sum(session, distributor_id, _c.line_id.in_(lines), *_within(_c.paid_at, span))


def best_day(session: Session, distributor_id: int, span: Span) -> tuple[dt.date, int] | None:
    """The day of a span that brought most, with its fen; None when nothing came."""
    found = (
        select(_c.paid_at, func.sum(_c.fen))
        .where(_c.distributor_id == distributor_id, *_within(_c.paid_at, span))
        .group_by(_c.paid_at)
    )
    days: dict[dt.date, int] = defaultdict(int)
    for paid_at, fen in session.execute(found):
        days[day_of(paid_at)] += int(fen)
    return max(days.items(), key=lambda pair: (pair[1], pair[0]), default=None)


def _sum(session: Session, distributor_id: int, *asked: ColumnElement[bool]) -> Sum:
    earning = case((_c.fen != 0, _c.order_id))
    fen, orders = session.execute(
        select(func.coalesce(func.sum(_c.fen), 0), func.count(func.distinct(earning))).where(
            _c.distributor_id == distributor_id, *asked
        )
    ).one()
    return Sum(int(fen), orders)


def _within(moment: Any, span: Span | None) -> list[ColumnElement[bool]]:
    return [] if span is None else [moment >= span[0], moment < span[1]]
