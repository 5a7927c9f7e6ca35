"""Settlement: what is due by its merchant's cycle becomes available, once, whoever asks and however often (R35-R38)."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from distribution import merchants, policy, settlement_batches, settlement_credits, settlement_holds
from distribution.pending_rows import PENDING, waiting
from distribution.refusals import Code, Refusal
from distribution.rules.settlement import Cut, settled_until, settles_at
from distribution.settlement_credits import Earned
from models import tables as t
from models.database import is_retryable
from models.listed import gathered, numbers
from models.states import CommissionState

#: About so many rows are settled in one transaction; all of one person's go together.
CHUNK_ROWS = 10_000
_c = t.commission.c


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one transaction settled; ``after`` is the person to go on behind, None when everybody was looked at."""

    rows: int
    after: int | None


def settle_due(session: Session, *, now: dt.datetime, limit: int = CHUNK_ROWS) -> int:
    """Settle up to about ``limit`` due rows in this transaction; how many. 0 means nothing is left."""
    chunk = settle_chunk(session, now=now, limit=limit)
    while not chunk.rows and chunk.after is not None:
        chunk = settle_chunk(session, now=now, after=chunk.after, limit=limit)
    return chunk.rows


def settle_chunk(session: Session, *, now: dt.datetime, after: int = 0, limit: int = CHUNK_ROWS) -> Chunk:
    """Settle the next ``limit`` due rows of people behind ``after``, in the order of people.

    Rows that another worker or a refund holds at the moment are passed over; a row that cannot be settled is held
    back with an alarm and stops nobody else's.
    """
    part, onward = _part(session, after, limit, now)
    due = _locked(session, _due(session, now).where(part))
    return Chunk(_settle(session, _earned(session, due), now=now), onward)


def next_due(session: Session, *, now: dt.datetime, merchant_id: int | None = None) -> dt.datetime | None:
    """The moment of the next settlement of rows that do not wait for something else, by the cycles in force."""
    chosen = [merchant.id for merchant in merchants.everyone(session)] if merchant_id is None else [merchant_id]
    moments = [_next_of(session, each, now) for each in chosen]
    return min((moment for moment in moments if moment is not None), default=None)


def cuts(session: Session, now: dt.datetime) -> list[Cut]:
    """What a run at ``now`` takes of each merchant, by the cycle of the policy in force."""
    made = []
    for merchant in merchants.everyone(session):
        cycle = policy.in_force(session, merchant.id, now).cycle
        until = settled_until(cycle, now)
        if until is None:
            until = settlement_batches.confirmed_until(session, merchant.id)
        if until is not None:
            made.append(Cut(merchant.id, until, cycle.fen if cycle.mode == "threshold" else None))
    return made


def _due(session: Session, now: dt.datetime) -> Select[Any]:
    plain: dict[dt.datetime, list[int]] = defaultdict(list)
    ways: list[ColumnElement[bool]] = []
    for cut in cuts(session, now):
        if cut.least_fen is None:
            plain[cut.until].append(cut.merchant_id)
        else:
            ways.append(_reaching(cut))
    ways += [and_(_c.merchant_id.in_(ids), _c.due_at < until) for until, ids in plain.items()]
    # What is not due by its own freeze never settles, whatever the cycle says.
    return waiting(_c.id).where(or_(false(), *ways), _c.due_at <= now)


def _reaching(cut: Cut) -> ColumnElement[bool]:
    """Rows of people whose due rows reach the threshold together."""
    due = and_(_c.merchant_id == cut.merchant_id, _c.due_at < cut.until)
    enough = waiting(_c.distributor_id).where(due).group_by(_c.distributor_id).having(func.sum(_c.fen) >= cut.least_fen)
    return and_(due, _c.distributor_id.in_(enough))


def _part(session: Session, after: int, limit: int, now: dt.datetime) -> tuple[ColumnElement[bool], int | None]:
    """Which people to look at now, and whom to go on behind: nobody is parted who does not fill a chunk alone."""
    behind = (PENDING, _c.due_at <= now, _c.distributor_id > after)
    ordered = select(_c.distributor_id, _c.line_id).where(*behind).order_by(_c.distributor_id, _c.line_id).limit(1)
    first, edge = session.execute(ordered).first(), session.execute(ordered.offset(limit)).first()
    if first is None or edge is None:
        return _c.distributor_id > after, None
    person = first.distributor_id
    if person != edge.distributor_id:
        between = and_(_c.distributor_id >= person, _c.distributor_id < edge.distributor_id)
        return between, edge.distributor_id - 1
    return _c.distributor_id == person, person


def _locked(session: Session, due: Select[Any]) -> Select[Any]:
    """``due`` of the lines that are ours until the transaction ends; the others are passed over.

    A refund locks its lines too: whoever comes second sees what the first has written. SQLite has one writer.
    """
    if session.get_bind().dialect.name == "sqlite":
        return due
    lines = due.with_only_columns(_c.line_id).with_for_update(of=t.order_line, skip_locked=True).subquery()
    ours = session.scalar(select(gathered(session, lines.c.line_id)))
    return due.where(_c.line_id.in_(select(numbers(session, [ours or "[]"], "line").c.line)))


def _earned(session: Session, due: Select[Any], by: Any = _c.distributor_id) -> list[Earned]:
    sums = (_c.distributor_id, func.min(_c.id), func.sum(_c.fen), func.count(_c.order_id.distinct()), func.count())
    grouped = due.with_only_columns(*sums, gathered(session, _c.id)).group_by(_c.distributor_id, by)
    found = session.execute(grouped.order_by(_c.distributor_id, by))
    return [Earned(person, first, int(fen), orders, rows, ids) for person, first, fen, orders, rows, ids in found]


def _settle(session: Session, earned: list[Earned], *, now: dt.datetime) -> int:
    """Settle all at once; if that fails, person by person and line by line, holding back what still fails."""
    if not earned or _tried(session, earned, now=now) is None:
        return sum(each.rows for each in earned)
    return sum(_settle_person(session, each, now=now) for each in earned)


def _settle_person(session: Session, earned: Earned, *, now: dt.datetime) -> int:
    if _tried(session, [earned], now=now) is None:
        return earned.rows
    settled = 0
    own = waiting(_c.id).where(_c.id.in_(select(numbers(session, [earned.ids], "row").c.row)))
    for line in _earned(session, own, by=_c.line_id):
        why = _tried(session, [line], now=now)
        if why is None:
            settled += line.rows
        else:
            settlement_holds.hold_back(session, line, what=why, now=now)
    return settled


def _tried(session: Session, earned: list[Earned], *, now: dt.datetime) -> str | None:
    """Make it available, all of it or nothing; why it could not be, None when it was."""
    try:
        with session.begin_nested():
            _take(session, earned, now=now)
            settlement_credits.credit(session, earned, now=now)
            return None
    except Refusal as refusal:
        return f"{refusal.code.value} {refusal.facts}"
    except DBAPIError as error:
        if is_retryable(error) or error.connection_invalidated:
            raise
        return type(error.orig).__name__


def _take(session: Session, earned: list[Earned], *, now: dt.datetime) -> None:
    ids = numbers(session, (each.ids for each in earned), "row")
    taken = update(t.commission).where(_c.id.in_(select(ids.c.row)), PENDING, _c.due_at <= now)
    result = session.execute(taken.values(state=CommissionState.AVAILABLE, settled_at=now))
    if result.rowcount != sum(each.rows for each in earned):  # type: ignore[attr-defined]
        raise Refusal(Code.ILLEGAL_STATE, rows=result.rowcount)  # type: ignore[attr-defined]


def _next_of(session: Session, merchant_id: int, now: dt.datetime) -> dt.datetime | None:
    cycle = policy.in_force(session, merchant_id, now).cycle
    if cycle.mode == "threshold":
        return _reached_at(session, merchant_id, cycle.fen or 1)
    # Said for the database, whose index holds only what has a day.
    first: dt.datetime | None = session.scalar(
        waiting(func.min(_c.due_at)).where(_c.merchant_id == merchant_id, _c.due_at.is_not(None))
    )
    if first is None:
        return None
    if cycle.mode == "manual":
        until = settlement_batches.confirmed_until(session, merchant_id)
        return first if until is not None and first < until else None
    return settles_at(cycle, first)


def _reached_at(session: Session, merchant_id: int, least_fen: int) -> dt.datetime | None:
    """When the first person's rows reach the threshold together."""
    so_far = func.sum(_c.fen).over(partition_by=_c.distributor_id, order_by=_c.due_at).label("so_far")
    added = (
        waiting(_c.due_at).add_columns(so_far).where(_c.merchant_id == merchant_id, _c.due_at.is_not(None)).subquery()
    )
    found: dt.datetime | None = session.scalar(select(func.min(added.c.due_at)).where(added.c.so_far >= least_fen))
    return found
