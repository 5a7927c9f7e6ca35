"""Campaigns: material to an audience at a time; each person at most once, each outcome written down."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from distribution import audit, levels, notice_choices, outbox, pictures, stock, wording_check
from distribution.refusals import Code, Refusal
from distribution.rules import audience as rule
from models import Campaign, Material
from models import tables as t
from models.states import CampaignState, DistributorState, RecipientState

_c, _r, _d, _m = t.campaign.c, t.recipient.c, t.distributor.c, t.member.c
LEFT, OPTED_OUT, STOPPED = "已取消关注", "已退订提醒", "群发已停止"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One person's copy of a campaign."""

    campaign_id: int
    distributor_id: int
    member_id: int
    openid: str
    #: Why this person gets nothing, if so.
    unwanted: str | None
    title: str
    text: str
    picture: tuple[bytes, str] | None


def plan(
    session: Session,
    merchant_id: int,
    *,
    material_id: int,
    audience: Mapping[str, Any],
    send_at: dt.datetime,
    by: str,
    now: dt.datetime,
    poster_template: str | None = None,
) -> Campaign:
    """Draft a campaign, with its own poster if a template is named; Refusal not_found for another's material."""
    found = session.get(Material, material_id)
    if found is None or found.merchant_id != merchant_id:
        raise Refusal(Code.NOT_FOUND, what="material")
    row = Campaign(
        merchant_id=merchant_id,
        material_id=material_id,
        audience=rule.clean(audience),
        send_at=send_at,
        poster_template=poster_template,
        state=CampaignState.DRAFT,
        created_by=by,
        created_at=now,
    )
    session.add(row)
    session.flush()
    _note(session, row, "campaign.planned", by=by, now=now)
    return row


def preview(session: Session, audience: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(code, name) of everybody the audience names now, before anyone is bothered."""
    rows = session.execute(_people(session, audience, _d.code, _d.name).order_by(_d.id))
    return [(code, name) for code, name in rows]


def approve(session: Session, campaign_id: int, *, by: str, now: dt.datetime) -> Campaign:
    """Fix the audience, one row a person; Refusal illegal_state, wording_held, off_sale, sold_out, empty_audience."""
    row = _locked(session, campaign_id)
    if row.state != CampaignState.DRAFT:
        raise Refusal(Code.ILLEGAL_STATE, state=row.state, wanted=CampaignState.APPROVED)
    wording_check.refuse_held(session, row.material_id)
    stock.check_material(session, row.material_id)
    people = _people(session, row.audience, literal(row.id), _d.id, literal(str(RecipientState.WAITING)))
    session.execute(insert(t.recipient).from_select(["campaign_id", "distributor_id", "state"], people))
    if not counts(session, row.id):
        raise Refusal(Code.EMPTY_AUDIENCE)
    row.state, row.approved_by, row.approved_at = CampaignState.APPROVED, by, now
    session.flush()
    _note(session, row, "campaign.approved", by=by, now=now)
    return row


def stop(session: Session, campaign_id: int, *, by: str, now: dt.datetime) -> Campaign:
    """Stop sending: who has not been handed to the outbox yet gets nothing."""
    row = _locked(session, campaign_id)
    if row.state in (CampaignState.DONE, CampaignState.STOPPED):
        raise Refusal(Code.ILLEGAL_STATE, state=row.state, wanted=CampaignState.STOPPED)
    row.state, row.ended_at = CampaignState.STOPPED, now
    session.execute(
        update(t.recipient)
        .where(_r.campaign_id == row.id, _r.state == RecipientState.WAITING)
        .values(state=RecipientState.SKIPPED, reason=STOPPED, at=now)
    )
    session.flush()
    _note(session, row, "campaign.stopped", by=by, now=now)
    return row


def feed(session: Session, *, now: dt.datetime, batch: int = 200) -> int:
    """Hand up to ``batch`` recipients of campaigns whose time has come to the outbox; how many.

    A campaign about a product that cannot be bought now waits until it is back (R80).
    """
    due = select(_c.id).where(_c.state.in_((CampaignState.APPROVED, CampaignState.SENDING)), _c.send_at <= now)
    due = due.where(_c.material_id.not_in(select(t.material.c.id).where(stock.withdrawn())))
    campaign_ids = session.scalars(due.order_by(_c.send_at, _c.id).with_for_update()).all()
    session.execute(
        update(t.campaign)
        .where(_c.id.in_(campaign_ids), _c.state == CampaignState.APPROVED)
        .values(state=CampaignState.SENDING)
    )
    waiting = session.execute(
        select(_r.id, _d.member_id)
        .join(t.distributor, _d.id == _r.distributor_id)
        .where(_r.campaign_id.in_(campaign_ids), _r.state == RecipientState.WAITING)
        .order_by(_r.id)
        .limit(batch)
    ).all()
    for recipient_id, member_id in waiting:
        outbox.put(
            session,
            "campaign",
            {"recipient_id": recipient_id},
            once=f"campaign:{recipient_id}",
            member_id=member_id,
            now=now,
        )
    ids = [recipient_id for recipient_id, _ in waiting]
    session.execute(update(t.recipient).where(_r.id.in_(ids)).values(state=RecipientState.QUEUED))
    return len(ids)


def next_due(session: Session) -> dt.datetime | None:
    """When the next approved campaign begins."""
    soonest = select(_c.send_at).where(_c.state == CampaignState.APPROVED).order_by(_c.send_at).limit(1)
    return session.scalar(soonest)


def delivery(session: Session, recipient_id: int) -> Delivery | None:
    """One recipient's copy; None when it was dealt with already, or the campaign was stopped."""
    found = session.execute(
        select(_r.campaign_id, _r.state, _d.id, _d.member_id, _c.state.label("campaign_state"), _c.material_id)
        .add_columns(_m.openid, _m.following, notice_choices.wants("materials").label("notices"))
        .join(t.campaign, _c.id == _r.campaign_id)
        .join(t.distributor, _d.id == _r.distributor_id)
        .join(t.member, _m.id == _d.member_id)
        .where(_r.id == recipient_id)
    ).one()
    if found.state != RecipientState.QUEUED or found.campaign_state == CampaignState.STOPPED:
        return None
    material = session.get_one(Material, found.material_id)
    picture = pictures.load(session, material.picture_id) if material.picture_id else None
    unwanted = LEFT if not found.following else OPTED_OUT if not found.notices else None
    who = (found.campaign_id, found.id, found.member_id, found.openid)
    return Delivery(*who, unwanted, material.title, material.text, picture)


def record_delivery(
    session: Session,
    recipient_id: int,
    *,
    state: RecipientState,
    now: dt.datetime,
    way: str | None = None,
    reason: str | None = None,
) -> None:
    """What became of one person's copy; a final outcome is not overwritten."""
    session.execute(
        update(t.recipient)
        .where(_r.id == recipient_id, _r.state.in_((RecipientState.WAITING, RecipientState.QUEUED)))
        .values(state=state, way=way, reason=reason, at=now)
    )


def counts(session: Session, campaign_id: int) -> dict[str, int]:
    """How many recipients stand in each state."""
    grouped = select(_r.state, func.count()).where(_r.campaign_id == campaign_id).group_by(_r.state)
    return {state: count for state, count in session.execute(grouped)}


def recipients(session: Session, campaign_id: int) -> list[dict[str, Any]]:
    """Each recipient by name with the outcome."""
    rows = session.execute(
        select(_d.code, _d.name, _r.state, _r.way, _r.reason, _r.at)
        .join(t.distributor, _d.id == _r.distributor_id)
        .where(_r.campaign_id == campaign_id)
        .order_by(_r.id)
    )
    return [dict(row._mapping) for row in rows]


def close_finished(session: Session, *, now: dt.datetime) -> int:
    """End every campaign that has nobody left to reach; how many."""
    open_people = (
        select(_r.campaign_id)
        .where(_r.campaign_id == _c.id, _r.state.in_((RecipientState.WAITING, RecipientState.QUEUED)))
        .exists()
    )
    ended = session.execute(
        update(t.campaign)
        .where(_c.state == CampaignState.SENDING, ~open_people)
        .values(state=CampaignState.DONE, ended_at=now)
        .returning(_c.id)
    ).all()
    return len(ended)


def _people(session: Session, audience: Mapping[str, Any], *columns: Any) -> Select[Any]:
    """Who is meant: everybody is whose level permits it, a level or a tag is whoever has it, chosen on purpose."""
    chosen = rule.clean(audience)
    found = select(*columns).select_from(t.distributor).where(_d.state == DistributorState.ACTIVE)
    if chosen["kind"] == "level":
        return found.where(_d.level_id == chosen["id"])
    if chosen["kind"] == "tag":
        wearing = select(t.distributor_tag.c.distributor_id).where(t.distributor_tag.c.tag_id == chosen["id"])
        return found.where(_d.id.in_(wearing))
    left_out = [row.id for row in levels.without_broadcast(session)]
    return found.where(or_(_d.level_id.is_(None), _d.level_id.not_in(left_out))) if left_out else found


def _locked(session: Session, campaign_id: int) -> Campaign:
    row = session.get(Campaign, campaign_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="campaign")
    return row


def _note(session: Session, row: Campaign, action: str, *, by: str, now: dt.datetime) -> None:
    audit.write(session, actor=by, action=action, subject=f"campaign:{row.id}", merchant_id=row.merchant_id, now=now)
