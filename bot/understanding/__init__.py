"""What a sentence means: intent and slots; pure and fast."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from bot.understanding.periods import find_period
from distribution.rules.money import parse_yuan

_NUMBER = r"[¥￥]?[\d,.]+[kKwW千万]?|[零一二两三四五六七八九十百千万]{1,12}"
_AMOUNT = rf"(?P<amount>(?:{_NUMBER})(?:块钱|块|元|圆)?)"
_POLITE = r"(?:你好|请|麻烦|我要|我想|想要|要|想|给我|帮我|帮忙|申请|再|来|一下|下|先)*"
_END = r"(?:吧|吗|呢|啊|呀|哦|了|一下|看看|看|谢谢|[?？!！。.,，~\s])*"


@dataclass(frozen=True, slots=True)
class Understood:
    """An intent and what was said with it: ``period`` (two dates), ``amount`` (fen or "all"), ``product``."""

    intent: str
    slots: dict[str, Any] = field(default_factory=dict)


#: Asked in this order; the first that fits wins. Only the whole sentence counts: money never moves on a fragment.
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (intent, re.compile(rf"{_POLITE}{pattern}{_END}"))
    for intent, pattern in (
        ("withdraw", rf"(?:提现|提取|提|取)(?:佣金|现金|钱)?{_AMOUNT}(?:出来)?"),
        ("withdraw_all", r"(?:全部|都|所有的?(?:钱|佣金)?)(?:提现|提出来|取出来|提)|(?:提现|提)(?:全部|所有)"),
        ("withdraw", r"(?:提现|提佣金|提钱|取现)|怎么提现"),
        ("withdrawal_status", r"(?:我的)?提现(?:进度|记录|状态|到账)(?:.{0,4})"),
        ("withdrawal_status", r"(?:钱|提现)(?:到账|到|打)(?:了没|了吗|没有?)"),
        (
            "earnings",
            r"(?:我)?(?:的)?(?:.{0,12}?)(?:赚了?|挣了?|收益|收入|佣金|余额|赚到)(?:.{0,2})(?:多少|几|情况|怎么样|明细)?(?:钱|块|元)?",
        ),
        ("orders", r"(?:我)?(?:的)?(?:.{0,10}?)(?:订单|出单|几单|多少单)(?:列表|情况|有哪些|有多少)?"),
        ("poster", r"(?:做|生成|来|要|弄|画)?(?:一?张|个)?(?P<product>.{0,20}?)的?(?:推广|专属)?海报(?:图)?"),
        ("link", r"(?:.{0,6}?)(?:推广|分销|专属|我的)(?:链接|连接|二维码)"),
        ("register", r"(?:怎么)?(?:成为|当|做|加入|注册|报名)(?:一个|个|你们的?)?(?:分销员|分销|代理|推广员)"),
        ("material", r"(?:.{0,6}?)(?:素材|文案|朋友圈(?:文案)?)"),
    )
)


def understand(text: str, today: dt.date) -> Understood | None:
    """What somebody wants, judged from the whole sentence; None when it is not clear."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain or len(plain) > 40:
        return None
    for intent, pattern in _RULES:
        match = pattern.fullmatch(plain)
        if match:
            return _with_slots(intent, match, plain, today)
    return None


def _with_slots(intent: str, match: re.Match[str], plain: str, today: dt.date) -> Understood | None:
    slots: dict[str, Any] = {}
    named = match.groupdict()
    if intent == "withdraw_all":
        return Understood("withdraw", {"amount": "all"})
    if intent == "withdraw" and named.get("amount"):
        fen = parse_yuan(named["amount"])
        return Understood("withdraw", {"amount": fen} if fen else {})
    if intent in ("earnings", "orders"):
        period = find_period(plain, today)
        slots = {"period": period} if period else {}
    if intent == "poster" and (named.get("product") or "").strip():
        slots = {"product": named["product"].strip()}
    return Understood(intent, slots)
