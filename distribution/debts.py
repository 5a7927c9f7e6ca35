"""What people owe after a refund of money they already had: taken first from the next credit (R33)."""

import datetime as dt
from typing import Any

from sqlalchemy import String, cast, func, literal, select
from sqlalchemy.orm import Session

from distribution import audit, ledger, notices, policy
from distribution.refusals import Code, Refusal
from distribution.rules.calendar import shown_full
from distribution.rules.money import yuan
from distribution.rules.withdrawal import needs_second
from models import DebtWriteOff
from models import tables as t

_d = t.debt_write_off.c


def take_back(
    session: Session, reference: str, owed_to: dict[tuple[int, int], int], *, cause: str, at: dt.datetime
) -> None:
    """Take ``{(distributor, merchant): fen}`` from available; what is not there becomes debt."""
    names = {ledger.purse(person, "available") for person, _ in owed_to}
    left = ledger.hold(session, names)
    moves: list[ledger.Move] = []
    for (person, merchant_id), fen in sorted(owed_to.items()):
        purse = ledger.purse(person, "available")
        there = min(fen, left[purse])
        left[purse] -= there
        moves.append((purse, ledger.cost(merchant_id), there))
        moves.append((ledger.purse(person, "owed"), ledger.cost(merchant_id), fen - there))
    ledger.post(session, reference, moves, cause=cause, actor="orders", at=at)


def make_good(session: Session, distributor_id: int, reference: str, *, at: dt.datetime) -> int:
    """Pay debt out of available as far as it goes; the fen paid."""
    owed, available = ledger.purse(distributor_id, "owed"), ledger.purse(distributor_id, "available")
    held = ledger.hold(session, [owed, available])
    fen = min(-held[owed], held[available])
    if fen > 0:
        ledger.post(session, reference, [(available, owed, fen)], cause="netting", actor="clock", at=at)
    return max(0, fen)


def written_off(merchant_id: int) -> str:
    """The account of what a merchant's written-off debts cost so far (grows negative)."""
    return f"merchant:{merchant_id}:written_off"


def write_off(
    session: Session, distributor_id: int, fen: int, *, merchant_id: int, by: str, reason: str, now: dt.datetime
) -> DebtWriteOff:
    """Give up ``fen`` of what somebody owes (R33); above the limit it waits for a second operator.

    Refusal invalid_amount unless it is above zero and no more than what is owed and not yet asked to be given up.
    """
    held = ledger.hold(session, [ledger.purse(distributor_id, "owed")])
    asked = select(func.coalesce(func.sum(_d.fen), 0)).where(_d.distributor_id == distributor_id, _d.state == "waiting")
    left = -sum(held.values()) - int(session.scalar(asked) or 0)
    if not 0 < fen <= left:
        raise Refusal(Code.INVALID_AMOUNT, fen=fen, owed_fen=left)
    second = needs_second(policy.in_force(session, merchant_id, now).withdraw, fen)
    row = DebtWriteOff(
        merchant_id=merchant_id, distributor_id=distributor_id, fen=fen, reason=reason, state="waiting", asked_by=by,
        asked_at=now, needs_second=second,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _note(session, row, "debt.write_off_asked", by=by, now=now)
    if not second:
        _finish(session, row, by=by, now=now)
    return row


def agree(session: Session, write_off_id: int, *, merchant_id: int, by: str, now: dt.datetime) -> DebtWriteOff:
    """A second operator agrees: it is given up, as far as it is still owed.

    Refusal not_found, illegal_state when it does not wait, other_person_needed for whoever asked.
    """
    row = _waiting(session, write_off_id, merchant_id)
    if row.asked_by == by:
        raise Refusal(Code.OTHER_PERSON_NEEDED)
    _finish(session, row, by=by, now=now)
    return row


def drop(session: Session, write_off_id: int, *, merchant_id: int, by: str, now: dt.datetime) -> DebtWriteOff:
    """It is not given up after all; Refusal not_found, illegal_state when it does not wait."""
    row = _waiting(session, write_off_id, merchant_id)
    row.state = "dropped"
    session.flush()
    _note(session, row, "debt.write_off_dropped", by=by, now=now)
    return row


def _waiting(session: Session, write_off_id: int, merchant_id: int) -> DebtWriteOff:
    row = session.get(DebtWriteOff, write_off_id, with_for_update=True, populate_existing=True)
    if row is None or row.merchant_id != merchant_id:
        raise Refusal(Code.NOT_FOUND, what="write_off")
    if row.state != "waiting":
        raise Refusal(Code.ILLEGAL_STATE, state=row.state, wanted="done")
    return row


def _finish(session: Session, row: DebtWriteOff, *, by: str, now: dt.datetime) -> None:
    owed = ledger.purse(row.distributor_id, "owed")
    # Commissions may have paid some of it meanwhile.
    row.fen = min(row.fen, -ledger.hold(session, [owed])[owed])
    if row.fen <= 0:
        raise Refusal(Code.INVALID_AMOUNT, fen=row.fen)
    moves = [(written_off(row.merchant_id), owed, row.fen)]
    ledger.post(session, f"debt:{row.id}:written_off", moves, cause="write-off", actor=by, at=now)
    row.state, row.decided_by, row.done_at = "done", by, now
    session.flush()
    _note(session, row, "debt.written_off", by=by, now=now)
    facts = {"thing": "欠款减免", "amount": yuan(row.fen), "time": shown_full(now), "status": "已减免"}
    text = f"店铺免去了你的欠款 {yuan(row.fen)}，不用再从佣金里抵。\n原因：{row.reason}\n回复“我的收益”看合计。"
    notices.tell(session, row.distributor_id, "settlement", text, once=f"debt:{row.id}", facts=facts, now=now)


def _note(session: Session, row: DebtWriteOff, action: str, *, by: str, now: dt.datetime) -> None:
    subject, facts = f"distributor:{row.distributor_id}", {"fen": row.fen, "reason": row.reason}
    audit.write(session, actor=by, action=action, subject=subject, merchant_id=row.merchant_id, facts=facts, now=now)


def everyone(session: Session, limit: int = 200) -> list[dict[str, Any]]:
    """Whoever owes something, the most first: id, name, code, fen owed and fen that wait to be given up."""
    a, who = t.account.c, t.distributor.c
    waits = select(func.coalesce(func.sum(_d.fen), 0)).where(_d.distributor_id == who.id, _d.state == "waiting")
    found = (
        select(who.id, who.name, who.code, (-a.balance_fen).label("fen"), waits.scalar_subquery().label("waiting_fen"))
        .join(t.account, a.name == literal("distributor:") + cast(who.id, String) + ":owed")
        .where(a.balance_fen < 0)
        .order_by(a.balance_fen, who.id)
        .limit(limit)
    )
    return [dict(row._mapping) for row in session.execute(found)]


def waiting(session: Session, merchant_id: int) -> list[tuple[DebtWriteOff, str]]:
    """Write-offs of a merchant that wait for a second person, with the name of whoever owes, the oldest first."""
    found = (
        select(DebtWriteOff, t.distributor.c.name)
        .join(t.distributor, t.distributor.c.id == _d.distributor_id)
        .where(_d.merchant_id == merchant_id, _d.state == "waiting")
        .order_by(_d.id)
    )
    return [(row, name) for row, name in session.execute(found)]
