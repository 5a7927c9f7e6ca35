"""Rows that nobody needs any more; everything about money is kept for ever."""

import datetime as dt

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models import tables as t

#: Longer than any log-in of the console lives.
_LOG_IN_LIFE = dt.timedelta(days=1)
_CARD_LIFE = dt.timedelta(days=30)


def log_ins(session: Session, *, now: dt.datetime) -> int:
    """Drop log-ins of the console that ran out long ago; how many."""
    s = t.console_session.c
    return len(
        session.execute(delete(t.console_session).where(s.created_at < now - _LOG_IN_LIFE).returning(s.id)).all()
    )


def cards(session: Session, *, now: dt.datetime) -> int:
    """Drop decision cards that lapsed a month ago (what came of them is in the audit trail); how many."""
    c = t.decision_card.c
    return len(session.execute(delete(t.decision_card).where(c.until < now - _CARD_LIFE).returning(c.id)).all())
