"""The audit trail: who changed what when, written in the transaction of the change."""

import datetime as dt
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from distribution import digests
from models import tables as t

_a = t.audit_entry.c


def write(
    session: Session,
    *,
    actor: str,
    action: str,
    subject: str,
    now: dt.datetime,
    merchant_id: int | None = None,
    facts: dict[str, Any] | None = None,
) -> None:
    """Add one entry (``distributor:7``, ``withdrawal:W2026…`` are subjects); entries are never changed."""
    told = facts or {}
    digest = digests.of_audit(merchant_id, actor, action, subject=subject, facts=told, at=digests.moment(now))
    session.execute(
        insert(t.audit_entry).values(
            merchant_id=merchant_id, actor=actor, action=action, subject=subject, facts=told, at=now, digest=digest
        )
    )


def done_since(session: Session, action: str, subject: str, since: dt.datetime) -> bool:
    """Whether ``action`` was done to a subject at or after a moment."""
    found = select(_a.id).where(_a.subject == subject, _a.action == action, _a.at >= since).limit(1)
    return session.scalar(found) is not None
