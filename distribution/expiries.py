"""Bindings that run out: distributors are reminded three days before, and told afterwards, once a day at ten (R13)."""

import datetime as dt
from collections import Counter
from typing import Any

from sqlalchemy import ColumnElement, insert, or_, select, update
from sqlalchemy.orm import Session

from distribution import binding_notices
from distribution.rules.calendar import SHANGHAI, day_of, start_of
from models import tables as t

_b = t.binding.c
_HOUR, _AHEAD = 10, dt.timedelta(days=3)


def run(session: Session, *, now: dt.datetime, limit: int = 500) -> int:
    """Close what ran out and remind of what will, as far as today's round reaches; how many bindings.

    A binding that is never closed here has run out all the same: its own end decides.
    """
    today = _round(now)
    return _close(session, today, now=now, limit=limit) + _remind(session, today, now=now, limit=limit)


def close_of(session: Session, member_id: int, *, now: dt.datetime) -> None:
    """Close what of one customer has run out, before the day's round; nobody is told."""
    _ended(session, _b.member_id == member_id, _b.valid_until <= now, limit=1)


def next_due(session: Session) -> dt.datetime | None:
    """The next round that has something to do; None when no binding ends."""
    ends = select(_b.valid_until).where(_b.ended_at.is_(None), _b.valid_until.is_not(None)).order_by(_b.valid_until)
    first = session.scalar(ends.limit(1))
    unreminded = session.scalar(ends.where(_news()).limit(1))
    moments = [_at_ten(day_of(first) + dt.timedelta(days=1))] if first else []
    moments += [_at_ten(day_of(unreminded) - _AHEAD)] if unreminded else []
    return min(moments, default=None)


def _close(session: Session, today: dt.date, *, now: dt.datetime, limit: int) -> int:
    rows = _ended(session, _b.valid_until < start_of(today), limit=limit)
    for person, count in sorted(Counter(row.distributor_id for row in rows).items()):
        binding_notices.ended(session, person, count, today, now=now)
    return len(rows)


def _ended(session: Session, *over: ColumnElement[bool], limit: int) -> list[Any]:
    """What ran out and was closed."""
    asked = select(_b.id, _b.member_id, _b.distributor_id, _b.valid_until).where(_b.ended_at.is_(None), *over)
    rows = list(session.execute(asked.order_by(_b.id).limit(limit).with_for_update(skip_locked=True)))
    if not rows:
        return []
    ids = [row.id for row in rows]
    session.execute(update(t.binding).where(_b.id.in_(ids)).values(ended_at=_b.valid_until))
    told = {"act": "", "kind": "expired", "channel": "term", "facts": {}}
    events = [
        told | {"member_id": row.member_id, "distributor_id": row.distributor_id, "at": row.valid_until} for row in rows
    ]
    session.execute(insert(t.binding_event), events)
    return rows


def _remind(session: Session, today: dt.date, *, now: dt.datetime, limit: int) -> int:
    soon = (_b.ended_at.is_(None), _b.valid_until < start_of(today + _AHEAD + dt.timedelta(days=1)), _news())
    found = select(_b.id, _b.distributor_id, _b.bound_at, _b.valid_until).where(*soon).order_by(_b.id).limit(limit)
    rows = session.execute(found.with_for_update(skip_locked=True)).all()
    ids = [row.id for row in rows]
    session.execute(update(t.binding).where(_b.id.in_(ids)).values(reminded_of=_b.valid_until))
    # Who is bound for some days only, and who is over by now, is no news.
    worth = [row for row in rows if row.valid_until > now and row.valid_until - row.bound_at > _AHEAD]
    for person, count in sorted(Counter(row.distributor_id for row in worth).items()):
        binding_notices.expiring(session, person, count, today, now=now)
    return len(rows)


def _news() -> ColumnElement[bool]:
    return or_(_b.reminded_of.is_(None), _b.reminded_of != _b.valid_until)


def _round(now: dt.datetime) -> dt.date:
    """The day of the last round at ``now``."""
    day = day_of(now)
    return day if now >= _at_ten(day) else day - dt.timedelta(days=1)


def _at_ten(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(_HOUR), SHANGHAI).astimezone(dt.UTC)
