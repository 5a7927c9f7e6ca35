"""Spans of days people name: half-open pairs of local dates, weeks begin on Monday."""

import datetime as dt
import re

_DAY = dt.timedelta(days=1)
_LAST_DAYS = re.compile(r"(?:最近|近)(\d{1,3})天")

#: Words for single days, counted back from today.
_DAYS = {"大前天": 3, "前天": 2, "昨天": 1, "昨日": 1, "昨晚": 1, "今天": 0, "今日": 0, "今儿": 0}


def find_period(text: str, today: dt.date) -> tuple[dt.date, dt.date] | None:
    """``(from, until)`` of the first span named in ``text``; None when none is."""
    for word, back in _DAYS.items():
        if word in text:
            day = today - back * _DAY
            return day, day + _DAY
    last = _LAST_DAYS.search(text)
    if last and int(last.group(1)):
        return today - (int(last.group(1)) - 1) * _DAY, today + _DAY
    return _week(text, today) or _month(text, today) or _year(text, today)


def _week(text: str, today: dt.date) -> tuple[dt.date, dt.date] | None:
    match = re.search(r"(上上|上|本|这)(?:个)?(?:周|星期|礼拜)", text)
    if not match:
        return None
    back = {"上上": 14, "上": 7}.get(match.group(1), 0)
    monday = today - dt.timedelta(days=today.weekday() + back)
    return monday, monday + 7 * _DAY


def _month(text: str, today: dt.date) -> tuple[dt.date, dt.date] | None:
    match = re.search(r"(上上|上|本|这)(?:个)?月", text)
    if not match:
        return None
    first = today.replace(day=1)
    for _ in range({"上上": 2, "上": 1}.get(match.group(1), 0)):
        first = (first - _DAY).replace(day=1)
    return first, (first + 32 * _DAY).replace(day=1)


def _year(text: str, today: dt.date) -> tuple[dt.date, dt.date] | None:
    if "今年" in text:
        return today.replace(month=1, day=1), dt.date(today.year + 1, 1, 1)
    if "去年" in text:
        return dt.date(today.year - 1, 1, 1), dt.date(today.year, 1, 1)
    return None
