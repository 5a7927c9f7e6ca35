"""A day's payouts reconciled with the channel's bill; any difference stops the payouts (R46)."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from distribution import audit, payouts
from distribution.rules.calendar import day_bounds
from distribution.rules.reconciliation import Difference, Line, compare
from models import BillCheck, BillDifference
from models import tables as t
from models.states import WithdrawalState

_w, _b = t.withdrawal.c, t.bill_check.c
#: The channel's clock decides which day's bill has a transfer: so near midnight it may be the other one.
_NEAR_MIDNIGHT = dt.timedelta(minutes=10)


def check_day(session: Session, day: dt.date, bill: Sequence[Line], *, by: str, now: dt.datetime) -> BillCheck:
    """Compare the WeChat transfers of a Shanghai day with its bill; differences are written down and stop payouts."""
    since, until = day_bounds(day)
    paid = (_w.channel == "wechat", _w.state == WithdrawalState.PAID)
    around = (_w.ended_at >= since - _NEAR_MIDNIGHT, _w.ended_at < until + _NEAR_MIDNIGHT)
    rows = session.execute(select(_w.no, _w.net_fen, _w.ended_at).where(*paid, *around)).all()
    edges = {row.no for row in rows if not since + _NEAR_MIDNIGHT <= row.ended_at < until - _NEAR_MIDNIGHT}
    found = compare({row.no: row.net_fen for row in rows}, bill, may_be_elsewhere=edges)
    told = {line.no for line in bill}
    ours = sum(row.net_fen for row in rows if row.no in told or row.no not in edges)
    row = BillCheck(
        day=day, ours_fen=ours, bill_fen=sum(line.fen for line in bill), differences=len(found), checked_by=by,
        checked_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    facts = {"ours_fen": row.ours_fen, "bill_fen": row.bill_fen, "differences": row.differences}
    audit.write(session, actor=by, action="bill.checked", subject=f"bill:{day}", facts=facts, now=now)
    if found:
        _write(session, row.id, found)
        reason = f"{day} 的账单有 {len(found)} 处对不上"
        payouts.stop(session, cause="reconciliation", reason=reason, by=by, now=now)
    return row


def latest(session: Session, limit: int = 31) -> list[BillCheck]:
    """The latest checks, the newest first."""
    return list(session.scalars(select(BillCheck).order_by(_b.id.desc()).limit(limit)))


def differences(session: Session, check_ids: Sequence[int]) -> list[BillDifference]:
    """What differed in these checks."""
    d = t.bill_difference.c
    return list(session.scalars(select(BillDifference).where(d.check_id.in_(check_ids)).order_by(d.id)))


def _write(session: Session, check_id: int, found: Sequence[Difference]) -> None:
    rows = [
        {
            "check_id": check_id, "withdrawal_no": each.no, "kind": each.kind, "ours_fen": each.ours_fen,
            "bill_fen": each.bill_fen,
        }
        for each in found
    ]  # fmt: skip
    session.execute(insert(t.bill_difference), rows)
