"""A distributor's orders, read-only, with what each brings and the buyer masked."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import tables as t

_c, _o = t.commission.c, t.order.c


@dataclass(frozen=True, slots=True)
class EarningOrder:
    """One order somebody earns on: ``fen`` is his commission after refunds."""

    order_no: str
    state: str
    goods: str
    paid_at: dt.datetime
    fen: int


def earning(
    session: Session, distributor_id: int, *, since: dt.datetime | None, until: dt.datetime | None, limit: int = 5
) -> list[EarningOrder]:
    """The newest orders paid in ``[since, until)`` that somebody earns on."""
    goods = select(func.min(t.order_line.c.name)).where(t.order_line.c.order_id == _o.id).scalar_subquery()
    found = (
        select(_o.order_no, _o.state, goods, _o.paid_at, func.sum(_c.fen))
        .join(t.commission, _c.order_id == _o.id)
        .where(_c.distributor_id == distributor_id)
        .group_by(_o.id)
        .order_by(_o.paid_at.desc(), _o.id.desc())
        .limit(limit)
    )
    if since is not None:
        found = found.where(_c.paid_at >= since)
    if until is not None:
        found = found.where(_c.paid_at < until)
    return [EarningOrder(no, state, name, paid, int(fen)) for no, state, name, paid, fen in session.execute(found)]
