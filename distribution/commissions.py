"""Commission rows and their postings: earned on payment, changed by refunds with new rows, voided with their person."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from distribution import debts, ledger
from distribution.rules.commission import Share
from models import Order, OrderLine
from models import tables as t
from models.states import CommissionState as State

_c = t.commission.c

#: (line id, kind, distributor id)
Slot = tuple[int, str, int]


@dataclass(frozen=True, slots=True)
class Change:
    """Why rows of an order change: its cause and ledger reference, both used once, and when new rows fall due."""

    cause: str
    reference: str
    why: dict[str, Any]
    due_at: dt.datetime | None
    now: dt.datetime


def earn(
    session: Session, order: Order, lines: Sequence[OrderLine], shares: Sequence[Share], *, now: dt.datetime
) -> None:
    """Write the first rows of an order and move them from the merchant's cost to the people's pending purses."""
    if not shares:
        return
    ids = {line.line_no: line.id for line in lines}
    session.execute(
        insert(t.commission),
        [
            _row(order, (ids[share.line_no], share.kind, share.distributor_id), share.fen, cause="order", now=now)
            | {"why": share.why}
            for share in shares
        ],
    )
    cost = ledger.cost(order.merchant_id)
    moves = [(cost, ledger.purse(share.distributor_id, "pending"), share.fen) for share in shares]
    reference = f"order:{order.merchant_id}:{order.order_no}:commission"
    ledger.post(session, reference, moves, cause=f"order {order.order_no}", actor="orders", at=now)


def standing(session: Session, order_id: int) -> list[Row[Any]]:
    """Every row of an order, locked until the transaction ends."""
    return list(
        session.execute(
            select(_c.line_id, _c.kind, _c.distributor_id, _c.fen, _c.state)
            .where(_c.order_id == order_id)
            .order_by(_c.id)
            .with_for_update()
        )
    )


def adjust(
    session: Session, order: Order, wanted: Mapping[Slot, int], change: Change, *, over: Collection[Slot] = ()
) -> dict[int, int]:
    """Bring what stands to ``wanted`` by new rows (R30); {distributor: change in fen}.

    A settled slot gives back from available (or becomes debt), a pending one from pending; a voided slot and one that
    ``wanted`` does not name stay as they are. One ``change.cause`` acts once a slot. Pending slots in ``over`` can
    never earn again and end void.
    """
    sums, settled, closed = _sums(standing(session, order.id))
    ended = {slot for slot in over if slot in sums and slot not in settled | closed}
    deltas = {slot: fen - sums.get(slot, 0) for slot, fen in wanted.items() if slot not in closed}
    deltas = {slot: fen for slot, fen in deltas.items() if fen}
    if not deltas:
        _void(session, ended)
        return {}
    session.execute(
        insert(t.commission),
        [
            _row(order, slot, fen, cause=change.cause, now=change.now)
            | {"why": change.why, "due_at": change.due_at}
            | ({"state": State.AVAILABLE, "settled_at": change.now} if slot in settled else {})
            for slot, fen in deltas.items()
        ],
    )
    _void(session, ended)
    _move(session, order, deltas, settled=settled, change=change)
    changed: dict[int, int] = defaultdict(int)
    for (_, _, person), fen in deltas.items():
        changed[person] += fen
    return dict(changed)


def start_freeze(session: Session, order_id: int, due_at: dt.datetime) -> None:
    """The goods were received: pending rows become due at ``due_at`` (R35)."""
    session.execute(
        update(t.commission).where(_c.order_id == order_id, _c.state == State.PENDING).values(due_at=due_at)
    )


def void_pending(session: Session, distributor_id: int, *, actor: str, now: dt.datetime) -> int:
    """Take every unsettled row of one person back to the merchants by negative rows; the fen taken (R3)."""
    lines = select(_c.line_id).where(_c.distributor_id == distributor_id, _c.state == State.PENDING)
    line = t.order_line.c
    session.execute(select(line.id).where(line.id.in_(lines)).order_by(line.id).with_for_update())
    grouped = session.execute(
        select(_c.merchant_id, _c.order_id, _c.line_id, _c.kind, func.min(_c.paid_at), func.sum(_c.fen).label("fen"))
        .where(_c.distributor_id == distributor_id, _c.state == State.PENDING)
        .group_by(_c.merchant_id, _c.order_id, _c.line_id, _c.kind)
    ).all()
    ending = [_ending(distributor_id, row, now) for row in grouped if row.fen]
    if ending:
        session.execute(insert(t.commission), ending)
    _void(session, {(row.line_id, row.kind, distributor_id) for row in grouped})
    pending = ledger.purse(distributor_id, "pending")
    moves = [(pending, ledger.cost(row.merchant_id), int(row.fen)) for row in grouped if row.fen]
    reference = f"distributor:{distributor_id}:voided"
    if moves:
        ledger.post(session, reference, moves, cause="terminated", actor=actor, at=now)
    return sum(int(row.fen) for row in grouped)


def rows_of(session: Session, order_id: int) -> list[dict[str, Any]]:
    """The rows of an order as the API shows them: who, kind, line_no, fen, state, why."""
    found = session.execute(
        select(t.distributor.c.code, _c.kind, t.order_line.c.line_no, _c.fen, _c.state, _c.why, _c.due_at)
        .join(t.distributor, t.distributor.c.id == _c.distributor_id)
        .join(t.order_line, t.order_line.c.id == _c.line_id)
        .where(_c.order_id == order_id)
        .order_by(_c.id)
    )
    return [
        {
            "who": row.code,
            "kind": row.kind,
            "line_no": row.line_no,
            "fen": row.fen,
            "state": row.state,
            "why": dict(row.why) | ({"due_at": row.due_at.isoformat()} if row.due_at else {}),
        }
        for row in found
    ]


def _row(order: Order, slot: Slot, fen: int, *, cause: str, now: dt.datetime) -> dict[str, Any]:
    line_id, kind, person = slot
    return {
        "merchant_id": order.merchant_id,
        "order_id": order.id,
        "line_id": line_id,
        "distributor_id": person,
        "kind": kind,
        "cause": cause,
        "fen": fen,
        "state": State.PENDING,
        "paid_at": order.paid_at,
        "due_at": None,
        "settled_at": None,
        "created_at": now,
    }


def _ending(distributor_id: int, row: Any, now: dt.datetime) -> dict[str, Any]:
    merchant_id, order_id, line_id, kind, paid_at, fen = row
    return {
        "merchant_id": merchant_id,
        "order_id": order_id,
        "line_id": line_id,
        "distributor_id": distributor_id,
        "kind": kind,
        "cause": "terminated",
        "fen": -int(fen),
        "state": State.VOID,
        "paid_at": paid_at,
        "due_at": None,
        "settled_at": None,
        "why": {"reason": "terminated"},
        "created_at": now,
    }


def _sums(rows: Iterable[Row[Any]]) -> tuple[dict[Slot, int], set[Slot], set[Slot]]:
    """(fen standing, slots already settled, slots that ended void)."""
    sums: dict[Slot, int] = defaultdict(int)
    settled: set[Slot] = set()
    closed: set[Slot] = set()
    for row in rows:
        slot = (row.line_id, row.kind, row.distributor_id)
        sums[slot] += row.fen
        if row.state == State.VOID:
            closed.add(slot)
        if row.state == State.AVAILABLE:
            settled.add(slot)
    return sums, settled, closed


def _void(session: Session, slots: set[Slot]) -> None:
    for line_id, kind, person in sorted(slots):
        session.execute(
            update(t.commission)
            .where(_c.line_id == line_id, _c.kind == kind, _c.distributor_id == person)
            .values(state=State.VOID)
        )


def _move(session: Session, order: Order, deltas: Mapping[Slot, int], *, settled: set[Slot], change: Change) -> None:
    cost = ledger.cost(order.merchant_id)
    moves: list[ledger.Move] = []
    back: dict[tuple[int, int], int] = defaultdict(int)
    for slot, fen in deltas.items():
        purse = ledger.purse(slot[2], "available" if slot in settled else "pending")
        if slot in settled and fen < 0:
            back[slot[2], order.merchant_id] -= fen
        else:
            moves.append((purse, cost, -fen) if fen < 0 else (cost, purse, fen))
    if moves:
        ledger.post(session, f"{change.reference}:commission", moves, cause=change.cause, actor="orders", at=change.now)
    if back:
        debts.take_back(session, f"{change.reference}:clawback", dict(back), cause=change.cause, at=change.now)
    # A cap's leftover may come back to somebody who owes (R34): debt comes first there too.
    for person in sorted({slot[2] for slot, fen in deltas.items() if slot in settled and fen > 0}):
        debts.make_good(session, person, f"{change.reference}:{person}:netting", at=change.now)
