"""The books by day: what was earned, settled, taken back, asked for, paid and returned; read only."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from distribution.rules.calendar import day_bounds
from models import tables as t

#: What a journal transaction is, by its reference.
_KINDS = {
    "earned": "order:%:commission",
    "settled": "commission:%:settled",
    "taken_back": "refund:%",
    "closed": "order:%:closed:%",
    "requested": "withdrawal:%:requested",
    "paid": "withdrawal:%:paid",
    "returned": "withdrawal:%:returned",
}


@dataclass(frozen=True, slots=True)
class BookDay:
    """One Shanghai day of the books, amounts in fen."""

    day: dt.date
    earned_fen: int
    settled_fen: int
    taken_back_fen: int
    requested_fen: int
    paid_fen: int
    returned_fen: int

    @property
    def empty(self) -> bool:
        """Whether nothing moved."""
        return not any(getattr(self, f"{name}_fen") for name in _NAMES)


_NAMES = ("earned", "settled", "taken_back", "requested", "paid", "returned")


def by_day(session: Session, days: Sequence[dt.date]) -> list[BookDay]:
    """The days in the given order, the sums of their postings by kind."""
    bounds = sorted(day_bounds(each) for each in days)
    j, p = t.journal.c, t.posting.c
    day = case(*[(j.at < until, number) for number, (_, until) in enumerate(bounds)]).label("day")
    closed = [(j.reference.like(_KINDS["closed"]), "taken_back")]
    rest = [(j.reference.like(pattern), name) for name, pattern in _KINDS.items() if name != "closed"]
    kind = case(*closed, *rest, else_="other").label("kind")
    rows = session.execute(
        select(day, kind, func.sum(p.fen))
        .join(t.posting, p.journal_id == j.id)
        .where(j.at >= bounds[0][0], j.at < bounds[-1][1])
        .group_by("day", "kind")
    )
    sums = {(number, name): int(fen) for number, name, fen in rows}
    numbers = {each: number for number, each in enumerate(sorted(days))}
    return [BookDay(each, **{f"{name}_fen": sums.get((numbers[each], name), 0) for name in _NAMES}) for each in days]
