"""Whether the daily run is due: once a Shanghai day, at three in the morning, by one worker."""

import datetime as dt

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from distribution import heartbeats, level_reviews, levels, poster_renewals
from distribution.rules.calendar import SHANGHAI, day_of
from models import tables as t

_NAME, _HOUR = "nightly", 3
#: A run that began so long ago and has not ended is taken for dead, and made again.
_PATIENCE = dt.timedelta(hours=1)
_LOCK = 20261129


def claim(session: Session, *, now: dt.datetime) -> bool | None:
    """Begin today's run: True once a day; False when it is not due; None at the very first, which only adds up."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    last = heartbeats.last(session, _NAME)
    if last is not None and not _due(last[0], bool(last[1].get("done")), now):
        return False
    heartbeats.beat(session, _NAME, now=now, facts={"done": False})
    return True if last is not None else None


def done(session: Session, *, now: dt.datetime) -> None:
    """Today's run has ended."""
    heartbeats.beat(session, _NAME, now=now, facts={"done": True})


def next_due(session: Session) -> dt.datetime | None:
    """When the next run has something to wait for: levels, tasks, contests, codes that die, warnings."""
    warned = level_reviews.next_due(session)
    last = heartbeats.last(session, _NAME)
    if last is None or not _anything_open(session):
        return warned
    tonight = _three(day_of(last[0]) + dt.timedelta(days=1 if last[0] >= _three(day_of(last[0])) else 0))
    return min(tonight, warned) if warned else tonight


def is_due(session: Session, *, now: dt.datetime) -> bool:
    """Whether ``claim`` would begin a run now."""
    last = heartbeats.last(session, _NAME)
    return last is None or _due(last[0], bool(last[1].get("done")), now)


def _due(at: dt.datetime, ended: bool, now: dt.datetime) -> bool:
    if not ended:
        return now >= at + _PATIENCE
    newest = _three(day_of(now))
    newest = newest if newest <= now else newest - dt.timedelta(days=1)
    return at < newest


def _three(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(_HOUR), SHANGHAI).astimezone(dt.UTC)


def _anything_open(session: Session) -> bool:
    task, contest = t.task.c, t.contest.c
    waiting = select(
        or_(
            select(task.id).where(task.state == "open").exists(),
            select(contest.id).where(contest.state == "open").exists(),
        )
    )
    goals = any(row.need for row in levels.all_levels(session)) or bool(session.scalar(waiting))
    return goals or poster_renewals.anything(session)
