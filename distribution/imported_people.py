"""Distributors from another system, many at once: with their codes, their inviters, and since when they are there."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from distribution import audit, codes, team
from models import tables as t
from models.direct import Direct, as_rows, insert_numbered, insert_rows, stored
from models.states import DistributorState as State

#: What stands for the version of the rules: consent was given elsewhere.
TERMS = "imported"
_d, _m = t.distributor.c, t.member.c
_MEET = Direct(
    "insert into member (appid, openid, following, notices, created_at)"
    " select cast(:appid as varchar), r.value ->> 0, false, true, @instant(:now) from @each(:rows)"
    " where true on conflict do nothing"
)
_PERSON = (
    "member_id", "code", "name", "phone", "state", "inviter_id", "level_id", "terms_version", "applied_at",
    "decided_at", "reason",
)  # fmt: skip
_EVENT = ("distributor_id", "kind", "value", "actor", "reason", "at")
_BY, _REASON = "import", "从原系统导入"


class Wrong(StrEnum):
    """Why somebody cannot be taken over."""

    CODE_TAKEN = "code_taken"
    OTHER_CODE = "other_code"
    PHONE_TAKEN = "phone_taken"
    UNKNOWN_LEVEL = "unknown_level"
    UNKNOWN_INVITER = "unknown_inviter"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody as the list tells; an empty code asks for a new one. Codes are in capitals."""

    openid: str
    code: str
    name: str
    phone: str
    state: str
    joined_at: dt.datetime
    inviter_code: str | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of somebody: ``new``, ``held`` (we knew him) or ``wrong`` with why and whom it collides with."""

    what: str
    why: Wrong | None = None
    other: str = ""


@dataclass(slots=True)
class _Known:
    """What the database says of everybody a chunk names."""

    codes: dict[str, int] = field(default_factory=dict)
    openids: dict[str, str] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    levels: dict[str, int] = field(default_factory=dict)

    def level_of(self, each: Newcomer) -> int | None:
        """The id of the level he is to have."""
        return self.levels[each.level] if each.level else None


def take_all(
    session: Session,
    people: Sequence[Newcomer],
    *,
    appid: str,
    file: str,
    now: dt.datetime,
    expected: Collection[str] = (),
) -> list[Verdict]:
    """Take over everybody who can be; an inviter is there before those invited.

    Nobody stands twice in ``people``. Inviters in ``expected`` count as known, for a trial run: who has one is judged,
    not written.
    """
    known = _look_up(session, people, appid)
    verdicts = [_judged(each, known, expected) for each in people]
    fresh = [each for each, verdict in zip(people, verdicts, strict=True) if verdict.what == "new"]
    _write(session, [each for each in fresh if _placed(each, known)], known, appid=appid, now=now)
    if fresh:
        facts = {"new": len(fresh), "file": file}
        audit.write(session, actor=_BY, action="distributors.imported", subject="distributors", facts=facts, now=now)
    return verdicts


def _look_up(session: Session, people: Sequence[Newcomer], appid: str) -> _Known:
    named = {each.code for each in people} | {each.inviter_code for each in people if each.inviter_code}
    joined = select(_m.openid, _d.code).join(t.member, _m.id == _d.member_id)
    phones = select(_d.phone, _d.code).where(_d.phone.in_({each.phone for each in people}))
    return _Known(
        codes=_pairs(session, select(_d.code, _d.id).where(_d.code.in_(named))),
        openids=_pairs(session, joined.where(_m.appid == appid, _m.openid.in_({each.openid for each in people}))),
        phones=_pairs(session, phones),
        levels=_pairs(session, select(t.level.c.name, t.level.c.id)),
    )


def _pairs(session: Session, chosen: Any) -> dict[str, Any]:
    return {first: second for first, second in session.execute(chosen)}


def _judged(each: Newcomer, known: _Known, expected: Collection[str]) -> Verdict:
    own = known.openids.get(each.openid)
    if own is not None:
        return Verdict("held") if each.code in ("", own) else Verdict("wrong", Wrong.OTHER_CODE, own)
    if each.code in known.codes:
        return Verdict("wrong", Wrong.CODE_TAKEN, each.code)
    if each.phone in known.phones:
        return Verdict("wrong", Wrong.PHONE_TAKEN, known.phones[each.phone])
    if each.level is not None and each.level not in known.levels:
        return Verdict("wrong", Wrong.UNKNOWN_LEVEL, each.level)
    if not _placed(each, known) and each.inviter_code not in expected:
        return Verdict("wrong", Wrong.UNKNOWN_INVITER, each.inviter_code or "")
    return Verdict("new")


def _placed(each: Newcomer, known: _Known) -> bool:
    return each.inviter_code is None or each.inviter_code in known.codes


def _write(session: Session, people: Sequence[Newcomer], known: _Known, *, appid: str, now: dt.datetime) -> None:
    if not people:
        return
    met = _met(session, [each.openid for each in people], appid, now)
    rows: list[tuple[Any, ...]] = []
    used = {each.code for each in people}
    for each in people:
        code = each.code or codes.new_code(session, used)
        used.add(code)
        rows.append(_person(each, met[each.openid], code, known))
    ids = insert_numbered(session, t.distributor, _PERSON, rows)
    insert_rows(session, t.distributor_event, _EVENT, _events(ids, people, known))
    team.plant(session, ids)
    draft = t.registration_draft
    session.execute(delete(draft).where(draft.c.member_id.in_(met.values())))


def _met(session: Session, openids: Sequence[str], appid: str, now: dt.datetime) -> dict[str, int]:
    _MEET.rows(session, appid=appid, rows=as_rows((openid,) for openid in openids), now=stored(now))
    return _pairs(session, select(_m.openid, _m.id).where(_m.appid == appid, _m.openid.in_(openids)))


def _person(each: Newcomer, member_id: int, code: str, known: _Known) -> tuple[Any, ...]:
    at = stored(each.joined_at)
    decided = at if each.state != State.PENDING else None
    reason = _REASON if each.state in (State.REJECTED, State.FROZEN, State.TERMINATED) else None
    inviter_id = known.codes[each.inviter_code] if each.inviter_code else None
    told = each.name, each.phone, each.state, inviter_id, known.level_of(each)
    return member_id, code, *told, TERMS, at, decided, reason


def _events(ids: Iterable[int], people: Iterable[Newcomer], known: _Known) -> Iterable[tuple[Any, ...]]:
    for number, each in zip(ids, people, strict=True):
        at, level_id = stored(each.joined_at), known.level_of(each)
        yield number, "state", each.state, _BY, _REASON, at
        if level_id is not None:
            yield number, "level", str(level_id), _BY, None, at
