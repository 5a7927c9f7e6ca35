"""A distributor's own customers, read-only: how many days are left, who has bought, who has not."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from distribution.rules.calendar import Span
from models import tables as t

_b, _d, _o = t.binding.c, t.distributor.c, t.order.c
PAGE_ROWS = 5
#: A binding that ends within so many days is about to expire.
SOON = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class BoundCustomer:
    """A customer: since when, until when (None: for ever), how many orders he paid; ``name`` where he distributes."""

    member_id: int
    bound_at: dt.datetime
    valid_until: dt.datetime | None
    orders: int
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter: ``status`` ordered, not_ordered, expiring or nothing; bound within ``span``."""

    status: str = ""
    span: Span | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Customers:
    """A page of customers and how many the filter has in all."""

    rows: list[BoundCustomer] = field(default_factory=list)
    total: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """How many customers somebody has, of them with an order, about to expire, and new since a moment."""

    total: int
    ordered: int
    expiring: int
    fresh: int


def page(session: Session, distributor_id: int, wanted: Wanted, *, now: dt.datetime) -> Customers:
    """A page of somebody's customers: who expires first where that is asked, else who came last."""
    here = [*_held(distributor_id, now), *_filters(distributor_id, wanted, now)]
    total = session.scalar(select(func.count()).select_from(t.binding).where(*here)) or 0
    order: Any = (_b.valid_until, _b.id) if wanted.status == "expiring" else (_b.bound_at.desc(), _b.id.desc())
    count = select(func.count()).where(*_bought(distributor_id)).correlate(t.binding).scalar_subquery()
    listed = (
        select(_b.member_id, _b.bound_at, _b.valid_until, count, _d.name)
        .outerjoin(t.distributor, _d.member_id == _b.member_id)
        .where(*here)
        .order_by(*order)
    )
    rows = session.execute(listed.limit(PAGE_ROWS).offset((max(1, wanted.page) - 1) * PAGE_ROWS))
    return Customers([BoundCustomer(*row) for row in rows], total)


def figures(session: Session, distributor_id: int, *, since: dt.datetime, now: dt.datetime) -> Figures:
    """The counts of somebody's customers."""

    def count(*asked: ColumnElement[bool]) -> int:
        held = select(func.count()).select_from(t.binding).where(*_held(distributor_id, now), *asked)
        return session.scalar(held) or 0

    bought = _has_bought(distributor_id)
    return Figures(count(), count(bought), count(*_expiring(now)), count(_b.bound_at >= since))


def _held(distributor_id: int, now: dt.datetime) -> list[ColumnElement[bool]]:
    lasts = or_(_b.valid_until.is_(None), _b.valid_until > now)
    return [_b.distributor_id == distributor_id, _b.ended_at.is_(None), lasts]


def _filters(distributor_id: int, wanted: Wanted, now: dt.datetime) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if wanted.span is not None:
        asked += [_b.bound_at >= wanted.span[0], _b.bound_at < wanted.span[1]]
    if wanted.status == "expiring":
        asked += _expiring(now)
    if wanted.status in ("ordered", "not_ordered"):
        bought = _has_bought(distributor_id)
        asked.append(bought if wanted.status == "ordered" else ~bought)
    return asked


def _expiring(now: dt.datetime) -> list[ColumnElement[bool]]:
    return [_b.valid_until.is_not(None), _b.valid_until <= now + SOON]


def _bought(distributor_id: int) -> list[ColumnElement[bool]]:
    return [_o.buyer_id == _b.member_id, _o.l1_id == distributor_id, _o.paid_at.is_not(None)]


def _has_bought(distributor_id: int) -> ColumnElement[bool]:
    found: Select[Any] = select(_o.id).where(*_bought(distributor_id))
    return found.correlate(t.binding).exists()
