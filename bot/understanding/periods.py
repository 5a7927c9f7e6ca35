"""Spans of days people name, found in a text: each formula is a pattern and what it stands for."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.understanding import spans
from bot.understanding.said_days import FEASTS, MAKERS, Make
from bot.understanding.spans import Span

_N = r"(?:\d{1,3}|[一二两三四五六七八九十俩仨]{1,3}|半)"
_DAY_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_WEEK = r"(?:周|星期|礼拜)"
_YEAR = r"(?:(?P<year>今年|本年|去年|上年|前年|(?:20)?\d{2}年)的?)?"
#: Monday, unless 一 begins a word of its own: 上周一共.
_MONDAY = r"一(?![共直些起])"
_OF_DAY = r"(?:一?整?天|早上?|晚上?|上午|中午|下午|夜里|凌晨)?"


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
        both = _as_one(text, joined[-1], found) if joined else None
        joined[-1 if both else len(joined) :] = [both or found]
    reaching = (_reaching(text, found, today) for found in joined)
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


def _as_one(text: str, before: Found, found: Found) -> Found | None:
    """From one day to another, or two beside each other; None when they are spans of their own."""
    if _JOIN.fullmatch(text, before.end, found.start) and found.span[1] > before.span[0]:
        short = _SHORT_OF.match(text, found.end)
        end, until = (short.end(), found.span[0]) if short else (found.end, found.span[1])
        return Found(before.start, end, (before.span[0], until))
    touching = found.span[1] == before.span[0] or before.span[1] == found.span[0]
    if touching and _BESIDE.fullmatch(text, before.end, found.start) and not _EACH.search(text, found.end):
        return Found(before.start, found.end, (min(before.span[0], found.span[0]), max(before.span[1], found.span[1])))
    return None


def _reaching(text: str, found: Found, today: dt.date) -> Found:
    """The span up to today where it is said to last, or from its end on where it is only what went before."""
    since, after = _SINCE.match(text, found.end), _AFTER.match(text, found.end)
    if since:
        return Found(found.start, since.end(), (found.span[0], today + spans.DAY))
    return Found(found.start, after.end(), (found.span[1], today + spans.DAY)) if after else found


_NEXT = r"(?<!(?<!一)下)(?<!后)"
#: 那个九月 is a month, 三个月 are months.
_NO_COUNT = r"(?<!(?<![那这])个)(?<!\d)"
_OF_MONTH = rf"(?:(?P<m>{_DAY_N})月份?|(?P<back>上上?|本|这)(?:一)?(?:个)?月份?)"
_HOLIDAY = (
    r"(?P<name>国庆|中秋|端午|清明(?![茶果粑])|春节|过年|元旦|劳动节|(?<![双十二三五])五一(?![百千万块元\d])"
    r"|(?<![双十二三])十一(?=假|长假|期间|黄金|放假|那|当天|小长假|国庆|到现在|到今天|到目前|至今|以来|卖|赚|挣|出单))"
    r"(?:节日?)?(?P<single>那一?天|当天|当日)?(?:那几天|这几天|期间|假期|长假|"
    r"小长假|放假|黄金周|[一二三五六七八0-9]天)?(?:期间)?"
)
_JOIN = re.compile(r"的?[\s(]*(?:到|至|~|-|—|–|－|和|跟|与)+(?:了)?\s*(?<![和跟与])|\s*(?:到|至)\s*")
#: 昨天前天, 七月和八月: one beside the other.
_BESIDE = re.compile(r"的?(?:[和跟与、,\s]|加上?)*")
_EACH = re.compile(r"分别|各|哪|比")
_SHORT_OF = re.compile(r"节?(?:之前|以前|前(?![天年]))")
_AFTER = re.compile(r"节?(?:之后|以后|过后)(?:到(?:现在|今天|目前))?")
_SINCE = re.compile(
    r"(?:号|日)?(?:开始|起)?(?:算|一?直)?(?:(?:到|至)(?:现在|今天|今日|目前|今|如今|此刻|这会儿)|以来|至今|到了?现在)"
)
_FORMULAS: tuple[tuple[re.Pattern[str], Make], ...] = tuple(
    (re.compile(pattern), MAKERS[name])
    for pattern, name in (
        (rf"(?P<day>大前|前|昨|(?<![到至止])今)(?:天|日|儿个?|个儿?|晚|早|夜){_OF_DAY}", "relative_day"),
        (r"(?P<day>当)天(?=的|赚|卖|出|佣|收|有)", "relative_day"),
        (r"(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3})天(?:之|以)?前", "days_ago"),
        (
        rf"(?:最近|近|过去|这)的?(?:这)?(?P<n>{_N})个?(?P<unit>天|日|周|星期|礼拜|"
        rf"月|年|季度)(?:内|里|以来|来)?", "recent"),
        (rf"(?P<back>上上?|本|这|当)(?:一|1)?(?:个)?{_WEEK}(?!{_MONDAY}|[二三四五六日天末1-6])", "week"),
        (rf"(?P<back>上上?|本|这)(?:一)?(?:个)?{_WEEK}(?P<weekday>{_MONDAY}|[二三四五六日天1-6]){_OF_DAY}", "week_day"),
        (
        rf"{_NEXT}(?<![上本这个每一二两三四五六七八九几\d]){_WEEK}(?P<weekday>{_MONDAY}|[二三四五六日天])"
        rf"{_OF_DAY}", "bare_weekday"),
        (
            rf"(?P<back>上上?|这|本)?(?:个)?(?:(?<!(?<!一)下)(?<!下个)(?<!每)(?<!每个){_WEEK}末(?!也?还?(?:能|可以"
            rf"|可不|会|不能|算))|(?<![下每])双休日?)", "weekend"),
        (
            rf"(?P<back>上上?|本|这|当)(?:一)?个?月份?的?(?P<d>{_DAY_N})[号日]?[到至~-](?P<e>{_DAY_N})[号日]",
            "range_in_this_month",
        ),
        (r"(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3})(?P<unit>天|周)(?:之|以)?内", "recent"),
        (r"(?<![一二三四五六七八九十\d])(?P<m>[一二三四五六七八])(?P<e>[二三四五六七八九])月份?", "two_months"),
        (r"(?P<back>上上?|本|这|当)(?:一)?个?月份?(?![一二三四五六七八九十\d初底末]+[号日])", "month"),
        (rf"(?P<back>上上?|本|这)(?:一)?个?月份?的?(?P<d>{_DAY_N})[号日]", "day_of_month"),
        (rf"{_YEAR}{_NO_COUNT}(?P<m>{_DAY_N})月份?(?!\d|[一二三四五六七八九十](?![共直些]))", "named_month"),
        (rf"{_YEAR}(?:(?P<m>{_DAY_N})月份?|(?P<back>上上?|本|这)(?:个)?月)?的?(?P<third>[上中下])旬", "third"),
        (rf"{_YEAR}(?:{_OF_MONTH}的?)?(?P<half>[上下])半个?月", "half_month"),
        (rf"{_YEAR}(?<!\d){_OF_MONTH}(?P<edge>[初底末])(?=[到至~-]|以来|开始|起)", "edge_of_month"),

        (rf"{_YEAR}{_NO_COUNT}(?P<m>{_DAY_N})月(?P<d>{_DAY_N})(?:号|日|(?![\d共直样些]))(?:那一?天|当天)?", "date"),
        (rf"{_YEAR}(?P<m>{_DAY_N})月(?P<d>{_DAY_N})[号日]?[到至~-](?P<e>{_DAY_N})[号日]?(?![月\d])", "range_in_month"),
        (r"(?<!\d)(?P<y>20\d\d)[-./年](?P<m>\d{1,2})[-./月](?P<d>\d{1,2})(?!\d)[号日]?", "full_date"),
        (
            
        r"(?<![\d.¥￥提取现])(?<![A-Za-z]-)(?P<m>1[0-2]|0?[1-9])[./-](?P<d>3[01]|[12]\d|0?[1-9])(?![\d.]*[\dkKwW块元%折])"
        r"(?:号|日|那一?天|当天)?",
            "date",
        ),
        (
        rf"(?<![月\d一二三四五六七八九十几个单订编这])(?P<d>{_DAY_N})[号日](?!店|"
        rf"链接|商品|楼|线|码)(?:那一?天|当天)?", "bare_day"),
        (rf"{_YEAR}(?:第?(?P<q>[一二三四1-4])(?:季度|季)|(?<![A-Za-z])[qQ](?P<q2>[1-4])(?!\d))", "quarter"),
        (r"(?P<back>上上?|本|这)(?:一)?个?季度?", "this_quarter"),
        (rf"{_YEAR}(?P<half>[上下])半年", "half"),
        (r"(?P<year>今年|本年|去年|上年(?!纪)|前年|20\d\d年|(?<!\d)2\d年(?![前后来]))(?:一?整年|全年|一年|度)?",
         "whole_year"),
        (r"(?P<start>年初|开年|月初)", "start_of"),
        (rf"{_YEAR}{_HOLIDAY}", "holiday"),
        (
        rf"{_YEAR}(?<![\d提取现¥])(?P<feast>{'|'.join(sorted(FEASTS, key=len, reverse=True))})(?![\d块元kw.])(?:期间|"
        rf"活动|大促|那一?天|当天|当日|购物节)*", "feast"),
    )
)  # fmt: skip
