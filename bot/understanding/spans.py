"""Calendar arithmetic for spans of days: half-open pairs of local dates, weeks begin on Monday."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

Span = tuple[dt.date, dt.date]
DAY = dt.timedelta(days=1)
_FIXED = {"元旦": (1, 1), "五一": (5, 1), "国庆": (10, 1)}


def days(first: dt.date, count: int = 1) -> Span:
    """``count`` days from ``first``."""
    return first, first + count * DAY


def last_days(today: dt.date, count: int) -> Span:
    """The latest ``count`` days, today included."""
    return today - (count - 1) * DAY, today + DAY


def week(today: dt.date, back: int) -> Span:
    """The calendar week ``back`` weeks ago."""
    return days(today - (today.weekday() + 7 * back) * DAY, 7)


def months(year: int, month: int, count: int = 1) -> Span:
    """``count`` calendar months; ``month`` may lie outside 1..12 and moves the year."""
    return _month_start(year, month), _month_start(year, month + count)


def latest_month(today: dt.date, month: int, year: int | None = None) -> Span | None:
    """The latest such month that has begun, or the one of ``year``; None if there is no such month."""
    if not 1 <= month <= 12:
        return None
    return months(year or (today.year if month <= today.month else today.year - 1), month)


def latest_date(today: dt.date, month: int, day: int, year: int | None = None) -> Span | None:
    """The latest such date not in the future, or the one of ``year``; None if there is no such date."""
    for candidate in (year,) if year else (today.year, today.year - 1, today.year - 2, today.year - 3, today.year - 4):
        found = _date(candidate, month, day)
        if found and (year or found <= today):
            return days(found)
    return None


def latest_day(today: dt.date, day: int) -> Span | None:
    """The latest such day of a month not in the future; None if there is none."""
    for back in range(3):
        first = _month_start(today.year, today.month - back)
        found = _date(first.year, first.month, day)
        if found and found <= today:
            return days(found)
    return None


def day_in(span: Span, day: int) -> Span | None:
    """That day of the month that begins ``span``."""
    found = _date(span[0].year, span[0].month, day)
    return days(found) if found else None


def holiday(today: dt.date, name: str, year: int | None, *, single: bool) -> Span | None:
    """The latest holiday of this name that has begun, or the one of ``year``; ``single`` is the day itself."""
    for candidate in (year,) if year else (today.year, today.year - 1):
        listed = _holidays().get(str(candidate), {}).get(name)
        span: Span | None = None
        if listed:
            first, until, itself = map(dt.date.fromisoformat, listed)
            span = days(itself) if single else (first, until)
        elif name in _FIXED:
            span = days(dt.date(candidate, *_FIXED[name]))
        if span and (year or span[0] <= today):
            return span
    return None


@cache
def _holidays() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads(Path(__file__).with_name("holidays.toml").read_text("utf-8"))


def _month_start(year: int, month: int) -> dt.date:
    years, index = divmod(month - 1, 12)
    return dt.date(year + years, index + 1, 1)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
