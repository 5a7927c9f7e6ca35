"""Which intent a clause speaks for: the heaviest rule that fits it decides."""

import re
from dataclasses import dataclass

from bot.understanding.lexicon import rules
from bot.understanding.withdrawing import WEIGHT, evidence

#: From this weight on a rule stands for a wish of its own; below, it is only a topic.
STRONG = 70
#: From this weight on a rule is hardly ever wrong.
SURE = 90
_GREETED = re.compile(
    r"^(?:(?:你|您)好|哈喽|嗨|在吗|请问(?:一下)?|(?:我)?想?问(?:一)?(?:下|问)"
    r"|麻烦(?:问)?一?下?|老板|亲|哎|嗯|那个啥|那啥|那个)+[,。!\s]*"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """An intent, how sure it is (0..100), the rule that said so, and where in the text it fits."""

    intent: str
    weight: int
    rule: str
    start: int = 0
    end: int = 0


def judge(text: str) -> Verdict | None:
    """The verdict on one clause; None when no rule fits."""
    bare = ungreeted(text)
    best = _heaviest(bare)
    if best and best.weight > WEIGHT:
        return best
    asked = evidence(bare)
    return Verdict("withdraw", WEIGHT, asked) if asked else best


def ungreeted(text: str) -> str:
    """``text`` without the words people begin with."""
    return _GREETED.sub("", text)


def _heaviest(text: str) -> Verdict | None:
    for rule in rules():
        match = rule.pattern.search(text)
        if match:
            return Verdict(rule.intent, rule.weight, f"{rule.intent}.{rule.name}", match.start(), match.end())
    return None
