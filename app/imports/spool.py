"""The rows of a file on a scratch disk, so that they can be taken in another order than they stand in."""

import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from types import TracebackType

_TABLE = """
    create table row (
      line integer primary key, cells text not null, name text not null, also text not null,
      openid text, phone text, depth integer, wrong text
    )
"""
_IN_GROUPS = """
    select line, cells, wrong, name, also,
      min(line) over (partition by name) as first, min(line) over (partition by name, also) as begun
    from row order by first, begun, line
"""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a row: the column ("" = the whole row) and the reason, for people."""

    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file: the line it begins on and its cells as they stand there."""

    line: int
    cells: list[str]
    wrong: Wrong | None = None


@dataclass(frozen=True, slots=True)
class Keys:
    """What a row calls itself and what belongs to that: rows of one name come together, those of one ``also`` too."""

    name: str
    also: str = ""
    openid: str | None = None
    phone: str | None = None


class Spool:
    """A scratch database that ends with the block."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="fenxiao-import-")
        self.rows = sqlite3.connect(Path(self._folder.name) / "rows", isolation_level=None)
        for pragma in ("journal_mode=off", "synchronous=off", "temp_store=file"):
            self.rows.execute(f"pragma {pragma}")
        self.rows.execute(_TABLE)
        self.rows.execute("begin")

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.rows.close()
        self._folder.cleanup()

    def put(self, told: Iterable[tuple[Row, Keys]]) -> None:
        """Keep rows; an empty name is nobody else's."""
        self.rows.executemany(
            "insert into row (line, cells, name, also, openid, phone, wrong) values (?, ?, ?, ?, ?, ?, ?)",
            (
                (row.line, json.dumps(row.cells), keys.name or f"\0{row.line}", keys.also, keys.openid, keys.phone,
                 as_text(row.wrong))
                for row, keys in told
            ),
        )  # fmt: skip

    def count(self) -> int:
        """How many rows there are."""
        return int(self.rows.execute("select count(*) from row").fetchone()[0])

    def groups(self) -> Iterator[list[list[Row]]]:
        """The rows by their names, in the order the names first stand in, and inside by ``also``."""
        found = self.rows.execute(_IN_GROUPS)
        for _, named in groupby(found, key=lambda each: each[3]):
            yield [[row(*each[:3]) for each in begun] for _, begun in groupby(named, key=lambda each: each[4])]


def row(line: int, cells: str, wrong: str | None) -> Row:
    """A row as it is kept."""
    return Row(line, json.loads(cells), Wrong(*json.loads(wrong)) if wrong else None)


def as_text(wrong: Wrong | None) -> str | None:
    """What is wrong, as it is kept."""
    return json.dumps([wrong.column, wrong.reason]) if wrong else None
