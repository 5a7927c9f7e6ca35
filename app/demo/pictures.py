"""Product pictures of the sample shop, drawn here so that the demo needs no network."""

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from posters.fonts import sans, sized

_SIZE = 800
_SCALE = 2


@dataclass(frozen=True, slots=True)
class Look:
    """How a product looks: two tones of the backdrop, the colour of the thing, its shape and its label."""

    light: str
    deep: str
    thing: str
    shape: str
    label: str


def draw(look: Look) -> bytes:
    """A square JPEG of the product."""
    picture = _backdrop(look)
    _shadow(picture)
    shape = {"jar": _jar, "bottle": _bottle, "pouch": _pouch}.get(look.shape, _box)
    label = shape(ImageDraw.Draw(picture), look)
    _write(ImageDraw.Draw(picture), look, label)
    out = io.BytesIO()
    picture.resize((_SIZE, _SIZE), Image.Resampling.LANCZOS).save(out, "JPEG", quality=88)
    return out.getvalue()


def _backdrop(look: Look) -> Image.Image:
    side = _SIZE * _SCALE
    fade = Image.linear_gradient("L").resize((side, side))
    picture = Image.composite(
        Image.new("RGB", (side, side), look.deep), Image.new("RGB", (side, side), look.light), fade
    )
    drawing = ImageDraw.Draw(picture, "RGBA")
    drawing.ellipse(_box_of(400, 330, 300), fill=(255, 255, 255, 60))
    drawing.rectangle(_at(0, 640, 800, 800), fill=(255, 255, 255, 46))
    return picture


def _shadow(picture: Image.Image) -> None:
    layer = Image.new("L", picture.size, 0)
    ImageDraw.Draw(layer).ellipse(_at(190, 628, 610, 700), fill=110)
    soft = layer.filter(ImageFilter.GaussianBlur(18 * _SCALE))
    picture.paste(Image.new("RGB", picture.size, "#3b2a20"), mask=soft)


def _box(drawing: ImageDraw.ImageDraw, look: Look) -> tuple[int, int]:
    drawing.rounded_rectangle(_at(215, 190, 585, 662), 18 * _SCALE, fill=look.thing)
    drawing.rounded_rectangle(_at(215, 190, 585, 250), 18 * _SCALE, fill=_darker(look.thing))
    drawing.rectangle(_at(215, 230, 585, 250), fill=look.thing)
    drawing.rounded_rectangle(_at(262, 300, 538, 590), 10 * _SCALE, fill="#fffaf2")
    drawing.rounded_rectangle(_at(272, 310, 528, 580), 8 * _SCALE, outline=look.thing, width=3 * _SCALE)
    return 400, 445


def _jar(drawing: ImageDraw.ImageDraw, look: Look) -> tuple[int, int]:
    drawing.rounded_rectangle(_at(262, 178, 538, 262), 16 * _SCALE, fill=_darker(look.thing))
    drawing.rounded_rectangle(_at(222, 250, 578, 664), 60 * _SCALE, fill=look.thing)
    drawing.rectangle(_at(222, 350, 578, 570), fill="#fffaf2")
    drawing.rectangle(_at(222, 362, 578, 368), fill=look.thing)
    drawing.rectangle(_at(222, 552, 578, 558), fill=look.thing)
    return 400, 460


def _bottle(drawing: ImageDraw.ImageDraw, look: Look) -> tuple[int, int]:
    drawing.rounded_rectangle(_at(352, 118, 448, 196), 10 * _SCALE, fill=_darker(look.thing))
    drawing.polygon([_point(360, 190), _point(440, 190), _point(540, 320), _point(260, 320)], fill=look.thing)
    drawing.rounded_rectangle(_at(260, 296, 540, 664), 34 * _SCALE, fill=look.thing)
    drawing.rounded_rectangle(_at(284, 352, 516, 592), 10 * _SCALE, fill="#fffaf2")
    return 400, 472


def _pouch(drawing: ImageDraw.ImageDraw, look: Look) -> tuple[int, int]:
    corners = [_point(242, 180), _point(558, 180), _point(592, 640), _point(208, 640)]
    drawing.polygon(corners, fill=look.thing)
    drawing.rounded_rectangle(_at(208, 600, 592, 664), 30 * _SCALE, fill=look.thing)
    drawing.rectangle(_at(244, 206, 556, 214), fill=_darker(look.thing))
    drawing.ellipse(_box_of(400, 430, 138), fill="#fffaf2")
    return 400, 430


def _write(drawing: ImageDraw.ImageDraw, look: Look, centre: tuple[int, int]) -> None:
    words = look.label.split("\n")
    x, y = centre
    top = y - 30 * (len(words) - 1)
    for number, word in enumerate(words):
        font: ImageFont.FreeTypeFont = sized(sans(), (56 if number == 0 else 34) * _SCALE)
        drawing.text(_point(x, top + 62 * number), word, font=font, fill=_darker(look.thing), anchor="mm")


def _darker(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return red * 7 // 10, green * 7 // 10, blue * 7 // 10


def _at(left: int, top: int, right: int, bottom: int) -> tuple[int, int, int, int]:
    return left * _SCALE, top * _SCALE, right * _SCALE, bottom * _SCALE


def _box_of(x: int, y: int, radius: int) -> tuple[int, int, int, int]:
    return _at(x - radius, y - radius, x + radius, y + radius)


def _point(x: int, y: int) -> tuple[int, int]:
    return x * _SCALE, y * _SCALE
