"""A merchant's material and campaigns as the console lists them; read only."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from distribution.refusals import Code, Refusal
from models import Campaign, Material
from models import tables as t
from models.states import RecipientState


def campaigns(session: Session, merchant_id: int, limit: int = 50) -> list[dict[str, Any]]:
    """A merchant's campaigns, the newest first, with how many people each is for and how many it reached."""
    c, r = t.campaign.c, t.recipient.c
    counted = select(func.count()).where(r.campaign_id == c.id).correlate(t.campaign)
    found = (
        select(c.id, c.state, c.send_at, c.created_by, t.material.c.title)
        .add_columns(counted.scalar_subquery().label("people"))
        .add_columns(counted.where(r.state == RecipientState.SENT).scalar_subquery().label("sent"))
        .join(t.material, t.material.c.id == c.material_id)
        .where(c.merchant_id == merchant_id)
        .order_by(c.id.desc())
        .limit(limit)
    )
    return [dict(row._mapping) for row in session.execute(found)]


def campaign_of(session: Session, merchant_id: int, campaign_id: int) -> tuple[Campaign, Material]:
    """A merchant's own campaign with its material; Refusal not_found."""
    row = session.get(Campaign, campaign_id)
    if row is None or row.merchant_id != merchant_id:
        raise Refusal(Code.NOT_FOUND, what="campaign")
    return row, session.get_one(Material, row.material_id)


def material_of(session: Session, merchant_id: int, material_id: int) -> Material:
    """A merchant's own material; Refusal not_found."""
    row = session.get(Material, material_id)
    if row is None or row.merchant_id != merchant_id:
        raise Refusal(Code.NOT_FOUND, what="material")
    return row


def picture_address(session: Session, row: Material) -> str | None:
    """The path under which the picture of material is shown; None without one."""
    p = t.picture.c
    sha256 = session.scalar(select(p.sha256).where(p.id == row.picture_id)) if row.picture_id else None
    return f"/pictures/{sha256}" if sha256 else None
