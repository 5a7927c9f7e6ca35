"""Whose customer somebody is: scans and links bind, orders renew, every change leaves evidence (R10-R17)."""

import datetime as dt

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session

from distribution import notices
from distribution.policy import Policy
from distribution.rules import binding as rule
from distribution.rules.calendar import shown_day, shown_full
from models import Binding, Scene
from models import tables as t
from models.states import DistributorState

_b = t.binding.c


def scan(
    session: Session, member_id: int, scene_code: str, *, policy: Policy, at: dt.datetime, now: dt.datetime
) -> Scene | None:
    """Somebody scanned a code: the visit is recorded, a free person is bound; None for a code we never made."""
    scene = session.scalars(select(Scene).where(t.scene.c.code == scene_code)).first()
    if scene is None:
        return None
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
) -> rule.Verdict:
    """Somebody came by a distributor's code or link at ``at``; binds a free customer of an active distributor."""
    _lock_customer(session, member_id)
    state, own = _standing(session, distributor_id, member_id)
    if state != DistributorState.ACTIVE:
        _note(session, member_id, distributor_id, "ignored", channel=channel, at=at)
        return rule.Verdict.KEEP
    held = _open(session, member_id)
    verdict = rule.decide(
        rule.Held(held.distributor_id, held.valid_until) if held else None, clicked=distributor_id, own=own, at=at
    )
    if verdict is rule.Verdict.BIND:
        _bind(session, member_id, distributor_id, policy=policy, at=at)
        _tell_bound(session, member_id, distributor_id, at=at, now=now)
    _note(session, member_id, distributor_id, str(verdict), channel=channel, at=at)
    return verdict


def binding_of(session: Session, member_id: int, at: dt.datetime) -> Binding | None:
    """The binding in force at ``at``, now or in the past (R13, R16); None when nobody's customer."""
    return session.scalars(
        select(Binding)
        .where(
            _b.member_id == member_id,
            _b.bound_at <= at,
            or_(_b.valid_until.is_(None), _b.valid_until > at),
            or_(_b.ended_at.is_(None), _b.ended_at > at),
        )
        .order_by(_b.bound_at.desc())
        .limit(1)
    ).first()


def renew(session: Session, member_id: int, *, policy: Policy, at: dt.datetime) -> None:
    """An order starts the term of the customer's binding anew (R12)."""
    held = binding_of(session, member_id, at)
    if held is None or held.ended_at is not None or not policy.binding.renew_on_order:
        return
    valid = rule.valid_until(policy.binding, at)
    if held.valid_until is not None and valid > held.valid_until:
        still = (_b.id == held.id, _b.ended_at.is_(None), _b.valid_until < valid)
        session.execute(update(t.binding).where(*still).values(valid_until=valid))
        _note(session, member_id, held.distributor_id, "renewed", channel="order", at=at)


def release_all(session: Session, distributor_id: int, *, now: dt.datetime) -> None:
    """Set every customer of a distributor free."""
    open_rows = (_b.distributor_id == distributor_id, _b.ended_at.is_(None))
    for member_id in session.scalars(select(_b.member_id).where(*open_rows)).all():
        _note(session, member_id, distributor_id, "released", channel="terminated", at=now)
    session.execute(update(t.binding).where(*open_rows).values(ended_at=now))


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


def _open(session: Session, member_id: int) -> Binding | None:
    return session.scalars(select(Binding).where(_b.member_id == member_id, _b.ended_at.is_(None))).first()


def _bind(session: Session, member_id: int, distributor_id: int, *, policy: Policy, at: dt.datetime) -> None:
    session.execute(
        update(t.binding).where(_b.member_id == member_id, _b.ended_at.is_(None)).values(ended_at=_b.valid_until)
    )
    valid = rule.valid_until(policy.binding, at)
    session.execute(
        insert(t.binding).values(
            member_id=member_id,
            distributor_id=distributor_id,
            bound_at=at,
            valid_until=valid,
        )
    )


def _standing(session: Session, distributor_id: int, member_id: int) -> tuple[str, int | None]:
    d = t.distributor.c
    rows = session.execute(
        select(d.id, d.state, d.member_id).where(or_(d.id == distributor_id, d.member_id == member_id))
    ).all()
    state = next((row.state for row in rows if row.id == distributor_id), "")
    return state, next((row.id for row in rows if row.member_id == member_id), None)


def _lock_customer(session: Session, member_id: int) -> None:
    session.execute(select(t.member.c.id).where(t.member.c.id == member_id).with_for_update())


def _note(session: Session, member_id: int, distributor_id: int, kind: str, *, channel: str, at: dt.datetime) -> None:
    session.execute(
        insert(t.binding_event).values(
            member_id=member_id, distributor_id=distributor_id, kind=kind, channel=channel, facts={}, at=at
        )
    )


def _tell_bound(session: Session, member_id: int, distributor_id: int, *, at: dt.datetime, now: dt.datetime) -> None:
    notices.tell(
        session,
        distributor_id,
        "customer",
        f"{shown_day(at)}有一位新客户通过你的推广进来了。\n他下单后会第一时间告诉你。",
        once=f"bound:{member_id}:{int(at.timestamp())}",
        facts={"thing": "新客户", "status": "已绑定", "time": shown_full(at)},
        now=now,
    )
