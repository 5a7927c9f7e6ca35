"""What people say who want to be told when a sum can be withdrawn."""

import re

from bot.next_steps import Way
from bot.router import wide
from distribution.rules.money import yuan

_BEFORE = (
    r"(?:那|就|等|再|先|我|的|里|帮我|请|要是|如果|可以?提现?的?|能提的?|提现|余额|佣金|收益|账户|钱|攒|存|涨|有)*+"
)
_SUM = r"(?P<sum>¥?\s?[\d,.零〇一二两三四五六七八九十百千万wWkK]{1,20}\s?(?:块钱|块|元)?)"
_THEN = r"\s?[了的]{0,2}(?:时候|时|以后|之后|后)?[,，]?\s?(?:你|就|再|请|麻烦|帮忙)*"
_TELL = r"(?:提醒|告诉|通知|喊|叫|说)(?:一下|一声|一次|下|声)?(?:我|俺)(?:一下|一声|一次|下|声)?[吧哈哦呗啊]?"
WANTED = rf"{_BEFORE}(?:满|够|到|达到|超过){{1,2}}了?\s?{_SUM}{_THEN}{_TELL}[。.!！]?"
ENOUGH = rf"(?:钱|佣金|余额)?(?:够提现?|能提现?|可以提现?|够)了(?:的时候|时)?(?:你|就|再|请)*{_TELL}[。.!！]?"
_ASKS = re.compile(rf"{WANTED}|{ENOUGH}")


def asks(said: str) -> bool:
    """Whether somebody asks to be told when a sum is there; no money is asked for then."""
    return _ASKS.fullmatch(wide(said)) is not None


def way(fen: int, word: str = "满") -> Way:
    """The next step that asks to be told of ``fen``."""
    return Way(f"{word} {yuan(fen)} 提醒我")
