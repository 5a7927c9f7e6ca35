"""A distributor's orders and a customer's own, read-only: filtered, a page at a time, the buyer never named in full."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, union
from sqlalchemy.orm import Session

from distribution.rules.calendar import Span
from models import tables as t

_c, _d, _line, _o, _r = t.commission.c, t.distributor.c, t.order_line.c, t.order.c, t.refund.c
PAGE_ROWS = 5
_PAID = ("paid", "shipped", "received")
#: Word of a filter → which states of an order it means.
_STATES: Mapping[str, tuple[str, ...]] = {
    "unpaid": ("unpaid",),
    "paid": _PAID,
    "to_ship": ("paid",),
    "shipped": ("shipped",),
    "completed": ("received",),
    "closed": ("closed",),
}


@dataclass(frozen=True, slots=True)
class EarningOrder:
    """One order somebody earns on: ``fen`` is his commission after refunds."""

    order_no: str
    state: str
    goods: str
    paid_at: dt.datetime
    fen: int


@dataclass(frozen=True, slots=True)
class ShownOrder:
    """One order of a list: ``paid_fen`` what the customer paid for the goods, ``fen`` what it brings after refunds."""

    id: int
    order_no: str
    state: str
    goods: str
    at: dt.datetime
    paid_fen: int
    fen: int
    buyer_id: int | None
    buyer_name: str | None
    shipment: Mapping[str, Any] | None = None
    shipped_at: dt.datetime | None = None
    received_at: dt.datetime | None = None
    refunded_fen: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter; empty means everything. ``customer`` is a member's id."""

    span: Span | None = None
    status: str = ""
    order_no: str = ""
    tail: str = ""
    product: str = ""
    customer: int | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of orders, how many there are in all, and what all of them bring."""

    rows: list[ShownOrder] = field(default_factory=list)
    total: int = 0
    fen: int = 0


def earning(
    session: Session, distributor_id: int, *, since: dt.datetime | None, until: dt.datetime | None, limit: int = 5
) -> list[EarningOrder]:
    """The newest orders paid in ``[since, until)`` that somebody earns on."""
    goods = select(func.min(_line.name)).where(_line.order_id == _o.id).scalar_subquery()
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


def of_seller(session: Session, distributor_id: int, wanted: Wanted) -> Listed:
    """Orders that are somebody's own sales or that he earns on, the newest first."""
    sold = select(_o.id).where(_o.l1_id == distributor_id, *_since(_o.created_at, wanted.span))
    earned = select(_c.order_id).where(_c.distributor_id == distributor_id, *_within(_c.paid_at, wanted.span))
    here = [_o.id.in_(union(sold, earned)), *_filters(wanted)]
    total = session.scalar(select(func.count()).select_from(t.order).where(*here)) or 0
    ids = select(_o.id).where(*here)
    mine = select(func.coalesce(func.sum(_c.fen), 0)).where(_c.distributor_id == distributor_id, _c.order_id.in_(ids))
    return Listed(_page(session, here, wanted.page, distributor_id), total, int(session.scalar(mine) or 0))


def of_buyer(session: Session, member_id: int, wanted: Wanted) -> Listed:
    """What a customer bought himself, the newest first; commissions are nobody's business here (``fen`` 0)."""
    here = [_o.buyer_id == member_id, *_filters(wanted)]
    total = session.scalar(select(func.count()).select_from(t.order).where(*here)) or 0
    return Listed(_page(session, here, wanted.page, None), total)


def _page(session: Session, here: list[Any], page: int, distributor_id: int | None) -> list[ShownOrder]:
    listed = _columns(distributor_id).where(*here).order_by(_moment().desc(), _o.id.desc())
    rows = session.execute(listed.limit(PAGE_ROWS).offset((max(1, page) - 1) * PAGE_ROWS))
    return [_shown(*row) for row in rows]


def _shown(*row: Any) -> ShownOrder:
    """A row with its sums as whole fen, whatever kind of number the server adds up in."""
    made = ShownOrder(*row)
    return replace(made, paid_fen=int(made.paid_fen), fen=int(made.fen), refunded_fen=int(made.refunded_fen))


def _columns(distributor_id: int | None) -> Select[Any]:
    of_order = _line.order_id == _o.id
    goods = select(func.min(_line.name)).where(of_order).scalar_subquery()
    paid = select(func.coalesce(func.sum(_line.paid_fen), 0)).where(of_order).scalar_subquery()
    back = select(func.coalesce(func.sum(_line.refunded_fen), 0)).where(of_order).scalar_subquery()
    mine = select(func.coalesce(func.sum(_c.fen), 0)).where(_c.order_id == _o.id, _c.distributor_id == distributor_id)
    return (
        select(_o.id, _o.order_no, _o.state, goods, _moment(), paid, mine.scalar_subquery(), _o.buyer_id, _d.name)
        .add_columns(_o.shipment, _o.shipped_at, _o.received_at, back)
        .outerjoin(t.distributor, _d.member_id == _o.buyer_id)
    )


def _moment() -> ColumnElement[Any]:
    return func.coalesce(_o.paid_at, _o.created_at, type_=_o.paid_at.type)


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = [*_within(_moment(), wanted.span)]
    if wanted.status == "refund":
        refunds = _r.merchant_id == _o.merchant_id, _r.order_no == _o.order_no
        asked.append(exists().where(*refunds))
    elif wanted.status:
        asked.append(_o.state.in_(_STATES.get(wanted.status, (wanted.status,))))
    if wanted.order_no:
        asked.append(_o.order_no.in_((wanted.order_no, wanted.order_no.upper())))
    if wanted.tail:
        asked.append(_o.order_no.endswith(wanted.tail, autoescape=True))
    if wanted.product:
        named = or_(_line.name.contains(wanted.product, autoescape=True), _line.sku == wanted.product.upper())
        asked.append(exists().where(and_(_line.order_id == _o.id, named)))
    if wanted.customer is not None:
        asked.append(_o.buyer_id == wanted.customer)
    return asked


def _within(moment: Any, span: Span | None) -> list[ColumnElement[bool]]:
    return [] if span is None else [moment >= span[0], moment < span[1]]


def _since(created_at: Any, span: Span | None) -> list[ColumnElement[bool]]:
    """Orders are paid after they are created, seldom more than a month later."""
    return [] if span is None else [created_at >= span[0] - dt.timedelta(days=40), created_at < span[1]]
