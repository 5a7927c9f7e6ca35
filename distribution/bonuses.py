"""Bonuses: money a merchant gives beside commissions, for sales only; never for heads (R4, R52)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal

from sqlalchemy.orm import Session

from distribution import audit, debts, ledger, notices
from distribution.refusals import Code, Refusal
from distribution.rules.calendar import shown_full
from distribution.rules.money import yuan
from models import Bonus
from models import tables as t

Kind = Literal["task", "prize", "manual"]
_WORDS: Mapping[str, str] = {"task": "任务奖励", "prize": "排行奖励", "manual": "店铺奖励"}
_b = t.bonus.c


def cost(merchant_id: int) -> str:
    """The account of what a merchant's bonuses cost so far (grows negative)."""
    return f"merchant:{merchant_id}:bonus"


def credit(
    session: Session,
    *,
    merchant_id: int,
    distributor_id: int,
    fen: int,
    kind: Kind,
    reference: str,
    why: Mapping[str, Any],
    by: str,
    now: dt.datetime,
) -> Bonus:
    """Pay ``fen`` into available, debts first, and tell the person; booked once for ever as ``bonus:<reference>``.

    ``why`` holds small facts; its ``name`` is what the person reads. Raises Refusal: invalid_amount (not above zero),
    duplicate_reference (the caller's transaction must then be rolled back).
    """
    if fen <= 0:
        raise Refusal(Code.INVALID_AMOUNT, fen=fen)
    name = f"bonus:{reference}"
    available = ledger.purse(distributor_id, "available")
    ledger.post(session, name, [(cost(merchant_id), available, fen)], cause="bonus", actor=by, at=now)
    row = Bonus(
        merchant_id=merchant_id, distributor_id=distributor_id, kind=kind, fen=fen, reference=name, why=dict(why),
        by=by, at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    netted = debts.make_good(session, distributor_id, f"{name}:netting", at=now)
    audit.write(
        session, actor=by, action="bonus.credited", subject=f"distributor:{distributor_id}", merchant_id=merchant_id,
        facts={"fen": fen, "kind": kind, "reference": name}, now=now,
    )  # fmt: skip
    _tell(session, row, netted)
    return row


def _tell(session: Session, row: Bonus, netted: int) -> None:
    word, told = _WORDS[row.kind], row.why.get("name")
    title = f"{word}“{told}”" if told else word
    note = f"其中 {yuan(netted)} 抵了之前退款的欠款。\n" if netted else ""
    now_available = ledger.balance(session, ledger.purse(row.distributor_id, "available"))
    notices.tell(
        session,
        row.distributor_id,
        "bonus",
        f"{title} {yuan(row.fen)} 已到账🎉\n{note}现在可提现 {yuan(now_available)}。",
        once=row.reference,
        facts={"thing": word, "amount": yuan(row.fen), "time": shown_full(row.at), "status": "可提现"},
        now=row.at,
    )
