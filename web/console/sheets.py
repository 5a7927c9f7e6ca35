"""Lists as files for a spreadsheet: exactly what the filter shows, nothing a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Response

from web.cells import harmless

#: More than this is not exported at once.
MOST_ROWS = 10_000


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
    lines.writerows([_cell(cell) for cell in row] for row in sheet.rows)
    headers = {"Content-Disposition": f'attachment; filename="{sheet.name}.csv"'}
    return Response("\ufeff" + written.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _cell(value: str | int | None) -> str | int:
    return harmless(value) if isinstance(value, str) else "" if value is None else value
