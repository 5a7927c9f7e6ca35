"""Goods named once for several wishes: a poster, a link and texts asked for in one breath are about the same."""

import re
from collections.abc import Mapping
from typing import Any

from bot.understanding.meaning import Request

_ABOUT_GOODS = ("poster", "link", "material")


def with_shared(slots: dict[str, Any], intent: str, before: list[Request]) -> dict[str, Any]:
    """``slots`` with the goods of the wishes ``before``, where it names none."""
    goods = next(
        (each.slots["product"] for each in before if each.intent in _ABOUT_GOODS and "product" in each.slots), None
    )
    return {**slots, "product": goods} if goods and intent in _ABOUT_GOODS and "product" not in slots else slots


def said_last(requests: list[Request], said: str) -> list[Request]:
    """``requests``, all of them about the goods the message ends with, where they name none."""
    goods = requests[-1].slots.get("product")
    if not goods or len(requests) < 2 or not re.search(re.escape(goods) + "的?[。!]*$", said):
        return requests
    return [
        Request(each.intent, with_product(each.slots, goods))
        if each.intent in _ABOUT_GOODS and "product" not in each.slots
        else each
        for each in requests
    ]


def with_product(slots: Mapping[str, Any], product: str) -> dict[str, Any]:
    """``slots`` about ``product``."""
    return {**slots, "product": product}
