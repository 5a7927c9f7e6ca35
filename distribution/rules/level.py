"""Which level somebody's figures reach, and what is missing for the next (R50); pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Metrics = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Rung:
    """A level as the rule sees it; without ``need`` it is given by hand only, without ``keep`` it is never lost."""

    name: str
    rank: int
    mode: Literal["any", "all"] = "any"
    need: Metrics = field(default_factory=dict)
    keep: Metrics = field(default_factory=dict)


def reached(rung: Rung, metrics: Metrics) -> bool:
    """Whether the figures meet a level's conditions; a metric that is not given is 0, no condition never matches."""
    met = [metrics.get(name, 0) >= least for name, least in rung.need.items()]
    return bool(met) and (any(met) if rung.mode == "any" else all(met))


def highest(rungs: Iterable[Rung], metrics: Metrics) -> Rung | None:
    """The highest rank whose conditions are met; None when none is."""
    return max((rung for rung in rungs if reached(rung, metrics)), key=lambda rung: rung.rank, default=None)


def earned(rungs: Iterable[Rung], metrics: Metrics, current: Rung | None) -> Rung | None:
    """The level to have: the highest one reached, never one below ``current``."""
    best = highest(rungs, metrics)
    if best is None or (current is not None and best.rank <= current.rank):
        return current
    return best


def keeps(rung: Rung, metrics: Metrics) -> bool:
    """Whether a quarter's figures are enough to stay: everything in ``keep``, which may be nothing."""
    return all(metrics.get(name, 0) >= least for name, least in rung.keep.items())


def lowered(rungs: Iterable[Rung], metrics: Metrics, current: Rung) -> Rung | None:
    """Where somebody comes to who loses ``current``: the highest lower level that the figures reach."""
    return highest((rung for rung in rungs if rung.rank < current.rank), metrics)


def following(rungs: Iterable[Rung], current: Rung | None) -> Rung | None:
    """The next level above that can be reached without a hand; None at the top."""
    rank = current.rank if current else -1
    above = (rung for rung in rungs if rung.need and rung.rank > rank)
    return min(above, key=lambda rung: rung.rank, default=None)


def missing(rung: Rung, metrics: Metrics) -> dict[str, int]:
    """How much of each metric is still wanting for a level; nothing when it is reached."""
    if reached(rung, metrics):
        return {}
    return {name: least - metrics.get(name, 0) for name, least in rung.need.items() if metrics.get(name, 0) < least}
