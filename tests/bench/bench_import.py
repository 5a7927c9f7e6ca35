"""`fenxiao import orders`: a file of received orders with two commissions each, beside recording them from memory."""

import csv
import datetime as dt
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

sys.path.extend((str(Path(__file__).parent), str(Path(__file__).parent.parent.parent)))

import openpyxl
from bench_orders import CHUNK, NOW, reports, say, shop

from app import garbage
from app.imports.desk import Shop
from app.imports.taking import KINDS, take
from distribution import orders
from models.database import Database

ROWS = int(os.environ.get("BENCH_ROWS", "20000"))
COLUMNS = (
    "order_no", "state", "version", "occurred_at", "buyer_external_id", "distributor_code", "line_no", "sku", "name",
    "quantity", "unit_fen",
)  # fmt: skip


class HeldClock:
    """Stands still."""

    def now(self) -> dt.datetime:
        """The moment of the bench."""
        return NOW


def main() -> None:
    """Print rows a second of each way with the processor's time, and the most memory after each."""
    garbage.settle()
    ways: dict[str, Callable[[Path, Database, str], None]] = {
        "from memory": memory,
        "from CSV": lambda folder, database, code: files(folder, database, code, ".csv"),
        "from xlsx": lambda folder, database, code: files(folder, database, code, ".xlsx"),
    }
    for name, way in ways.items():
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            database, code = shop(Path(folder))
            say(name)
            way(Path(folder), database, code)
            database.close()


def memory(folder: Path, database: Database, code: str) -> None:
    """The business alone."""
    with measured("  recorded"):
        told = reports(code, ROWS)
        while some := list(islice(told, CHUNK)):
            with database.transaction() as session:
                orders.record_all(session, 1, some, appid="wx", now=NOW, tell=False)


def files(folder: Path, database: Database, code: str, ending: str) -> None:
    """The whole way, and once more over what is there."""
    path = folder / f"orders{ending}"
    (write_csv if ending == ".csv" else write_workbook)(path, code)
    own = Shop(database, HeldClock(), "wx", 1, {})
    for what in ("  imported", "  again"):
        with measured(what):
            count = take(own, KINDS["orders"](), path, dry=False)
    assert count.held == ROWS, count


class measured:
    """Says how long the block took."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> None:
        self._began, self._worked = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        taken, worked = time.perf_counter() - self._began, time.process_time() - self._worked
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        say(
            f"{self._what:<12}{ROWS / taken:>8.0f} rows/s {worked / ROWS * 1e6:>6.0f} µs of processor each {most:>5} MB"
        )


def rows(code: str) -> Iterator[list[str | int]]:
    yield [*COLUMNS]
    for at in range(ROWS):
        number = f"F{at:09d}"
        yield [number, "paid", 1, NOW.isoformat(), f"u{at}", code, 1, "AJ250", "即食阿胶糕 250g", 1, 8900]


def write_csv(path: Path, code: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows(code))


def write_workbook(path: Path, code: str) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows(code):
        sheet.append(row)
    book.save(path)


if __name__ == "__main__":
    main()
