"""What a sentence was taken to mean: frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """One wish: an intent and what was said with it."""

    intent: str
    slots: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Understood:
    """The first wish, further ones in ``also``, and in ``why`` the names of the rules that decided.

    ``period`` is a pair of dates, half-open; ``amount`` and ``price_max`` are fen, ``amount`` may be "all".
    """

    intent: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    also: tuple[Request, ...] = ()
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words of one merchant: product names, nicknames of products (nickname → name), keywords (word → intent)."""

    products: tuple[str, ...] = ()
    nicknames: Mapping[str, str] = field(default_factory=dict)
    keywords: Mapping[str, str] = field(default_factory=dict)
