"""What makes somebody's withdrawal worth a look before it is paid: much returned, a sudden rush, a shared account."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from distribution import wording_check
from distribution.rules import compliance as rule
from distribution.rules import masking
from distribution.rules.calendar import day_of
from distribution.rules.compliance import Limits
from distribution.rules.money import percent, yuan
from models import Withdrawal
from models import tables as t

_d, _day, _w = t.distributor.c, t.distributor_day.c, t.withdrawal.c


def about(session: Session, row: Withdrawal, *, now: dt.datetime, limits: Limits | None = None) -> list[str]:
    """In Chinese, what whoever decides on the withdrawal should know; none of it is proof, and nothing is held.

    Read from the sums by day, which follow an order within minutes.
    """
    asked = limits or wording_check.limits()
    found = (_returns(session, row, asked, now), _rush(session, row, asked, now), _shared_account(session, row))
    return [each for each in found if each]


def _returns(session: Session, row: Withdrawal, limits: Limits, now: dt.datetime) -> str:
    since = day_of(now) - dt.timedelta(days=limits.refund_days)
    sums = select(func.coalesce(func.sum(_day.sales_fen), 0), func.coalesce(func.sum(_day.refunds_fen), 0))
    sold, returned = map(
        int, session.execute(sums.where(_day.distributor_id == row.distributor_id, _day.day >= since)).one()
    )
    if not rule.returns_too_much(sold, returned, limits):
        return ""
    share = percent(returned * 10_000 // sold)
    return f"近 {limits.refund_days} 天卖出 {yuan(sold)}，退款 {yuan(returned)}，占 {share}。"


def _rush(session: Session, row: Withdrawal, limits: Limits, now: dt.datetime) -> str:
    today = day_of(now)
    first = today - dt.timedelta(days=2 * limits.rush_days)
    rows = session.execute(
        select(_day.day, _day.orders).where(_day.distributor_id == row.distributor_id, _day.day >= first)
    )
    orders = {day: count for day, count in rows}
    since = max(today - dt.timedelta(days=limits.rush_days), _looked_at(session, row))
    day = rule.rush(orders, since, limits)
    if day is None:
        return ""
    most = rule.busiest_before(orders, day, limits)
    usual = f"前 {limits.rush_days} 天最多一天 {most} 单" if most else f"前 {limits.rush_days} 天没有成交"
    return f"{day.month}月{day.day}日成交 {orders[day]} 单，{usual}。"


def _looked_at(session: Session, row: Withdrawal) -> dt.date:
    """The day of the last withdrawal of his that a person let pass: what came before it was seen."""
    decided = session.scalar(
        select(func.max(_w.decided_at)).where(
            _w.distributor_id == row.distributor_id,
            _w.decided_by != "policy",
            _w.state.in_(("approved", "paying", "paid")),
        )
    )
    return day_of(decided) if decided is not None else dt.date.min


def _shared_account(session: Session, row: Withdrawal) -> str:
    if not row.payee_account:
        return ""
    others = session.scalars(
        select(_d.name)
        .join(t.withdrawal, _w.distributor_id == _d.id)
        .where(_w.payee_account == row.payee_account, _d.id != row.distributor_id)
        .distinct()
        .order_by(_d.name)
        .limit(3)
    ).all()
    return f"同一个收款账号也是 {'、'.join(map(masking.name, others))} 用过的。" if others else ""
