"""What the agents of an order's district, city and province share in it (R60-R67)."""

from collections.abc import Sequence
from dataclasses import dataclass

from distribution.policy_parts import RegionTerms

SCOPES = ("district", "city", "province")


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent in office when the order was created, for the ``scope`` its address names."""

    id: int
    scope: str


@dataclass(frozen=True, slots=True)
class RegionShare:
    """One agent's part of a region's rate: ``bp`` belongs to ``of`` agents, this one is number ``place`` (from 0)."""

    agent: Agent
    bp: int
    place: int
    of: int


def region_shares(terms: RegionTerms, agents: Sequence[Agent], given_bp: int) -> list[RegionShare]:
    """The shares, district first; ``given_bp`` are the l1-l3 rates that a ``nested`` programme takes off (R62-R64).

    ``agents`` of one scope come in the order of their appointment. A level that is missing is not filled: in
    ``differential`` its share goes up, otherwise it stays with the merchant (R65).
    """
    start = given_bp if terms.stack == "nested" else 0
    present = [scope for scope in SCOPES if any(agent.scope == scope for agent in agents)]
    if terms.mode == "nearest":
        present = present[:1]
    shares: list[RegionShare] = []
    lower = start
    for scope in present:
        own: int = getattr(terms.rates_bp, scope)
        bp = max(0, own - (lower if terms.mode == "differential" else start))
        lower = max(lower, own)
        mates = [agent for agent in agents if agent.scope == scope]
        shares += [RegionShare(agent, bp, place, len(mates)) for place, agent in enumerate(mates)]
    return shares


def part_of(fen: int, place: int, of: int) -> int:
    """One agent's equal part of ``fen``; the odd fen go to the earliest appointed (R61)."""
    part = fen // of
    return fen - part * (of - 1) if place == 0 else part
