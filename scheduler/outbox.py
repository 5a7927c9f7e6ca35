"""Claim a row, run its sender outside any transaction, record the outcome in one."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from datetime import timedelta

import structlog

from distribution import outbox
from distribution.outbox import Claimed
from models.database import DatabaseDown, Session
from scheduler.outcomes import Done, GiveUp, Outcome, Retry, backoff
from scheduler.parts import Parts
from scheduler.senders import SENDERS, Sender

log = structlog.get_logger()

Wait = Callable[[], object]
_IN_ORDER = 20


class Bucket:
    """Lets ``per_second`` through; the others wait their turn."""

    def __init__(self, per_second: int) -> None:
        self._gap = 1 / per_second
        self._next = 0.0
        self._guard = threading.Lock()

    def wait(self) -> None:
        """Come back when it is this caller's turn."""
        with self._guard:
            at = max(self._next, time.monotonic())
            self._next = at + self._gap
        time.sleep(max(0.0, at - time.monotonic()))


def drain(parts: Parts, worker: str, pool: Executor, *, ending: Callable[[], bool]) -> int:
    """Do everything that is due, several things at once, at the worker's pace, until ``ending``; how many tries."""
    turn, tries = Bucket(parts.pace.per_second), 0
    running: set[Future[None]] = set()
    while True:
        room = parts.pace.threads - len(running)
        rows = _claim(parts, worker, room) if room and not ending() else []
        running |= {pool.submit(attempt, parts, row, turn.wait) for row in rows}
        tries += len(rows)
        if not running:
            return tries
        _, running = wait(running, return_when=FIRST_COMPLETED)


def drain_in_order(parts: Parts, worker: str) -> int:
    """The same, one thing after another, without a pace: for a clock that stands still meanwhile."""
    tries = 0
    while rows := _claim(parts, worker, _IN_ORDER):
        for row in rows:
            attempt(parts, row)
        tries += len(rows)
    return tries


def attempt(parts: Parts, row: Claimed, turn: Wait | None = None) -> None:
    """Try one claimed row and write down how it ended; only a lost database leaves that to the lease."""
    sender = SENDERS.get(row.kind)
    try:
        outcome = _try(parts, row, sender, turn)
        _record(parts, row, sender, outcome)
    except DatabaseDown as error:
        log.error("outbox.unrecorded", row=row.id, kind=row.kind, error=str(error))
    except Exception:
        log.exception("outbox.unrecorded", row=row.id, kind=row.kind)


def _claim(parts: Parts, worker: str, room: int) -> list[Claimed]:
    now = parts.clock.now()
    with parts.database.reading() as session:
        due = outbox.next_due(session)
    if due is None or due > now:
        return []
    return parts.database.write(lambda session: outbox.claim(session, worker, now=now, limit=room))


def _try(parts: Parts, row: Claimed, sender: Sender | None, turn: Wait | None) -> Outcome:
    if sender is None:
        return GiveUp(f"nobody can do {row.kind}")
    if sender.most_tries is not None and row.tries > sender.most_tries:
        return GiveUp(f"given up after {sender.most_tries} tries")
    if turn is not None:
        turn()
    try:
        return sender.send(parts, row)
    except DatabaseDown:
        raise
    except Exception as error:
        log.exception("outbox.stumbled", row=row.id, kind=row.kind)
        return Retry(f"{type(error).__name__}: {error}"[:200], backoff(row))


def _record(parts: Parts, row: Claimed, sender: Sender | None, outcome: Outcome) -> None:
    now = parts.clock.now()
    if isinstance(outcome, Retry) and not outcome.free and sender and row.tries == sender.most_tries:
        outcome = GiveUp(f"given up after {row.tries} tries: {outcome.reason}", outcome.record)

    def write(session: Session) -> bool:
        if outcome.record is not None:
            outcome.record(session, now)
        if isinstance(outcome, GiveUp) and sender is not None and sender.given_up is not None:
            sender.given_up(session, row, outcome.reason, now)
        return _end(session, row, outcome, parts)

    held = parts.database.write(write)
    log.info("outbox.tried", row=row.id, kind=row.kind, end=type(outcome).__name__, tries=row.tries, held=held)


def _end(session: Session, row: Claimed, outcome: Outcome, parts: Parts) -> bool:
    now = parts.clock.now()
    if isinstance(outcome, Done):
        return outbox.done(session, row.id, row.holder, result=outcome.result, now=now)
    if isinstance(outcome, GiveUp):
        return outbox.give_up(session, row.id, row.holder, reason=outcome.reason, now=now)
    later = now + timedelta(seconds=outcome.wait)
    if outcome.free:
        return outbox.release(session, row.id, row.holder, reason=outcome.reason, not_before=later)
    since = (row.unknown_since or now) if outcome.unknown else None
    return outbox.retry(session, row.id, row.holder, reason=outcome.reason, not_before=later, unknown_since=since)
