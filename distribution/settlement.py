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
from distribution.refusals import Refusal
from distribution.rules.settlement import Cut, settled_until, settles_at
from distribution.settlement_credits import Settled
from models import tables as t
from models.database import is_retryable
from models.listed import FEN, listed
from models.states import CommissionState

#: At most so many rows are settled in one transaction (a person's row of one line is never parted from its refunds).
CHUNK_ROWS = 5_000
_c = t.commission.c
#: (line id, distributor id)
_Pair = tuple[int, int]


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
    due = _due(session, now).where(_c.distributor_id > after)
    chosen = due.order_by(_c.distributor_id, _c.line_id).limit(limit + 1)
    # A refund locks its lines too: whoever comes second sees what the first has written.
    found = [(line, who) for who, line in session.execute(chosen.with_for_update(of=t.order_line, skip_locked=True))]
    pairs, onward = _whole(found, limit)
    return Chunk(_settle(session, pairs, now=now), onward)


def next_due(session: Session, *, now: dt.datetime) -> dt.datetime | None:
    """The moment of the next settlement of rows that do not wait for something else, by the cycles in force."""
    moments = [_next_of(session, merchant.id, now) for merchant in merchants.everyone(session)]
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
    return waiting(_c.distributor_id).add_columns(_c.line_id).where(or_(false(), *ways), _c.due_at <= now)


def _reaching(cut: Cut) -> ColumnElement[bool]:
    """Rows of people whose due rows reach the threshold together."""
    due = and_(_c.merchant_id == cut.merchant_id, _c.due_at < cut.until)
    enough = waiting(_c.distributor_id).where(due).group_by(_c.distributor_id).having(func.sum(_c.fen) >= cut.least_fen)
    return and_(due, _c.distributor_id.in_(enough))


def _whole(found: list[_Pair], limit: int) -> tuple[list[_Pair], int | None]:
    """The pairs to settle now, and whom to go on behind: nobody is left half done unless he alone fills the chunk."""
    if len(found) <= limit:
        return list(dict.fromkeys(found)), None
    last_line, last = found[-1]
    whole = [pair for pair in found if pair[1] != last]
    if whole:
        return list(dict.fromkeys(whole)), whole[-1][1]
    parts = [pair for pair in found if pair[0] != last_line] or found
    return list(dict.fromkeys(parts)), last - 1


def _settle(session: Session, pairs: list[_Pair], *, now: dt.datetime) -> int:
    """Settle all pairs at once; if that fails, person by person and line by line, and hold back what still fails."""
    if not pairs:
        return 0
    rows = _tried(session, pairs, now=now)
    if isinstance(rows, int):
        return rows
    for parts in (_by(pairs, 1), [[pair] for pair in pairs]):
        if len(parts) > 1:
            return sum(_settle(session, part, now=now) for part in parts)
    settlement_holds.hold_back(session, pairs[0], what=rows, now=now)
    return 0


def _tried(session: Session, pairs: list[_Pair], *, now: dt.datetime) -> int | str:
    """How many rows were settled, or why none could be."""
    try:
        with session.begin_nested():
            settled = _take(session, pairs, now=now)
            settlement_credits.credit(session, settled, now=now)
            return len(settled)
    except Refusal as refusal:
        return f"{refusal.code.value} {refusal.facts}"
    except DBAPIError as error:
        if is_retryable(error) or error.connection_invalidated:
            raise
        return type(error.orig).__name__


def _take(session: Session, pairs: list[_Pair], *, now: dt.datetime) -> list[Settled]:
    chosen = listed(session, pairs, line=FEN, person=FEN)
    taken = (
        update(t.commission)
        .where(_c.line_id == chosen.c.line, _c.distributor_id == chosen.c.person, PENDING, _c.due_at <= now)
        .values(state=CommissionState.AVAILABLE, settled_at=now)
        .returning(_c.id, _c.distributor_id, _c.order_id, _c.fen)
    )
    return [Settled(*row) for row in session.execute(taken)]


def _by(pairs: list[_Pair], place: int) -> list[list[_Pair]]:
    groups: dict[int, list[_Pair]] = defaultdict(list)
    for pair in pairs:
        groups[pair[place]].append(pair)
    return list(groups.values())


def _next_of(session: Session, merchant_id: int, now: dt.datetime) -> dt.datetime | None:
    cycle = policy.in_force(session, merchant_id, now).cycle
    if cycle.mode == "threshold":
        return _reached_at(session, merchant_id, cycle.fen or 1)
    first: dt.datetime | None = session.scalar(waiting(func.min(_c.due_at)).where(_c.merchant_id == merchant_id))
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
