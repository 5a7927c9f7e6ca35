"""Operators of the console, their sessions, and the audit trail."""

import datetime as dt

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.columns import instant, key, link, structured


class Operator(SQLModel, table=True):
    """A person with a console account at one merchant."""

    __tablename__ = "operator"

    id: int = key()
    merchant_id: int = link("merchant.id", index=True)
    name: str = Field(unique=True)
    password_hash: str
    role: str
    active: bool = True
    failed_logins: int = 0
    #: Log-in is refused until then (grows with every failure).
    wait_until: dt.datetime | None = instant(default=None)
    created_at: dt.datetime = instant()


class ConsoleSession(SQLModel, table=True):
    """A logged-in browser; only the hash of its token is kept, deleting the row logs it out."""

    __tablename__ = "console_session"

    id: int = key()
    token_hash: str = Field(unique=True)
    operator_id: int = link("operator.id", index=True)
    created_at: dt.datetime = instant()
    seen_at: dt.datetime = instant()


class AuditEntry(SQLModel, table=True):
    """Who changed what when; written in the transaction of the change; append-only."""

    __tablename__ = "audit"
    __table_args__ = (Index("audit_subject", "subject", "id"),)

    id: int = key()
    merchant_id: int | None = link("merchant.id", default=None, nullable=True)
    actor: str
    action: str
    subject: str
    facts: dict[str, object] = structured(default_factory=dict)
    at: dt.datetime = instant()
    #: SHA-256 of the entry, for the chain over the trail.
    digest: str = ""
