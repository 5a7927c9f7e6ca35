"""The slots of a wish, filled from its clauses."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.understanding import names, withdrawing
from bot.understanding.amounts import amounts
from bot.understanding.clauses import refused_target
from bot.understanding.goods import find_goods
from bot.understanding.lexicon import compiled, values
from bot.understanding.meaning import Vocabulary
from bot.understanding.normal import Plain
from bot.understanding.numerals import NUMBER, number
from bot.understanding.periods import Found

_PERIODS = {"earnings", "withdrawal_status", "orders", "customers", "team", "rank", "tasks"}
_GOODS = {"poster", "link", "earnings", "orders", "rules", "material", "products", "complaint"}
_WORDS = {
    "earnings": ("status",), "orders": ("status", "aspect"), "customers": ("status",), "products": ("aspect", "sort"),
    "rules": ("topic",), "rank": ("by",), "profile": ("field",),
}  # fmt: skip
_CEILING = re.compile(
    rf"(?P<n>{NUMBER})(?:块钱?|元)?(?:以内|以下|之内|内|不到|左右)|(?:不超过|低于|小于|不高于)(?P<m>{NUMBER})"
)
_LEVEL = re.compile(
    r"(?:[金银铜](?:牌|卡|级)|[金银铜](?=会员|代理|分销)|(?:钻石|白银|白金|铂金|黄金|王者|青铜|皇冠|至尊)(?:牌|卡"
    r"|级)?)(?:会员|"
    r"分销员|代理|推广员)?|(?:初级|中级|高级|普通|资深|[一二三四五]星)"
    r"(?:会员|分销员|代理|推广员)|(?<![a-z])(?:vip\d*|v\d+)|(?:初级|中级|高级|特级|"
    r"[一二三四五]星级?)(?=有|的|要|需|怎)|(?:lv|"
    r"l)\d"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """The clauses of one wish: ``pieces`` of the plain text, with the spans of days named in them."""

    plain: Plain
    pieces: list[tuple[int, int]]
    periods: list[Found]
    veiled: str
    vocabulary: Vocabulary

    @property
    def text(self) -> str:
        """The words of the wish; spans of days are ¤."""
        return " ".join(self.veiled[start:end] for start, end in self.pieces).replace("\0", "")

    @property
    def said(self) -> str:
        """The words of the wish as typed; the whole message when the typing has another length."""
        if len(self.plain.said) != len(self.plain.text):
            return self.plain.said
        return " ".join(self.plain.said[start:end] for start, end in self.pieces)


def fill(intent: str, wish: Wish) -> dict[str, Any]:
    """Everything said with ``intent``."""
    slots: dict[str, Any] = {}
    for slot in _WORDS.get(intent, ()):
        slots[slot] = _word(intent, slot, wish.text)
    special = _SPECIAL.get(intent)
    if special:
        slots |= special(wish)
    if intent in _PERIODS:
        slots["period"] = _period(wish)
    if intent in _GOODS:
        slots["product"] = _product(intent, wish, slots)
    return {slot: value for slot, value in slots.items() if value is not None}


def more_products(intent: str, wish: Wish) -> list[str]:
    """Further goods named beside the first."""
    if intent not in ("poster", "link", "material"):
        return []
    return [wish.plain.as_said(*name) for name in find_goods(wish.veiled, wish.pieces, intent, wish.vocabulary)[1:]]


def _word(intent: str, slot: str, text: str) -> str | None:
    return next((value for value, pattern in values(intent, slot) if pattern.search(text)), None)


def _only(intent: str, slot: str, text: str) -> str | None:
    """The value if exactly one is said."""
    said = [value for value, pattern in values(intent, slot) if pattern.search(text)]
    return said[0] if len(said) == 1 else None


def _period(wish: Wish) -> tuple[Any, Any] | None:
    for found in wish.periods:
        if any(start <= found.start < end for start, end in wish.pieces):
            return found.span
    return None


def _product(intent: str, wish: Wish, slots: dict[str, Any]) -> str | None:
    if slots.get("order_no"):
        return None
    found = find_goods(wish.veiled, wish.pieces, intent, wish.vocabulary)
    said = wish.plain.as_said(*found[0]) if found else None
    if said is None or said in (slots.get("customer") or "") or names.is_person(said):
        return None
    return said


def _person(wish: Wish) -> str | None:
    for start, end in wish.pieces:
        found = names.person(wish.veiled[start:end])
        if found:
            return wish.plain.as_said(start + found[0], start + found[1])
    return None


def _withdraw(wish: Wish) -> dict[str, Any]:
    said = [wish.veiled[start:end].replace("\0", "") for start, end in wish.pieces]
    amount = withdrawing.wanted_in(said, corrected=withdrawing.corrects(wish.plain.text))
    return {"amount": None if amount == "all" and withdrawing.keeps_back(wish.plain.text) else amount}


def _withdrawal_status(wish: Wish) -> dict[str, Any]:
    found = sorted(amounts(wish.text))
    return {"amount": found[0][1] if found else None}


def _rules(wish: Wish) -> dict[str, Any]:
    topic = _word("rules", "topic", wish.text) or (
        "general" if compiled("规|守则|准则|条例|制度|政策|玩法|机制|协议|说明|须知|介绍").search(wish.text) else "rate"
    )
    found = sorted(amounts(wish.text)) if topic == "withdraw" else []
    return {"topic": topic, "amount": found[-1][1] if found else None}


def _orders(wish: Wish) -> dict[str, Any]:
    aspect = _word("orders", "aspect", wish.text)
    slots: dict[str, Any] = {"order_no": names.order_number(wish.said), "order_tail": names.order_tail(wish.said)}
    if slots["order_tail"]:
        slots["order_no"] = None
    if not compiled("{below}").search(wish.text):
        slots["customer"] = _person(wish)
    return slots | ({"status": None} if aspect else {})


def _products(wish: Wish) -> dict[str, Any]:
    ceiling = _CEILING.search(wish.text)
    value = number(ceiling["n"] or ceiling["m"]) if ceiling else None
    slots: dict[str, Any] = {"price_max": int(value * 100) if value else None}
    return slots | ({"aspect": None} if value else {})


def _material(wish: Wish) -> dict[str, Any]:
    return {"kind": _only("material", "kind", wish.text)}


def _link(wish: Wish) -> dict[str, Any]:
    return {"form": _only("link", "form", wish.text)}


def _profile(wish: Wish) -> dict[str, Any]:
    number = names.phone(wish.said)
    field = _word("profile", "field", wish.text) or ("phone" if number else None)
    return {
        "field": field,
        "phone": number if field in (None, "phone") else None,
        "name": names.real_name(wish.said) if field in (None, "name") else None,
    }


def _register(wish: Wish) -> dict[str, Any]:
    return {
        "name": names.real_name(wish.said),
        "phone": names.phone(wish.said),
        "invite_code": names.invite_code(wish.said),
    }


def _level(wish: Wish) -> dict[str, Any]:
    for start, end in wish.pieces:
        match = _LEVEL.search(wish.plain.text, start, end)
        if match:
            return {"level": wish.plain.as_said(*match.span())}
    return {}


def _cancel(wish: Wish) -> dict[str, Any]:
    return {"target": refused_target(wish.text)}


def _team(wish: Wish) -> dict[str, Any]:
    return {"member": _person(wish)}


def _by_order(wish: Wish) -> dict[str, Any]:
    return {"order_no": names.order_number(wish.said)}


def _customers(wish: Wish) -> dict[str, Any]:
    return {"customer": _person(wish)}


_SPECIAL: dict[str, Callable[[Wish], dict[str, Any]]] = {
    "withdraw": _withdraw, "withdrawal_status": _withdrawal_status, "rules": _rules, "orders": _orders,
    "products": _products, "material": _material, "link": _link, "profile": _profile, "register": _register,
    "level": _level, "team": _team, "earnings": _by_order, "complaint": _by_order, "customers": _customers,
    "cancel": _cancel,
}  # fmt: skip
