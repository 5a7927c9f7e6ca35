"""Settlement: what is due becomes available, once, whoever asks and however often (R35-R37)."""

import datetime as dt
from collections import defaultdict
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from distribution import debts, ledger, notices
from distribution.rules.calendar import shown_full
from distribution.rules.money import yuan
from models import tables as t
from models.states import CommissionState, DistributorState

_c = t.commission.c
_line = t.order_line.c


def settle_due(session: Session, *, now: dt.datetime, limit: int = 200) -> int:
    """Settle everything due of up to ``limit`` people in this transaction; how many rows. 0 means nothing is left."""
    people = list(session.scalars(_due(_c.distributor_id, now).distinct().order_by(_c.distributor_id).limit(limit)))
    if not people:
        return 0
    lines = _due(_c.line_id, now).where(_c.distributor_id.in_(people))
    # A refund locks its lines too: whoever comes second sees what the first has written.
    locked = session.scalars(
        select(_line.id).where(_line.id.in_(lines), _line.open_cases == 0).order_by(_line.id).with_for_update()
    ).all()
    settled = session.execute(
        update(t.commission)
        .where(
            _c.line_id.in_(locked),
            _c.distributor_id.in_(people),
            _c.state == CommissionState.PENDING,
            _c.due_at <= now,
        )
        .values(state=CommissionState.AVAILABLE, settled_at=now)
        .returning(_c.id, _c.distributor_id, _c.order_id, _c.fen)
    ).all()
    by_person: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for commission_id, person, order_id, fen in settled:
        by_person[person].append((commission_id, order_id, fen))
    for person, rows in sorted(by_person.items()):
        _credit(session, person, rows, now=now)
    return len(settled)


def next_due(session: Session) -> dt.datetime | None:
    """The moment the next pending row falls due, of people and lines that do not wait for something else."""
    found: dt.datetime | None = session.scalar(_waiting(func.min(_c.due_at)))
    return found


def _credit(session: Session, person: int, rows: list[tuple[int, int, int]], *, now: dt.datetime) -> None:
    total = sum(fen for _, _, fen in rows)
    first = min(commission_id for commission_id, _, _ in rows)
    if total <= 0:
        return
    pending, available = ledger.purse(person, "pending"), ledger.purse(person, "available")
    reference = f"commission:{first}:settled"
    ledger.post(session, reference, [(pending, available, total)], cause="settlement", actor="clock", at=now)
    netted = debts.make_good(session, person, f"{reference}:netting", at=now)
    orders = len({order_id for _, order_id, _ in rows})
    now_available = ledger.balance(session, available)
    note = f"其中 {yuan(netted)} 抵了之前退款的欠款。\n" if netted else ""
    notices.tell(
        session,
        person,
        "settlement",
        f"佣金 {yuan(total)} 已结算（{orders} 单）。\n{note}现在可提现 {yuan(now_available)}。\n回复“提现”就能取。",
        once=f"settled:{first}",
        facts={"thing": "佣金结算", "amount": yuan(total), "time": shown_full(now), "status": "可提现"},
        now=now,
    )


def _due(column: Any, now: dt.datetime) -> Select[Any]:
    return _waiting(column).where(_c.due_at <= now)


def _waiting(column: Any) -> Select[Any]:
    return (
        select(column)
        .join(t.distributor, t.distributor.c.id == _c.distributor_id)
        .join(t.order_line, _line.id == _c.line_id)
        .where(
            _c.state == CommissionState.PENDING,
            t.distributor.c.state == DistributorState.ACTIVE,
            _line.open_cases == 0,
        )
    )
