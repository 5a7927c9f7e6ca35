"""What every import works with: the shop's database and clock, where rows go that do not land, and the count."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol, TypeVar

from app.imports.rejects import Rejects
from app.imports.spool import Keys, Row, Spool, Wrong
from models.database import Database, Session

T = TypeVar("T")
#: So many orders, products or people are one transaction.
CHUNK = 500


class Clock(Protocol):
    """Tells the present moment."""

    def now(self) -> dt.datetime: ...


@dataclass(frozen=True, slots=True)
class Shop:
    """Where to import into; merchants by name, ``merchant_id`` where a row names none."""

    database: Database
    clock: Clock
    app_id: str
    merchant_id: int
    merchants: Mapping[str, int]


@dataclass(slots=True)
class Count:
    """What became of the file: orders, products or people that are new, changed or were there; rows rejected."""

    new: int = 0
    changed: int = 0
    held: int = 0
    rejected: int = 0


@dataclass(slots=True)
class Desk:
    """One import at work; ``say`` tells of a row, ``step`` that so many rows are done. ``dry``: nothing stays."""

    shop: Shop
    file: str
    header: Mapping[str, int]
    rejects: Rejects
    say: Callable[[str], None]
    step: Callable[[int], None]
    dry: bool = False
    count: Count = field(default_factory=Count)
    _warned: set[Wrong] = field(default_factory=set)

    def cell(self, row: Row, column: str) -> str:
        """What stands in a column, without the space around; empty where the file has no such column."""
        place = self.header.get(column)
        return row.cells[place].strip() if place is not None and place < len(row.cells) else ""

    def told(self, row: Row, columns: Iterable[str]) -> dict[str, str]:
        """The cells that are not empty."""
        return {column: cell for column in columns if (cell := self.cell(row, column))}

    def write(self, operation: Callable[[Session], T]) -> T:
        """Do it in a transaction, which a dry run takes back."""
        if not self.dry:
            return self.shop.database.write(operation)
        answers: list[T] = []

        def undone(session: Session) -> None:
            answers.append(operation(session))
            raise _Undone

        with suppress(_Undone):
            self.shop.database.write(undone)
        return answers[-1]

    def landed(self, what: str, rows: int = 1) -> None:
        """Count something that is there now: ``new``, ``changed`` or ``held``."""
        setattr(self.count, what, getattr(self.count, what) + 1)
        self.step(rows)

    def reject(self, row: Row, wrong: Wrong) -> None:
        """Name a row that does not land, and keep it."""
        self.count.rejected += 1
        self.rejects.add(row, wrong)
        place = f"第 {row.line} 行 {wrong.column}".rstrip()
        self.say(f"{place}：{wrong.reason}")
        self.step(1)

    def warn(self, row: Row, wrong: Wrong) -> None:
        """Name something about a row that does land; the same of another row is not named again."""
        if wrong in self._warned:
            return
        self._warned.add(wrong)
        self.say(f"注意，第 {row.line} 行 {wrong.column}：{wrong.reason}")


class Kind(Protocol):
    """What can be imported."""

    noun: str
    columns: tuple[str, ...]
    required: frozenset[str]

    def keys(self, desk: Desk, row: Row) -> Keys:
        """What a row calls itself."""

    def check(self, desk: Desk, row: Row) -> Wrong | None:
        """What is wrong with a row by itself, as far as the others must know before anything lands."""

    def land(self, desk: Desk, spool: Spool) -> None:
        """Take everything over, or reject it."""


def chunks(found: Iterator[T]) -> Iterator[list[T]]:
    """So many at a time as a transaction takes."""
    while some := list(islice(found, CHUNK)):
        yield some


class _Undone(Exception):
    """Takes a transaction back."""


def nothing(*_: Any) -> None:
    """Whoever does not want to hear."""
