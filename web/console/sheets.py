"""Lists as files for a spreadsheet: exactly what the filter shows, nothing a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Response

#: More than this is not exported at once.
MOST_ROWS = 10_000
_RUNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file of rows; text is made harmless, numbers stay numbers."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[str | int | None]]


def money(fen: int) -> str:
    """Yuan as a spreadsheet reads it."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{rest:02d}"


def download(sheet: Sheet) -> Response:
    """The sheet as a CSV file that spreadsheets open in Chinese."""
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow(sheet.header)
    lines.writerows([_harmless(cell) for cell in row] for row in sheet.rows)
    headers = {"Content-Disposition": f'attachment; filename="{sheet.name}.csv"'}
    return Response("\ufeff" + written.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _harmless(cell: str | int | None) -> str | int:
    if cell is None or isinstance(cell, int):
        return "" if cell is None else cell
    number = cell.removeprefix("-").replace(".", "", 1)
    return f"'{cell}" if cell.startswith(_RUNS) and not (number.isascii() and number.isdecimal()) else cell
