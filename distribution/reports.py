"""Figures for the console: what waits, how the days went, what is owed; read only."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from distribution import inbox, ledger
from distribution.rules.calendar import day_bounds
from models import tables as t
from models.states import CommissionState, DistributorState, OutboxState, WithdrawalState

_c, _d, _w, _o = t.commission.c, t.distributor.c, t.withdrawal.c, t.order.c
WAITING = "WAIT_USER_CONFIRM"


@dataclass(frozen=True, slots=True)
class Todo:
    """What waits for a person; amounts in fen."""

    applications: int
    withdrawals: int
    withdrawals_fen: int
    confirming: int
    confirming_fen: int
    troubled: int
    quarantined: int
    disputed: int


@dataclass(frozen=True, slots=True)
class Day:
    """How a span went for one merchant: what distributors sold, what that costs, who came; amounts in fen."""

    sales_fen: int
    orders: int
    commission_fen: int
    joined: int
    customers: int


@dataclass(frozen=True, slots=True)
class Money:
    """What is owed to distributors and what was paid, in fen."""

    pending_fen: int
    available_fen: int
    withdrawing_fen: int
    paid_fen: int
    owed_fen: int


def todo(session: Session) -> Todo:
    """What waits for the people who run the distributors."""
    waits = (
        _w.state == WithdrawalState.REQUESTED,
        (_w.state == WithdrawalState.PAYING) & (_w.transfer_state == WAITING),
    )
    one, sum_one, two, sum_two = session.execute(
        select(
            func.coalesce(func.sum(case((waits[0], 1), else_=0)), 0),
            func.coalesce(func.sum(case((waits[0], _w.fen), else_=0)), 0),
            func.coalesce(func.sum(case((waits[1], 1), else_=0)), 0),
            func.coalesce(func.sum(case((waits[1], _w.net_fen), else_=0)), 0),
        ).where(_w.state.in_((WithdrawalState.REQUESTED, WithdrawalState.PAYING)))
    ).one()
    applications = select(func.count()).select_from(t.distributor).where(_d.state == DistributorState.PENDING)
    disputed = select(func.count()).select_from(t.dispute).where(t.dispute.c.decided_at.is_(None))
    return Todo(
        int(session.scalar(applications) or 0),
        int(one),
        int(sum_one),
        int(two),
        int(sum_two),
        len(troubled(session)),
        inbox.count_quarantined(session),
        int(session.scalar(disputed) or 0),
    )


def troubled(session: Session) -> list[str]:
    """Numbers of withdrawals a person must look at: an alarm is lit, or the payment was given up."""
    lit = select(t.payment_alarm.c.withdrawal_no).where(t.payment_alarm.c.cleared_at.is_(None))
    given_up = select(t.outbox_row.c.once).where(
        t.outbox_row.c.kind == "payout", t.outbox_row.c.state == OutboxState.GIVEN_UP
    )
    stuck = {once.partition(":")[2] for once in session.scalars(given_up)}
    still = select(_w.no).where(_w.no.in_(stuck), _w.state.in_((WithdrawalState.APPROVED, WithdrawalState.PAYING)))
    return sorted({*session.scalars(lit), *session.scalars(still)})


def alarms_of(session: Session, no: str) -> list[tuple[dt.datetime, str]]:
    """What is not cleared about one withdrawal."""
    a = t.payment_alarm.c
    rows = session.execute(select(a.at, a.what).where(a.withdrawal_no == no, a.cleared_at.is_(None)).order_by(a.id))
    return [(at, what) for at, what in rows]


def stray_alarms(session: Session) -> list[tuple[str, dt.datetime, str]]:
    """(number, when, what) of alarms about numbers we never made."""
    a = t.payment_alarm.c
    lit = select(a.withdrawal_no, a.at, a.what).where(a.cleared_at.is_(None), a.withdrawal_no.not_in(select(_w.no)))
    return [(no, at, what) for no, at, what in session.execute(lit.order_by(a.id).limit(50))]


def day(session: Session, merchant_id: int, since: dt.datetime, until: dt.datetime) -> Day:
    """One merchant's span ``[since, until)`` by the moment of payment."""
    paid = (_o.merchant_id == merchant_id, _o.paid_at >= since, _o.paid_at < until, _o.l1_id.is_not(None))
    line = t.order_line.c
    sales, orders = session.execute(
        select(func.coalesce(func.sum(line.paid_fen), 0), func.count(func.distinct(_o.id)))
        .join(t.order, _o.id == line.order_id)
        .where(*paid)
    ).one()
    commission = select(func.coalesce(func.sum(_c.fen), 0)).where(
        _c.merchant_id == merchant_id, _c.paid_at >= since, _c.paid_at < until
    )
    joined = select(func.count()).where(
        _d.state.in_((DistributorState.ACTIVE, DistributorState.FROZEN)), _d.applied_at >= since, _d.applied_at < until
    )
    bound = t.binding.c.bound_at
    customers = select(func.count()).select_from(t.binding).where(bound >= since, bound < until)
    return Day(
        int(sales),
        int(orders),
        int(session.scalar(commission) or 0),
        int(session.scalar(joined) or 0),
        int(session.scalar(customers) or 0),
    )


def trend(session: Session, merchant_id: int, days: Sequence[dt.date]) -> list[tuple[dt.date, int, int]]:
    """(day, sales, commission) in fen of consecutive days, each kind in one statement."""
    bounds = [day_bounds(each) for each in days]
    since, until = bounds[0][0], bounds[-1][1]

    def bucket(paid_at: Any) -> Any:
        return case(*((paid_at < end, number) for number, (_, end) in enumerate(bounds))).label("day")

    line = t.order_line.c
    sales = session.execute(
        select(bucket(_o.paid_at), func.sum(line.paid_fen))
        .join(t.order, _o.id == line.order_id)
        .where(_o.merchant_id == merchant_id, _o.paid_at >= since, _o.paid_at < until, _o.l1_id.is_not(None))
        .group_by("day")
    )
    earned = session.execute(
        select(bucket(_c.paid_at), func.sum(_c.fen))
        .where(_c.merchant_id == merchant_id, _c.paid_at >= since, _c.paid_at < until)
        .group_by("day")
    )
    sold: dict[int, int] = {number: int(fen) for number, fen in sales}
    cost: dict[int, int] = {number: int(fen) for number, fen in earned}
    return [(each, sold.get(number, 0), cost.get(number, 0)) for number, each in enumerate(days)]


def money(session: Session) -> Money:
    """Every distributor's purses added up."""
    name = t.account.c.name
    sums = {
        kind: int(
            session.scalar(
                select(func.coalesce(func.sum(t.account.c.balance_fen), 0)).where(
                    name.like("distributor:%"), name.like(f"%:{kind}")
                )
            )
            or 0
        )
        for kind in (*ledger.PURSES, "owed")
    }
    paid = ledger.balance(session, ledger.BANK)
    return Money(sums["pending"], sums["available"], sums["withdrawing"], paid, -sums["owed"])


def cost(session: Session, merchant_id: int) -> dict[str, int]:
    """Fen of one merchant's commission in each state, voided rows left out."""
    rows = session.execute(
        select(_c.state, func.sum(_c.fen))
        .where(_c.merchant_id == merchant_id, _c.state != CommissionState.VOID)
        .group_by(_c.state)
    )
    return {state: int(fen) for state, fen in rows}


def best(session: Session, merchant_id: int, since: dt.datetime, limit: int = 5) -> list[tuple[str, str, int, int]]:
    """(code, name, orders, fen) of who earned most since then."""
    earned = func.sum(_c.fen).label("fen")
    rows = session.execute(
        select(_d.code, _d.name, func.count(func.distinct(_c.order_id)), earned)
        .join(t.distributor, _d.id == _c.distributor_id)
        .where(_c.merchant_id == merchant_id, _c.paid_at >= since)
        .group_by(_d.id, _d.code, _d.name)
        .having(func.sum(_c.fen) > 0)
        .order_by(earned.desc(), _d.id)
        .limit(limit)
    )
    return [(code, name, int(orders), int(fen)) for code, name, orders, fen in rows]
