"""Messages that changed something: one row each, kept for ever."""

import datetime as dt

from sqlmodel import Field, SQLModel

from models.columns import instant, key, structured


class InboxMessage(SQLModel, table=True):
    """A message of WeChat, claimed by its key and answered once; ``answer`` is repeated to every repeat."""

    __tablename__ = "inbox"

    id: int = key()
    key: str = Field(unique=True)
    openid: str = Field(index=True)
    kind: str
    state: str = Field(index=True)
    answer: dict[str, object] | None = structured(default=None, nullable=True)
    #: For a quarantined message: what was received and what went wrong.
    message: dict[str, object] | None = structured(default=None, nullable=True)
    error: str | None = None
    received_at: dt.datetime = instant()
