"""Where a day and a month begin: Asia/Shanghai; instants are UTC everywhere else."""

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

Span = tuple[dt.datetime, dt.datetime]


def local(moment: dt.datetime) -> dt.datetime:
    """The same instant on a Shanghai clock."""
    return moment.astimezone(SHANGHAI)


def day_of(moment: dt.datetime) -> dt.date:
    """The Shanghai date of an instant."""
    return local(moment).date()


@lru_cache(maxsize=1024)
def start_of(day: dt.date) -> dt.datetime:
    """The first instant of a Shanghai day, in UTC."""
    return dt.datetime.combine(day, dt.time(), SHANGHAI).astimezone(dt.UTC)


def span(first: dt.date, until: dt.date) -> Span:
    """The instants ``[from, until)`` of whole Shanghai days."""
    return start_of(first), start_of(until)


def day_bounds(day: dt.date) -> Span:
    """One day."""
    return span(day, day + dt.timedelta(days=1))


def month_bounds(day: dt.date) -> Span:
    """The calendar month of ``day``."""
    first = day.replace(day=1)
    return span(first, (first + dt.timedelta(days=32)).replace(day=1))


def week_bounds(day: dt.date) -> Span:
    """The week of ``day``, from Monday."""
    first = day - dt.timedelta(days=day.weekday())
    return span(first, first + dt.timedelta(days=7))


def quarter_bounds(day: dt.date) -> Span:
    """The calendar quarter of ``day``."""
    first = day.replace(month=day.month - (day.month - 1) % 3, day=1)
    return span(first, (first + dt.timedelta(days=95)).replace(day=1))


def parse_local(text: str) -> dt.datetime:
    """The UTC instant of a ``datetime-local`` value meant in Shanghai; ValueError if it is not one."""
    moment = dt.datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(dt.UTC)


def shown_day(moment: dt.datetime) -> str:
    """11月23日."""
    there = local(moment)
    return f"{there.month}月{there.day}日"


def shown_time(moment: dt.datetime) -> str:
    """11月23日 10:26."""
    there = local(moment)
    return f"{shown_day(there)} {there.hour:02d}:{there.minute:02d}"


def shown_full(moment: dt.datetime) -> str:
    """2026-11-23 10:26."""
    return local(moment).isoformat(" ", "minutes")[:16]
