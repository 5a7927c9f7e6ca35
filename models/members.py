"""People: followers of the account, distributors, their tree, levels and tags, customers' bindings."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import instant, key, link, structured


class Member(SQLModel, table=True):
    """A WeChat user of the account; (appid, openid) names one person."""

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("appid", "openid"),)

    id: int = key()
    appid: str
    openid: str = Field(index=True)
    following: bool = False
    followed_at: dt.datetime | None = instant(default=None)
    #: CreateTime of the newest follow or unfollow event: an older one changes nothing.
    follow_event_at: dt.datetime | None = instant(default=None)
    notices: bool = True
    created_at: dt.datetime = instant()


class Level(SQLModel, table=True):
    """A distributors' level; a higher rank is better. Without anything in ``need`` it is given by hand only (R50)."""

    __tablename__ = "level"

    id: int = key()
    name: str = Field(unique=True)
    rank: int
    #: Whether ``any`` or ``all`` of ``need`` ({metric: least}) must be met.
    mode: str = "any"
    need: dict[str, int] = structured(default_factory=dict)
    #: What a quarter must bring for the level to be kept; nothing = kept for ever.
    keep: dict[str, int] = structured(default_factory=dict)
    #: may_invite, max_team, material_packs, daily_broadcast, direct_withdrawal_up_to_fen (R54).
    permissions: dict[str, object] = structured(default_factory=dict)


class Distributor(SQLModel, table=True):
    """A person who applied to distribute; ``state`` says how it stands (R2)."""

    __tablename__ = "distributor"
    __table_args__ = (
        CheckConstraint("state in ('pending','active','rejected','frozen','terminated')", name="distributor_state"),
        CheckConstraint("inviter_id <> id", name="distributor_not_own_inviter"),
        Index("distributor_state_id", "state", "id"),
    )

    id: int = key()
    member_id: int = link("member.id", unique=True)
    code: str = Field(unique=True)
    name: str
    phone: str
    state: str
    inviter_id: int | None = link("distributor.id", default=None, index=True, nullable=True)
    level_id: int | None = link("level.id", default=None, nullable=True)
    terms_version: str
    applied_at: dt.datetime = instant()
    decided_at: dt.datetime | None = instant(default=None)
    reason: str | None = None


class TeamPath(SQLModel, table=True):
    """Closure of the inviter tree (R8): one row per (ancestor, descendant), depth 0 is oneself."""

    __tablename__ = "team_path"
    __table_args__ = (
        Index("team_path_descendant", "descendant_id", "depth"),
        CheckConstraint("depth >= 0", name="team_path_depth"),
    )

    ancestor_id: int = link("distributor.id", primary_key=True)
    descendant_id: int = link("distributor.id", primary_key=True)
    depth: int


class Tag(SQLModel, table=True):
    """A label merchants give to distributors."""

    __tablename__ = "tag"

    id: int = key()
    name: str = Field(unique=True)


class DistributorTag(SQLModel, table=True):
    """Which distributor wears which tag."""

    __tablename__ = "distributor_tag"

    distributor_id: int = link("distributor.id", primary_key=True)
    tag_id: int = link("tag.id", primary_key=True, index=True)


class RegistrationDraft(SQLModel, table=True):
    """What an applicant has told so far; offered again on return."""

    __tablename__ = "registration_draft"

    member_id: int = link("member.id", primary_key=True)
    name: str | None = None
    phone: str | None = None
    invite_code: str | None = None
    updated_at: dt.datetime = instant()


class Binding(SQLModel, table=True):
    """A customer belongs to a distributor during ``[bound_at, valid_until)`` (R10); at most one is open."""

    __tablename__ = "binding"
    __table_args__ = (
        Index(
            "binding_open",
            "member_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("binding_distributor", "distributor_id", "ended_at"),
    )

    id: int = key()
    member_id: int = link("member.id", index=True)
    distributor_id: int = link("distributor.id")
    bound_at: dt.datetime = instant()
    valid_until: dt.datetime | None = instant(default=None)
    ended_at: dt.datetime | None = instant(default=None)


class BindingEvent(SQLModel, table=True):
    """The evidence trail of attribution (R15); append-only."""

    __tablename__ = "binding_event"
    __table_args__ = (Index("binding_event_member", "member_id", "id"),)

    id: int = key()
    member_id: int = link("member.id")
    distributor_id: int | None = link("distributor.id", default=None, nullable=True)
    kind: str
    channel: str
    facts: dict[str, object] = structured(default_factory=dict)
    at: dt.datetime = instant()
