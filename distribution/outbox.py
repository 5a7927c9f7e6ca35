"""The outbox: what must be done outside, put beside the change that asks for it, claimed by lease, ended once."""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from models import tables as t
from models.direct import Direct, as_rows, stored
from models.states import OutboxState as State
from models.upsert import upsert

_o = t.outbox_row.c
#: What one person reads in the order it was put; every other kind stands for itself.
_TALK = ("notice", "message", "image", "film")
#: Nobody waits for these: everything else goes first.
_LAST = ("campaign", "mass")
LEASE_SECONDS = 60
_UNKNOWN = "unknown since "
_PUT_ALL = Direct(
    "insert into outbox (kind, facts, once, member_id, tries, state, not_before, created_at)"
    " select r.value ->> 0, r.value -> 1, r.value ->> 2, cast(r.value ->> 3 as bigint), 0, cast(:state as varchar),"
    " @instant(:now), @instant(:now) from @each(:rows) where true on conflict (once) do nothing"
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that is ours until the lease ends; ``holder`` is the fence, ``tries`` counts this one.

    ``unknown_since``: an earlier try may have taken effect then (its worker died, or its answer was lost).
    """

    id: int
    kind: str
    facts: dict[str, Any]
    tries: int
    member_id: int | None
    once: str
    holder: str
    created_at: dt.datetime
    unknown_since: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing to do, as ``put`` takes it."""

    kind: str
    facts: dict[str, Any]
    once: str
    member_id: int | None = None


def put(
    session: Session,
    kind: str,
    facts: dict[str, Any],
    *,
    once: str,
    now: dt.datetime,
    member_id: int | None = None,
    not_before: dt.datetime | None = None,
) -> bool:
    """Put one thing to do; False when ``once`` was ever used before (nothing is changed then)."""
    row = _columns(kind, facts, once=once, now=now, member_id=member_id, not_before=not_before)
    statement = upsert(session, t.outbox_row).values(row).on_conflict_do_nothing(index_elements=["once"])
    return session.execute(statement.returning(_o.id)).first() is not None


def put_all(session: Session, things: Sequence[Thing], *, now: dt.datetime) -> None:
    """Put many things to do at once; one whose ``once`` was ever used before changes nothing."""
    if not things:
        return
    told = as_rows((each.kind, each.facts, each.once, each.member_id) for each in things)
    _PUT_ALL.rows(session, rows=told, now=stored(now), state=str(State.WAITING))


def _columns(
    kind: str,
    facts: dict[str, Any],
    *,
    once: str,
    now: dt.datetime,
    member_id: int | None = None,
    not_before: dt.datetime | None = None,
) -> dict[str, Any]:
    """The columns of a new row."""
    row: dict[str, Any] = {"kind": kind, "facts": facts, "once": once, "member_id": member_id, "tries": 0}
    return row | {"state": str(State.WAITING), "not_before": not_before or now, "created_at": now}


def claim(
    session: Session, worker: str, *, now: dt.datetime, limit: int, lease_seconds: int = LEASE_SECONDS
) -> list[Claimed]:
    """Take up to ``limit`` due rows for ``lease_seconds``; a person's messages one by one, campaigns last.

    A row whose lease ran out is due again. Two workers never hold the same row.
    """
    heads = _heads()
    found = session.execute(
        select(t.outbox_row)
        .where(_o.id.in_(select(heads.c.id)), _due(now))
        .order_by(case((_o.kind.in_(_LAST), 1), else_=0), _o.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if not found:
        return []
    holder = f"{worker}#{secrets.token_hex(6)}"
    session.execute(
        update(t.outbox_row)
        .where(_o.id.in_([row.id for row in found]))
        .values(
            state=State.CLAIMED,
            tries=_o.tries + 1,
            claimed_by=holder,
            lease_until=now + dt.timedelta(seconds=lease_seconds),
        )
    )
    return [_claimed(row, holder) for row in found]


def done(session: Session, row_id: int, holder: str, *, result: str, now: dt.datetime) -> bool:
    """It is done, for ever; False when the lease ran out and somebody else holds the row."""
    return _end(session, row_id, holder, state=State.DONE, result=result, done_at=now)


def give_up(session: Session, row_id: int, holder: str, *, reason: str, now: dt.datetime) -> bool:
    """It will not be done, and why; False when somebody else holds the row."""
    return _end(session, row_id, holder, state=State.GIVEN_UP, result=reason, done_at=now)


def retry(
    session: Session,
    row_id: int,
    holder: str,
    *,
    reason: str,
    not_before: dt.datetime,
    unknown_since: dt.datetime | None = None,
) -> bool:
    """Let it be tried again at ``not_before``; False when somebody else holds the row.

    ``unknown_since`` tells the next try that this one may have taken effect.
    """
    if unknown_since is not None:
        reason = f"{_UNKNOWN}{unknown_since.isoformat()} {reason}"
    return _end(session, row_id, holder, state=State.WAITING, result=reason, not_before=not_before)


def release(session: Session, row_id: int, holder: str, *, reason: str, not_before: dt.datetime) -> bool:
    """Give back a row that could not be tried properly: it does not count as a try."""
    fresh = {"tries": _o.tries - 1, "not_before": not_before}
    return _end(session, row_id, holder, state=State.WAITING, result=reason, **fresh)


def free(session: Session, *, now: dt.datetime) -> int:
    """End every lease now, for the only worker there is, before it begins; how many were held by its dead self."""
    held = update(t.outbox_row).where(_o.state == State.CLAIMED, _o.lease_until > now).values(lease_until=now)
    return len(session.execute(held.returning(_o.id)).all())


def next_due(session: Session) -> dt.datetime | None:
    """When the next row can be claimed; None when nothing is left to do."""
    heads = _heads()
    due_at: dt.datetime | None = session.scalar(select(func.min(heads.c.due_at)))
    return due_at


def waiting(session: Session) -> dict[str, int]:
    """How many rows of each kind are not ended yet."""
    rows = session.execute(select(_o.kind, func.count()).where(_is_open()).group_by(_o.kind))
    return {kind: count for kind, count in rows}


def oldest(session: Session) -> dt.datetime | None:
    """Since when the row that waits longest could have been done."""
    since: dt.datetime | None = session.scalar(select(func.min(_o.not_before)).where(_o.state == State.WAITING))
    return since


def again(session: Session, once: str, *, now: dt.datetime) -> bool:
    """Let a row that ended be done once more (a person or a proof asked for it); False when there is none."""
    ended = and_(_o.once == once, _o.state.in_((State.DONE, State.GIVEN_UP)))
    fresh = {"state": str(State.WAITING), "not_before": now, "tries": 0, "done_at": None}
    found = session.execute(update(t.outbox_row).where(ended).values(**fresh).returning(_o.id))
    return found.first() is not None


def _claimed(row: Any, holder: str) -> Claimed:
    since = _unknown_since(row)
    made = row.created_at
    return Claimed(row.id, row.kind, dict(row.facts), row.tries + 1, row.member_id, row.once, holder, made, since)


def _unknown_since(row: Any) -> dt.datetime | None:
    moments = []
    if row.result and row.result.startswith(_UNKNOWN):
        moments.append(dt.datetime.fromisoformat(row.result.removeprefix(_UNKNOWN).split(" ", 1)[0]))
    if row.state == State.CLAIMED:
        moments.append(row.lease_until - dt.timedelta(seconds=LEASE_SECONDS))
    return min(moments, default=None)


def _end(session: Session, row_id: int, holder: str, **values: Any) -> bool:
    held = and_(_o.id == row_id, _o.claimed_by == holder, _o.state == State.CLAIMED)
    ended = {"lease_until": None, "claimed_by": None} | {
        name: str(value) if isinstance(value, State) else value for name, value in values.items()
    }
    return session.execute(update(t.outbox_row).where(held).values(**ended).returning(_o.id)).first() is not None


def _is_open() -> ColumnElement[bool]:
    return _o.state.in_((State.WAITING, State.CLAIMED))


def _due(now: dt.datetime) -> ColumnElement[bool]:
    waits = and_(_o.state == State.WAITING, _o.not_before <= now)
    return or_(waits, and_(_o.state == State.CLAIMED, _o.lease_until <= now))


def _heads() -> Subquery:
    """The first open row of every queue: one queue a person for talk, one a row for everything else."""
    queue = case((and_(_o.kind.in_(_TALK), _o.member_id.is_not(None)), _o.member_id), else_=-_o.id)
    due_at = case((_o.state == State.CLAIMED, _o.lease_until), else_=_o.not_before)
    place = func.row_number().over(partition_by=queue, order_by=_o.id)
    lined = select(_o.id, due_at.label("due_at"), place.label("place")).where(_is_open()).subquery()
    return select(lined.c.id, lined.c.due_at).where(lined.c.place == 1).subquery()
