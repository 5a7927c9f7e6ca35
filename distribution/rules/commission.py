"""Who earns how much on an order: places, offers frozen at creation, and their amounts now (R16-R34).

An order's *offers* (who, at what rate, why) are made once, when it is created. Its *amounts* are a function of the
offers and of what is left of each line, so a refund is the same sum done again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from distribution.policy import Policy
from distribution.policy_parts import Band
from distribution.rules import rates
from distribution.rules.goods import Line
from distribution.rules.rates import KINDS, Person
from distribution.rules.regions import Agent, part_of, region_shares

#: What dealers earn is a difference of prices; no cap cuts it, headquarters bears a sale below them (R73).
DEALER = "dealer_"
#: The order that rules are explained with: ¥100.00.
EXAMPLE_FEN = 100_00

#: One offer as it is kept with a line: kind, who, and ``bp``, ``fixed_fen``, ``each_fen`` or ``own_fen``; or why none.
Offer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A position of an order: the person in it, or the reason why nobody is."""

    kind: str
    person: Person | None
    none: str | None = None


@dataclass(frozen=True, slots=True)
class Remains:
    """What stands of a line: fen and pieces not refunded, and the base they give now and gave at creation."""

    line_no: int
    offers: Sequence[Offer]
    quantity: int
    pieces: int
    left_fen: int
    base_fen: int
    first_base_fen: int


@dataclass(frozen=True, slots=True)
class Share:
    """What one person earns on one line, and why."""

    line_no: int
    kind: str
    distributor_id: int
    fen: int
    why: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one offer: its fen, or 0 with the ``reason``; ``who`` is None where a place is empty."""

    line_no: int
    kind: str
    who: int | None
    fen: int
    why: dict[str, Any]
    reason: str | None = None


def positions(
    policy: Policy, *, attributed: int | None, uplines: Sequence[int], buyer: int | None
) -> list[tuple[str, int | None, str | None]]:
    """(kind, person, why nobody) of each paid position; ``uplines`` are those of ``attributed``, nearest first.

    A buyer who is himself the attributed distributor moves everything one up, earns himself, or nobody does (R18);
    he is never paid as l2 or l3 of his own order (R19).
    """
    kinds = KINDS[: policy.depth]
    if attributed is None:
        return [(kind, None, "no_distributor") for kind in kinds]
    chain: list[int] = [attributed, *uplines]
    if attributed == buyer and policy.self_purchase == "none":
        return [(kind, None, "self_purchase") for kind in kinds]
    if attributed == buyer and policy.self_purchase == "upline":
        chain = chain[1:]
    places: list[tuple[str, int | None, str | None]] = []
    for place, kind in enumerate(kinds):
        if place >= len(chain):
            places.append((kind, None, "no_inviter"))
        elif place and chain[place] == buyer:
            places.append((kind, None, "buyer"))
        else:
            places.append((kind, chain[place], None))
    return places


def offers(
    policy: Policy, line: Line, places: Sequence[Place], *, agents: Sequence[Agent], band: Band | None
) -> list[Offer]:
    """What each person is offered on a line, in the order in which its pool is shared out (R25-R29, R62-R66)."""
    made, given_bp = [], 0
    for place in places:
        if place.person is None:
            made.append({"kind": place.kind, "who": None, "none": place.none})
            continue
        found = rates.rate(policy, line, place.kind, place.person, band=band)
        offer: Offer = {"kind": place.kind, "who": place.person.id, "source": found.source, **found.facts}
        if found.fixed_fen is not None:
            made.append(offer | {"fixed_fen": found.fixed_fen})
        else:
            given_bp += found.bp
            made.append(offer | {"bp": found.bp})
    if not agents or not rates.pays_commission(policy, line):
        return made
    for share in region_shares(policy.region, agents, given_bp):
        offer = {"kind": f"region_{share.agent.scope}", "who": share.agent.id, "bp": share.bp, "source": "region"}
        made.append(offer | ({"part": [share.place, share.of]} if share.of > 1 else {}))
    return made


def outcomes(policy: Policy, lines: Sequence[Remains]) -> list[Outcome]:
    """The amount of every offer now, lines in their listed order, cut by the person's and the line's cap (R23, R29)."""
    left_of_order: dict[int, int] = {}
    found: list[Outcome] = []
    for line in lines:
        found += _of_line(policy, line, left_of_order)
    return found


def shares(found: Sequence[Outcome]) -> list[Share]:
    """What is earned: the outcomes that are rows; rows of 0 fen do not exist (R23)."""
    return [Share(one.line_no, one.kind, one.who, one.fen, one.why) for one in found if one.fen and one.who is not None]


def example(policy: Policy) -> tuple[int, int]:
    """What an order of EXAMPLE_FEN at the store's rates gives who sold it and that one's inviter, in fen."""
    bp = policy.store_rate_bp
    second = rounded(EXAMPLE_FEN, bp.l2, policy.rounding) if policy.depth > 1 else 0
    return rounded(EXAMPLE_FEN, bp.l1, policy.rounding), second


def rounded(base_fen: int, bp: int, rounding: str) -> int:
    """``base × bp`` in fen, down or half up (R23)."""
    return (base_fen * bp + (5000 if rounding == "half_up" else 0)) // 10_000


def _of_line(policy: Policy, line: Remains, left_of_order: dict[int, int]) -> Iterator[Outcome]:
    pool = line.base_fen * policy.line_cap_bp // 10_000
    for offer in line.offers:
        kind, who = offer["kind"], offer["who"]
        if who is None:
            yield Outcome(line.line_no, kind, None, 0, {}, offer["none"])
            continue
        full, why = _full(policy, line, offer)
        fen, cap = full, None
        capped = kind in KINDS and policy.order_cap_fen is not None
        if capped and (room := left_of_order.setdefault(who, policy.order_cap_fen or 0)) < fen:
            fen, cap = room, "order"
        if not kind.startswith(DEALER):
            if pool < fen:
                fen, cap = pool, "line"
            pool -= fen
        if capped:
            left_of_order[who] -= fen
        if cap:
            why |= {"capped_from_fen": full, "cap": cap}
        yield Outcome(line.line_no, kind, who, fen, why, None if fen else _reason(offer, line, cap))


def _full(policy: Policy, line: Remains, offer: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
    """The amount before caps, and why."""
    told = {name: value for name, value in offer.items() if name not in ("kind", "who", "bp")}
    why: dict[str, Any] = {"base_fen": line.base_fen, **told}
    if "fixed_fen" in offer:
        whole = offer["fixed_fen"] * line.quantity
        why |= {"quantity": line.quantity, "of_base_fen": line.first_base_fen}
        return whole * line.base_fen // line.first_base_fen if line.first_base_fen else 0, why
    if "each_fen" in offer:
        # Whoever has all his money back bought nothing; what was never paid for is a loss of the shop's alone (R73).
        pieces = line.pieces if line.left_fen or not line.first_base_fen else 0
        return offer["each_fen"] * pieces, why | {"pieces": line.pieces}
    if "own_fen" in offer:
        return max(0, line.left_fen - offer["own_fen"] * line.pieces), why | {"pieces": line.pieces}
    why |= {"rate_bp": offer["bp"], "rounding": policy.rounding}
    full = rounded(line.base_fen, offer["bp"], policy.rounding)
    if "part" in offer:
        return part_of(full, *offer["part"]), why
    return full, why


def _reason(offer: Mapping[str, Any], line: Remains, cap: str | None) -> str:
    """Why an offer to somebody comes to nothing."""
    if offer["source"].endswith("_disabled"):
        return str(offer["source"])
    if not line.base_fen:
        return "nothing_left" if line.first_base_fen else "nothing_paid"
    if cap:
        return f"{cap}_cap"
    amount = offer.get("bp", offer.get("fixed_fen", offer.get("each_fen", 1)))
    return "less_than_a_fen" if amount else "rate_zero"
