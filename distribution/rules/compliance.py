"""What must be looked at: words, trees, income, people who buy in a circle, goods that come back, a rush; pure."""

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """A phrase that must not be said, and why."""

    phrase: str
    why: str


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on something is shown to the owner, or held."""

    tree_people: int = 30
    tree_generations: int = 3
    recruiting_bp: int = 5000
    recruiting_from_fen: int = 100_000
    recruiting_days: int = 90
    ring_people: int = 3
    ring_days: int = 90
    pair_orders: int = 3
    pair_bp: int = 8000
    refund_days: int = 90
    refund_from_fen: int = 50_000
    refund_bp: int = 3000
    rush_days: int = 30
    rush_orders: int = 30
    rush_times: int = 3


_BETWEEN = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """The text as it is compared: one width, one case, nothing between the characters."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text).casefold())


def found(text: str, words: Iterable[Word]) -> list[Word]:
    """Every listed word that stands in the text, also spaced out or in full width; a longer one hides a shorter one."""
    spoken = plain(text)
    hits = [word for word in words if plain(word.phrase) in spoken]
    return [
        word
        for word in hits
        if not any(word.phrase != other.phrase and plain(word.phrase) in plain(other.phrase) for other in hits)
    ]


def tree_is_large(people: int, generations: int, limits: Limits) -> bool:
    """Whether a tree must be shown: both its people (root included) and its generations reach the limit."""
    return people >= limits.tree_people and generations >= limits.tree_generations


def recruits_too_much(invited_fen: int, all_fen: int, limits: Limits) -> bool:
    """Whether the share of income from invited people's sales is above the limit, of sums worth looking at."""
    return all_fen >= limits.recruiting_from_fen and invited_fen * 10_000 > all_fen * limits.recruiting_bp


def circles(bought_from: Mapping[int, Collection[int]], least: int) -> list[frozenset[int]]:
    """Groups of at least ``least`` people who all buy, directly or around, from each other (Tarjan's way)."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    groups: list[frozenset[int]] = []
    for start in sorted(bought_from):
        work = [(start, iter(sorted(bought_from[start])))] if start not in index else []
        if work:
            index[start] = low[start] = len(index)
            stack.append(start)
        while work:
            node, onward = work[-1]
            following = next(onward, None)
            if following is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    cut = stack.index(node)
                    groups.append(frozenset(stack[cut:]))
                    del stack[cut:]
            elif following not in index:
                index[following] = low[following] = len(index)
                stack.append(following)
                work.append((following, iter(sorted(bought_from.get(following, ())))))
            elif following in stack:
                low[node] = min(low[node], index[following])
    return [group for group in groups if len(group) >= least]


def pairs(bought: Mapping[int, Mapping[int, int]], sold: Mapping[int, int], limits: Limits) -> list[tuple[int, int]]:
    """Two who bought often from each other, which is nearly all that either of them sold (orders each way, and all)."""
    return [
        (one, other)
        for one, sellers in sorted(bought.items())
        for other, orders in sorted(sellers.items())
        if one < other and min(orders, bought.get(other, {}).get(one, 0)) >= limits.pair_orders
        and orders * 10_000 >= sold[other] * limits.pair_bp
        and bought[other][one] * 10_000 >= sold[one] * limits.pair_bp
    ]  # fmt: skip


def returns_too_much(sold_fen: int, returned_fen: int, limits: Limits) -> bool:
    """Whether more of what was sold came back than usual, of sums worth looking at."""
    return returned_fen >= limits.refund_from_fen and returned_fen * 10_000 > sold_fen * limits.refund_bp


def rush(orders: Mapping[dt.date, int], since: dt.date, limits: Limits) -> dt.date | None:
    """The last day, not before ``since``, with many more orders than any of the days before it; None if none."""
    days = [
        day
        for day, count in orders.items()
        if day >= since
        and count >= limits.rush_orders
        and count >= busiest_before(orders, day, limits) * limits.rush_times
    ]
    return max(days, default=None)


def busiest_before(orders: Mapping[dt.date, int], day: dt.date, limits: Limits) -> int:
    """The most orders that one of the ``rush_days`` days before ``day`` brought."""
    first = day - dt.timedelta(days=limits.rush_days)
    return max((count for each, count in orders.items() if first <= each < day), default=0)


def sharing(marks: Mapping[int, Collection[str]], least: int) -> list[tuple[str, frozenset[int]]]:
    """Marks (a phone, a payee …) that at least ``least`` people have in common, with those people."""
    wearers: dict[str, set[int]] = {}
    for person, worn in marks.items():
        for mark in worn:
            wearers.setdefault(mark, set()).add(person)
    return [(mark, frozenset(people)) for mark, people in sorted(wearers.items()) if len(people) >= least]
