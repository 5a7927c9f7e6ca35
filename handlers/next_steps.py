"""The number somebody picks under an answer."""

from collections.abc import Mapping
from typing import Any

from bot.context import Context
from bot.next_steps import STEP, picked
from bot.replies import Reply
from bot.router import Router, plain
from handlers.choices import choice

router = Router()


@router.step(STEP, reads=True)
def taken(ctx: Context, said: str, *, ways: list[Mapping[str, Any]]) -> Reply:
    word = plain(said)
    return picked(ways, choice(word), word)
