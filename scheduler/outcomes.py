"""How a try to do something outside can end, and what WeChat's refusals mean for the next one."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from distribution.outbox import Claimed
from models.database import Session
from wechat.errors import Action, Outside

log = structlog.get_logger()

#: Rows of our own that are written together with the end of the try.
Record = Callable[[Session, datetime], object]

_FIRST_WAIT, _LONGEST_WAIT = 5.0, 600.0
_STOPPED_WAIT = 300.0
#: A fault on our side is waited out this long before the message is worth nothing any more.
_STOPPED_FOR = timedelta(hours=24)
#: WeChat answered that it did nothing: busy, or an error page of its gate.
_NOT_TAKEN = frozenset((-1, "HTTP 500", "HTTP 502", "HTTP 503"))


@dataclass(frozen=True, slots=True)
class Done:
    """It happened, or there was nothing to do."""

    result: str
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class GiveUp:
    """It will not happen, and why."""

    reason: str
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """Again after ``wait`` seconds; ``unknown``: this try may have taken effect; ``free``: it does not count."""

    reason: str
    wait: float
    record: Record | None = None
    unknown: bool = False
    free: bool = False


Outcome = Done | GiveUp | Retry


def backoff(row: Claimed) -> float:
    """Seconds to the next try: five, doubling to ten minutes, a fifth more or less so that rows do not march."""
    wait: float = min(_FIRST_WAIT * 2 ** min(row.tries - 1, 10), _LONGEST_WAIT)
    spread = int(hashlib.sha256(f"{row.once}:{row.tries}".encode()).hexdigest()[:4], 16) / 0xFFFF
    return wait * (0.8 + 0.4 * spread)


def surely_not_done(error: Outside) -> bool:
    """Whether a call without a key of its own may simply be repeated."""
    return error.action is Action.RETRY or error.code in _NOT_TAKEN


def told(error: Outside) -> str:
    """The refusal in a few words, for the row."""
    return str(error)


def refused(row: Claimed, error: Outside, *, now: datetime) -> Retry | GiveUp:
    """The outcome of a refusal that leaves no doubt: again later, or never."""
    if error.alarm:
        log.error("outbox.alarm", row=row.id, kind=row.kind, call=error.call, code=error.code)
    if error.action is Action.STOP and now - row.created_at < _STOPPED_FOR:
        return Retry(told(error), _STOPPED_WAIT, free=True)
    if error.action is Action.DAY:
        return Retry(told(error), max(error.retry_after, backoff(row)), free=True)
    if surely_not_done(error):
        return Retry(told(error), max(error.retry_after, backoff(row)))
    return GiveUp(told(error))
