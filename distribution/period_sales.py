"""Net sales of a period as tasks and prizes count them: paid in it, completed, after the last possible refund."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from distribution.rules.calendar import Span
from models import tables as t

_o, _line, _p = t.order.c, t.order_line.c, t.policy_version.c
#: An order that is not received, or whose after-sale is open, is waited for so long; then it counts for nothing.
PATIENCE = dt.timedelta(days=60)
_DEFAULT_FREEZE_DAYS = 7


@dataclass(frozen=True, slots=True)
class Sales:
    """One person's net sales of a period; ``undecided`` orders may still change it."""

    distributor_id: int
    net_fen: int
    reached_at: dt.datetime | None
    undecided: int


def of_period(
    session: Session, merchant_id: int, span: Span, *, now: dt.datetime, people: Collection[int] | None = None
) -> list[Sales]:
    """Net sales of everybody (or of ``people``) to whom an order paid in ``span`` is attributed.

    Nothing is undecided after PATIENCE.
    """
    decided_before = now - dt.timedelta(days=_freeze_days(session, merchant_id))
    orders = _orders(merchant_id, span)
    order = (orders if people is None else orders.where(_o.l1_id.in_(people))).subquery("paid")
    counts = and_(order.c.closed_at.is_(None), order.c.received_at.is_not(None), order.c.net_fen > 0)
    waiting = and_(
        order.c.closed_at.is_(None),
        order.c.net_fen > 0,
        or_(order.c.received_at.is_(None), order.c.received_at > decided_before, order.c.cases > 0),
    )
    patient = now < span[1] + PATIENCE
    rows = session.execute(
        select(
            order.c.l1_id,
            func.coalesce(func.sum(case((counts, order.c.net_fen))), 0),
            func.max(case((counts, order.c.paid_at))),
            func.count(case((waiting, 1))),
        ).group_by(order.c.l1_id)
    )
    return [Sales(who, int(net), reached, undecided if patient else 0) for who, net, reached, undecided in rows]


def may_be_final(session: Session, merchant_id: int, until: dt.datetime, *, now: dt.datetime) -> bool:
    """Whether an order paid in the last moment of a period could be past its after-sale time."""
    return now >= until + dt.timedelta(days=_freeze_days(session, merchant_id))


def _orders(merchant_id: int, span: Span) -> Select[Any]:
    return (
        select(
            _o.l1_id,
            _o.paid_at,
            _o.received_at,
            _o.closed_at,
            func.sum(_line.paid_fen - _line.refunded_fen).label("net_fen"),
            func.sum(_line.open_cases).label("cases"),
        )
        .join(t.order_line, _line.order_id == _o.id)
        .where(_o.merchant_id == merchant_id, _o.l1_id.is_not(None), _o.paid_at >= span[0], _o.paid_at < span[1])
        .group_by(_o.id, _o.l1_id, _o.paid_at, _o.received_at, _o.closed_at)
    )


def _freeze_days(session: Session, merchant_id: int) -> int:
    """The longest after-sale time of any of the merchant's rules: nobody's last refund is missed."""
    documents = session.scalars(select(_p.document).where(_p.merchant_id == merchant_id))
    return max((int(each.get("freeze_days", _DEFAULT_FREEZE_DAYS)) for each in documents), default=_DEFAULT_FREEZE_DAYS)
