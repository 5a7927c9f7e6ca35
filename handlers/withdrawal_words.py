"""What people say while money is asked about: a yes that counts, an amount, a change of mind."""

import re
from typing import Literal

from bot.context import Context
from bot.router import plain
from bot.understanding.amounts import last_amount
from distribution.rules.money import parse_yuan
from handlers import reminder_words
from handlers.choices import choice

#: Whole messages that say yes; nothing longer does, whatever words are in it.
_YES = frozenset((
    "确认", "确认提现", "1确认提现", "确认无误", "确定", "确定提现", "是", "是的", "对", "对的", "好", "好的", "行",
    "可以", "嗯", "嗯嗯", "嗯好", "没错", "没问题", "同意", "提吧", "确认吧", "ok", "yes", "y",
))  # fmt: skip
_ALL = frozenset((
    "全部", "全部提现", "全部提出", "全提", "都提", "所有", "全部提", "全部都提", "提全部", "全额", "提光",
))  # fmt: skip
#: Done on the page, and back.
GO_ON = frozenset(("继续", "继续提现", "做完了", "核对好了", "好了", "弄好了", "完成了", "实名好了", "已实名"))
_CHANGE = frozenset(("改金额", "换金额", "改", "改一下", "改个金额", "金额错了", "不对"))
_CORRECTED = re.compile(r"(?:改成|改为|换成|改到|变成|而是|还是提|是提)(?P<rest>.{1,20})")
_REFUSED = re.compile(r"(?:不|别|甭|先不|不想|不要)(?:再)?(?:提|取)(?!醒)|算了")

All = Literal["all"]


def agreed(said: str) -> bool:
    """Whether the whole message is a yes, or the number of the first choice; a question is none."""
    if said.rstrip().endswith(("?", "？")):
        return False
    word = plain(said)
    return word.replace(" ", "") in _YES or choice(word) == 1


def wants_change(said: str) -> bool:
    """Whether another amount is asked for, without saying which."""
    word = plain(said)
    return choice(word) == 2 or word in _CHANGE


def amount_said(ctx: Context, said: str) -> int | All | None:
    """The amount somebody answers with in fen; of a correction the last one; None when none is clear."""
    word = plain(said)
    if word in _ALL:
        return "all"
    if reminder_words.asks(said):
        return None
    corrected = _CORRECTED.search(word)
    if corrected:
        rest = corrected["rest"]
        return "all" if rest in _ALL else parse_yuan(rest) or last_amount(rest)
    fen = parse_yuan(word.removeprefix("那").removeprefix("就").removeprefix("提现").removeprefix("提"))
    if fen is not None:
        return fen
    meaning = ctx.understood
    told = meaning.slots.get("amount") if meaning and meaning.intent in ("withdraw", "inform") else None
    return told if told == "all" or isinstance(told, int) else None


def turns_away(ctx: Context, said: str) -> bool:
    """Whether the withdrawal is left, by asking for a reminder or by a no with another wish in the same breath."""
    if reminder_words.asks(said):
        return True
    meaning = ctx.understood
    own = ("withdraw", "confirm", "deny", "cancel", "inform", "back", "other")
    return bool(_REFUSED.search(said)) and meaning is not None and meaning.intent not in own


def until_fen(said: str) -> int | None:
    """The sum somebody waits for who puts it off (等满五百再提)."""
    return last_amount(plain(said)) if re.search(r"满|够|到|等", said) else None
