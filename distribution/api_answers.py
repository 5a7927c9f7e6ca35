"""One effect and one answer for each webhook-id of a merchant, kept for ever."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution.refusals import Refusal
from models import tables as t
from models.direct import Direct, as_rows, stored
from models.json_text import read_json

_a = t.api_answer.c
_CLAIM = Direct(
    "insert into api_answer (merchant_id, webhook_id, request_hash, status, answer, at)"
    " select cast(:merchant as bigint), r.value ->> 0, r.value ->> 1, 0, r.value -> 2, @instant(:now)"
    " from @each(:rows) where true on conflict (merchant_id, webhook_id) do nothing returning webhook_id, id"
)
_HELD = Direct(
    "select a.webhook_id, a.request_hash, a.status, a.answer from @each(:rows) cross join api_answer a"
    " where a.merchant_id = :merchant and a.webhook_id = r.value ->> 0"
)
_KEEP = Direct(
    "update api_answer set status = cast(r.value ->> 1 as integer), answer = r.value -> 2 from @each(:rows)"
    " where api_answer.id = cast(r.value ->> 0 as bigint)"
)
_RELEASE = Direct("delete from api_answer where id in (select cast(r.value ->> 0 as bigint) from @each(:rows))")
DONE = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: its webhook-id and the hash of all it says."""

    webhook_id: str
    request_hash: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """The id is ours in this transaction."""

    id: int


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered to an id, and to which request: now, or when it came first."""

    request_hash: str
    status: int
    answer: dict[str, Any]


class Reused(Exception):
    """A webhook-id that was used for another request."""


def find(session: Session, merchant_id: int, webhook_id: str) -> Answered | None:
    """The first answer to this id, if there was one."""
    row = session.execute(
        select(_a.request_hash, _a.status, _a.answer).where(_a.merchant_id == merchant_id, _a.webhook_id == webhook_id)
    ).first()
    return Answered(row.request_hash, row.status, dict(row.answer)) if row else None


def once(
    session: Session, merchant_id: int, asked: Asked, work: Callable[[], dict[str, Any]], *, now: dt.datetime
) -> Answered:
    """Do the work if the id is new; the first answer to it. Raises Reused, and what the work raises."""
    (claimed,) = _claim(session, merchant_id, [asked], now=now)
    if isinstance(claimed, Reused):
        raise claimed
    if isinstance(claimed, Answered):
        return claimed
    answer = work()
    _remember(session, [(claimed, answer)])
    return Answered(asked.request_hash, DONE, answer)


def once_each(
    session: Session,
    merchant_id: int,
    asked: Sequence[Asked],
    work: Callable[[Sequence[int]], Sequence[dict[str, Any] | Refusal]],
    *,
    now: dt.datetime,
) -> list[Answered | Reused | Refusal | None]:
    """As ``once`` for many: ``work`` is told the places of those whose id is new, and answers or refuses each.

    The id of one that is refused stays free. None: it repeats an id among these, and must ask again after them.
    """
    first: dict[str, int] = {}
    for place, each in enumerate(asked):
        first.setdefault(each.webhook_id, place)
    claims = _claim(session, merchant_id, [asked[place] for place in first.values()], now=now)
    found: dict[int, Claimed | Answered | Reused] = dict(zip(first.values(), claims, strict=True))
    ours = {place: claim for place, claim in found.items() if isinstance(claim, Claimed)}
    done = dict(zip(ours, work([*ours]), strict=True)) if ours else {}
    _remember(session, [(ours[place], said) for place, said in done.items() if not isinstance(said, Refusal)])
    _release(session, [ours[place] for place, said in done.items() if isinstance(said, Refusal)])
    told: dict[int, Answered | Reused | Refusal] = {
        place: said if isinstance(said, Refusal) else Answered(asked[place].request_hash, DONE, said)
        for place, said in done.items()
    }
    told |= {place: claim for place, claim in found.items() if not isinstance(claim, Claimed)}
    return [told.get(place) for place in range(len(asked))]


def _claim(
    session: Session, merchant_id: int, asked: Sequence[Asked], *, now: dt.datetime
) -> list[Claimed | Answered | Reused]:
    """Take the ids (all different) before anything is done; for those that were used before, what was answered.

    Whoever comes second waits for the first one's transaction to end; nobody waits in a ring.
    """
    rows = as_rows(sorted((each.webhook_id, each.request_hash, {}) for each in asked))
    taken = dict(_CLAIM.rows(session, merchant=merchant_id, rows=rows, now=stored(now)))
    if len(taken) == len(asked):
        return [Claimed(taken[each.webhook_id]) for each in asked]
    rows = as_rows((each.webhook_id,) for each in asked if each.webhook_id not in taken)
    held = {name: told for name, *told in _HELD.rows(session, merchant=merchant_id, rows=rows)}
    return [
        Claimed(taken[each.webhook_id]) if each.webhook_id in taken else _again(each, *held[each.webhook_id])
        for each in asked
    ]


def _remember(session: Session, answers: Sequence[tuple[Claimed, dict[str, Any]]]) -> None:
    """Keep the answers, in the transaction of their effects."""
    if answers:
        _KEEP.rows(session, rows=as_rows((claimed.id, DONE, answer) for claimed, answer in answers))


def _release(session: Session, claims: Sequence[Claimed]) -> None:
    """Give ids back that had no effect, as if they had never been claimed."""
    if claims:
        _RELEASE.rows(session, rows=as_rows((claimed.id,) for claimed in claims))


def _again(asked: Asked, request_hash: str, status: int, answer: Any) -> Answered | Reused:
    if asked.request_hash != request_hash:
        return Reused()
    return Answered(request_hash, status, read_json(answer) if isinstance(answer, str) else answer)
