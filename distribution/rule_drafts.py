"""The rules a merchant is working on: one draft, tried before it is published."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from distribution import policy
from distribution.policy import Policy
from models import PolicyDraft
from models import tables as t
from models.upsert import upsert


def find(session: Session, merchant_id: int) -> PolicyDraft | None:
    """The merchant's draft, or None."""
    return session.get(PolicyDraft, merchant_id)


def terms_of(session: Session, merchant_id: int) -> Policy | None:
    """The draft as a policy, or None; Refusal when it cannot stand any more."""
    row = find(session, merchant_id)
    return policy.read(row.document) if row else None


def save(session: Session, merchant_id: int, document: Mapping[str, Any], *, by: str, now: dt.datetime) -> Policy:
    """Keep ``document`` instead of an earlier draft; Refusal (invalid_policy, depth_not_allowed) if it cannot stand."""
    clean = policy.read({name: value for name, value in document.items() if name not in {"id", "version"}})
    told = {"document": clean.model_dump(mode="json", exclude={"id", "version"}), "saved_by": by, "saved_at": now}
    statement = upsert(session, t.policy_draft).values(merchant_id=merchant_id, **told)
    session.execute(statement.on_conflict_do_update(index_elements=["merchant_id"], set_=told))
    return clean


def drop(session: Session, merchant_id: int) -> None:
    """Forget the draft, if there is one."""
    session.execute(delete(t.policy_draft).where(t.policy_draft.c.merchant_id == merchant_id))
