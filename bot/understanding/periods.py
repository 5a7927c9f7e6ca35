"""Spans of days people name, found in a text: each formula is a pattern and what it stands for."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.understanding import spans
from bot.understanding.numerals import whole
from bot.understanding.spans import Span

_N = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3}|半)"
_DAY_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_WEEK = r"(?:周|星期|礼拜)"
_YEAR = r"(?:(?P<year>今年|本年|去年|上年|前年|(?:20)?\d{2}年)的?)?"
_OF_DAY = r"(?:一?整?天|早上?|晚上?|上午|中午|下午|夜里|凌晨)?"
_WEEKDAY = {c: n for n, c in enumerate("一二三四五六")} | {"日": 6, "天": 6} | {str(n + 1): n for n in range(6)}
_DAYS_BACK = {"今": 0, "昨": 1, "前": 2, "大前": 3, "当": 0}
_UNIT_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "年": 365, "季度": 90}
_HOLIDAYS = {"十一": "国庆", "劳动节": "五一", "过年": "春节", "新年": "元旦", "大年": "春节"}
_FEASTS = {
    "双十一": (11, 11), "双11": (11, 11), "双十二": (12, 12), "双12": (12, 12), "618": (6, 18), "六一八": (6, 18),
    "妇女节": (3, 8), "三八节": (3, 8), "38节": (3, 8),
    "女神节": (3, 8), "女王节": (3, 8), "情人节": (2, 14), "儿童节": (6, 1), "教师节": (9, 10),
    "圣诞节": (12, 25), "圣诞": (12, 25), "平安夜": (12, 24), "光棍节": (11, 11), "愚人节": (4, 1), "万圣节": (10, 31),
}  # fmt: skip
_MAKE = Callable[[re.Match[str], dt.date], Span | None]


@dataclass(frozen=True, slots=True)
class Found:
    """A span and where in the text it is said."""

    start: int
    end: int
    span: Span


def find_periods(text: str, today: dt.date) -> list[Found]:
    """Every span named in ``text`` in its order, ranges joined; vague words name none."""
    joined: list[Found] = []
    for found in _apart(_all(text, today)):
        if joined and _JOIN.fullmatch(text, joined[-1].end, found.start) and found.span[1] > joined[-1].span[0]:
            joined[-1] = Found(joined[-1].start, found.end, (joined[-1].span[0], found.span[1]))
        else:
            joined.append(found)
    reaching = (_until_now(text, found, today) for found in joined)
    return [found for found in reaching if found.span[0] < found.span[1]]


def _all(text: str, today: dt.date) -> Iterator[Found]:
    for pattern, make in _FORMULAS:
        for match in pattern.finditer(text):
            span = make(match, today)
            if span:
                yield Found(match.start(), match.end(), span)


def _apart(found: Iterator[Found]) -> list[Found]:
    """The longest of those that overlap."""
    chosen: list[Found] = []
    for each in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        if all(each.end <= other.start or other.end <= each.start for other in chosen):
            chosen.append(each)
    return sorted(chosen, key=lambda one: one.start)


def _until_now(text: str, found: Found, today: dt.date) -> Found:
    after = _SINCE.match(text, found.end)
    if not after:
        return found
    return Found(found.start, after.end(), (found.span[0], today + spans.DAY))


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
    return spans.latest_date(today, *_FEASTS[match["feast"]], year=_year(match, today))


_NEXT = r"(?<![下后])"
_HOLIDAY = (
    r"(?P<name>国庆|中秋|端午|清明|春节|过年|元旦|劳动节|(?<![双十二三五])五一(?![百千万块元\d])"
    r"|(?<![双十二三])十一(?=假|长假|期间|黄金|放假|那|当天|小长假|国庆|卖|赚|挣|出单))"
    r"(?:节日?)?(?P<single>那一?天|当天|当日)?(?:那几天|这几天|期间|假期|长假|"
    r"小长假|放假|黄金周|[一二三五六七八0-9]天)?(?:期间)?"
)
_JOIN = re.compile(r"的?[\s(]*(?:到|至|~|-|—|–|－|和|跟|与)+(?:了)?\s*(?<![和跟与])|\s*(?:到|至)\s*")
_SINCE = re.compile(
    r"(?:号|日)?(?:开始|起)?(?:算|一?直)?(?:(?:到|至)(?:现在|今天|今日|目前|今|如今|此刻|这会儿)|以来|至今|到了?现在)"
)
_FORMULAS: tuple[tuple[re.Pattern[str], _MAKE], ...] = tuple(
    (re.compile(pattern), make)
    for pattern, make in (
        (rf"(?P<day>大前|前|昨|(?<![到至止])今)(?:天|日|儿个?|晚|早|夜){_OF_DAY}", _relative_day),
        (r"(?P<day>当)天(?=的|赚|卖|出|佣|收|有)", _relative_day),
        (r"(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3})天(?:之|以)?前", _days_ago),
        (
        rf"(?:最近|近|过去|这)的?(?:这)?(?P<n>{_N})个?(?P<unit>天|日|周|星期|礼拜|"
        rf"月|年|季度)(?:内|里|以来|来)?", _recent),
        (rf"(?P<back>上上?|本|这|当)(?:一|1)?(?:个)?{_WEEK}(?![一二三四五六日天末1-6])", _week),
        (rf"(?P<back>上上?|本|这)(?:一)?(?:个)?{_WEEK}(?P<weekday>[一二三四五六日天1-6]){_OF_DAY}", _week_day),
        (
        rf"{_NEXT}(?<![上本这下个每一二两三四五六七八九几\d]){_WEEK}(?P<weekday>[一二三四五六日天])"
        rf"{_OF_DAY}", _bare_weekday),
        (
            rf"(?P<back>上上?|这|本)?(?:个)?(?:(?<!下)(?<!下个)(?<!每)(?<!每个){_WEEK}末(?!也?还?(?:能|可以"
            rf"|可不|会|不能|算))|(?<![下每])双休日?)", _weekend),
        (
            rf"(?P<back>上上?|本|这|当)(?:一)?个?月份?的?(?P<d>{_DAY_N})[号日]?[到至~-](?P<e>{_DAY_N})[号日]",
            _range_in_this_month,
        ),
        (r"(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3})(?P<unit>天|周)(?:之|以)?内", _recent),
        (r"(?<![一二三四五六七八九十\d])(?P<m>[一二三四五六七八])(?P<e>[二三四五六七八九])月份?", _two_months),
        (r"(?P<back>上上?|本|这|当)(?:一)?个?月份?(?![一二三四五六七八九十\d初底末]+[号日])", _month),
        (rf"(?P<back>上上?|本|这)(?:一)?个?月份?的?(?P<d>{_DAY_N})[号日]", _day_of_month),
        (rf"{_YEAR}(?<!个)(?<!\d)(?P<m>{_DAY_N})月份?(?![\d一二三四五六七八九十])", _named_month),
        (rf"{_YEAR}(?:(?P<m>{_DAY_N})月份?|(?P<back>上上?|本|这)(?:个)?月)?的?(?P<third>[上中下])旬", _third),
        (rf"{_YEAR}(?<!个)(?<!\d)(?P<m>{_DAY_N})月(?P<d>{_DAY_N})(?:号|日|(?!\d))?(?:那一?天|当天)?", _date),
        (rf"{_YEAR}(?P<m>{_DAY_N})月(?P<d>{_DAY_N})[号日]?[到至~-](?P<e>{_DAY_N})[号日]?(?![月\d])", _range_in_month),
        (r"(?<!\d)(?P<y>20\d\d)[-./年](?P<m>\d{1,2})[-./月](?P<d>\d{1,2})(?!\d)[号日]?", _full_date),
        (
            
        r"(?<![\d.¥￥提取现])(?<![A-Za-z]-)(?P<m>1[0-2]|0?[1-9])[./-](?P<d>3[01]|[12]\d|0?[1-9])(?![\d.]*[\dkKwW块元%折])"
        r"(?:号|日|那一?天|当天)?",
            _date,
        ),
        (
        rf"(?<![月\d一二三四五六七八九十几个单订编这])(?P<d>{_DAY_N})[号日](?!店|"
        rf"链接|商品|楼|线|码)(?:那一?天|当天)?", _bare_day),
        (rf"{_YEAR}(?:第?(?P<q>[一二三四1-4])(?:季度|季)|(?<![A-Za-z])[qQ](?P<q2>[1-4])(?!\d))", _quarter),
        (r"(?P<back>上上?|本|这)(?:一)?个?季度?", _this_quarter),
        (rf"{_YEAR}(?P<half>[上下])半年", _half),
        (r"(?P<year>今年|本年|去年|上年(?!纪)|前年|20\d\d年|(?<!\d)2\d年(?![前后来]))(?:一?整年|全年|一年|度)?",
         _whole_year),
        (r"(?P<start>年初|开年|月初)", _start_of),
        (rf"{_YEAR}{_HOLIDAY}", _holiday),
        (
        rf"{_YEAR}(?<![\d提取现¥])(?P<feast>{'|'.join(_FEASTS)})(?![\d块元kw.])(?:期间|"
        rf"活动|大促|那一?天|当天|当日|购物节)*", _feast),
    )
)  # fmt: skip
