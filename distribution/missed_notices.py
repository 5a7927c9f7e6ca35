"""Notices that found the chat closed: the newest are sent when the person speaks again."""

import datetime as dt
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import tables as t
from models.states import OutboxState

#: So many messages leave room for the answers to what the person says.
MOST = 3
_LATEST = dt.timedelta(days=7)
#: By then these are true no longer, or were never news of the person's own.
_STALE = frozenset(("stock", "card", "poster"))
_m, _o = t.member.c, t.outbox_row.c


def note(session: Session, member_id: int, row_id: int, facts: dict[str, Any]) -> None:
    """A notice did not reach this person; one that waits for a tap by its link, or is stale by then, is let go."""
    if facts.get("link") or facts.get("kind") in _STALE:
        return
    held = session.scalar(select(_m.missed).where(_m.id == member_id).with_for_update(key_share=True))
    kept = [*_ids(held), row_id][-MOST:]
    session.execute(update(t.member).where(_m.id == member_id).values(missed=",".join(map(str, kept))))


def catch_up(session: Session, member_id: int, *, now: dt.datetime) -> int:
    """Send what this person missed within a week, in its order; how many."""
    ids = _ids(session.scalar(select(_m.missed).where(_m.id == member_id).with_for_update(key_share=True)))
    session.execute(update(t.member).where(_m.id == member_id).values(missed=None))
    ended = (_o.id.in_(ids), _o.state == OutboxState.GIVEN_UP, _o.created_at > now - _LATEST)
    fresh = {"state": str(OutboxState.WAITING), "not_before": now, "tries": 0, "done_at": None}
    return len(session.execute(update(t.outbox_row).where(*ended).values(**fresh).returning(_o.id)).all())


def _ids(held: str | None) -> list[int]:
    return [int(each) for each in (held or "").split(",") if each]
