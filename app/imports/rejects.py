"""FILE.rejected.csv: the rows that did not land, as they stood, with the reason; put right, it can be imported."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from app.failure import Failure
from app.imports.spool import Row, Wrong
from web.cells import harmless

#: What is added to each row; not read when such a file is imported.
COLUMNS = ("rejected_line", "rejected_column", "rejected_reason")


class Rejects:
    """Written as rows are rejected; a run that rejects none takes the file of an earlier one away."""

    def __init__(self, source: Path, header: Sequence[str], *, dry: bool) -> None:
        self.path = source.with_name(f"{source.stem}.rejected.csv")
        self._header, self._dry = header, dry
        self._file: IO[str] | None = None
        self._lines: Any = None

    def add(self, row: Row, wrong: Wrong) -> None:
        """Write a row; Failure where the file cannot be written."""
        if self._dry:
            return
        try:
            if self._file is None:
                self._file = self.path.open("w", encoding="utf-8-sig", newline="")
                self._lines = csv.writer(self._file)
                self._lines.writerow([*self._header, *COLUMNS])
            width = len(self._header)
            own, more = row.cells[:width] + [""] * (width - len(row.cells)), row.cells[width:]
            self._lines.writerow([harmless(cell) for cell in (*own, str(row.line), wrong.column, wrong.reason, *more)])
        except OSError as error:
            raise Failure(f"写不了 {self.path}：{error.strerror or error}") from error

    def close(self, *, done: bool) -> None:
        """End the file; ``done``: every row was looked at."""
        if self._file is not None:
            self._file.close()
        elif done and not self._dry:
            self.path.unlink(missing_ok=True)
