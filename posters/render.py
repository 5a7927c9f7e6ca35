"""One poster: the sheet all distributors share, then one distributor's name, avatar and QR code in its strips."""

from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from threading import Lock
from typing import Literal

from PIL import Image

from posters import fonts, jpeg
from posters.bands import Band, personal_bands, shared_bands
from posters.catalogue import design_of
from posters.design import Design
from posters.facts import PosterError, PosterFacts, check
from posters.painting import paint, plates
from posters.shapes import ground

ImageFormat = Literal["JPEG", "PNG"]
BYTES = 2 * 1024 * 1024
_DRAWING = Lock()
_Faces = tuple[fonts.Face, fonts.Face]


@dataclass(frozen=True, slots=True)
class _Strip:
    """A part of the sheet that differs from distributor to distributor; `top` is a multiple of a row's height."""

    top: int
    image: Image.Image


@dataclass(frozen=True, slots=True)
class _Ground:
    """What all posters of a template share: the painted sheet, its JPEG's head and rows."""

    image: Image.Image
    head: bytes
    rows: tuple[bytes, ...]


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


def prepare(facts: PosterFacts) -> None:
    """Draw what all distributors' posters of these facts share, so that the first of them waits for its own part only.

    PosterError names a fact that cannot be drawn.
    """
    check(facts)
    with _DRAWING:
        _shared(_impersonal(facts), design_of(facts), (fonts.sans(), fonts.serif()))


@lru_cache(maxsize=64)
def _jpeg(facts: PosterFacts, design: Design, faces: _Faces) -> bytes:
    with _DRAWING:  # several at once would each draw the same sheet
        shared = _shared(_impersonal(facts), design, faces)
    rows = list(shared.rows)
    for strip in shared.strips:
        image = strip.image.copy()
        paint(image, design, facts, personal=True, down=strip.top)
        _put(rows, strip.top, image)
    return jpeg.joined(shared.head, rows)


def _impersonal(facts: PosterFacts) -> PosterFacts:
    return replace(facts, name="", url="", avatar=None)


@lru_cache(maxsize=128)
def _shared(facts: PosterFacts, design: Design, faces: _Faces) -> _Shared:
    """Only the rows that these facts touch are painted and encoded; the others are the template's."""
    sheet = _ground(design, facts.kind)
    rows = list(sheet.rows)
    for band in shared_bands(design, facts):
        image = _cut(sheet.image, band)
        paint(image, design, facts, personal=False, down=band.top)
        _put(rows, band.top, image)
    strips = tuple(_Strip(band.top, _strip(band, design, facts)) for band in personal_bands(design, facts.kind))
    return _Shared(sheet.head, tuple(rows), strips)


def _strip(band: Band, design: Design, facts: PosterFacts) -> Image.Image:
    if not any(band.meets(each) for each in shared_bands(design, facts)):
        return _bare(band, design, facts.kind)
    image = _cut(_ground(design, facts.kind).image, band)
    paint(image, design, facts, personal=False, down=band.top)
    return image


@lru_cache(maxsize=32)
def _bare(band: Band, design: Design, kind: str) -> Image.Image:
    return _cut(_ground(design, kind).image, band)


def _cut(image: Image.Image, band: Band) -> Image.Image:
    return image.crop((0, band.top, image.width, band.bottom))


def _put(rows: list[bytes], top: int, image: Image.Image) -> None:
    anew = jpeg.rows(image)
    first = top // jpeg.ROW
    rows[first : first + len(anew)] = anew


@lru_cache(maxsize=8)
def _ground(design: Design, kind: str) -> _Ground:
    image = ground(design, kind)
    plates(image, design, kind)
    head, rows = jpeg.strips(image)
    return _Ground(image, head, tuple(rows))


def _png(facts: PosterFacts, design: Design) -> bytes:
    image = _ground(design, facts.kind).image.copy()
    for personal in (False, True):
        paint(image, design, facts, personal=personal)
    png = _saved(image)
    return png if len(png) <= BYTES else _saved(image.quantize(256))


def _saved(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG", compress_level=2)
    return out.getvalue()
