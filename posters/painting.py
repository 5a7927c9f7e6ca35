"""Painting what facts put into the areas of a template."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image

from posters import brush, fonts, qr
from posters.design import WHITE, Area, Box, Colour, Design
from posters.facts import PosterFacts
from posters.lettering import Pen, clean, initial
from posters.pictures import covering
from posters.setting import Setting

_AVATAR_COLOURS: tuple[Colour, ...] = ((214, 110, 84), (92, 138, 116), (96, 122, 168), (178, 132, 72), (142, 106, 150))
_ASCENT = 0.88
_RIBBON = "暂时售罄"
#: Red, green and blue together below this call for white letters.
_DARK = 384


@dataclass(frozen=True, slots=True)
class Canvas:
    """The sheet, or a strip of it, with what is painted on it."""

    image: Image.Image
    design: Design
    facts: PosterFacts


def paint(canvas: Canvas, shown: Iterable[Setting], *, down: int = 0) -> None:
    """Paint what was set on a sheet, or on the strip of it that begins `down` pixels below."""
    for setting in shown:
        if setting.reaches(down, down + canvas.image.height):
            _PAINTERS.get(setting.area.part, _text)(canvas, setting, setting.box.lowered(-down))


def plates(image: Image.Image, design: Design, kind: str) -> None:
    """Paint the white under a code, which is the same for everybody and everything."""
    for stack in design.stacks_of(kind):
        for area in stack.areas:
            if area.part == "qr":
                brush.panel(image, area.box, area.radius, WHITE)


def _picture(canvas: Canvas, setting: Setting, box: Box) -> None:
    shown = covering(canvas.facts.picture, box.size) or _neutral(canvas, setting.rows[0], box)
    brush.panel(canvas.image, box, setting.area.radius, shown)
    if canvas.facts.sold_out:
        pen = Pen(fonts.sans(), 40, bold=True)
        pill = Box(box.left + 32, box.top + 32, box.left + 280, box.top + 108)
        brush.panel(canvas.image, pill, 38, (40, 36, 34))
        brush.write_centred(canvas.image, _RIBBON, pill, pen=pen, colour=WHITE)


def _neutral(canvas: Canvas, letter: str, box: Box) -> Image.Image:
    high, low = canvas.design.panel
    width, height = box.size
    image = brush.gradient(box.size, high, low)
    for part in (36, 26):
        radius = min(width, height) * part // 100
        middle = Box(width // 2 - radius, height // 2 - radius, width // 2 + radius, height // 2 + radius)
        brush.panel(image, middle, radius, brush.mixed(high, low, 20), percent=60)
    side = min(width, height) // 3
    if (logo := _portrait(canvas.facts.logo, (side, side))) is not None:
        left, top = Box(0, 0, width, height).middle((side, side))
        brush.panel(image, Box(left, top, left + side, top + side), side // 5, logo)
        return image
    ink = brush.mixed(low, WHITE if sum(low) < _DARK else (60, 44, 30), 55)
    pen = Pen(fonts.serif(), max(12, side))
    brush.write_centred(image, letter, Box(0, 0, width, height), pen=pen, colour=ink)
    return image


def _text(canvas: Canvas, setting: Setting, box: Box) -> None:
    area, pen = setting.area, setting.pen
    if area.fill is not None:
        widest = max(map(pen.width, setting.rows)) + 2 * area.pad
        left = _left(area, box, widest)
        chip = Box(round(left), box.top, min(box.right, round(left + widest)), box.bottom)
        brush.panel(canvas.image, chip, area.radius, area.fill)
    inner = Box(box.left + area.pad, box.top + area.pad, box.right - area.pad, box.bottom - area.pad)
    for number, row in enumerate(setting.rows):
        top = inner.top + number * setting.line + (setting.line - pen.size) / 2
        brush.write(canvas.image, row, (_left(area, inner, pen.width(row)), top), pen=pen, colour=area.colour)


def _left(area: Area, box: Box, width: float) -> float:
    spare = box.right - box.left - width
    return box.left + {"left": 0.0, "center": spare / 2, "right": spare}[area.align]


def _price(canvas: Canvas, setting: Setting, box: Box) -> None:
    area, struck = setting.area, setting.rows[2]
    large, small, aside = _price_pens(setting, box)
    width = _price_width(setting.rows, large, small)
    if struck and width + 28 + aside.width(struck) > box.right - box.left:
        struck = ""
    left = _left(area, box, width + (28 + aside.width(struck) if struck else 0))
    right = _figures(canvas.image, setting, (large, small), (left, float(box.bottom)))
    if struck:
        _struck(canvas.image, struck, (right + 28, box.bottom - 0.06 * large.size), pen=aside, colour=area.second)


def _price_pens(setting: Setting, box: Box) -> tuple[Pen, Pen, Pen]:
    face, area = setting.pen.face, setting.area
    small = area.small or area.size * 9 // 20
    for eighths in range(8, 2, -1):
        pens = Pen(face, area.size * eighths // 8, True), Pen(face, small * eighths // 8, True)
        if _price_width(setting.rows, *pens) <= box.right - box.left:
            break
    return *pens, Pen(face, max(24, small * 3 // 4))


def _price_width(rows: tuple[str, ...], large: Pen, small: Pen) -> float:
    return small.width("¥") + 6 + large.width(rows[0]) + 3 + small.width(rows[1])


def _figures(image: Image.Image, setting: Setting, pens: tuple[Pen, Pen], foot: tuple[float, float]) -> float:
    (whole, cents, _), (large, small), colour = setting.rows, pens, setting.area.colour
    base = foot[1] - 0.06 * large.size
    top_large, top_small = base - _ASCENT * large.size, base - _ASCENT * small.size
    right = brush.write(image, "¥", (foot[0], top_small), pen=small, colour=colour) + 6
    right = brush.write(image, whole, (right, top_large), pen=large, colour=colour) + 3
    return brush.write(image, cents, (right, top_small), pen=small, colour=colour)


def _struck(image: Image.Image, text: str, foot: tuple[float, float], *, pen: Pen, colour: Colour) -> None:
    top = foot[1] - _ASCENT * pen.size
    right = brush.write(image, text, (foot[0], top), pen=pen, colour=colour)
    middle = round(top + 0.55 * pen.size)
    image.paste(colour, (round(foot[0]) - 3, middle, round(right) + 3, middle + max(2, pen.size // 14)))


def _avatar(canvas: Canvas, setting: Setting, box: Box) -> None:
    face, name = fonts.sans(), canvas.facts.name
    colour = _AVATAR_COLOURS[sum(clean(name, face).encode()) % len(_AVATAR_COLOURS)]
    shown = _portrait(canvas.facts.avatar, box.size)
    shown = shown or brush.monogram(initial(name, face), min(box.size), colour, face)
    brush.panel(canvas.image, box, setting.area.radius or min(box.size) // 2, shown)


@lru_cache(maxsize=64)
def _portrait(avatar: bytes | None, size: tuple[int, int]) -> Image.Image | None:
    return covering(avatar, size)


def _code(canvas: Canvas, setting: Setting, box: Box) -> None:
    area = setting.area
    logo = canvas.facts.logo if area.logo else None
    code = qr.code(canvas.facts.url, min(box.size), strength="logo" if logo else "far" if area.far else "near")
    at = box.middle(code.size)
    canvas.image.paste(code, at)
    if logo:
        _logo(canvas.image, logo, Box(*at, at[0] + code.width, at[1] + code.height))


def _logo(image: Image.Image, logo: bytes, code: Box) -> None:
    side = code.size[0] * qr.LOGO_PERCENT // 100
    left, top = code.middle((side, side))
    shown = _portrait(logo, (side - 12, side - 12))
    if shown is not None:
        brush.panel(image, Box(left, top, left + side, top + side), side // 5, WHITE)
        brush.panel(image, Box(left + 6, top + 6, left + side - 6, top + side - 6), side // 6, shown)


def _mark(canvas: Canvas, setting: Setting, box: Box) -> None:
    shown = _portrait(canvas.facts.logo, box.size)
    if shown is not None:
        brush.panel(canvas.image, box, setting.area.radius or min(box.size) // 5, shown)


_PAINTERS = {"picture": _picture, "price": _price, "avatar": _avatar, "qr": _code, "logo": _mark}
