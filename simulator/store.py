"""The desk's memory: one SQLite file that any number of threads use and a kill does not harm."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from simulator.schema import SCHEMA


class Store:
    """Runs SQL one statement at a time; what `together` encloses is kept wholly or not at all."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._depth = 0
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(SCHEMA)

    def all(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Every row of a query."""
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def one(self, sql: str, *values: Any) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        rows = self.all(sql, *values)
        return rows[0] if rows else None

    def run(self, sql: str, *values: Any) -> int:
        """Do a statement; the number of rows it changed."""
        with self._lock:
            return self._connection.execute(sql, values).rowcount

    def run_many(self, sql: str, rows: list[tuple[Any, ...]]) -> None:
        """Do one statement for each row, together."""
        with self.together():
            self._connection.executemany(sql, rows)

    @contextmanager
    def together(self) -> Iterator[None]:
        """One transaction, alone in the file; inside another it joins that one."""
        with self._lock:
            if self._depth == 0:
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._connection.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._connection.execute("COMMIT")

    def next_number(self, name: str) -> int:
        """1, 2, 3 … for each name, never the same twice."""
        return self.add_to(name, 1)

    def add_to(self, name: str, amount: int) -> int:
        """Add to a named number that starts at 0; the sum."""
        sql = "INSERT INTO number(name, value) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = value + ?"
        with self.together():
            self.run(sql, name, amount, amount)
            return self.number(name)

    def number(self, name: str, otherwise: int = 0) -> int:
        """A named number as it stands."""
        row = self.one("SELECT value FROM number WHERE name = ?", name)
        return otherwise if row is None else int(row["value"])

    def set_number(self, name: str, value: int) -> None:
        """Make a named number this value."""
        self.run("INSERT OR REPLACE INTO number(name, value) VALUES (?, ?)", name, value)

    def note(self, name: str) -> str | None:
        """A named text, or None."""
        row = self.one("SELECT value FROM note WHERE name = ?", name)
        return None if row is None else str(row["value"])

    def set_note(self, name: str, value: str) -> None:
        """Make a named text this value."""
        self.run("INSERT OR REPLACE INTO note(name, value) VALUES (?, ?)", name, value)

    def close(self) -> None:
        """Close the file; the store is not used again."""
        with self._lock:
            self._connection.close()
