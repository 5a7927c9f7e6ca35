"""Who stands where by net sales, and the prizes (R53); pure."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One person's net sales, and when the last of them was paid."""

    who: int
    net_fen: int
    reached_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Place:
    """One person's place, counted from 1, and the prize for it."""

    who: int
    place: int
    net_fen: int
    reached_at: dt.datetime
    prize_fen: int = 0


def places(entries: Iterable[Entry], prizes_fen: Sequence[int] = ()) -> list[Place]:
    """Everybody with net sales, the best first; of equals the earlier one, so that no place is shared."""
    listed = sorted(
        (entry for entry in entries if entry.net_fen > 0),
        key=lambda entry: (-entry.net_fen, entry.reached_at, entry.who),
    )
    prizes = [*prizes_fen, *(0 for _ in listed)]
    return [
        Place(entry.who, place, entry.net_fen, entry.reached_at, prizes[place - 1])
        for place, entry in enumerate(listed, 1)
    ]
