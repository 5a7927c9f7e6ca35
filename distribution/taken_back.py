"""What a refund took from somebody: of which order, how much, and which purse came from what to what; read-only."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from distribution import earning_lists, ledger
from distribution.earning_lists import TakenBack
from models import tables as t

_a, _j, _line, _o, _p, _r = (
    t.account.c, t.journal.c, t.order_line.c, t.order.c, t.posting.c, t.refund.c,
)  # fmt: skip
#: Whoever complains means what happened within this time.
_LATELY = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Change:
    """A purse ("available" or "pending") before and after, in fen."""

    purse: str
    before_fen: int
    after_fen: int


@dataclass(frozen=True, slots=True)
class Told:
    """What went back, what the customer had paid for the whole order, whether goods came back with the money."""

    row: TakenBack
    paid_fen: int
    goods_back: bool
    change: Change | None


def latest(session: Session, distributor_id: int, *, now: dt.datetime) -> Told | None:
    """The newest amount that went back within a week; None for none."""
    found = earning_lists.last_taken_back(session, distributor_id, 1)
    if not found or now - found[0].at >= _LATELY:
        return None
    row = found[0]
    paid = select(func.coalesce(func.sum(_line.paid_fen), 0)).where(_line.order_id == row.order_id)
    merchant_id = session.scalar(select(_o.merchant_id).where(_o.id == row.order_id)) or 0
    refund_no = row.cause.removeprefix("refund:") if row.cause.startswith("refund:") else ""
    lines = session.scalar(select(_r.lines).where(_r.merchant_id == merchant_id, _r.refund_no == refund_no)) or []
    goods_back = any(line.get("quantity") for line in lines)
    change = _change(session, distributor_id, f"refund:{merchant_id}:{refund_no}") if refund_no else None
    return Told(row, int(session.scalar(paid) or 0), goods_back, change)


def _change(session: Session, distributor_id: int, reference: str) -> Change | None:
    """What one refund did to the purse it took most from."""
    names = {ledger.purse(distributor_id, kind): kind for kind in ("available", "pending")}
    took = (
        select(_j.id, _a.id, _a.name, func.sum(_p.fen).label("fen"))
        .join(t.posting, _p.journal_id == _j.id)
        .join(t.account, _a.id == _p.source_id)
        .where(_j.reference.in_((f"{reference}:commission", f"{reference}:clawback")), _a.name.in_(names))
        .group_by(_j.id, _a.id, _a.name)
        .order_by(func.sum(_p.fen).desc())
    )
    found = session.execute(took).first()
    if found is None:
        return None
    journal_id, account_id, name, fen = found
    moved = func.sum(case((_p.destination_id == account_id, _p.fen), else_=-_p.fen))
    here = or_(_p.source_id == account_id, _p.destination_id == account_id)
    after = int(session.scalar(select(moved).where(here, _p.journal_id <= journal_id)) or 0)
    return Change(names[name], after + int(fen), after)
