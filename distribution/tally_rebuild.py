"""All sums of people by day, week, month and ever made anew from every order, in a few statements."""

from typing import Any

from sqlalchemy import Date, Select, case, cast, delete, func, insert, literal, select, union_all
from sqlalchemy.orm import Session

from distribution import tallies
from models import tables as t

_c, _day, _o, _line = t.commission.c, t.distributor_day.c, t.order.c, t.order_line.c


def rebuild(session: Session) -> int:
    """Throw the sums away and add every order up again; how many person-days there are."""
    session.execute(delete(t.sales_change))
    session.execute(delete(t.distributor_day))
    session.execute(delete(t.distributor_span))
    names = ["day", "distributor_id", "sales_fen", "refunds_fen", "orders", "earned_fen", "reached_at"]
    session.execute(insert(t.distributor_day).from_select(names, _sums(session)))
    wide = ["span", "starts_on", "distributor_id", "net_fen", "orders", "earned_fen", "reached_at"]
    for span in tallies.SPANS:
        session.execute(insert(t.distributor_span).from_select(wide, _added(session, span)))
    return session.scalar(select(func.count()).select_from(t.distributor_day)) or 0


def _sums(session: Session) -> Select[Any]:
    both = union_all(_sold(session), _earned(session)).subquery("both")
    total = [func.sum(both.c[name]) for name in ("sales_fen", "refunds_fen", "orders", "earned_fen")]
    # Where only others' orders earned, the day's first instant stands in: the earliest of the day's payments will do.
    reached = func.coalesce(func.max(both.c.sold_at), func.min(both.c.paid_at))
    return select(both.c.day, both.c.who, *total, reached).group_by(both.c.day, both.c.who)


def _sold(session: Session) -> Select[Any]:
    paid, back = func.sum(_line.paid_fen), func.sum(_line.refunded_fen)
    order = (
        select(_o.l1_id, _o.paid_at, paid.label("paid_fen"))
        .add_columns(case((_o.closed_at.is_(None), back), else_=paid).label("back_fen"))
        .join(t.order_line, _line.order_id == _o.id)
        .where(_o.paid_at.is_not(None), _o.l1_id.is_not(None))
        .group_by(_o.id, _o.l1_id, _o.paid_at, _o.closed_at)
        .subquery("sold")
    )
    left = order.c.paid_fen > order.c.back_fen
    return select(
        _local_day(session, order.c.paid_at).label("day"),
        order.c.l1_id.label("who"),
        order.c.paid_fen.label("sales_fen"),
        order.c.back_fen.label("refunds_fen"),
        case((left, 1), else_=0).label("orders"),
        literal(0).label("earned_fen"),
        case((left, order.c.paid_at)).label("sold_at"),
        order.c.paid_at,
    )


def _earned(session: Session) -> Select[Any]:
    nothing = [literal(0), literal(0), literal(0)]
    never = cast(None, _o.paid_at.type)
    return (
        select(_local_day(session, _o.paid_at), _c.distributor_id, *nothing, _c.fen, never, _o.paid_at)
        .join(t.order, _o.id == _c.order_id)
        .where(_o.paid_at.is_not(None))
    )


def _added(session: Session, span: str) -> Select[Any]:
    starts = _beginning(session, span).label("starts_on")
    net, orders = func.sum(_day.sales_fen - _day.refunds_fen), func.sum(_day.orders)
    return select(
        literal(span), starts, _day.distributor_id, net, orders, func.sum(_day.earned_fen), func.max(_day.reached_at)
    ).group_by(starts, _day.distributor_id)


def _local_day(session: Session, moment: Any) -> Any:
    if _is_sqlite(session):
        return func.date(moment, "+8 hours", type_=Date())
    return cast(func.timezone("Asia/Shanghai", moment), Date)


def _beginning(session: Session, span: str) -> Any:
    if span == "all":
        return literal(tallies.beginning("all", tallies.EVER), type_=Date())
    if span == "day":
        return _day.day
    if _is_sqlite(session):
        back = ("start of month",) if span == "month" else ("-6 days", "weekday 1")
        return func.date(_day.day, *back, type_=Date())
    return cast(func.date_trunc(span, _day.day), Date)


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
