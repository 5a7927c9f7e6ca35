"""Yuan for people; everything else in the project is integer fen."""

import re
import unicodedata
from decimal import Decimal

import cn2an

#: More than this is not an amount anybody types (¥10,000,000.00).
MOST_FEN = 1_000_000_000

_DIGITS = re.compile(r"^[¥￥]?(\d{1,3}(?:,\d{3})+|\d+)(\.\d{1,2})?(k|K|w|W|千|万)?(块钱|块|元|圆)?$")
_CHINESE = re.compile(r"^([零〇一二两三四五六七八九十百千万]+)(块钱|块|元|圆)?$")
_WITH_SMALL = re.compile(r"^(.+?)(?:块|元)(?:(.)(?:毛|角)?)?(?:(.)分)?钱?$")
_SCALE = {"k": 1000, "K": 1000, "千": 1000, "w": 10000, "W": 10000, "万": 10000}


def yuan(fen: int) -> str:
    """``fen`` as people read it: ¥1,234.56, a minus before the sign."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}¥{whole:,}.{rest:02d}"


def plain_yuan(fen: int) -> str:
    """``fen`` as a form or a sheet holds it: 1234.56."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def percent(bp: int) -> str:
    """Basis points as a percentage without needless zeros: 1250 → 12.5%."""
    return f"{Decimal(bp) / 100:f}%"


def parse_yuan(text: str) -> int | None:
    """Fen of yuan as people write them (200, ¥1,280.00, 两百块, 三百五, 1.5w, 三块五); None if it is not one."""
    plain = unicodedata.normalize("NFKC", text).strip().replace(" ", "")
    fen = _from_digits(plain)
    if fen is None:
        fen = _from_chinese(plain)
    if fen is None:
        fen = _from_small(plain)
    return fen if fen is None or fen <= MOST_FEN else None


def _from_digits(plain: str) -> int | None:
    match = _DIGITS.match(plain)
    if not match:
        return None
    whole, fraction, scale, _ = match.groups()
    return int(Decimal(whole.replace(",", "") + (fraction or "")) * _SCALE.get(scale, 1) * 100)


def _from_chinese(plain: str) -> int | None:
    match = _CHINESE.match(plain)
    if not match:
        return None
    number = _number(match.group(1))
    return None if number is None else number * 100


def _from_small(plain: str) -> int | None:
    match = _WITH_SMALL.match(plain)
    if not match or not (match.group(2) or match.group(3)):
        return None
    whole = parse_yuan(match.group(1))
    if whole is None:
        return None
    jiao, cent = _number(match.group(2) or "0"), _number(match.group(3) or "0")
    return None if jiao is None or cent is None else whole + 10 * jiao + cent


def _number(words: str) -> int | None:
    try:
        return int(cn2an.cn2an(words, "smart"))
    except (ValueError, KeyError):
        return None
