"""Whose customer somebody is: scans, links and orders bind, and every one of them leaves evidence (R10-R17)."""

import datetime as dt

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.orm import Session

from distribution import binding_acts, binding_rows
from distribution.binding_rows import Act
from distribution.policy import Policy
from distribution.rules.binding import Verdict
from models import Binding, Scene
from models import tables as t

_b, _v, _m = t.binding.c, t.visit.c, t.member.c


def scan(
    session: Session, member_id: int, scene_code: str, *, policy: Policy, at: dt.datetime, now: dt.datetime
) -> Scene | None:
    """Somebody scanned a code: the visit is recorded, the customer is told of it; None for a code we never made."""
    scene = session.scalars(select(Scene).where(t.scene.c.code == scene_code)).first()
    if scene is None:
        return None
    _met_by(session, member_id, at)
    record_visit(session, scene.distributor_id, "scan", member_id=member_id, scene_id=scene.id, at=at)
    click(session, member_id, scene.distributor_id, policy=policy, channel=f"scene:{scene.id}", at=at, now=now)
    return scene


def click(
    session: Session,
    member_id: int,
    distributor_id: int,
    *,
    policy: Policy,
    channel: str,
    at: dt.datetime,
    now: dt.datetime,
) -> Verdict:
    """Somebody came by a distributor's code or link at ``at``; the policy's mode says what comes of it (R10-R14)."""
    binding_rows.lock(session, member_id)
    act = Act("click", at, policy.binding, channel, distributor_id)
    if not binding_acts.active(session, distributor_id):
        binding_rows.note(session, member_id, act, "ignored", who=distributor_id)
        return Verdict.KEEP
    if own_id(session, member_id) == distributor_id:
        binding_rows.note(session, member_id, act, Verdict.SELF, who=distributor_id)
        return Verdict.SELF
    return binding_acts.perform(session, member_id, act, now=now).verdict


def owner_for_order(
    session: Session,
    member_id: int,
    *,
    order: str,
    policy: Policy,
    at: dt.datetime,
    now: dt.datetime,
    decided: int | None = None,
) -> int | None:
    """Whom an order created at ``at`` counts for; it renews, rebinds or locks as the mode says (R11-R14).

    ``order`` names it among all orders: told again, nothing happens twice; told with another moment, it counts at that
    one. ``decided``: it came with this distributor's code, which binds nobody and renews the holder alone.
    """
    binding_rows.lock(session, member_id)
    channel = f"order:{order}"
    known = binding_rows.recorded(session, member_id, channel)
    if known is not None and known[0] == at:
        return known[1]
    facts = {} if decided is None else {"decided": decided}
    act = Act("order", at, policy.binding, channel, facts=facts)
    return binding_acts.perform(session, member_id, act, now=now).owner


def binding_of(session: Session, member_id: int, at: dt.datetime) -> Binding | None:
    """The binding in force at ``at``, now or in the past (R13, R16); None when nobody's customer."""
    found = (
        select(Binding)
        .where(
            _b.member_id == member_id,
            _b.bound_at <= at,
            or_(_b.valid_until.is_(None), _b.valid_until > at),
            or_(_b.ended_at.is_(None), _b.ended_at > at),
        )
        .order_by(_b.bound_at.desc())
        .limit(1)
    )
    return session.scalars(found.execution_options(populate_existing=True)).first()


def own_id(session: Session, member_id: int) -> int | None:
    """The distributor that a customer is himself, in whatever state."""
    d = t.distributor.c
    return session.scalar(select(d.id).where(d.member_id == member_id))


def record_visit(
    session: Session,
    distributor_id: int,
    channel: str,
    *,
    at: dt.datetime,
    member_id: int | None = None,
    scene_id: int | None = None,
) -> None:
    """Somebody looked: traffic of a distributor, by link or code."""
    session.execute(
        insert(t.visit).values(
            distributor_id=distributor_id, scene_id=scene_id, member_id=member_id, channel=channel, facts={}, at=at
        )
    )


def _met_by(session: Session, member_id: int, at: dt.datetime) -> None:
    """Whoever is known by this very scan was met when it happened, which was before we heard of it."""
    seen = select(func.count()).where(_v.member_id == member_id).scalar_subquery()
    first = (_m.id == member_id, _m.created_at > at, _m.created_at < at + dt.timedelta(minutes=1), seen == 0)
    session.execute(update(t.member).where(*first).values(created_at=at))
