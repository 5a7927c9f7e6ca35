"""What is done once a day: levels, badges, tasks, prizes, points, the guard; and the sums that boards read, at once."""

from collections.abc import Callable
from datetime import date as Day
from datetime import datetime, timedelta

import structlog

from distribution import (
    compliance,
    contests,
    honours,
    level_reviews,
    levels,
    metrics,
    nightly,
    points,
    poster_renewals,
    tallies,
    tally_rebuild,
    tasks,
)
from distribution.rules.calendar import day_of
from models.database import Session
from scheduler.parts import Parts

log = structlog.get_logger()

_PEOPLE = 200


def add_up(parts: Parts) -> int:
    """Add up what changed orders have touched; how many changes."""
    changes = 0
    while _asks(parts, tallies.pending):
        changes += parts.database.write(tallies.refresh)
    return changes


def every_day(parts: Parts) -> int:
    """The daily run, by one worker, at three in the morning; how many things it changed."""
    now = parts.clock.now()
    if not _asks(parts, lambda session: nightly.is_due(session, now=now)):
        return _judged(parts, now)
    begun = parts.database.write(lambda session: nightly.claim(session, now=now))
    if begun is False:
        return 0
    if begun is None:
        changes = parts.database.write(tally_rebuild.rebuild)
    else:
        changes = sum(work(parts, now) for work in _WORKS)
        log.info("daily.done", changes=changes)
    parts.database.write(lambda session: nightly.done(session, now=now))
    return changes


def next_due(session: Session) -> datetime | None:
    """The next moment that the daily run has something to do."""
    return nightly.next_due(session)


def _levels(parts: Parts, now: datetime) -> int:
    with parts.database.reading() as session:
        figures = metrics.of_everyone(session)
    lifted = _batches(parts, lambda session: levels.promote(session, figures, now=now, limit=_PEOPLE))
    given = _batches(parts, lambda session: honours.award(session, figures, now=now, limit=_PEOPLE))
    return lifted + given


def _warnings(parts: Parts, now: datetime) -> int:
    return parts.database.write(lambda session: level_reviews.warn(session, now=now)) + _judged(parts, now)


def _judged(parts: Parts, now: datetime) -> int:
    if not _asks(parts, lambda session: (due := level_reviews.next_due(session)) is not None and due <= now):
        return 0
    return parts.database.write(lambda session: level_reviews.judge(session, now=now))


def _goals(parts: Parts, now: datetime) -> int:
    with parts.database.reading() as session:
        task_ids, contest_ids = tasks.due(session, now=now), contests.due(session, now=now)
    changes = 0
    for each in task_ids:
        changes += parts.database.write(lambda session: tasks.evaluate(session, each, now=now))  # noqa: B023
    for each in contest_ids:
        changes += len(parts.database.write(lambda session: contests.evaluate(session, each, now=now)))  # noqa: B023
    return changes


def _points(parts: Parts, now: datetime) -> int:
    return _batches(parts, lambda session: points.expire(session, now=now, limit=_PEOPLE))


def _guard(parts: Parts, now: datetime) -> int:
    return parts.database.write(lambda session: compliance.scan(session, now=now))


def _posters(parts: Parts, now: datetime) -> int:
    return parts.database.write(lambda session: poster_renewals.put(session, now=now))


def _yesterday(parts: Parts, now: datetime) -> int:
    """What no change told of is found by looking at the newest days again."""
    return _add_up_days(parts, [day_of(now) - timedelta(days=back) for back in (0, 1)])


def _add_up_days(parts: Parts, days: list[Day]) -> int:
    for each in days:
        parts.database.write(lambda session: tallies.add_up(session, each))  # noqa: B023
    return 0


def _batches(parts: Parts, work: Callable[[Session], int]) -> int:
    changes = 0
    while done := parts.database.write(work):
        changes += done
        if done < _PEOPLE:
            break
    return changes


def _asks(parts: Parts, question: Callable[[Session], bool]) -> bool:
    with parts.database.reading() as session:
        return question(session)


_WORKS = (_yesterday, _levels, _warnings, _goals, _points, _guard, _posters)
