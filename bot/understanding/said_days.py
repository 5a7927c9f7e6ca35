"""What each way of naming days stands for: from a match of its pattern to a span."""

import datetime as dt
import re
from collections.abc import Callable, Mapping

from bot.understanding import spans
from bot.understanding.numerals import whole
from bot.understanding.spans import Span

Make = Callable[[re.Match[str], dt.date], Span | None]
_WEEKDAY = {c: n for n, c in enumerate("一二三四五六")} | {"日": 6, "天": 6} | {str(n + 1): n for n in range(6)}
_DAYS_BACK = {"今": 0, "昨": 1, "前": 2, "大前": 3, "当": 0}
_UNIT_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "年": 365, "季度": 90}
_HOLIDAYS = {"十一": "国庆", "劳动节": "五一", "过年": "春节", "新年": "元旦", "大年": "春节"}
#: Days of the year that shops celebrate.
FEASTS = {
    "双十一": (11, 11), "双11": (11, 11), "双十二": (12, 12), "双12": (12, 12), "618": (6, 18), "六一八": (6, 18),
    "妇女节": (3, 8), "三八节": (3, 8), "38节": (3, 8),
    "女神节": (3, 8), "女王节": (3, 8), "情人节": (2, 14), "儿童节": (6, 1), "六一": (6, 1), "六一儿童节": (6, 1),
    "三八妇女节": (3, 8), "教师节": (9, 10),
    "圣诞节": (12, 25), "圣诞": (12, 25), "平安夜": (12, 24), "光棍节": (11, 11), "愚人节": (4, 1), "万圣节": (10, 31),
}  # fmt: skip


def _year(match: re.Match[str], today: dt.date) -> int | None:
    said = match.groupdict().get("year")
    if not said:
        return None
    back = {"今年": 0, "本年": 0, "去年": 1, "上年": 1, "前年": 2}.get(said)
    if back is not None:
        return today.year - back
    number = int(said.rstrip("年"))
    return number if number > 100 else 2000 + number


def _back(said: str) -> int:
    return said.count("上")


def _relative_day(match: re.Match[str], today: dt.date) -> Span:
    return spans.days(today - _DAYS_BACK[match["day"]] * spans.DAY)


def _days_ago(match: re.Match[str], today: dt.date) -> Span | None:
    count = whole(match["n"])
    return spans.days(today - count * spans.DAY) if count else None


def _recent(match: re.Match[str], today: dt.date) -> Span | None:
    unit = _UNIT_DAYS[match["unit"]]
    if match["n"] == "半":
        return spans.last_days(today, {30: 15, 365: 180}.get(unit, 1))
    count = whole(match["n"]) or 0
    if (unit == 365 and count == 1) or (count and unit != 365):
        return spans.last_days(today, count * unit)
    return spans.last_days(today, count * 365) if count else None


def _week(match: re.Match[str], today: dt.date) -> Span:
    return spans.week(today, _back(match["back"]))


def _week_day(match: re.Match[str], today: dt.date) -> Span:
    monday = spans.week(today, _back(match["back"]))[0]
    return spans.days(monday + _WEEKDAY[match["weekday"]] * spans.DAY)


def _bare_weekday(match: re.Match[str], today: dt.date) -> Span:
    back = (today.weekday() - _WEEKDAY[match["weekday"]] - 1) % 7 + 1
    return spans.days(today - back * spans.DAY)


def _weekend(match: re.Match[str], today: dt.date) -> Span:
    if match["back"]:
        return spans.days(spans.week(today, _back(match["back"]))[0] + 5 * spans.DAY, 2)
    back = today.weekday() + 2 if today.weekday() < 5 else today.weekday() - 5
    return spans.days(today - back * spans.DAY, 2)


def _month(match: re.Match[str], today: dt.date) -> Span:
    return spans.months(today.year, today.month - _back(match["back"]))


def _day_of_month(match: re.Match[str], today: dt.date) -> Span | None:
    return spans.day_in(_month(match, today), whole(match["d"]) or 0)


def _named_month(match: re.Match[str], today: dt.date) -> Span | None:
    return spans.latest_month(today, whole(match["m"]) or 0, _year(match, today))


def _third(match: re.Match[str], today: dt.date) -> Span | None:
    if match["m"]:
        month = spans.latest_month(today, whole(match["m"]) or 0, _year(match, today))
    else:
        month = spans.months(today.year, today.month - _back(match["back"] or ""))
    at = "上中下".index(match["third"])
    if not month or month[0] + 10 * at * spans.DAY > today:
        return None
    return month[0] + 10 * at * spans.DAY, month[1] if at == 2 else month[0] + 10 * (at + 1) * spans.DAY


def _half_month(match: re.Match[str], today: dt.date) -> Span | None:
    month = spans.latest_month(today, whole(match["m"]) or 0, _year(match, today)) if match["m"] else None
    first, after = month or spans.months(today.year, today.month - _back(match["back"] or ""))
    middle = first + 15 * spans.DAY
    return (first, middle) if match["half"] == "上" else (middle, after) if middle <= today else None


def _edge_of_month(match: re.Match[str], today: dt.date) -> Span | None:
    month = spans.latest_month(today, whole(match["m"]) or 0, _year(match, today)) if match["m"] else None
    first, after = month or spans.months(today.year, today.month - _back(match["back"] or ""))
    return spans.days(first) if match["edge"] == "初" else spans.days(after - spans.DAY)


def _date(match: re.Match[str], today: dt.date) -> Span | None:
    return spans.latest_date(today, whole(match["m"]) or 0, whole(match["d"]) or 0, _year(match, today))


def _range_in_month(match: re.Match[str], today: dt.date) -> Span | None:
    month = whole(match["m"]) or 0
    first = spans.latest_date(today, month, whole(match["d"]) or 0, _year(match, today))
    last = spans.day_in(first, whole(match["e"]) or 0) if first else None
    return (first[0], last[1]) if first and last and last[1] > first[0] else None


def _range_in_this_month(match: re.Match[str], today: dt.date) -> Span | None:
    month = _month(match, today)
    first, last = spans.day_in(month, whole(match["d"]) or 0), spans.day_in(month, whole(match["e"]) or 0)
    return (first[0], last[1]) if first and last and last[1] > first[0] else None


def _two_months(match: re.Match[str], today: dt.date) -> Span | None:
    first, last = whole(match["m"]) or 0, whole(match["e"]) or 0
    begun = spans.latest_month(today, first)
    return spans.months(begun[0].year, first, 2) if begun and last == first + 1 else None


def _full_date(match: re.Match[str], today: dt.date) -> Span | None:
    return spans.latest_date(today, int(match["m"]), int(match["d"]), int(match["y"]))


def _bare_day(match: re.Match[str], today: dt.date) -> Span | None:
    return spans.latest_day(today, whole(match["d"]) or 0)


def _quarter(match: re.Match[str], today: dt.date) -> Span | None:
    number = whole(match["q"] or match["q2"]) or 0
    year = _year(match, today) or (today.year if 3 * number - 2 <= today.month else today.year - 1)
    return spans.months(year, 3 * number - 2, 3)


def _this_quarter(match: re.Match[str], today: dt.date) -> Span:
    return spans.months(today.year, (today.month - 1) // 3 * 3 + 1 - 3 * _back(match["back"]), 3)


def _half(match: re.Match[str], today: dt.date) -> Span:
    year = _year(match, today)
    if match["half"] == "上":
        return spans.months(year or today.year, 1, 6)
    return spans.months(year or (today.year if today.month > 6 else today.year - 1), 7, 6)


def _whole_year(match: re.Match[str], today: dt.date) -> Span:
    return spans.months(_year(match, today) or today.year, 1, 12)


def _start_of(match: re.Match[str], today: dt.date) -> Span:
    if match["start"] in ("年初", "开年"):
        return spans.days(dt.date(today.year, 1, 1))
    return spans.days(today.replace(day=1))


def _holiday(match: re.Match[str], today: dt.date) -> Span | None:
    name = _HOLIDAYS.get(match["name"], match["name"])
    return spans.holiday(today, name, _year(match, today), single=bool(match["single"]))


def _feast(match: re.Match[str], today: dt.date) -> Span | None:
    return spans.latest_date(today, *FEASTS[match["feast"]], year=_year(match, today))


#: By name of the formula.
MAKERS: Mapping[str, Make] = {
    "relative_day": _relative_day,
    "days_ago": _days_ago,
    "recent": _recent,
    "week": _week,
    "week_day": _week_day,
    "bare_weekday": _bare_weekday,
    "weekend": _weekend,
    "month": _month,
    "day_of_month": _day_of_month,
    "named_month": _named_month,
    "third": _third,
    "half_month": _half_month,
    "edge_of_month": _edge_of_month,
    "date": _date,
    "range_in_month": _range_in_month,
    "range_in_this_month": _range_in_this_month,
    "two_months": _two_months,
    "full_date": _full_date,
    "bare_day": _bare_day,
    "quarter": _quarter,
    "this_quarter": _this_quarter,
    "half": _half,
    "whole_year": _whole_year,
    "start_of": _start_of,
    "holiday": _holiday,
    "feast": _feast,
}
