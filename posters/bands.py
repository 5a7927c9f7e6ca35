"""Bands: which rows of a JPEG's blocks the facts of a poster touch."""

from collections.abc import Iterable
from typing import NamedTuple

from posters import jpeg
from posters.design import Design
from posters.facts import PosterFacts
from posters.setting import set_stack


class Band(NamedTuple):
    """Rows of pixels from `top` to above `bottom`; `top` is a multiple of a row's height."""

    top: int
    bottom: int

    def meets(self, other: "Band") -> bool:
        """Whether the two have a row in common."""
        return self.top < other.bottom and other.top < self.bottom


def personal_bands(design: Design, kind: str) -> list[Band]:
    """The rows that hold personal areas, apart or run together."""
    boxes = (each.box for each in design.stacks if each.personal and (not each.only or kind in each.only))
    return _bands(((box.top, box.bottom) for box in boxes), design.size[1])


def shared_bands(design: Design, facts: PosterFacts) -> list[Band]:
    """The rows in which these facts show something that everybody's posters share."""
    shown = [
        (setting.box.top, setting.box.bottom)
        for stack in design.stacks
        if not stack.personal and (not stack.only or facts.kind in stack.only)
        for setting in set_stack(stack, facts)
    ]
    return _bands(shown, design.size[1])


def _bands(spans: Iterable[tuple[int, int]], height: int) -> list[Band]:
    """Letters may reach a little above and below their place."""
    rows: set[int] = set()
    for top, bottom in spans:
        rows.update(range(max(0, top // jpeg.ROW - 1), -(-bottom // jpeg.ROW) + 1))
    last = -(-height // jpeg.ROW)
    starts = [row for row in sorted(rows) if row < last and row - 1 not in rows]
    ends = [row + 1 for row in sorted(rows) if row < last and (row + 1 not in rows or row + 1 == last)]
    return [Band(a * jpeg.ROW, min(b * jpeg.ROW, height)) for a, b in zip(starts, ends, strict=True)]
