"""One effect and one answer for each webhook-id of a merchant, kept for ever."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import tables as t
from models.upsert import upsert

_a = t.api_answer.c


@dataclass(frozen=True, slots=True)
class Claimed:
    """The id is ours in this transaction."""

    id: int


@dataclass(frozen=True, slots=True)
class Answered:
    """The id was used before: for which request, and what was answered."""

    request_hash: str
    status: int
    answer: dict[str, Any]


def find(session: Session, merchant_id: int, webhook_id: str) -> Answered | None:
    """The first answer to this id, if there was one."""
    row = session.execute(
        select(_a.request_hash, _a.status, _a.answer).where(_a.merchant_id == merchant_id, _a.webhook_id == webhook_id)
    ).first()
    return Answered(row.request_hash, row.status, dict(row.answer)) if row else None


def claim(
    session: Session, merchant_id: int, webhook_id: str, *, request_hash: str, now: dt.datetime
) -> Claimed | Answered:
    """Take the id before anything is done; whoever comes second waits for the first one's transaction to end."""
    values = {"merchant_id": merchant_id, "webhook_id": webhook_id, "request_hash": request_hash}
    fresh = upsert(session, t.api_answer).values(**values, status=0, answer={}, at=now)
    taken = session.scalar(fresh.on_conflict_do_nothing(index_elements=["merchant_id", "webhook_id"]).returning(_a.id))
    if taken is not None:
        return Claimed(int(taken))
    known = find(session, merchant_id, webhook_id)
    assert known is not None, "an id in conflict has a row"
    return known


def remember(session: Session, claimed: Claimed, *, status: int, answer: dict[str, Any]) -> None:
    """Keep the answer, in the transaction of its effect."""
    session.execute(update(t.api_answer).where(_a.id == claimed.id).values(status=status, answer=answer))
