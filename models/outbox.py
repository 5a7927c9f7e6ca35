"""What must still be done in the outside world, and the clock's own rows."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.columns import instant, key, link, structured


class OutboxRow(SQLModel, table=True):
    """One thing to do outside (send, draw, pay); ``once`` can be used only once, for ever."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("state in ('waiting','claimed','done','given_up')", name="outbox_state"),
        Index("outbox_due", "state", "not_before", "id"),
    )

    id: int = key()
    kind: str
    once: str = Field(unique=True)
    member_id: int | None = link("member.id", default=None, nullable=True)
    facts: dict[str, object] = structured()
    state: str
    not_before: dt.datetime = instant()
    tries: int = 0
    lease_until: dt.datetime | None = instant(default=None)
    claimed_by: str | None = None
    result: str | None = None
    created_at: dt.datetime = instant()
    done_at: dt.datetime | None = instant(default=None)


class Heartbeat(SQLModel, table=True):
    """When each worker and job last ran."""

    __tablename__ = "heartbeat"

    name: str = Field(primary_key=True)
    at: dt.datetime = instant()
    facts: dict[str, object] = structured(default_factory=dict)
