"""Spans of days as people call them: 上周（11月16日~11月22日）."""

import datetime as dt

from distribution.rules.calendar import month_bounds, span, week_bounds

Period = tuple[dt.date, dt.date]
_DAY = dt.timedelta(days=1)
_NEAR = ("今天", "昨天", "前天")
_FEASTS = ("双十一", "双十二", "双11", "双12", "618", "国庆", "五一", "中秋", "端午", "清明", "春节", "过年", "元旦")


def named(period: Period, today: dt.date, said: str = "") -> str:
    """What a span is called, with its days where the name alone would leave them open."""
    first, until = period
    last = min(until, max(today + _DAY, first + _DAY)) - _DAY
    ago = (today - first).days
    if until - first == _DAY:
        near = _NEAR[ago] if 0 <= ago < len(_NEAR) else ""
        feast = _feast(said)
        return near or (f"{feast}（{day(first, today)}）" if feast else day(first, today))
    called = _feast(said) or _unit(period, today)
    if until > today + _DAY and last == today:
        return f"{called or day(first, today)}到今天"
    return (
        f"{called}（{day(first, today)}~{day(last, today)}）" if called else f"{day(first, today)}~{day(last, today)}"
    )


def day(date: dt.date, today: dt.date) -> str:
    """11月23日, with the year when it is another one."""
    year = f"{date.year}年" if date.year != today.year else ""
    return f"{year}{date.month}月{date.day}日"


def before(period: Period) -> Period:
    """The span of the same kind that came just before."""
    first, until = period
    if span(first, until) == month_bounds(first):
        return (first - _DAY).replace(day=1), first
    return first - (until - first), first


def before_word(period: Period, today: dt.date) -> str:
    """How the span before is called beside this one."""
    first, until = period
    if until - first == _DAY:
        return "前一天"
    if span(first, until) == week_bounds(first):
        return "上周" if first <= today < until else "再前一周"
    return "上个月" if first <= today < until else "再前一个月"


def comparable(period: Period) -> bool:
    """Whether a span is a day, a week or a month, so that the one before is a fair measure."""
    first, until = period
    whole = span(first, until)
    return until - first == _DAY or whole in (week_bounds(first), month_bounds(first))


def _feast(said: str) -> str:
    return next((feast for feast in _FEASTS if feast in said), "")


def _unit(period: Period, today: dt.date) -> str:
    first, until = period
    whole = span(first, until)
    if whole == week_bounds(first):
        weeks = (today - dt.timedelta(days=today.weekday()) - first).days // 7
        return ("本周", "上周", "上上周")[weeks] if 0 <= weeks < 3 else ""
    if whole == month_bounds(first):
        return f"{first.month}月" if first.year == today.year else f"{first.year}年{first.month}月"
    return (
        f"{first.year}年" if (first.month, first.day) == (1, 1) and until == first.replace(year=first.year + 1) else ""
    )
