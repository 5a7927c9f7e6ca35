"""Rows that nobody needs any more; everything about money is kept for ever."""

import datetime as dt

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models import tables as t

#: Longer than any log-in of the console lives.
_LOG_IN_LIFE = dt.timedelta(days=1)


def log_ins(session: Session, *, now: dt.datetime) -> int:
    """Drop log-ins of the console that ran out long ago; how many."""
    s = t.console_session.c
    return len(
        session.execute(delete(t.console_session).where(s.created_at < now - _LOG_IN_LIFE).returning(s.id)).all()
    )
