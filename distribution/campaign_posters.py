"""Campaigns' own posters: whom they are offered to, while the campaign runs."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import pictures, stock, wording_check
from distribution.refusals import Code, Refusal
from models import Campaign, Material
from models import tables as t
from models.states import CampaignState

#: A campaign is over so long after it was sent.
RUNS = dt.timedelta(days=14)
_c, _r, _m = t.campaign.c, t.recipient.c, t.material.c


def running(session: Session, distributor_id: int, *, now: dt.datetime, limit: int = 3) -> list[tuple[int, str]]:
    """(campaign, title) of posters this person may have now, the newest first."""
    begun = _c.state.in_((CampaignState.SENDING, CampaignState.DONE)) & (_c.send_at <= now)
    found = (
        select(_c.id, _m.id.label("material_id"), _m.title)
        .join(t.recipient, (_r.campaign_id == _c.id) & (_r.distributor_id == distributor_id))
        .join(t.material, _m.id == _c.material_id)
        .where(_c.poster_template.is_not(None), begun, _c.send_at > now - RUNS, ~stock.withdrawn())
        .order_by(_c.send_at.desc(), _c.id.desc())
    )
    fit = [row for row in session.execute(found) if not wording_check.open_words(session, row.material_id)]
    return [(row.id, row.title) for row in fit[:limit]]


def has_one(session: Session, campaign_id: int) -> bool:
    """Whether a campaign has a poster of its own."""
    return session.scalar(select(_c.poster_template).where(_c.id == campaign_id)) is not None


def template_of(session: Session, campaign_id: int) -> str:
    """The template of a campaign's poster; Refusal not_found when it has none."""
    template = session.scalar(select(_c.poster_template).where(_c.id == campaign_id))
    if template is None:
        raise Refusal(Code.NOT_FOUND, what="campaign")
    return str(template)


def material_of(session: Session, campaign_id: int) -> Material:
    """What a campaign carries."""
    return session.get_one(Material, session.get_one(Campaign, campaign_id).material_id)


def picture_of(session: Session, material: Material) -> bytes | None:
    """The material's picture."""
    stored = pictures.load(session, material.picture_id) if material.picture_id else None
    return stored[0] if stored else None
