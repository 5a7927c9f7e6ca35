"""Bands: which rows of a JPEG's blocks the facts of a poster touch."""

from collections.abc import Iterable
from typing import NamedTuple

from posters import jpeg
from posters.design import Design
from posters.setting import Setting


class Band(NamedTuple):
    """Rows of pixels from `top` to above `bottom`; `top` is a multiple of a row's height."""

    top: int
    bottom: int


def personal_bands(design: Design, kind: str) -> list[Band]:
    """The rows that hold personal areas, apart or run together."""
    boxes = (each.box for each in design.stacks_of(kind) if each.personal)
    return _bands(_rows((box.top, box.bottom) for box in boxes), design.size[1])


def shared_bands(shown: Iterable[Setting], design: Design, kind: str) -> list[Band]:
    """The rows in which what everybody's posters share is painted, without those that are personal anyway."""
    rows = _rows((setting.box.top, setting.box.bottom) for setting in shown)
    for band in personal_bands(design, kind):
        rows -= set(range(band.top // jpeg.ROW, -(-band.bottom // jpeg.ROW)))
    return _bands(rows, design.size[1])


def _rows(spans: Iterable[tuple[int, int]]) -> set[int]:
    """Letters may reach a little above and below their place."""
    rows: set[int] = set()
    for top, bottom in spans:
        rows.update(range(max(0, top // jpeg.ROW - 1), -(-bottom // jpeg.ROW) + 1))
    return rows


def _bands(rows: set[int], height: int) -> list[Band]:
    last = -(-height // jpeg.ROW)
    starts = [row for row in sorted(rows) if row < last and row - 1 not in rows]
    ends = [row + 1 for row in sorted(rows) if row < last and (row + 1 not in rows or row + 1 == last)]
    return [Band(a * jpeg.ROW, min(b * jpeg.ROW, height)) for a, b in zip(starts, ends, strict=True)]
