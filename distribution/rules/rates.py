"""Which rate: the first rule that applies to a line and a person decides alone (R24-R28)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from distribution.policy import Policy
from distribution.policy_parts import Band
from distribution.rules.goods import Line

KINDS = ("l1", "l2", "l3")


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever stands in a position when the order is created: his level's name and his personal agreement, if any."""

    id: int
    level: str | None = None
    personal: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """Basis points, or fen a unit, and where they came from."""

    source: str
    bp: int = 0
    fixed_fen: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def pays_commission(policy: Policy, line: Line) -> bool:
    """Whether a line takes part at all: not switched off itself, nor by its category without a rule of its own."""
    if line.rule:
        return not line.rule.get("disabled")
    category = policy.category_rate_bp.get(line.category or "")
    return category is None or not category.disabled


def rate(policy: Policy, line: Line, kind: str, person: Person, *, band: Band | None) -> Rate:
    """The rate of ``person`` in position ``kind`` on ``line``; inside the rule that was hit what is missing is 0.

    Searched in this order: line switched off, personal agreement, the product's own rule, category, level, band, store.
    """
    own = line.rule or {}
    if own.get("disabled"):
        return Rate("product_disabled")
    if person.personal is not None:
        return Rate("personal", int(person.personal.get(kind, 0)))
    if own:
        return _of_product(own, kind, person)
    category = policy.category_rate_bp.get(line.category or "")
    if category is not None:
        facts = {"category": line.category}
        if category.disabled:
            return Rate("category_disabled", facts=facts)
        return Rate("category", getattr(category, kind), facts=facts)
    level = policy.level_rate_bp.get(person.level or "")
    if level is not None:
        return Rate("level", getattr(level, kind), facts={"level": person.level})
    if band is not None:
        return Rate("band", getattr(band, kind), facts={"from_fen": band.from_fen})
    return Rate("store", getattr(policy.store_rate_bp, kind))


def band_of(policy: Policy, goods_fen: int) -> Band | None:
    """The band with the greatest ``from_fen`` that the order's goods base reaches (R28)."""
    reached = [band for band in policy.amount_bands if band.from_fen <= goods_fen]
    return max(reached, key=lambda band: band.from_fen, default=None)


def _of_product(own: Mapping[str, Any], kind: str, person: Person) -> Rate:
    if "fixed_fen" in own:
        return Rate("product_fixed", fixed_fen=int(own["fixed_fen"].get(kind, 0)))
    if "level_rate_bp" in own:
        matrix = own["level_rate_bp"].get(person.level or "", {})
        return Rate("product_level", int(matrix.get(kind, 0)), facts={"level": person.level})
    return Rate("product", int(own.get("rate_bp", {}).get(kind, 0)))
