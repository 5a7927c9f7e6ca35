"""Amounts of money in a sentence, as fen; what is vague is no amount."""

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.understanding.numerals import NUMBER, number

MOST_FEN = 1_000_000_000
_CURRENCY = r"(?:块钱|元钱|块|元|圆|rmb|RMB)"
_DIGIT = r"[一二两三四五六七八九\d]"
_MONEY = re.compile(
    rf"(?<![A-Za-z])(?P<before>[上一几多点来]|(?<!整)数)?[¥￥]?(?P<whole>{NUMBER})"
    rf"(?:(?P<currency>{_CURRENCY})(?:零?(?P<jiao>{_DIGIT})(?:毛|角)?(?:(?P<cent>{_DIGIT})"
    rf"分?)?(?!{_DIGIT}|[天个次年月]))?)?"
    r"(?P<after>多|来块|几|左右|上下)?"
)
_LOOSE_JIAO = re.compile(rf"(?P<jiao>{_DIGIT})(?:毛|角)(?:钱)?")
_VAGUE = re.compile(
    rf"分之|[一二两三四五六七八九\d]成|{NUMBER}(?:块钱?|元)?(?:到|至|-|~|—)(?!零){NUMBER}|"
    r"几(?:十|百|千|万)|(?<![一二两三四五六七八九十百千万\d])(?:百八十|千八百|万八千|千儿八百|百儿八十"
    r"|百十来?|千把|百把|万把)|[一二三四五六七八九两][两三四五六七八九](?:十|百|千|"
    r"万)|(?:大概|大约|差不多|约|不超过).{0,2}(?:\d|[一二两三四五六七八九十百千])|(?:\d|[百千万块元])(?:左右|上下|以上|以内)|或|一半|(?:百|千|万|十)把|十几|百十|数百|若干|一部分|一点点?"
)
_NOT_MONEY = re.compile(
    r"(?:个(?![wW亿万月把])|天|个月|个?小时|个?星期|周|礼拜|年|月|号|日|次|单|笔|人|位|张|盒|瓶|"
    r"支|件|遍|分钟|%|折|级|步|条|款|岁|度|点半|成)"
)
_ALL = re.compile(
    r"全部|所有|清仓|一分不剩|一毛不剩|全都|全额|清空|余额清|提光|取光|提完|取完|一分不留|有多少(?:就|都|给我|帮我)*[提取]多少|能[提取]多少(?:就|都|给我|帮我)*[提取]多少|"
    r"能提多少[就]?提多少|(?<!不)全(?:都)?(?:给我|给俺|帮我)?[提取打转]|通通|统统|一次性提"
    r"|(?:余额|佣金|钱)我?全(?:部|都)?(?:给|转|打|要)|(?:余额|佣金|钱|收益|可以?提的?|里面的?|剩下?的|剩余的?)都|都(?:给我|"
    r"给俺|帮我)?[提取打转]|都(?:给我|给俺|帮我).{0,6}[提取打转出]"
    r"|剩下的(?:佣金|钱|余额)?|(?<![a-zA-Z])all(?![a-zA-Z])"
)


def says_all(text: str) -> bool:
    """Whether everything there is was asked for."""
    return bool(_ALL.search(text))


def says_vague(text: str) -> bool:
    """Whether an amount is meant, but none that can be counted."""
    return bool(_VAGUE.search(text))


def amounts(text: str) -> Iterator[tuple[int, int]]:
    """Where each exact amount begins and how many fen it is."""
    vague = [match.span() for match in _VAGUE.finditer(text)]
    for match in _MONEY.finditer(text):
        start, end = match.span("whole")
        near = any(a < end and start < b for a, b in vague)
        if near or match.group("after") or match.group("before") in ("几", "数") or _counts(match, text):
            continue
        fen = _fen(match)
        if fen is not None and 0 < fen <= MOST_FEN:
            yield start, fen


def last_amount(text: str) -> int | None:
    """The last exact amount: in a correction the one that stands."""
    return max(amounts(text), default=(0, None))[1]


def _counts(match: re.Match[str], text: str) -> bool:
    """Whether the number counts something else, or is a bare 一 of 一下 and the like."""
    if match.group("currency"):
        return False
    after = text[match.end() :]
    if _NOT_MONEY.match(after):
        return True
    whole = match.group("whole")
    return (
        len(whole) == 1
        and not whole.isdigit()
        and whole not in "百千万"
        and not re.match(r"毛|角|[。,，!！?？ ]|$", after)
    )


def _fen(match: re.Match[str]) -> int | None:
    value = number(match.group("whole"))
    if value is None:
        return None
    jiao, cent = (number(match.group(name) or "零") or Decimal(0) for name in ("jiao", "cent"))
    fen = value * 100 + jiao * 10 + cent
    return int(fen) if fen == int(fen) else None
