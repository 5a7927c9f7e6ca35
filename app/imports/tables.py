"""Files of rows, as text: CSV in whatever encoding spreadsheets write it, and workbooks; never whole in memory."""

import codecs
import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl

from app.failure import Failure
from distribution.rules.calendar import SHANGHAI

ENDINGS = (".csv", ".xlsx")
_BLOCK = 1 << 20
_UNREADABLE = "{} 不是 UTF-8 也不是 GB18030：用表格软件另存为“CSV UTF-8”再导入"
#: How far the reading is, and how far it goes; None where nobody knows.
Heard = Callable[[int, int | None], None]
Line = tuple[int, list[str]]


def lines(path: Path, heard: Heard) -> Iterator[Line]:
    """Every row that is not empty with the line it begins on, the header first; Failure where it cannot be read."""
    read = _csv if path.suffix.lower() == ".csv" else _workbook
    try:
        for line, cells in read(path, heard):
            if any(cell.strip() for cell in cells):
                yield line, cells
    except OSError as error:
        raise Failure(f"读不了 {path}：{error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise Failure(_UNREADABLE.format(path)) from error


def _csv(path: Path, heard: Heard) -> Iterator[Line]:
    size = path.stat().st_size
    with path.open("rb") as raw, io.TextIOWrapper(raw, _encoding(path), newline="") as text:
        separator = _separator(text.readline())
        text.seek(0)
        rows, line = csv.reader(text, delimiter=separator), 1
        try:
            for cells in rows:
                yield line, cells
                line = rows.line_num + 1
                heard(raw.tell(), size)
        except csv.Error as error:
            raise Failure(f"{path} 第 {line} 行读不了：{error}") from error


def _encoding(path: Path) -> str:
    with path.open("rb") as raw:
        if raw.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
    for name in ("utf-8-sig", "gb18030"):
        if _decodes(path, name):
            return name
    raise Failure(_UNREADABLE.format(path))


def _decodes(path: Path, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    try:
        with path.open("rb") as raw:
            while block := raw.read(_BLOCK):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _separator(header: str) -> str:
    return max(",\t;", key=header.count)


def _workbook(path: Path, heard: Heard) -> Iterator[Line]:
    # A broken workbook fails in as many ways as there are parts in it.
    try:
        with path.open("rb") as raw:
            book = openpyxl.load_workbook(raw, read_only=True, data_only=True)
            sheet = book.worksheets[0]
            total = sheet.max_row
            # What a workbook says of its size may be wrong: read to the end of what is there.
            sheet.reset_dimensions()
            for line, values in enumerate(sheet.iter_rows(values_only=True), 1):
                yield line, [_text(value) for value in values]
                heard(line, total)
    except (OSError, Failure):
        raise
    except Exception as error:
        raise Failure(f"{path} 不是能读的 xlsx 工作簿（{type(error).__name__}）：重新另存一次再导入") from error


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=SHANGHAI).isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 10**15 else f"{value:.15g}"
    return str(value).lower() if isinstance(value, bool) else str(value)
