"""Boards by net sales, orders, earnings or invitations, and one person's place on them; read from the tallies."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Subquery, and_, func, or_, select
from sqlalchemy.orm import Session

from distribution import tallies
from distribution.rules.calendar import Span, day_bounds, day_of, month_bounds, week_bounds
from models import tables as t
from models.states import DistributorState

By = Literal["sales", "orders", "earnings", "invitations"]
Period = Literal["day", "week", "month", "all"]
_d, _s = t.distributor.c, t.distributor_span.c
_COLUMNS: dict[str, Any] = {"sales": _s.net_fen, "orders": _s.orders, "earnings": _s.earned_fen}


@dataclass(frozen=True, slots=True)
class Ranked:
    """One line of a board; ``value`` in fen, or a count of orders or people."""

    place: int
    distributor_id: int
    code: str
    name: str
    value: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands (None: not listed); ``behind``: how much more the next better one has."""

    place: int | None
    value: int
    behind: int | None = None


def board(session: Session, by: By, period: Period, limit: int, *, now: dt.datetime) -> list[Ranked]:
    """The best ``limit`` people of the running day, week, month, or ever; ties to the earlier one, no shared place."""
    listed = _listed(by, period, now)
    rows = session.execute(
        select(listed.c.who, _d.code, _d.name, listed.c.value)
        .join(t.distributor, _d.id == listed.c.who)
        .order_by(listed.c.value.desc(), listed.c.reached_at, listed.c.who)
        .limit(limit)
    )
    return [Ranked(place, *row) for place, row in enumerate(rows, 1)]


def place_of(session: Session, distributor_id: int, by: By, period: Period, *, now: dt.datetime) -> Place:
    """One person's place on the board, without reading the board."""
    listed = _listed(by, period, now)
    mine = session.execute(select(listed.c.value, listed.c.reached_at).where(listed.c.who == distributor_id)).first()
    if mine is None:
        return Place(None, 0)
    better = _better(listed, mine.value, mine.reached_at, distributor_id)
    ahead, nearest = session.execute(select(func.count(), func.min(listed.c.value)).where(better)).one()
    return Place(ahead + 1, mine.value, nearest - mine.value if ahead else None)


def _better(listed: Subquery, value: int, reached_at: Any, who: int) -> ColumnElement[bool]:
    reached = listed.c.reached_at
    earlier = or_(reached < reached_at, and_(reached == reached_at, listed.c.who < who))
    return or_(listed.c.value > value, and_(listed.c.value == value, earlier))


def _listed(by: By, period: Period, now: dt.datetime) -> Subquery:
    if by == "invitations":
        return _invitations(period, now)
    column = _COLUMNS[by]
    return (
        select(_s.distributor_id.label("who"), column.label("value"), _s.reached_at)
        .where(_s.span == period, _s.starts_on == tallies.beginning(period, day_of(now)), column > 0)
        .subquery("listed")
    )


def _invitations(period: Period, now: dt.datetime) -> Subquery:
    """People who joined in the period and are active, by who invited them: shown only, never paid for (R4)."""
    span = _span(period, day_of(now))
    joined = [] if span is None else [_d.applied_at >= span[0], _d.applied_at < span[1]]
    return (
        select(_d.inviter_id.label("who"), func.count().label("value"), func.max(_d.applied_at).label("reached_at"))
        .where(_d.inviter_id.is_not(None), _d.state == DistributorState.ACTIVE, *joined)
        .group_by(_d.inviter_id)
        .subquery("listed")
    )


def _span(period: Period, day: dt.date) -> Span | None:
    ways = {"day": day_bounds, "week": week_bounds, "month": month_bounds}
    return ways[period](day) if period in ways else None
