"""Sums by person and day, week, month and ever, kept up with every changed order; rankings and team pages read them."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, case, delete, func, insert, literal, select, union_all
from sqlalchemy.orm import Session

from distribution.rules.calendar import Span, day_bounds, day_of, month_bounds, week_bounds
from models import tables as t

_c, _change, _day, _o, _line, _span = (
    t.commission.c,
    t.sales_change.c,
    t.distributor_day.c,
    t.order.c,
    t.order_line.c,
    t.distributor_span.c,
)
SPANS = ("day", "week", "month", "all")
#: Where the span of all days begins.
EVER = dt.date(2000, 1, 1)
#: An order paid longer after its creation is only found by its change, not by the nightly look.
_OLDEST = dt.timedelta(days=40)
_LOCK = 20261128


def touch(session: Session, order_id: int) -> None:
    """Note that an order's sums have changed (paid, refunded, closed, given to somebody else)."""
    session.execute(insert(t.sales_change).values(order_id=order_id))


def pending(session: Session) -> bool:
    """Whether any change waits to be added up."""
    return session.scalar(select(_change.id).limit(1)) is not None


def refresh(session: Session, *, limit: int = 500) -> int:
    """Add up again what the oldest ``limit`` changes have touched; how many changes."""
    _one_at_a_time(session)
    changes = session.execute(select(_change.id, _change.order_id).order_by(_change.id).limit(limit)).all()
    if not changes:
        return 0
    session.execute(delete(t.sales_change).where(_change.id.in_([row.id for row in changes])))
    orders = {row.order_id for row in changes}
    touched: dict[dt.date, set[int]] = {}
    for paid_at, person in session.execute(_people_of(orders)):
        if person is not None:
            touched.setdefault(day_of(paid_at), set()).add(person)
    for day, people in sorted(touched.items()):
        add_up(session, day, people)
    return len(changes)


def add_up(session: Session, day: dt.date, people: Collection[int] | None = None) -> int:
    """Make the sums of one Shanghai day anew from its orders, of ``people`` or of everybody; how many people."""
    if people is None:
        _one_at_a_time(session)
    here = [_day.day == day, *_among(_day.distributor_id, people)]
    before = set(session.scalars(select(_day.distributor_id).where(*here)))
    session.execute(delete(t.distributor_day).where(*here))
    names = ["day", "distributor_id", "sales_fen", "refunds_fen", "orders", "earned_fen", "reached_at"]
    session.execute(insert(t.distributor_day).from_select(names, _sums(day, people)))
    after = set(session.scalars(select(_day.distributor_id).where(*here)))
    for span in SPANS:
        _lengthen(session, span, day, before | after if people is None else people)
    return len(after)


def beginning(span: str, day: dt.date) -> dt.date:
    """The first day of the day, week or month that ``day`` lies in; of ``all``, a day before everything."""
    return day_of(_bounds(span, day)[0])


def _bounds(span: str, day: dt.date) -> Span:
    ways = {"day": day_bounds, "week": week_bounds, "month": month_bounds}
    ever = day_bounds(EVER)[0], dt.datetime(9000, 1, 1, tzinfo=dt.UTC)
    return ways[span](day) if span in ways else ever


def _lengthen(session: Session, span: str, day: dt.date, people: Collection[int]) -> None:
    since, until = (day_of(moment) for moment in _bounds(span, day))
    for some in _chunks(sorted(people)):
        session.execute(
            delete(t.distributor_span).where(
                _span.span == span, _span.starts_on == since, _span.distributor_id.in_(some)
            )
        )
        added = (
            select(
                literal(span),
                literal(since),
                _day.distributor_id,
                func.sum(_day.sales_fen - _day.refunds_fen),
                func.sum(_day.orders),
                func.sum(_day.earned_fen),
                func.max(_day.reached_at),
            )
            .where(_day.distributor_id.in_(some), _day.day >= since, _day.day < until)
            .group_by(_day.distributor_id)
        )
        names = ["span", "starts_on", "distributor_id", "net_fen", "orders", "earned_fen", "reached_at"]
        session.execute(insert(t.distributor_span).from_select(names, added))


def _sums(day: dt.date, people: Collection[int] | None) -> Select[Any]:
    both = union_all(_sold(day, people), _earned(day, people)).subquery("both")
    total = [func.sum(both.c[name]) for name in ("sales_fen", "refunds_fen", "orders", "earned_fen")]
    return select(literal(day), both.c.who, *total, func.max(both.c.reached_at)).group_by(both.c.who)


def _sold(day: dt.date, people: Collection[int] | None) -> Select[Any]:
    paid, back = func.sum(_line.paid_fen), func.sum(_line.refunded_fen)
    order = (
        select(
            _o.l1_id,
            _o.paid_at,
            paid.label("paid_fen"),
            case((_o.closed_at.is_(None), back), else_=paid).label("back_fen"),
        )
        .join(t.order_line, _line.order_id == _o.id)
        .where(*_paid_on(day), _o.l1_id.is_not(None), *_among(_o.l1_id, people))
        .group_by(_o.id, _o.l1_id, _o.paid_at, _o.closed_at)
        .subquery("sold")
    )
    left = order.c.paid_fen > order.c.back_fen
    begins = literal(day_bounds(day)[0], type_=_o.paid_at.type)
    return select(
        order.c.l1_id.label("who"),
        func.sum(order.c.paid_fen).label("sales_fen"),
        func.sum(order.c.back_fen).label("refunds_fen"),
        func.count(case((left, 1))).label("orders"),
        literal(0).label("earned_fen"),
        func.coalesce(func.max(case((left, order.c.paid_at))), begins).label("reached_at"),
    ).group_by(order.c.l1_id)


def _earned(day: dt.date, people: Collection[int] | None) -> Select[Any]:
    begins = literal(day_bounds(day)[0], type_=_o.paid_at.type)
    return (
        select(_c.distributor_id, literal(0), literal(0), literal(0), func.sum(_c.fen), begins)
        .join(t.order, _o.id == _c.order_id)
        .where(*_paid_on(day), *_among(_c.distributor_id, people))
        .group_by(_c.distributor_id)
    )


def _paid_on(day: dt.date) -> list[ColumnElement[bool]]:
    since, until = day_bounds(day)
    # A merchant's orders have an index by creation, none by payment.
    created = [_o.merchant_id.in_(select(t.merchant.c.id)), _o.created_at >= since - _OLDEST, _o.created_at < until]
    return [_o.paid_at >= since, _o.paid_at < until, *created]


def _people_of(orders: Collection[int]) -> Any:
    """(paid_at, person) of everybody who sold or earned something on these orders."""
    sold = select(_o.paid_at, _o.l1_id).where(_o.id.in_(orders), _o.paid_at.is_not(None))
    earned = (
        select(_o.paid_at, _c.distributor_id)
        .join(t.commission, _c.order_id == _o.id)
        .where(_o.id.in_(orders), _o.paid_at.is_not(None))
    )
    return union_all(sold, earned)


def _among(column: Any, people: Collection[int] | None) -> list[ColumnElement[bool]]:
    return [] if people is None else [column.in_(people)]


def _chunks(people: list[int], size: int = 5000) -> list[list[int]]:
    return [people[start : start + size] for start in range(0, len(people), size)]


def _one_at_a_time(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
