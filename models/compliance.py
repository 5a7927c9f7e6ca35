"""The compliance guard's rows: alarms, people under review, words that an owner let pass."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from models.columns import instant, key, link, structured


class ComplianceAlarm(SQLModel, table=True):
    """Something a person must look at; one row a subject, decided with a reason."""

    __tablename__ = "compliance_alarm"
    __table_args__ = (
        CheckConstraint("kind in ('tree','recruiting','ring','entry')", name="compliance_alarm_kind"),
        Index("compliance_alarm_open", "decided_at", "id"),
    )

    id: int = key()
    kind: str
    #: ``tree:7``, ``recruiting:1``, ``ring:3-5-8``, ``entry:product:4``.
    subject: str = Field(unique=True)
    facts: dict[str, object] = structured()
    at: dt.datetime = instant()
    decided_at: dt.datetime | None = instant(default=None)
    decided_by: str | None = None
    reason: str | None = None


class Review(SQLModel, table=True):
    """Somebody's settlements and withdrawals wait while a person looks; at most one review is open."""

    __tablename__ = "review"
    __table_args__ = (
        Index(
            "review_open",
            "distributor_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: int = key()
    distributor_id: int = link("distributor.id")
    alarm_id: int = link("compliance_alarm.id", index=True)
    #: What the person reads.
    reason: str
    since: dt.datetime = instant()
    ended_at: dt.datetime | None = instant(default=None)
    ended_by: str | None = None


class WordingRelease(SQLModel, table=True):
    """Listed words of a material that an owner let pass, and why."""

    __tablename__ = "wording_release"

    id: int = key()
    material_id: int = link("material.id", index=True)
    words: list[str] = structured()
    reason: str
    by: str
    at: dt.datetime = instant()
