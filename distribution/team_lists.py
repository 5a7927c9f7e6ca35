"""A distributor's team, two generations deep (R8): how many, what they sell this month, who they are."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from distribution import tallies
from distribution.rules.calendar import day_of
from models import tables as t
from models.states import DistributorState

_d, _l, _path, _s = t.distributor.c, t.level.c, t.team_path.c, t.distributor_span.c
PAGE_ROWS = 20


@dataclass(frozen=True, slots=True)
class TeamMember:
    """One active person of a team with this month's net sales."""

    code: str
    name: str
    level: str | None
    depth: int
    joined_at: dt.datetime
    net_fen: int
    orders: int


@dataclass(frozen=True, slots=True)
class Team:
    """How many active people stand on each generation, what each sold this month, and a page of them."""

    people: dict[int, int]
    net_fen: dict[int, int]
    members: list[TeamMember]


def page(session: Session, distributor_id: int, *, now: dt.datetime, page: int = 1, rows: int = PAGE_ROWS) -> Team:
    """The team, the nearest generation and who joined last first; this month's sales from the tallies."""
    month = tallies.beginning("month", day_of(now))
    mine = (
        select(_d.id, _d.code, _d.name, _d.level_id, _d.applied_at, _path.depth)
        .join(t.distributor, _d.id == _path.descendant_id)
        .where(_path.ancestor_id == distributor_id, _path.depth.in_((1, 2)), _d.state == DistributorState.ACTIVE)
        .subquery("mine")
    )
    this_month = and_(_s.span == "month", _s.starts_on == month)
    counted = session.execute(select(mine.c.depth, func.count()).group_by(mine.c.depth))
    people = {depth: count for depth, count in counted}
    sold = session.execute(
        select(_path.depth, func.sum(_s.net_fen))
        .join(t.distributor_span, and_(this_month, _s.distributor_id == _path.descendant_id))
        .where(_path.ancestor_id == distributor_id, _path.depth.in_((1, 2)))
        .group_by(_path.depth)
    )
    some = (
        select(mine.c.code, mine.c.name, mine.c.depth, mine.c.applied_at, _l.name.label("level"), _s.net_fen, _s.orders)
        .outerjoin(t.level, _l.id == mine.c.level_id)
        .outerjoin(t.distributor_span, and_(this_month, _s.distributor_id == mine.c.id))
        .order_by(mine.c.depth, mine.c.applied_at.desc(), mine.c.id.desc())
        .limit(rows)
        .offset((page - 1) * rows)
    )
    members = [
        TeamMember(r.code, r.name, r.level, r.depth, r.applied_at, r.net_fen or 0, r.orders or 0)
        for r in session.execute(some)
    ]
    return Team(people, {depth: int(net) for depth, net in sold}, members)
