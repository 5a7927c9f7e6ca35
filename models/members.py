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
    #: Groups of notices that are switched off, ",orders,goods,"; None: none of them.
    muted: str | None = None
    #: The newest notices that found the chat closed, "12,15"; sent when the person speaks again.
    missed: str | None = None
    #: Until ``desk_until`` a person answers instead of the bot ("human"), or is judged by the next word ("asked").
    desk: str | None = None
    desk_until: dt.datetime | None = instant(default=None)
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
    #: may_invite, max_team, material_packs, daily_broadcast, direct_withdrawal_up_to_fen, perks (R54).
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


class DistributorEvent(SQLModel, table=True):
    """How somebody stood since when: a ``state``, or a level's id ("" = none); append-only (R2)."""

    __tablename__ = "distributor_event"
    __table_args__ = (
        CheckConstraint("kind in ('state','level')", name="distributor_event_kind"),
        Index("distributor_event_at", "distributor_id", "kind", "at"),
    )

    id: int = key()
    distributor_id: int = link("distributor.id")
    kind: str
    value: str
    actor: str
    reason: str | None = None
    at: dt.datetime = instant()


class RealName(SQLModel, table=True):
    """Somebody's name and identity number were looked at once; of the number only a keyed digest is kept."""

    __tablename__ = "real_name"

    distributor_id: int = link("distributor.id", primary_key=True)
    #: The payee's name then: another name has to be looked at again.
    name: str
    #: One number stands for one distributor.
    number_digest: str = Field(unique=True)
    checked_at: dt.datetime = instant()


class TeamPath(SQLModel, table=True):
    """Closure of the inviter tree (R8): one row per (ancestor, descendant), depth 0 is oneself."""

    __tablename__ = "team_path"
    __table_args__ = (
        Index("team_path_descendant", "descendant_id", "depth"),
        Index("team_path_ancestor", "ancestor_id", "depth", "descendant_id"),
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
        Index("binding_ends", "ended_at", "valid_until"),
    )

    id: int = key()
    member_id: int = link("member.id", index=True)
    distributor_id: int = link("distributor.id")
    bound_at: dt.datetime = instant()
    valid_until: dt.datetime | None = instant(default=None)
    #: Until then nobody may compete for the customer (R11).
    protected_until: dt.datetime | None = instant(default=None)
    #: The first order has come: nobody takes over any more (R14).
    locked: bool = False
    ended_at: dt.datetime | None = instant(default=None)
    #: The end that the distributor was reminded of; a later end is news again.
    reminded_of: dt.datetime | None = instant(default=None)


class CustomerInvitation(SQLModel, table=True):
    """A competitor's open invitation to a bound customer: the first order before ``until`` rebinds (R11)."""

    __tablename__ = "customer_invitation"

    member_id: int = link("member.id", primary_key=True)
    distributor_id: int = link("distributor.id", index=True)
    made_at: dt.datetime = instant()
    until: dt.datetime = instant()


class BindingEvent(SQLModel, table=True):
    """The evidence trail of attribution (R15); append-only.

    ``act`` is what was done (click, order, unbind, transfer, release) and empty where an event only says what followed;
    ``kind`` is what came of it.
    """

    __tablename__ = "binding_event"
    __table_args__ = (Index("binding_event_member", "member_id", "id"),)

    id: int = key()
    member_id: int = link("member.id")
    distributor_id: int | None = link("distributor.id", default=None, nullable=True)
    act: str = ""
    kind: str
    channel: str
    facts: dict[str, object] = structured(default_factory=dict)
    at: dt.datetime = instant()


class Dispute(SQLModel, table=True):
    """Two distributors claim one customer; it ends in one decision with a reason. One is open per customer."""

    __tablename__ = "dispute"
    __table_args__ = (
        Index(
            "dispute_open",
            "member_id",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
        CheckConstraint("(decided_at is null) = (reason is null)", name="dispute_reason"),
    )

    id: int = key()
    member_id: int = link("member.id", index=True)
    claimant_id: int = link("distributor.id")
    holder_id: int | None = link("distributor.id", default=None, nullable=True)
    claim: str
    opened_by: str
    opened_at: dt.datetime = instant()
    winner_id: int | None = link("distributor.id", default=None, nullable=True)
    reason: str | None = None
    decided_by: str | None = None
    decided_at: dt.datetime | None = instant(default=None)
