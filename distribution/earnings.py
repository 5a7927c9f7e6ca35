"""What somebody earned: read-only questions answered by single statements."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import Session

from distribution import ledger
from models import tables as t
from models.states import CommissionState, WithdrawalState

_c = t.commission.c
_w = t.withdrawal.c


@dataclass(frozen=True, slots=True)
class Purse:
    """Balances in fen; ``total = pending + available + withdrawing + withdrawn − owed``."""

    pending_fen: int = 0
    available_fen: int = 0
    withdrawing_fen: int = 0
    withdrawn_fen: int = 0
    owed_fen: int = 0

    @property
    def total_fen(self) -> int:
        """Everything earned so far, what refunds took back already off."""
        return self.pending_fen + self.available_fen + self.withdrawing_fen + self.withdrawn_fen - self.owed_fen


@dataclass(frozen=True, slots=True)
class Earned:
    """Commission of a span by the day of payment, refunds taken off."""

    fen: int = 0
    orders: int = 0
    settled_fen: int = 0

    @property
    def pending_fen(self) -> int:
        """What of it is not settled yet."""
        return self.fen - self.settled_fen


_PURSES = select(t.account.c.name, t.account.c.balance_fen).where(
    t.account.c.name.in_(bindparam("names", expanding=True))
)
_WITHDRAWN = select(func.coalesce(func.sum(_w.fen), 0)).where(
    _w.distributor_id == bindparam("person"), _w.state == WithdrawalState.PAID
)
_KINDS = ("pending", "available", "withdrawing", "owed")
_EARNED = select(
    func.coalesce(func.sum(_c.fen), 0),
    func.count(func.distinct(case((_c.fen > 0, _c.order_id)))),
    func.coalesce(func.sum(case((_c.state == CommissionState.AVAILABLE, _c.fen), else_=0)), 0),
).where(_c.distributor_id == bindparam("person"), _c.paid_at >= bindparam("since"), _c.paid_at < bindparam("until"))


def purse(session: Session, distributor_id: int) -> Purse:
    """The balances of one person."""
    names = [ledger.purse(distributor_id, kind) for kind in _KINDS]
    rows = session.execute(_PURSES, {"names": names}).all()
    held = {name.rsplit(":", 1)[1]: fen for name, fen in rows}
    withdrawn = int(session.scalar(_WITHDRAWN, {"person": distributor_id}) or 0)
    return Purse(
        pending_fen=held.get("pending", 0),
        available_fen=held.get("available", 0),
        withdrawing_fen=held.get("withdrawing", 0),
        withdrawn_fen=withdrawn,
        owed_fen=-held.get("owed", 0),
    )


def earned(session: Session, distributor_id: int, since: dt.datetime, until: dt.datetime) -> Earned:
    """Commission of orders paid in ``[since, until)``."""
    fen, orders, settled = session.execute(_EARNED, {"person": distributor_id, "since": since, "until": until}).one()
    return Earned(int(fen), int(orders), int(settled))


def pending_orders(session: Session, distributor_id: int) -> int:
    """How many orders have commission that is not settled."""
    counted = select(func.count(func.distinct(_c.order_id))).where(
        _c.distributor_id == distributor_id, _c.state == CommissionState.PENDING
    )
    return int(session.scalar(counted) or 0)
