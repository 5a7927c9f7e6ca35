"""Carrying a campaign to its people: begun once each, the unreachable gathered for a mass send, its end taken over."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, insert, or_, select, update
from sqlalchemy.orm import Session

from distribution import campaigns, outbox, pictures
from distribution.campaigns import LEFT, STOPPED, Delivery
from models import Material
from models import tables as t
from models.states import CampaignState, RecipientState

_c, _r, _j, _d, _m = t.campaign.c, t.recipient.c, t.mass_job.c, t.distributor.c, t.member.c
_OPEN = (RecipientState.WAITING, RecipientState.QUEUED)
CHAT, MASS = "chat", "mass"
_MOST, _FEWEST = 9_000, 2
_PATIENCE = dt.timedelta(hours=24)
ALONE, UNTOLD = "不在可发送窗口", "微信没有回报结果"


@dataclass(frozen=True, slots=True)
class Begun:
    """A recipient whose message is about to be sent; ``interrupted``: an earlier try ended nobody knows how."""

    delivery: Delivery
    merchant_id: int
    interrupted: bool


@dataclass(frozen=True, slots=True)
class MassWork:
    """Everything needed for one mass send."""

    job_id: int
    client_id: str
    openids: list[str]
    author: str
    title: str
    text: str
    picture: tuple[bytes, str] | None


def anything_due(session: Session, *, now: dt.datetime) -> bool:
    """Whether a campaign is being sent or should begin, or people of a stopped one are still open."""
    due = and_(_c.state == CampaignState.APPROVED, _c.send_at <= now)
    running = select(_c.id).where(or_(due, _c.state == CampaignState.SENDING)).limit(1)
    untold = next_untold(session)
    late = untold is not None and untold <= now
    return late or session.scalar(running) is not None or session.scalar(_stopped_with_people().limit(1)) is not None


def begin(session: Session, recipient_id: int, *, now: dt.datetime) -> Begun | None:
    """Mark a recipient as being sent to before anything is sent; None when there is nothing (more) to send."""
    delivery = campaigns.delivery(session, recipient_id)
    if delivery is None:
        campaigns.record_delivery(session, recipient_id, state=RecipientState.SKIPPED, reason=STOPPED, now=now)
        return None
    way = session.scalar(select(_r.way).where(_r.id == recipient_id))
    if way == MASS:
        return None
    session.execute(update(t.recipient).where(_r.id == recipient_id).values(way=CHAT, at=now))
    merchant_id = session.execute(select(_c.merchant_id).where(_c.id == delivery.campaign_id)).scalar_one()
    return Begun(delivery, int(merchant_id), interrupted=way == CHAT)


def take_back(session: Session, recipient_id: int) -> None:
    """Nothing was sent after all: the next try begins anew."""
    _set_way(session, recipient_id, None)


def hand_over(session: Session, recipient_id: int) -> None:
    """The chat window is closed: this one waits for the campaign's mass send."""
    _set_way(session, recipient_id, MASS)


def gather(session: Session, *, now: dt.datetime) -> int:
    """Make a mass send of what is left of every campaign that has tried everybody; how many sends.

    One person alone cannot be mass-sent to and is skipped with that reason.
    """
    _skip_stopped(session, now)
    jobs = 0
    for campaign_id in session.scalars(_tried().with_for_update()).all():
        left = list(session.scalars(_left(campaign_id)))
        for part in _parts(left):
            if len(part) < _FEWEST:
                _close(session, part, RecipientState.SKIPPED, reason=ALONE, now=now)
            else:
                jobs += 1
                _make_job(session, campaign_id, part, now)
    return jobs


def mass_work(session: Session, job_id: int, *, now: dt.datetime) -> MassWork | None:
    """What to send; None when it was handed to WeChat already, was stopped, or fewer than two people are left."""
    job = session.execute(select(t.mass_job).where(_j.id == job_id).with_for_update()).one()
    row = session.execute(
        select(_c.state, _c.material_id, t.merchant.c.name)
        .join(t.merchant, t.merchant.c.id == _c.merchant_id)
        .where(_c.id == job.campaign_id)
    ).one()
    if job.msg_id or job.status:
        return None
    if row.state == CampaignState.STOPPED:
        record_failed(session, job_id, state=RecipientState.SKIPPED, reason=STOPPED, now=now)
        return None
    openids = _still_there(session, job_id, job.recipients, now)
    if len(openids) < _FEWEST:
        record_failed(session, job_id, state=RecipientState.SKIPPED, reason=ALONE, now=now)
        return None
    material = session.get_one(Material, row.material_id)
    picture = pictures.load(session, material.picture_id) if material.picture_id else None
    return MassWork(job_id, job.client_id, openids, row.name, material.title, material.text, picture)


def record_handed(session: Session, job_id: int, msg_id: str, *, now: dt.datetime) -> None:
    """WeChat took a mass send in; its finished event decides."""
    session.execute(update(t.mass_job).where(_j.id == job_id, _j.msg_id == "").values(msg_id=msg_id, at=now))


def record_failed(session: Session, job_id: int, *, state: RecipientState, reason: str, now: dt.datetime) -> None:
    """A mass send did not happen (or nobody knows): all of its people get this outcome."""
    ended = update(t.mass_job).where(_j.id == job_id, _j.status.is_(None)).values(status=reason)
    people = session.scalar(ended.returning(_j.recipients))
    _close(session, people or [], state, reason=reason, now=now)


def record_finished(session: Session, msg_id: str, *, status: str, total: int, sent: int, now: dt.datetime) -> bool:
    """WeChat's finished event of a mass send; False if it is none of ours or was told before.

    Everybody was reached, or nobody: anything between is ``unknown`` for each, since WeChat does not say who.
    """
    job = _job_of(session, msg_id, total)
    if job is None:
        return False
    job_id, people = job
    counts = {"total": total, "sent": sent}
    session.execute(
        update(t.mass_job).where(_j.id == job_id).values(msg_id=msg_id, status=status or "finished", counts=counts)
    )
    if sent >= total > 0:
        _close(session, people, RecipientState.SENT, reason=None, now=now)
    elif sent == 0:
        _close(session, people, RecipientState.FAILED, reason="微信没有送达", now=now)
    else:
        reason = f"微信只告知 {total} 人中送达 {sent} 人"
        _close(session, people, RecipientState.UNKNOWN, reason=reason, now=now)
    return True


def close_untold(session: Session, *, now: dt.datetime) -> int:
    """Give up waiting for finished events after a day; how many mass sends."""
    late = select(_j.id).where(_j.msg_id != "", _j.status.is_(None), _j.at <= now - _PATIENCE)
    jobs = session.scalars(late.with_for_update(skip_locked=True)).all()
    for job_id in jobs:
        record_failed(session, job_id, state=RecipientState.UNKNOWN, reason=UNTOLD, now=now)
    return len(jobs)


def next_untold(session: Session) -> dt.datetime | None:
    """When the next mass send will have waited for a day."""
    since: dt.datetime | None = session.scalar(select(func.min(_j.at)).where(_j.msg_id != "", _j.status.is_(None)))
    return None if since is None else since + _PATIENCE


def _job_of(session: Session, msg_id: str, total: int) -> tuple[int, list[int]] | None:
    waiting = select(_j.id, _j.recipients).where(_j.status.is_(None)).order_by(_j.id).with_for_update()
    known = session.execute(waiting.where(_j.msg_id == msg_id)).first()
    if known is not None:
        return known.id, known.recipients
    if session.scalar(select(_j.id).where(_j.msg_id == msg_id)) is not None:
        return None
    # The event may come before the answer to the send is written down: the one of that size is meant.
    same = [row for row in session.execute(waiting.where(_j.msg_id == "")) if len(row.recipients) == total]
    return (same[0].id, same[0].recipients) if same else None


def _tried() -> Select[Any]:
    untried = and_(_r.campaign_id == _c.id, _r.state.in_(_OPEN), or_(_r.way.is_(None), _r.way != MASS))
    left = and_(_r.campaign_id == _c.id, _r.state == RecipientState.QUEUED, _r.way == MASS)
    return (
        select(_c.id)
        .where(_c.state == CampaignState.SENDING)
        .where(select(_r.id).where(left).exists(), ~select(_r.id).where(untried).exists())
        .where(~select(_j.id).where(_j.campaign_id == _c.id).exists())
        .order_by(_c.id)
    )


def _left(campaign_id: int) -> Select[Any]:
    chosen = and_(_r.campaign_id == campaign_id, _r.state == RecipientState.QUEUED, _r.way == MASS)
    return select(_r.id).where(chosen).order_by(_r.id)


def _still_there(session: Session, job_id: int, people: list[int], now: dt.datetime) -> list[str]:
    rows = session.execute(
        select(_r.id, _m.openid, _m.following)
        .join(t.distributor, _d.id == _r.distributor_id)
        .join(t.member, _m.id == _d.member_id)
        .where(_r.id.in_(people), _r.state == RecipientState.QUEUED)
        .order_by(_r.id)
    ).all()
    gone = [row.id for row in rows if not row.following]
    _close(session, gone, RecipientState.SKIPPED, reason=LEFT, now=now)
    staying = [row.id for row in rows if row.following]
    session.execute(update(t.mass_job).where(_j.id == job_id).values(recipients=staying))
    return [row.openid for row in rows if row.following]


def _parts(people: list[int]) -> list[list[int]]:
    parts = [people[at : at + _MOST] for at in range(0, len(people), _MOST)]
    if len(parts) > 1 and len(parts[-1]) < _FEWEST:
        parts[-2] += parts.pop()
    return parts


def _make_job(session: Session, campaign_id: int, people: list[int], now: dt.datetime) -> None:
    made = insert(t.mass_job).values(
        campaign_id=campaign_id, msg_id="", client_id="", recipients=people, counts={}, at=now
    )
    job_id = session.execute(made.returning(_j.id)).scalar_one()
    session.execute(update(t.mass_job).where(_j.id == job_id).values(client_id=f"campaign-{campaign_id}-{job_id}"))
    outbox.put(session, "mass", {"job_id": job_id}, once=f"mass:{job_id}", now=now)


def _stopped_with_people() -> Select[Any]:
    left = and_(_r.campaign_id == _c.id, _r.state == RecipientState.QUEUED, _r.way == MASS)
    job = select(_j.id).where(_j.campaign_id == _c.id)
    return select(_c.id).where(_c.state == CampaignState.STOPPED, select(_r.id).where(left).exists(), ~job.exists())


def _skip_stopped(session: Session, now: dt.datetime) -> None:
    for campaign_id in session.scalars(_stopped_with_people()).all():
        _close(session, list(session.scalars(_left(campaign_id))), RecipientState.SKIPPED, reason=STOPPED, now=now)


def _close(session: Session, people: list[int], state: RecipientState, *, reason: str | None, now: dt.datetime) -> None:
    for at in range(0, len(people), 500):
        session.execute(
            update(t.recipient)
            .where(_r.id.in_(people[at : at + 500]), _r.state.in_(_OPEN))
            .values(state=state, reason=reason, at=now)
        )


def _set_way(session: Session, recipient_id: int, way: str | None) -> None:
    session.execute(update(t.recipient).where(_r.id == recipient_id, _r.state.in_(_OPEN)).values(way=way))
