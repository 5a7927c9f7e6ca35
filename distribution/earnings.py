"""What somebody earned: read-only questions answered by single statements."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, func, literal, select
from sqlalchemy.orm import Session

from distribution import ledger
from distribution.pending_rows import PENDING
from distribution.prepared import Prepared
from distribution.rules.calendar import Span
from models import tables as t
from models.states import CommissionState, WithdrawalState

_a, _c, _w = t.account.c, t.commission.c, t.withdrawal.c


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


@dataclass(frozen=True, slots=True)
class Glance:
    """The purse, how many orders are pending, and what a longer and a shorter span (the month, today) brought."""

    purse: Purse
    pending_orders: int
    longer_fen: int
    shorter_fen: int


def _balance(kind: str) -> ColumnElement[Any]:
    return select(_a.balance_fen).where(_a.name == bindparam(kind)).scalar_subquery()


#: Of the person's own withdrawals: by its state, SQLite would look through those that everybody was paid.
_WITHDRAWN = (
    select(func.coalesce(func.sum(case((_w.state == WithdrawalState.PAID, _w.fen), else_=0)), 0))
    .where(_w.distributor_id == bindparam("person"))
    .scalar_subquery()
)
_KINDS = ("pending", "available", "withdrawing", "owed")
_PURSE = (*(_balance(kind) for kind in _KINDS), _WITHDRAWN)
_IN_SPAN = (_c.distributor_id == bindparam("person"), _c.paid_at >= bindparam("since"), _c.paid_at < bindparam("until"))
_SPAN = (
    select(
        func.coalesce(func.sum(_c.fen), 0).label("longer"),
        func.coalesce(func.sum(case((_c.paid_at >= bindparam("later"), _c.fen), else_=0)), 0).label("shorter"),
    )
    .where(*_IN_SPAN)
    .subquery()
)
_PENDING_ORDERS = (
    select(func.count(func.distinct(_c.order_id)))
    .where(_c.distributor_id == bindparam("person"), PENDING)
    .scalar_subquery()
)
_READ_PURSE = Prepared(select(*_PURSE, literal(1)))
_READ_GLANCE = Prepared(select(*_PURSE, _PENDING_ORDERS, _SPAN.c.longer, _SPAN.c.shorter))
_READ_EARNED = Prepared(
    select(
        func.coalesce(func.sum(_c.fen), 0),
        func.count(func.distinct(case((_c.fen > 0, _c.order_id)))),
        func.coalesce(func.sum(case((_c.state == CommissionState.AVAILABLE, _c.fen), else_=0)), 0),
    ).where(*_IN_SPAN)
)


def purse(session: Session, distributor_id: int) -> Purse:
    """The balances of one person."""
    row = _READ_PURSE.first(session, **_names(distributor_id))
    return _purse(row or ())


def glance(session: Session, distributor_id: int, longer: Span, shorter: Span) -> Glance:
    """The balances, and the commission of orders paid in ``longer`` and in ``shorter``, which ends with it or later."""
    since, until = longer
    row = _READ_GLANCE.first(session, **_names(distributor_id), since=since, until=until, later=shorter[0])
    assert row is not None, "an aggregate has a row"
    return Glance(_purse(row), *(int(each) for each in row[5:]))


def earned(session: Session, distributor_id: int, since: dt.datetime, until: dt.datetime) -> Earned:
    """Commission of orders paid in ``[since, until)``."""
    row = _READ_EARNED.first(session, person=distributor_id, since=since, until=until)
    assert row is not None, "an aggregate has a row"
    return Earned(*(int(each) for each in row))


def _names(distributor_id: int) -> dict[str, Any]:
    return {kind: ledger.purse(distributor_id, kind) for kind in _KINDS} | {"person": distributor_id}


def _purse(row: tuple[Any, ...]) -> Purse:
    pending, available, withdrawing, owed, withdrawn = (int(each or 0) for each in row[:5])
    return Purse(pending, available, withdrawing, withdrawn, -owed)
