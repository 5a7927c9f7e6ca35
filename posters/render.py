"""One poster: the sheet all distributors share, then one distributor's name, avatar and QR code in its strips."""

from collections.abc import Callable, Sequence
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
from posters.painting import Canvas, paint, plates
from posters.setting import Setting, settings
from posters.shapes import ground

ImageFormat = Literal["JPEG", "PNG"]
#: Gives the sheet of these facts as it was kept, else has it drawn and keeps it.
Keep = Callable[[PosterFacts, Callable[[], bytes]], bytes]
BYTES = 2 * 1024 * 1024
_DRAWING = Lock()
_Faces = tuple[fonts.Face, fonts.Face]
_Shown = tuple[Setting, ...]


def _unkept(facts: PosterFacts, draw: Callable[[], bytes]) -> bytes:
    return draw()


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


def render(facts: PosterFacts, *, image_format: ImageFormat = "JPEG", keep: Keep = _unkept) -> bytes:
    """Draw a poster in its template's size, at most 2 MB; PosterError names a fact that cannot be drawn."""
    check(facts)
    design = design_of(facts)
    if image_format == "JPEG":
        return _jpeg(facts, design, (fonts.sans(), fonts.serif()), keep)
    if image_format == "PNG":
        return _png(facts, design)
    raise PosterError("image_format", "只能是 JPEG 或 PNG")


def prepare(facts: PosterFacts, *, keep: Keep = _unkept) -> None:
    """Draw what all distributors' posters of these facts share, so that the first of them waits for its own part only.

    PosterError names a fact that cannot be drawn.
    """
    check(facts)
    with _DRAWING:
        _shared(_impersonal(facts), design_of(facts), (fonts.sans(), fonts.serif()), keep)


@lru_cache(maxsize=64)
def _jpeg(facts: PosterFacts, design: Design, faces: _Faces, keep: Keep) -> bytes:
    with _DRAWING:  # several at once would each draw the same sheet
        shared = _shared(_impersonal(facts), design, faces, keep)
    rows, shown = list(shared.rows), settings(design, facts, personal=True)
    for strip in shared.strips:
        image = strip.image.copy()
        paint(Canvas(image, design, facts), shown, down=strip.top)
        _put(rows, strip.top, jpeg.rows(image))
    return jpeg.joined(shared.head, rows)


def _impersonal(facts: PosterFacts) -> PosterFacts:
    return replace(facts, name="", url="", avatar=None)


@lru_cache(maxsize=64)
def _shared(facts: PosterFacts, design: Design, faces: _Faces, keep: Keep) -> _Shared:
    shown = settings(design, facts, personal=False)
    head, rows = jpeg.parted(keep(facts, lambda: _sheet(facts, design, shown)))
    personal = personal_bands(design, facts.kind)
    strips = tuple(_Strip(band.top, _strip(band, design, *_within(band, shown, facts))) for band in personal)
    return _Shared(head, tuple(rows), strips)


def _sheet(facts: PosterFacts, design: Design, shown: _Shown) -> bytes:
    """Only the rows that these facts touch are painted and encoded; the others are the template's."""
    sheet = _ground(design, facts.kind)
    rows = list(sheet.rows)
    for band in shared_bands(shown, design, facts.kind):
        _put(rows, band.top, _rows(band, design, *_within(band, shown, facts)))
    return jpeg.joined(sheet.head, rows)


def _within(band: Band, shown: _Shown, facts: PosterFacts) -> tuple[_Shown, PosterFacts]:
    """What a band shows, and the facts painted in it; words and prices are set already."""
    part = tuple(each for each in shown if each.reaches(band.top, band.bottom))
    bare = PosterFacts("", 0, "", "", "", kind=facts.kind)
    if not any(each.area.part in ("picture", "logo") for each in part):
        return part, bare
    return part, replace(bare, picture=facts.picture, logo=facts.logo, sold_out=facts.sold_out)


@lru_cache(maxsize=128)
def _rows(band: Band, design: Design, part: _Shown, seen: PosterFacts) -> tuple[bytes, ...]:
    """One band's rows: a new price does not draw the picture again."""
    return tuple(jpeg.rows(_painted(band, design, part, seen)))


@lru_cache(maxsize=32)
def _strip(band: Band, design: Design, part: _Shown, seen: PosterFacts) -> Image.Image:
    """What is under the personal parts; most products share it."""
    return _painted(band, design, part, seen)


def _painted(band: Band, design: Design, part: _Shown, seen: PosterFacts) -> Image.Image:
    image = _ground(design, seen.kind).image.crop((0, band.top, design.size[0], band.bottom))
    paint(Canvas(image, design, seen), part, down=band.top)
    return image


def _put(rows: list[bytes], top: int, anew: Sequence[bytes]) -> None:
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
        paint(Canvas(image, design, facts), settings(design, facts, personal=personal))
    png = _saved(image)
    return png if len(png) <= BYTES else _saved(image.quantize(256))


def _saved(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG", compress_level=2)
    return out.getvalue()
