"""What net sales of a task's time are worth (R52), never a number of people; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from distribution.refusals import Code, Refusal


@dataclass(frozen=True, slots=True)
class Tier:
    """A goal and what reaching it pays."""

    reach_fen: int
    bonus_fen: int


def clean(tiers: Iterable[Tier]) -> list[Tier]:
    """Tiers in rising order; Refusal invalid_task when there is none, one is not above zero, or two ask the same."""
    listed = sorted(tiers, key=lambda tier: tier.reach_fen)
    goals = [tier.reach_fen for tier in listed]
    if not listed or len(set(goals)) != len(goals) or min(goals) <= 0 or any(tier.bonus_fen < 0 for tier in listed):
        raise Refusal(Code.INVALID_TASK)
    return listed


def bonus(tiers: Iterable[Tier], net_fen: int, mode: Literal["highest", "cumulative"]) -> int:
    """Fen that net sales earn: the reached tier that asks the most, or every reached tier together."""
    reached = [tier for tier in tiers if net_fen >= tier.reach_fen]
    if mode == "cumulative":
        return sum(tier.bonus_fen for tier in reached)
    return max(reached, key=lambda tier: tier.reach_fen).bonus_fen if reached else 0


def following(tiers: Iterable[Tier], net_fen: int) -> Tier | None:
    """The next tier that is not reached yet; None when all are."""
    return min((tier for tier in tiers if tier.reach_fen > net_fen), key=lambda tier: tier.reach_fen, default=None)
