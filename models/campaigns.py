"""Material and the campaigns that carry it to distributors."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import SQLModel

from models.columns import instant, key, link, structured


class Material(SQLModel, table=True):
    """Words, a picture and a film a merchant wants shared; bytes of both are kept by their content."""

    __tablename__ = "material"

    id: int = key()
    merchant_id: int = link("merchant.id", index=True)
    title: str
    text: str
    picture_id: int | None = link("picture.id", default=None, nullable=True)
    video_id: int | None = link("picture.id", default=None, nullable=True)
    #: What it is about: withdrawn while that cannot be bought (R80).
    product_id: int | None = link("product.id", default=None, index=True, nullable=True)
    created_by: str
    created_at: dt.datetime = instant()


class Campaign(SQLModel, table=True):
    """One sending of a material to an audience ({"kind": "all"|"level"|"tag", "id"?}) at a time."""

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint("state in ('draft','approved','sending','done','stopped')", name="campaign_state"),
        Index("campaign_state_at", "state", "send_at"),
    )

    id: int = key()
    merchant_id: int = link("merchant.id", index=True)
    material_id: int = link("material.id")
    audience: dict[str, object] = structured()
    send_at: dt.datetime = instant()
    #: The template of the campaign's own poster, if its people are offered one.
    poster_template: str | None = None
    state: str
    created_by: str
    created_at: dt.datetime = instant()
    approved_by: str | None = None
    approved_at: dt.datetime | None = instant(default=None)
    ended_at: dt.datetime | None = instant(default=None)


class Recipient(SQLModel, table=True):
    """One person of a campaign's audience and what became of the message; at most one row each."""

    __tablename__ = "recipient"
    __table_args__ = (
        UniqueConstraint("campaign_id", "distributor_id"),
        CheckConstraint("state in ('waiting','queued','sent','skipped','failed','unknown')", name="recipient_state"),
        Index("recipient_campaign_state", "campaign_id", "state", "id"),
    )

    id: int = key()
    campaign_id: int = link("campaign.id")
    distributor_id: int = link("distributor.id")
    state: str
    way: str | None = None
    reason: str | None = None
    at: dt.datetime | None = instant(default=None)


class MassJob(SQLModel, table=True):
    """A mass send handed to WeChat, so that its finished event finds its campaign."""

    __tablename__ = "mass_job"

    id: int = key()
    campaign_id: int = link("campaign.id", index=True)
    msg_id: str = ""
    client_id: str
    recipients: list[int] = structured()
    status: str | None = None
    counts: dict[str, object] = structured(default_factory=dict)
    at: dt.datetime = instant()
