"""Which transfers to ask WeChat Pay about: each question is taken by one worker, and comes back if it dies."""

import datetime as dt

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import tables as t
from models.states import WithdrawalState

_w = t.withdrawal.c
#: A question that brought no answer is asked again after this.
ASK_AGAIN = dt.timedelta(seconds=60)


def take(session: Session, *, now: dt.datetime, limit: int = 20) -> list[str]:
    """Numbers to ask about now; nobody else is given them for a minute."""
    due = select(_w.id, _w.no).where(_w.state == WithdrawalState.PAYING, _w.next_query_at <= now)
    rows = session.execute(due.order_by(_w.next_query_at, _w.id).limit(limit).with_for_update(skip_locked=True)).all()
    if rows:
        taken = update(t.withdrawal).where(_w.id.in_([row.id for row in rows]))
        session.execute(taken.values(next_query_at=now + ASK_AGAIN))
    return [row.no for row in rows]
