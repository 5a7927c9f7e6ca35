"""Posters, the scenes behind their codes, and the visits they bring."""

import datetime as dt

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import instant, key, link, structured


class Scene(SQLModel, table=True):
    """What a QR code of the account stands for; ``code`` is the unguessable scene string WeChat gives back."""

    __tablename__ = "scene"

    id: int = key()
    code: str = Field(unique=True)
    distributor_id: int = link("distributor.id", index=True)
    product_id: int | None = link("product.id", default=None, nullable=True)
    campaign_id: int | None = link("campaign.id", default=None, index=True, nullable=True)
    purpose: str
    #: The template of the poster it stands on.
    template: str = "clean"
    #: For what is printed: WeChat gives an account 100,000 of them.
    permanent: bool = False
    url: str | None = Field(default=None, index=True)
    expires_at: dt.datetime | None = instant(default=None)
    created_at: dt.datetime = instant()


class Poster(SQLModel, table=True):
    """A picture of one distributor for one product in one template; redrawn when its facts change."""

    __tablename__ = "poster"
    __table_args__ = (UniqueConstraint("distributor_id", "subject", "template"),)

    id: int = key()
    distributor_id: int = link("distributor.id")
    #: "product:<id>", "campaign:<id>", "shop", "invitation" …: one poster a subject.
    subject: str
    product_id: int | None = link("product.id", default=None, nullable=True)
    template: str
    scene_id: int = link("scene.id")
    facts_hash: str | None = None
    picture_id: int | None = link("picture.id", default=None, nullable=True)
    media_id: str | None = None
    media_until: dt.datetime | None = instant(default=None)
    #: When the person last wanted it, to share it (R80).
    asked_at: dt.datetime | None = instant(default=None)
    created_at: dt.datetime = instant()


class Picture(SQLModel, table=True):
    """Bytes of a picture, named by their content."""

    __tablename__ = "picture"

    id: int = key()
    sha256: str = Field(unique=True)
    content_type: str
    content: bytes
    created_at: dt.datetime = instant()


class Visit(SQLModel, table=True):
    """Somebody opened a distributor's link or scanned a poster."""

    __tablename__ = "visit"
    __table_args__ = (Index("visit_distributor", "distributor_id", "at"),)

    id: int = key()
    distributor_id: int = link("distributor.id")
    scene_id: int | None = link("scene.id", default=None, nullable=True)
    member_id: int | None = link("member.id", default=None, nullable=True)
    channel: str
    facts: dict[str, object] = structured(default_factory=dict)
    at: dt.datetime = instant()


class PosterTemplate(SQLModel, table=True):
    """A merchant's own template: its document and background; ``version`` rises with each change."""

    __tablename__ = "poster_template"

    id: int = key()
    merchant_id: int = link("merchant.id", index=True)
    title: str
    document: dict[str, object] = structured()
    background_id: int | None = link("picture.id", default=None, nullable=True)
    version: int = 1
    changed_by: str
    changed_at: dt.datetime = instant()


class PosterChoice(SQLModel, table=True):
    """The template a merchant's posters of one kind are drawn in: a house name, or ``own:<id>``."""

    __tablename__ = "poster_choice"

    merchant_id: int = link("merchant.id", primary_key=True)
    kind: str = Field(primary_key=True)
    template: str


class PosterBatch(SQLModel, table=True):
    """Posters drawn ahead for everybody; ``reached`` is the last distributor that was done."""

    __tablename__ = "poster_batch"

    id: int = key()
    merchant_id: int = link("merchant.id", index=True)
    campaign_id: int | None = link("campaign.id", default=None, nullable=True)
    product_id: int | None = link("product.id", default=None, nullable=True)
    purpose: str
    total: int
    done: int = 0
    failed: int = 0
    reached: int = 0
    created_by: str
    created_at: dt.datetime = instant()
    ended_at: dt.datetime | None = instant(default=None)
