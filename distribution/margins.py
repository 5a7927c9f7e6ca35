"""What the rules may take of a product's margin, at the worst (R29): every level, band and region considered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from distribution import replay
from distribution.policy import Policy
from distribution.rules import goods, rates
from distribution.rules.commission import Place, rounded
from distribution.rules.goods import Deductions, Line
from distribution.rules.rates import KINDS, Person
from distribution.rules.regions import SCOPES, Agent
from models import Product
from models import tables as t

_p, _r = t.product.c, t.region_agent.c


@dataclass(frozen=True, slots=True)
class Margin:
    """One product's reckoning for ``quantity`` pieces, in fen; ``cost_fen`` None where it is not known."""

    name: str
    sku: str
    quantity: int
    price_fen: int
    cost_fen: int | None
    #: What each kind takes, the dearest level of each.
    parts: dict[str, int]

    @property
    def rewards_fen(self) -> int:
        """What all rewards take together."""
        return sum(self.parts.values())

    @property
    def left_fen(self) -> int:
        """What is left of the price after rewards, and after the cost where it is known."""
        return self.price_fen - (self.cost_fen or 0) - self.rewards_fen


@dataclass(frozen=True, slots=True)
class Offered:
    """A product as it would be sold: what the reckoning needs of it."""

    name: str
    sku: str
    price_fen: int
    cost_fen: int | None = None
    category: str | None = None
    rule: dict[str, Any] | None = None


def over(session: Session, merchant_id: int, terms: Policy) -> list[Margin]:
    """The products whose rewards could pass their margin under ``terms``, by the greatest loss first (cost known)."""
    agents = has_agents(session, merchant_id)
    known = select(Product).where(_p.merchant_id == merchant_id, _p.cost_fen.is_not(None)).order_by(_p.id)
    found = [worst(terms, row, agents=agents) for row in session.scalars(known)]
    return sorted((each for each in found if each.left_fen < 0), key=lambda each: each.left_fen)


def has_agents(session: Session, merchant_id: int) -> bool:
    """Whether a regional agent of the merchant may still earn."""
    found = select(func.count()).where(_r.merchant_id == merchant_id, _r.ended_at.is_(None))
    return bool(session.scalar(found))


def worst(terms: Policy, product: Product | Offered, *, agents: bool) -> Margin:
    """The reckoning that leaves the merchant least, a piece or as many as reach a band."""
    found = [_reckon(terms, product, pieces, agents=agents) for pieces in _quantities(terms, product)]
    return min(found, key=lambda each: each.left_fen * 10**6 // each.quantity)


def usual(terms: Policy, product: Product | Offered, *, agents: bool) -> Margin:
    """The reckoning of one piece, nobody having a level."""
    return _reckon(terms, product, 1, agents=agents, levels=(None,))


def _quantities(terms: Policy, product: Product | Offered) -> list[int]:
    base = _base(terms, _line(product, 1))
    more = {-(-band.from_fen // base) for band in terms.amount_bands if base}
    return sorted({1, *(max(1, pieces) for pieces in more)})


def _reckon(
    terms: Policy, product: Product | Offered, pieces: int, *, agents: bool, levels: Sequence[str | None] | None = None
) -> Margin:
    line = _line(product, pieces)
    names = levels if levels is not None else _levels(terms, product)
    places = [
        Place(kind, Person(number, _dearest(terms, line, kind, names)))
        for number, kind in enumerate(KINDS[: terms.depth], 1)
    ]
    best: dict[str, int] = {}
    for present in _regions(agents):
        parts: dict[str, int] = {}
        for one in replay.sample(terms, [line], Deductions(), places, agents=present):
            parts[one.kind] = parts.get(one.kind, 0) + one.fen
        if not best or sum(parts.values()) > sum(best.values()):
            best = parts
    cost = None if product.cost_fen is None else product.cost_fen * pieces
    return Margin(product.name, product.sku, pieces, line.amount_fen, cost, best)


def _dearest(terms: Policy, line: Line, kind: str, levels: Iterable[str | None]) -> str | None:
    """The level that earns most in a position; since caps cut the whole, the dearest of each are the dearest of all."""
    base = _base(terms, line)
    band = rates.band_of(terms, base)

    def earns(level: str | None) -> int:
        found = rates.rate(terms, line, kind, Person(0, level), band=band)
        return found.fixed_fen * line.quantity if found.fixed_fen is not None else rounded(base, found.bp, "floor")

    return max(levels, key=earns)


def _levels(terms: Policy, product: Product | Offered) -> tuple[str | None, ...]:
    own = (product.rule or {}).get("level_rate_bp")
    names = own if isinstance(own, dict) else terms.level_rate_bp
    return (None, *names)


def _regions(agents: bool) -> list[list[Agent]]:
    if not agents:
        return [[]]
    everyone = [Agent(100 + place, scope) for place, scope in enumerate(SCOPES)]
    return [everyone, *([one] for one in everyone)]


def _line(product: Product | Offered, pieces: int) -> Line:
    return Line(1, pieces, product.price_fen, 0, product.category, product.cost_fen, product.rule)


def _base(terms: Policy, line: Line) -> int:
    paid = line.amount_fen
    return goods.commission_base(line, kind=terms.base, paid_fen=paid, left_fen=paid, pieces=line.quantity)
