"""One poster: the sheet all distributors share, then one distributor's name, avatar and QR code in its strips."""

from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from threading import Lock
from typing import Literal

from PIL import Image

from posters import fonts, jpeg
from posters.catalogue import design_of
from posters.design import Design
from posters.facts import PosterError, PosterFacts, check
from posters.painting import paint
from posters.shapes import ground

ImageFormat = Literal["JPEG", "PNG"]
BYTES = 2 * 1024 * 1024
_DRAWING = Lock()


@dataclass(frozen=True, slots=True)
class _Strip:
    """A part of the sheet that differs from distributor to distributor; `top` is a multiple of a row's height."""

    top: int
    image: Image.Image


@dataclass(frozen=True, slots=True)
class _Shared:
    """What a product's posters share: a JPEG's head and rows, and the pixels where they will differ."""

    head: bytes
    rows: tuple[bytes, ...]
    strips: tuple[_Strip, ...]


def render(facts: PosterFacts, *, image_format: ImageFormat = "JPEG") -> bytes:
    """Draw a poster in its template's size, at most 2 MB; PosterError names a fact that cannot be drawn."""
    check(facts)
    design = design_of(facts)
    if image_format == "JPEG":
        return _jpeg(facts, design, (fonts.sans(), fonts.serif()))
    if image_format == "PNG":
        return _png(facts, design)
    raise PosterError("image_format", "只能是 JPEG 或 PNG")


@lru_cache(maxsize=64)
def _jpeg(facts: PosterFacts, design: Design, faces: tuple[fonts.Face, fonts.Face]) -> bytes:
    with _DRAWING:  # several at once would each draw the same sheet
        shared = _shared(replace(facts, name="", url="", avatar=None), design, faces)
    rows = list(shared.rows)
    for strip in shared.strips:
        image = strip.image.copy()
        paint(image, design, facts, personal=True, down=strip.top)
        anew = jpeg.rows(image)
        first = strip.top // jpeg.ROW
        rows[first : first + len(anew)] = anew
    return jpeg.joined(shared.head, rows)


@lru_cache(maxsize=16)
def _shared(facts: PosterFacts, design: Design, faces: tuple[fonts.Face, fonts.Face]) -> _Shared:
    image = _sheet(facts, design)
    head, rows = jpeg.strips(image)
    return _Shared(head, tuple(rows), tuple(_cut(image, top, bottom) for top, bottom in _bands(design, facts.kind)))


def _sheet(facts: PosterFacts, design: Design) -> Image.Image:
    image = _ground(design, facts.kind).copy()
    paint(image, design, facts, personal=False)
    return image


@lru_cache(maxsize=8)
def _ground(design: Design, kind: str) -> Image.Image:
    return ground(design, kind)


def _cut(image: Image.Image, top: int, bottom: int) -> _Strip:
    return _Strip(top, image.crop((0, top, image.width, bottom)))


def _bands(design: Design, kind: str) -> list[tuple[int, int]]:
    """The rows that hold personal areas, apart or run together."""
    rows: set[int] = set()
    for stack in design.stacks:
        if stack.personal and (not stack.only or kind in stack.only):
            rows.update(range(max(0, stack.box.top // jpeg.ROW - 1), -(-stack.box.bottom // jpeg.ROW) + 1))
    last = -(-design.size[1] // jpeg.ROW)
    starts = [row for row in sorted(rows) if row < last and row - 1 not in rows]
    ends = [row + 1 for row in sorted(rows) if row < last and (row + 1 not in rows or row + 1 == last)]
    return [(a * jpeg.ROW, min(b * jpeg.ROW, design.size[1])) for a, b in zip(starts, ends, strict=True)]


def _png(facts: PosterFacts, design: Design) -> bytes:
    image = _sheet(facts, design)
    paint(image, design, facts, personal=True)
    png = _saved(image)
    return png if len(png) <= BYTES else _saved(image.quantize(256))


def _saved(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG", compress_level=2)
    return out.getvalue()
