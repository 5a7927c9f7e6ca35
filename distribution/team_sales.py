"""What a distributor's people sold in a span and what that brought him; read-only, from the day sums and the rows."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from distribution.rules.calendar import Span
from models import tables as t
from models.states import DistributorState

_c, _d, _day, _o, _path = t.commission.c, t.distributor.c, t.distributor_day.c, t.order.c, t.team_path.c
_ABOVE = ("l2", "l3")


@dataclass(frozen=True, slots=True)
class Seller:
    """One of somebody's people: net sales and orders of the span."""

    distributor_id: int
    code: str
    name: str
    net_fen: int
    orders: int
    joined_at: dt.datetime
    depth: int = 1


@dataclass(frozen=True, slots=True)
class TeamSales:
    """The people somebody brought himself: how many, how many sold, their sales, what that brought in fen."""

    people: int
    selling: int
    net_fen: int
    orders: int
    brought_fen: int
    best: list[Seller]


def of_team(
    session: Session, distributor_id: int, days: tuple[dt.date, dt.date], span: Span, *, most: int
) -> TeamSales:
    """Direct people's sales of ``days`` (the same as ``span``), the ``most`` best of them, ties to who came first."""
    sold = _sold(distributor_id, days, (1,))
    here = (_path.ancestor_id == distributor_id, _path.depth == 1, _d.state == DistributorState.ACTIVE)
    people = _people(sold).where(*here)
    counted = session.execute(
        select(
            func.count(),
            func.count(sold.c.net_fen).filter(sold.c.net_fen > 0),
            func.coalesce(func.sum(sold.c.net_fen), 0),
            func.coalesce(func.sum(sold.c.orders), 0),
        )
        .select_from(t.team_path)
        .join(t.distributor, _d.id == _path.descendant_id)
        .outerjoin(sold, sold.c.who == _d.id)
        .where(*here)
    ).one()
    best = people.where(sold.c.net_fen > 0).order_by(sold.c.net_fen.desc(), _d.id).limit(most)
    brought = _brought(session, distributor_id, span)
    people_all, selling, net_fen, orders = (int(each) for each in counted)
    return TeamSales(people_all, selling, net_fen, orders, brought, _sellers(session, best))


def of_member(session: Session, distributor_id: int, member_id: int, span: Span) -> int:
    """What one person's sales of the span brought somebody, in fen."""
    return _brought(session, distributor_id, span, member_id)


def called(session: Session, distributor_id: int, word: str, days: tuple[dt.date, dt.date]) -> list[Seller]:
    """The people of two generations whom ``word`` may mean (code, name, 小李 for 李…), with their sales of ``days``."""
    own = word.strip()
    short = own.lstrip("小老阿大").rstrip("姐哥总") or own
    matches = or_(_d.code == own.upper(), _d.name == own, _d.name.contains(short, autoescape=True))
    sold = _sold(distributor_id, days, (1, 2))
    found = _people(sold).where(
        _path.ancestor_id == distributor_id, _path.depth.in_((1, 2)), _d.state == DistributorState.ACTIVE, matches
    )
    return _sellers(session, found.order_by(_path.depth, _d.id).limit(6))


def inviter(session: Session, distributor_id: int) -> tuple[str, str] | None:
    """(code, name) of who brought somebody; None when nobody did."""
    above = t.distributor.alias("above")
    found = select(above.c.code, above.c.name).join(t.distributor, _d.inviter_id == above.c.id)
    row = session.execute(found.where(_d.id == distributor_id)).first()
    return (row[0], row[1]) if row else None


def _sold(distributor_id: int, days: tuple[dt.date, dt.date], depths: tuple[int, ...]) -> Any:
    """Net sales and orders of the days, of somebody's people alone."""
    team = select(_path.descendant_id).where(_path.ancestor_id == distributor_id, _path.depth.in_(depths))
    return (
        select(
            _day.distributor_id.label("who"),
            func.sum(_day.sales_fen - _day.refunds_fen).label("net_fen"),
            func.sum(_day.orders).label("orders"),
        )
        .where(_day.distributor_id.in_(team), _day.day >= days[0], _day.day < days[1])
        .group_by(_day.distributor_id)
        .subquery("sold")
    )


def _sellers(session: Session, found: Select[Any]) -> list[Seller]:
    made = (Seller(*row) for row in session.execute(found))
    return [replace(each, net_fen=int(each.net_fen), orders=int(each.orders)) for each in made]


def _people(sold: Any) -> Select[Any]:
    return (
        select(_d.id, _d.code, _d.name, func.coalesce(sold.c.net_fen, 0), func.coalesce(sold.c.orders, 0))
        .add_columns(_d.applied_at, _path.depth)
        .select_from(t.team_path)
        .join(t.distributor, _d.id == _path.descendant_id)
        .outerjoin(sold, sold.c.who == _d.id)
    )


def _brought(session: Session, distributor_id: int, span: Span, member_id: int | None = None) -> int:
    asked: list[ColumnElement[bool]] = [_c.distributor_id == distributor_id, _c.kind.in_(_ABOVE)]
    asked += [_c.paid_at >= span[0], _c.paid_at < span[1]]
    found = select(func.coalesce(func.sum(_c.fen), 0)).where(*asked)
    if member_id is not None:
        found = found.join(t.order, _o.id == _c.order_id).where(_o.l1_id == member_id)
    return int(session.scalar(found) or 0)
