"""Numbers as people type them: 200, 1,280.00, 两百, 三百五, 一万二, 2百, 1.5w, 仨."""

import re
from decimal import Decimal

_DIGIT = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "俩": 2, "仨": 3, "〇": 0, "幺": 1}
_UNIT = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "k": 1000, "w": 10_000, "亿": 100_000_000}
_ARABIC = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")

#: A number anywhere in a text; letters k and w count as 千 and 万 when no other letter follows.
NUMBER = (
    r"(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[百千万](?:\d[百千十](?!万))*\d?(?!\d)|[百千万]|[kKwW]\d?(?![A-Za-z\d]))?"
    r"|[一二三四五六七八九两俩仨零〇百千万十][零〇一二三四五六七八九十百千万两]*)"
)


def number(text: str) -> Decimal | None:
    """The value of one number; None if it is not one."""
    plain = text.strip().lower()
    arabic = _ARABIC.match(plain)
    if arabic and arabic.end() == len(plain):
        return Decimal(plain.replace(",", ""))
    if arabic:
        return _with_unit(Decimal(arabic.group().replace(",", "")), plain[arabic.end() :])
    return _chinese(plain)


def whole(text: str) -> int | None:
    """The value as an integer; None if it is no whole number."""
    value = number(text)
    return int(value) if value is not None and value == int(value) else None


def _with_unit(value: Decimal, rest: str) -> Decimal | None:
    unit = _UNIT.get(rest[0])
    if unit is None:
        return None
    if len(rest) == 1:
        return value * unit
    if len(rest) == 2 and rest[1].isdigit():
        return value * unit + Decimal(rest[1]) * unit / 10
    below = number(rest[1:])
    return value * unit + below if below is not None and below < unit and not rest[1:].isdigit() else None


def _chinese(plain: str) -> Decimal | None:
    if not plain or any(c not in _DIGIT and c not in _UNIT for c in plain):
        return None
    if all(c in _DIGIT for c in plain):
        return Decimal("".join(str(_DIGIT[c]) for c in plain))
    total = section = digit = 0
    unit = 1
    after_zero = False
    for before, c in zip(" " + plain, plain, strict=False):
        if c in "十百千" and before in "十百千":
            return None
        if c in _DIGIT:
            digit, after_zero = _DIGIT[c], after_zero or _DIGIT[c] == 0
            continue
        unit = _UNIT[c]
        if unit >= 10_000:
            total, section = (total + (section + digit or 1)) * unit if total == 0 else total + section * unit, 0
        else:
            section += (digit or 1) * unit
        digit, after_zero = 0, False
    # 三百五 is 350 and 一万二 is 12,000, but 三百零五 is 305 and 二十五 is 25.
    last = digit * (unit // 10 if unit > 10 and not after_zero else 1)
    return Decimal(total + section + last)
