"""What a withdrawal is measured against: the person's day and year, and the shop's limit for a day."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from distribution import earnings, policy
from distribution.order_rows import serialize
from distribution.policy_parts import WithdrawalTerms
from distribution.refusals import Code, Refusal
from distribution.rules.calendar import day_bounds, day_of, span
from distribution.rules.tax import Payment
from distribution.rules.withdrawal import Standing
from models import tables as t
from models.states import WithdrawalState as State

_w = t.withdrawal.c
_OPEN = (State.REQUESTED, State.APPROVED, State.PAYING)
_GOING_OUT = (State.APPROVED, State.PAYING, State.PAID)
#: More than any shop pays in a day.
_NO_LIMIT = 10**15


def standing(
    session: Session, distributor_id: int, terms: WithdrawalTerms, *, has_real_name: bool, now: dt.datetime
) -> Standing:
    """Where an applicant stands at ``now``; every request that was accepted counts for its day, released ones too."""
    purse = earnings.purse(session, distributor_id)
    since, until = day_bounds(day_of(now))
    mine = select(func.count()).where(_w.distributor_id == distributor_id)
    return Standing(
        at=now,
        available_fen=purse.available_fen,
        owed_fen=purse.owed_fen,
        today=int(session.scalar(mine.where(_w.requested_at >= since, _w.requested_at < until)) or 0),
        open=int(session.scalar(mine.where(_w.state.in_(_OPEN))) or 0) if terms.one_at_a_time else 0,
        has_real_name=has_real_name,
        before=_before(session, distributor_id, now) if terms.tax != "none" else (),
    )


def left_today(session: Session, terms: WithdrawalTerms, *, now: dt.datetime, exact: bool = False) -> int:
    """Fen that may still be approved this day; ``exact`` makes others wait until the transaction has ended."""
    if terms.daily_cap_fen is None:
        return _NO_LIMIT
    if exact:
        serialize(session, "payouts of a day")
    since, until = day_bounds(day_of(now))
    used = select(func.coalesce(func.sum(_w.fen), 0)).where(
        _w.state.in_(_GOING_OUT), _w.decided_at >= since, _w.decided_at < until
    )
    return terms.daily_cap_fen - int(session.scalar(used) or 0)


def check_day(session: Session, fen: int, *, now: dt.datetime) -> None:
    """Refusal payout_day_limit when approving ``fen`` would exceed the day's limit of the shop."""
    terms = policy.for_distributors(session, now).withdraw
    left = left_today(session, terms, now=now, exact=True)
    if fen > left:
        limit = terms.daily_cap_fen or 0
        raise Refusal(Code.PAYOUT_DAY_LIMIT, fen=fen, limit_fen=limit, used_fen=limit - left)


def _before(session: Session, distributor_id: int, now: dt.datetime) -> list[Payment]:
    """What was paid, or is on its way, since the year began; what was released is no income."""
    year = day_of(now).year
    since, until = span(dt.date(year, 1, 1), dt.date(year + 1, 1, 1))
    rows = session.execute(
        select(_w.fen, _w.tax_fen, _w.requested_at)
        .where(_w.distributor_id == distributor_id, _w.state != State.RELEASED)
        .where(_w.requested_at >= since, _w.requested_at < until)
        .order_by(_w.id)
    )
    return [Payment(*row) for row in rows]
