"""The strokes a poster is made of: letters, panels, gradients, shadows."""

from functools import lru_cache
from itertools import groupby
from math import ceil

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from posters import fonts
from posters.design import Box, Colour
from posters.lettering import Pen
from posters.pictures import rounded

_ASCENT = 0.88  # of the em, for Chinese faces
_SHRUNK = 8
#: From so many radii on, it pays to mask the corners alone.
_TALL = 8
_BOLD_PART = 42  # of the em: how much thicker a bold stroke is


def write(image: Image.Image, text: str, at: tuple[float, float], *, pen: Pen, colour: Colour) -> float:
    """Write one line whose em square has its top left corner at `at`; answers where it ends."""
    mask = _run(pen, text)
    if mask is not None:
        left, top = round(at[0]) - _margin(pen.size), round(at[1]) - pen.size // 4
        image.paste(colour, (left, top, left + mask.width, top + mask.height), mask)
    return at[0] + pen.width(text)


def write_centred(image: Image.Image, text: str, box: Box, *, pen: Pen, colour: Colour) -> None:
    """Write one line in the middle of the box."""
    left = (box.left + box.right - pen.width(text)) / 2
    write(image, text, (left, (box.top + box.bottom - pen.size) / 2), pen=pen, colour=colour)


def panel(image: Image.Image, box: Box, radius: int, fill: Colour | Image.Image, *, percent: int = 100) -> None:
    """Fill a box with rounded corners by a colour or by an image of its size."""
    radius = min(radius, min(box.size) // 2)
    if radius == 0 and percent == 100:
        image.paste(fill, box)
        return
    mask = faded(rounded(box.size, radius), percent)
    if percent < 100 or isinstance(fill, tuple) or box.size[1] < _TALL * radius:
        image.paste(fill, box, mask)
        return
    # only the corners need the mask: the band between them is pasted as it is
    for top, bottom in ((0, radius), (box.size[1] - radius, box.size[1])):
        part = (0, top, box.size[0], bottom)
        image.paste(fill.crop(part), (box.left, box.top + top), mask.crop(part))
    image.paste(fill.crop((0, radius, box.size[0], box.size[1] - radius)), (box.left, box.top + radius))


def faded(mask: Image.Image, percent: int) -> Image.Image:
    """The mask with so many percent of its strength."""
    return mask if percent == 100 else mask.point([level * percent // 100 for level in range(256)])


def gradient(size: tuple[int, int], top: Colour, bottom: Colour) -> Image.Image:
    """An image that runs from the one colour to the other."""
    mask = Image.linear_gradient("L").resize(size)
    return Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), mask)


def shadow(image: Image.Image, box: Box, *, radius: int, colour: Colour, strength: int) -> None:
    """Lay a soft shadow under the place of a rounded box."""
    small = Image.new("L", (image.width // _SHRUNK, image.height // _SHRUNK), 0)
    left, top, right, bottom = (edge / _SHRUNK for edge in box)
    ImageDraw.Draw(small).rounded_rectangle((left, top + 2, right, bottom + 2), radius / _SHRUNK, fill=strength)
    mask = small.filter(ImageFilter.GaussianBlur(4)).resize(image.size, Image.Resampling.BICUBIC)
    image.paste(colour, mask=mask)


def hollow(size: tuple[int, int], radius: int, width: int) -> Image.Image:
    """A mask of only the edge of a rounded box, `width` pixels of it."""
    inner = Image.new("L", size, 0)
    hole = (size[0] - 2 * width, size[1] - 2 * width)
    inner.paste(rounded(hole, max(0, min(radius - width, min(hole) // 2))), (width, width))
    return ImageChops.subtract(rounded(size, radius), inner)


def mixed(one: Colour, other: Colour, percent: int) -> Colour:
    """The first colour with so many percent of the second."""
    red, green, blue = ((a * (100 - percent) + b * percent) // 100 for a, b in zip(one, other, strict=True))
    return red, green, blue


@lru_cache(maxsize=64)
def monogram(letter: str, size: int, colour: Colour, face: fonts.Face) -> Image.Image:
    """A square with one white letter in its middle: the picture of who has none."""
    image = gradient((size, size), mixed(colour, (255, 255, 255), 18), colour)
    pen = Pen(face, size * 12 // 25)
    write_centred(image, letter, Box(0, 0, size, size), pen=pen, colour=(255, 255, 255))
    return image


@lru_cache(maxsize=512)
def _run(pen: Pen, text: str) -> Image.Image | None:
    """The letters of one line as a mask, with a margin around the em squares."""
    if not text.strip():
        return None
    margin = _margin(pen.size)
    mask = Image.new("L", (ceil(pen.width(text)) + 2 * margin, pen.size * 3 // 2), 0)
    draw, left = ImageDraw.Draw(mask), float(margin)
    baseline = pen.size // 4 + round(_ASCENT * pen.size)
    for face, chars in groupby(text, lambda char: fonts.able(pen.face, char) or pen.face):
        part = "".join(chars)
        stroke = pen.size / _BOLD_PART if pen.bold else 0
        font = fonts.sized(face, pen.size)
        draw.text((left, baseline), part, fill=255, font=font, anchor="ls", stroke_width=stroke)
        left += pen.width(part)
    return mask


def _margin(size: int) -> int:
    return size // 8 + 2
