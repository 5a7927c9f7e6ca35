"""When due commissions are settled: the cut of every cycle (R38)."""

import calendar
import datetime as dt
from dataclasses import dataclass

from distribution.policy_parts import CycleTerms
from distribution.rules.calendar import day_of, start_of

_WEEK, _TICK = dt.timedelta(days=7), dt.timedelta(microseconds=1)
_ALL_MONTHS, _QUARTERS = range(1, 13), range(1, 13, 3)


@dataclass(frozen=True, slots=True)
class Cut:
    """What a run takes of one merchant's rows: due before ``until``, of people whose due rows reach ``least_fen``."""

    merchant_id: int
    until: dt.datetime
    least_fen: int | None = None


def settled_until(cycle: CycleTerms, at: dt.datetime) -> dt.datetime | None:
    """A run at ``at`` settles what is due before this moment; None: only what a person confirms (manual)."""
    if cycle.mode == "manual":
        return None
    if cycle.mode in ("daily", "threshold"):
        return at + _TICK
    today = day_of(at)
    if cycle.mode == "weekly":
        return start_of(_weekday_on_or_before(today, cycle.weekday or 1))
    months = _ALL_MONTHS if cycle.mode == "monthly" else _QUARTERS
    first = _latest_month(months, today)
    if _cycle_day(first, cycle.day or 1) > today:
        first = _latest_month(months, first - dt.timedelta(days=1))
    return start_of(first)


def settles_at(cycle: CycleTerms, due: dt.datetime) -> dt.datetime | None:
    """The first moment at which a run settles what is due at ``due``; None where a person decides (manual)."""
    if cycle.mode == "manual":
        return None
    if cycle.mode in ("daily", "threshold"):
        return due
    day = day_of(due)
    if cycle.mode == "weekly":
        return start_of(_weekday_on_or_before(day, cycle.weekday or 1) + _WEEK)
    months = _ALL_MONTHS if cycle.mode == "monthly" else _QUARTERS
    return start_of(_cycle_day(_next_month(months, day), cycle.day or 1))


def _weekday_on_or_before(day: dt.date, weekday: int) -> dt.date:
    return day - dt.timedelta(days=(day.isoweekday() - weekday) % 7)


def _latest_month(months: range, day: dt.date) -> dt.date:
    """The first day of the latest of ``months`` that has begun."""
    return day.replace(month=max(month for month in months if month <= day.month), day=1)


def _next_month(months: range, day: dt.date) -> dt.date:
    """The first day of the next of ``months`` after the one that ``day`` stands in."""
    later = [month for month in months if month > day.month]
    return dt.date(day.year, later[0], 1) if later else dt.date(day.year + 1, 1, 1)


def _cycle_day(first: dt.date, day: int) -> dt.date:
    """The cycle's day in the month of ``first``: the 31st is the last day of a shorter one."""
    return first.replace(day=min(day, calendar.monthrange(first.year, first.month)[1]))
