"""Whom a row is for, and what to note when WeChat says that the person has left."""

from dataclasses import dataclass
from datetime import datetime

from distribution import members
from distribution.outbox import Claimed
from scheduler.outcomes import GiveUp, Outcome, Record, Retry, backoff, refused, surely_not_done, told
from scheduler.parts import Parts
from wechat.errors import Action, Outside

LEFT = "已取消关注"
CLOSED = "聊天窗口已关闭"
#: WeChat refuses a double by its client id for ten minutes; a repeat must be well within.
_GUARDED_SECONDS = 540


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to write to; ``left``: we were told that they left."""

    openid: str
    left: bool


def person_of(parts: Parts, row: Claimed) -> Person | None:
    """The person of a row: by member, or by the openid in its facts."""
    if row.member_id is None:
        openid = row.facts.get("openid")
        return Person(openid, left=False) if isinstance(openid, str) and openid else None
    with parts.database.reading() as session:
        member = members.find_member(session, row.member_id)
    if member is None:
        return None
    return Person(member.openid, left=not member.following and member.follow_event_at is not None)


def gone(row: Claimed, *, began: datetime) -> GiveUp:
    """WeChat says that this person does not follow (any more): note it."""
    return GiveUp(LEFT, left_since(row.member_id, began))


def left_since(member_id: int | None, began: datetime) -> Record | None:
    """Writes down that a member had left when the try began."""
    if member_id is None:
        return None
    # WeChat stamps whole seconds: somebody who comes back within this one is not overlooked.
    at = began.replace(microsecond=0)
    return lambda session, now: members.record_unfollow(session, member_id, at=at, now=now)


def unguarded(row: Claimed, error: Outside, *, now: datetime, repeatable: bool) -> Outcome:
    """The outcome of a chat message that was not taken: an unknown one is repeated only if that does no harm."""
    if error.action is Action.GONE:
        return gone(row, began=now)
    if error.action is Action.ELSEWHERE:
        return GiveUp(f"{CLOSED}：{told(error)}")
    if error.action is Action.UNKNOWN and not surely_not_done(error):
        return doubtful(row, error, repeatable=repeatable)
    return refused(row, error, now=now)


def guarded(row: Claimed, error: Outside, *, now: datetime) -> Outcome:
    """The outcome of a message with a client id: an unknown one is repeated while WeChat refuses doubles."""
    if error.action is Action.GONE:
        return gone(row, began=now)
    if error.action is Action.ELSEWHERE:
        return GiveUp(told(error))
    if error.action is Action.UNKNOWN and not surely_not_done(error):
        return doubtful(row, error, repeatable=not too_late(row, now, backoff(row)))
    return refused(row, error, now=now)


def doubtful(row: Claimed, error: Outside, *, repeatable: bool) -> Outcome:
    """Nobody knows whether it arrived."""
    if repeatable:
        return Retry(told(error), backoff(row), unknown=True)
    return GiveUp(f"unknown: {told(error)}")


def too_late(row: Claimed, now: datetime, wait: float = 0.0) -> bool:
    """Whether a repeat could reach the person twice: an earlier try may have, longer ago than doubles are refused."""
    since = row.unknown_since
    return since is not None and (now - since).total_seconds() + wait > _GUARDED_SECONDS
