"""A distributor's team, two generations deep (R8): how many, what they sell this month, who they are."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
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
    month = and_(_s.span == "month", _s.starts_on == tallies.beginning("month", day_of(now)))
    counted = session.execute(
        select(_path.depth, func.count(), func.coalesce(func.sum(_s.net_fen), 0))
        .join(t.distributor, _d.id == _path.descendant_id)
        .outerjoin(t.distributor_span, and_(month, _s.distributor_id == _path.descendant_id))
        .where(_path.ancestor_id == distributor_id, _path.depth.in_((1, 2)), _d.state == DistributorState.ACTIVE)
        .group_by(_path.depth)
    ).all()
    people = {depth: count for depth, count, _ in counted}
    members: list[TeamMember] = []
    skipped = (page - 1) * rows
    for depth in (1, 2):
        if len(members) < rows and skipped < people.get(depth, 0):
            listed = _members(distributor_id, depth, month).limit(rows - len(members)).offset(skipped)
            members += [TeamMember(*row) for row in session.execute(listed)]
        skipped = max(0, skipped - people.get(depth, 0))
    return Team(people, {depth: int(net) for depth, _, net in counted}, members)


def _members(distributor_id: int, depth: int, month: ColumnElement[bool]) -> Select[Any]:
    """One generation, who came last first: read along the key of the tree, without sorting it."""
    return (
        select(_d.code, _d.name, _l.name, _path.depth, _d.applied_at)
        .add_columns(func.coalesce(_s.net_fen, 0), func.coalesce(_s.orders, 0))
        .select_from(t.team_path)
        .join(t.distributor, _d.id == _path.descendant_id)
        .outerjoin(t.level, _l.id == _d.level_id)
        .outerjoin(t.distributor_span, and_(month, _s.distributor_id == _path.descendant_id))
        .where(_path.ancestor_id == distributor_id, _path.depth == depth, _d.state == DistributorState.ACTIVE)
        .order_by(_path.descendant_id.desc())
    )
