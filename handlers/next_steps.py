"""The number somebody picks under an answer."""

from collections.abc import Mapping
from typing import Any

from bot.context import Context
from bot.next_steps import STEP, picked
from bot.replies import Elsewhere, Reply
from bot.router import Router, plain
from bot.understanding.periods import find_periods
from distribution.rules.calendar import day_of
from handlers.choices import choice

router = Router()

#: A longer sentence asks something of its own.
_LONGEST = 12


@router.step(STEP, reads=True)
def taken(ctx: Context, said: str, *, ways: list[Mapping[str, Any]], about: Mapping[str, Any] | None = None) -> Reply:
    word = plain(said)
    found = picked(ways, choice(word), word)
    if found != Elsewhere() or not about or ctx.understood is None:
        return found
    if ctx.understood.intent == about["intent"] == "complaint":
        return Elsewhere(intent="complaint", slots={**about["slots"], **ctx.slots})
    # What a rule knows to be out of scope (今天天气怎么样) is no mere span of days.
    mere = ctx.understood.intent == "other" and not any("." in rule for rule in ctx.why[:1])
    return (_of_days(ctx, said, about) if mere else None) or found


def _of_days(ctx: Context, said: str, about: Mapping[str, Any]) -> Reply | None:
    """那上周呢: the same of other days."""
    spans = find_periods(said, day_of(ctx.now)) if len(said) <= _LONGEST else []
    if not spans:
        return None
    return Elsewhere(intent=str(about["intent"]), slots={**about["slots"], "period": spans[0].span})
