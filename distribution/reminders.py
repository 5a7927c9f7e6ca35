"""Who wants to hear that a sum can be withdrawn is told once, whatever brought the money."""

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, delete, literal, select
from sqlalchemy.orm import Session

from distribution import notices
from distribution.notices import Notice
from distribution.rules.calendar import shown_full
from distribution.rules.money import yuan
from models import tables as t
from models.states import DistributorState
from models.upsert import upsert

_a, _d, _r = t.account.c, t.distributor.c, t.sum_reminder.c
#: Who may take money out.
_STATES = (DistributorState.ACTIVE, DistributorState.TERMINATED)


def wish(session: Session, distributor_id: int, fen: int, *, now: dt.datetime) -> None:
    """Somebody wants to be told once ``fen`` can be withdrawn; it takes the place of an earlier wish."""
    row = {"distributor_id": distributor_id, "fen": fen, "asked_at": now}
    fresh = upsert(session, t.sum_reminder).values(row)
    session.execute(fresh.on_conflict_do_update(index_elements=["distributor_id"], set_={"fen": fen, "asked_at": now}))


def forget(session: Session, distributor_id: int | None) -> int | None:
    """Somebody no longer wants to be told; the sum that was waited for, None when there was none."""
    if distributor_id is None:
        return None
    gone = delete(t.sum_reminder).where(_r.distributor_id == distributor_id).returning(_r.fen)
    fen: int | None = session.scalar(gone)
    return fen


def anything_due(session: Session) -> bool:
    """Whether somebody's sum is there."""
    found = _reached().with_only_columns(_r.distributor_id).limit(1)
    return session.scalar(found) is not None


def tell(session: Session, *, now: dt.datetime, limit: int = 500) -> int:
    """Tell up to ``limit`` people whose sum is there, and forget that they wanted to know; how many."""
    due = session.execute(_reached().order_by(_r.distributor_id).limit(limit).with_for_update(of=t.sum_reminder)).all()
    if due:
        session.execute(delete(t.sum_reminder).where(_r.distributor_id.in_([row.distributor_id for row in due])))
    notices.tell_all(session, [_notice(row, now) for row in due], now=now)
    return len(due)


def _reached() -> Select[Any]:
    return (
        select(_r.distributor_id, _r.fen, _r.asked_at, _a.balance_fen)
        .join(t.distributor, _d.id == _r.distributor_id)
        .join(t.account, _a.name == _purse())
        .where(_a.balance_fen >= _r.fen, _d.state.in_(_STATES))
    )


def _purse() -> ColumnElement[str]:
    """The name of the account that ``ledger.purse`` gives for what is available."""
    return literal("distributor:") + cast(_r.distributor_id, Text) + literal(":available")


def _notice(row: Any, now: dt.datetime) -> Notice:
    text = f"你等的 {yuan(row.fen)} 到了🎉 现在可提现 {yuan(row.balance_fen)}。\n回复“提现”就能取。"
    once = f"sum:{row.distributor_id}:{int(row.asked_at.timestamp() * 1000)}"
    facts = {"thing": "可提现提醒", "amount": yuan(row.balance_fen), "time": shown_full(now), "status": "可提现"}
    return Notice(row.distributor_id, "reminder", text, once, facts)
