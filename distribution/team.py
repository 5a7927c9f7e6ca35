"""The inviter tree on a closure table: loops are refused at any depth (R6-R8)."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import delete, func, insert, literal, select, true, update
from sqlalchemy.orm import Session

from distribution import audit
from distribution.refusals import Code, Refusal
from models import tables as t
from models.states import DistributorState

_path = t.team_path


def join(session: Session, distributor_id: int, inviter_id: int | None) -> None:
    """Put somebody into the tree under ``inviter_id`` (None: a root); the inviter is set once.

    Raises Refusal, in this order: self, cycle, already_bound.
    """
    if inviter_id is not None and inviter_id == distributor_id:
        raise Refusal(Code.SELF)
    _root(session, distributor_id)
    if inviter_id is None:
        return
    _lock(session, {distributor_id, inviter_id})
    if inviter_id in descendants(session, distributor_id):
        raise Refusal(Code.CYCLE)
    if _inviter(session, distributor_id) is not None:
        raise Refusal(Code.ALREADY_BOUND)
    _place(session, distributor_id, inviter_id)


def plant(session: Session, distributor_ids: Collection[int]) -> None:
    """Put new people, who have nobody below, under the inviters their rows name; these stand in the tree already."""
    d = t.distributor.c
    invited = d.id.in_(distributor_ids) & d.inviter_id.is_not(None)
    _lock(session, set(session.scalars(select(d.inviter_id).where(invited))))
    own = select(d.id, d.id, literal(0)).where(d.id.in_(distributor_ids))
    above = (
        select(_path.c.ancestor_id, d.id, _path.c.depth + literal(1))
        .join(t.distributor, _path.c.descendant_id == d.inviter_id)
        .where(invited)
    )
    for paths in (own, above):
        session.execute(insert(_path).from_select(["ancestor_id", "descendant_id", "depth"], paths))


def move(
    session: Session, distributor_id: int, inviter_id: int | None, *, by: str, reason: str, now: dt.datetime
) -> None:
    """Put somebody with everybody below under another inviter, or under nobody; only the merchant does (R6).

    Orders that are there stay as they are. Raises Refusal, in this order: self, not_found, cycle, already_bound (where
    that is the inviter already).
    """
    if inviter_id == distributor_id:
        raise Refusal(Code.SELF)
    _lock(session, {distributor_id} | ({inviter_id} if inviter_id is not None else set()))
    if not _known(session, distributor_id) or (inviter_id is not None and not _known(session, inviter_id)):
        raise Refusal(Code.NOT_FOUND, what="distributor")
    if inviter_id is not None and inviter_id in descendants(session, distributor_id):
        raise Refusal(Code.CYCLE)
    old = _inviter(session, distributor_id)
    if old == inviter_id:
        raise Refusal(Code.ALREADY_BOUND)
    _cut(session, distributor_id)
    _place(session, distributor_id, inviter_id)
    facts = {"old_inviter": old, "inviter": inviter_id, "reason": reason}
    subject = f"distributor:{distributor_id}"
    audit.write(session, actor=by, action="distributor.moved", subject=subject, facts=facts, now=now)


def uplines(session: Session, distributor_id: int, most: int = 3) -> list[int]:
    """The inviters of somebody, nearest first."""
    rows = session.execute(
        select(_path.c.ancestor_id)
        .where(_path.c.descendant_id == distributor_id, _path.c.depth.between(1, most))
        .order_by(_path.c.depth)
    )
    return list(rows.scalars())


def descendants(session: Session, distributor_id: int) -> set[int]:
    """Everybody below somebody, at any depth, himself not included."""
    rows = session.execute(
        select(_path.c.descendant_id).where(_path.c.ancestor_id == distributor_id, _path.c.depth > 0)
    )
    return set(rows.scalars())


def sizes(session: Session, distributor_id: int) -> dict[int, int]:
    """How many active people stand at depth 1 and 2; deeper ones are nobody's business (R8)."""
    rows = session.execute(
        select(_path.c.depth, func.count())
        .join(t.distributor, t.distributor.c.id == _path.c.descendant_id)
        .where(_path.c.ancestor_id == distributor_id, _path.c.depth.in_((1, 2)))
        .where(t.distributor.c.state == DistributorState.ACTIVE)
        .group_by(_path.c.depth)
    )
    return {depth: count for depth, count in rows}


def _place(session: Session, distributor_id: int, inviter_id: int | None) -> None:
    session.execute(update(t.distributor).where(t.distributor.c.id == distributor_id).values(inviter_id=inviter_id))
    if inviter_id is None:
        return
    above, below = _path.alias(), _path.alias()
    pairs = (
        select(above.c.ancestor_id, below.c.descendant_id, above.c.depth + below.c.depth + literal(1))
        .select_from(above.join(below, true()))
        .where(above.c.descendant_id == inviter_id, below.c.ancestor_id == distributor_id)
    )
    session.execute(insert(_path).from_select(["ancestor_id", "descendant_id", "depth"], pairs))


def _cut(session: Session, distributor_id: int) -> None:
    """Take somebody's sub-tree off whoever stands above."""
    above = select(_path.c.ancestor_id).where(_path.c.descendant_id == distributor_id, _path.c.depth > 0)
    below = select(_path.c.descendant_id).where(_path.c.ancestor_id == distributor_id)
    session.execute(delete(_path).where(_path.c.ancestor_id.in_(above), _path.c.descendant_id.in_(below)))


def _known(session: Session, distributor_id: int) -> bool:
    return session.scalar(select(t.distributor.c.id).where(t.distributor.c.id == distributor_id)) is not None


def _root(session: Session, distributor_id: int) -> None:
    known = select(_path.c.depth).where(_path.c.ancestor_id == distributor_id, _path.c.depth == 0)
    if session.scalar(known) is None:
        session.execute(insert(_path).values(ancestor_id=distributor_id, descendant_id=distributor_id, depth=0))


def _inviter(session: Session, distributor_id: int) -> int | None:
    return session.scalar(select(t.distributor.c.inviter_id).where(t.distributor.c.id == distributor_id))


def _lock(session: Session, ids: set[int]) -> None:
    # Two re-parentings at once could close a ring that neither sees: one at a time.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(20261125)))
    session.execute(
        select(t.distributor.c.id).where(t.distributor.c.id.in_(ids)).order_by(t.distributor.c.id).with_for_update()
    )
