"""Ordering dealers: prices of grades, and who earns which difference up a chain of parents (R70-R75)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from distribution.rules.commission import Offer

PURCHASE, RETAIL = "purchase", "retail"


@dataclass(frozen=True, slots=True)
class Link:
    """A dealer of a chain: the person, his grade and its basis points; ``none`` is why he may not earn, if so."""

    dealer_id: int
    distributor_id: int
    grade: str
    grade_bp: int
    none: str | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit costs a dealer of the chain, in fen."""

    link: Link
    unit_fen: int


def unit_price(list_fen: int, grade_bp: int) -> int:
    """The price of one unit, half a fen up; everything else follows from it exactly (R70)."""
    return (list_fen * grade_bp + 5_000) // 10_000


def prices(list_fen: int, chain: Sequence[Link]) -> list[Price]:
    """The unit price of everybody in the chain, the ordering dealer first."""
    return [Price(link, unit_price(list_fen, link.grade_bp)) for link in chain]


def offers(kind: str, chain: Sequence[Price]) -> list[Offer]:
    """What each of the chain is offered on a line: the seller's margin of a retail sale, then the differences.

    Each parent strictly cheaper than the best so far earns the difference a piece; same or dearer earns nothing and is
    passed over (R71). Who may not earn leaves his difference to headquarters, as an empty position does (R3).
    """
    own = chain[0]
    made = [_margin(own)] if kind == RETAIL else []
    best = own.unit_fen
    for price in chain[1:]:
        made.append(_difference(price, max(0, best - price.unit_fen)))
        best = min(best, price.unit_fen)
    return made


def split_paid(paid_fen: int, quantity: int) -> tuple[int, int]:
    """(unit_fen, discount_fen) of a line for which ``paid_fen`` was paid: rounded up, the odd fen as a discount."""
    unit = -(-paid_fen // quantity)
    return unit, unit * quantity - paid_fen


def told(line_no: int, list_fen: int, chain: Sequence[Price]) -> Mapping[str, Any]:
    """The prices of a line as they are kept with the order."""
    return {
        "line_no": line_no,
        "list_fen": list_fen,
        "chain": [
            {
                "dealer": price.link.dealer_id,
                "who": price.link.distributor_id,
                "grade": price.link.grade,
                "bp": price.link.grade_bp,
                "unit_fen": price.unit_fen,
            }
            for price in chain
        ],
    }


def _margin(own: Price) -> Offer:
    if own.link.none:
        return {"kind": "dealer_retail", "who": None, "none": own.link.none}
    # What is kept beside a row is shown to its person: his own price, nobody else's (R76).
    return {
        "kind": "dealer_retail",
        "who": own.link.distributor_id,
        "source": "dealer",
        "grade": own.link.grade,
        "own_fen": own.unit_fen,
    }


def _difference(price: Price, each_fen: int) -> Offer:
    if price.link.none:
        return {"kind": "dealer_diff", "who": None, "none": price.link.none}
    return {
        "kind": "dealer_diff",
        "who": price.link.distributor_id,
        "source": "dealer",
        "grade": price.link.grade,
        "each_fen": each_fen,
    }
