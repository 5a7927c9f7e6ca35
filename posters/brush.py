"""The strokes a poster is made of: letters, panels, gradients, shadows."""

from functools import lru_cache

from PIL import Image, ImageDraw, ImageFilter

from posters import fonts
from posters.layout import Box
from posters.lettering import Pen
from posters.palettes import Colour
from posters.pictures import rounded

_ASCENT = 0.88  # of the em, for Chinese faces
_SHRUNK = 8


class Brush:
    """Writes and paints on one image, with one face."""

    def __init__(self, image: Image.Image, face: fonts.Face) -> None:
        self.image = image
        self.face = face
        self._draw = ImageDraw.Draw(image)

    def pen(self, size: int) -> Pen:
        """The face at this size, for measuring."""
        return Pen(self.face, size)

    def write(self, text: str, at: tuple[float, float], *, size: int, colour: Colour, bold: bool = False) -> float:
        """Write one line whose em square has its top left corner at `at`; answers where it ends."""
        baseline = (at[0], at[1] + round(_ASCENT * size))
        weight = size / 42 if bold else 0
        self._draw.text(
            baseline, text, fill=colour, font=fonts.sized(self.face, size), anchor="ls", stroke_width=weight
        )
        return at[0] + self.pen(size).width(text)

    def write_centred(self, text: str, box: Box, *, size: int, colour: Colour, bold: bool = False) -> None:
        """Write one line in the middle of the box."""
        left = (box.left + box.right - self.pen(size).width(text)) / 2
        top = (box.top + box.bottom - size) / 2
        self.write(text, (left, top), size=size, colour=colour, bold=bold)

    def panel(self, box: Box, radius: int, fill: Colour | Image.Image) -> None:
        """Fill a box with rounded corners by a colour or by an image of its size."""
        self.image.paste(fill, box, rounded(box.size, radius))

    def rule(self, box: Box, colour: Colour) -> None:
        """Fill a box with square corners."""
        self.image.paste(colour, box)


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


def mixed(one: Colour, other: Colour, percent: int) -> Colour:
    """The first colour with so many percent of the second."""
    red, green, blue = ((a * (100 - percent) + b * percent) // 100 for a, b in zip(one, other, strict=True))
    return red, green, blue


@lru_cache(maxsize=64)
def monogram(letter: str, size: int, colour: Colour, face: fonts.Face) -> Image.Image:
    """A square with one white letter in its middle: the picture of who has none."""
    image = gradient((size, size), mixed(colour, (255, 255, 255), 18), colour)
    Brush(image, face).write_centred(letter, Box(0, 0, size, size), size=size * 12 // 25, colour=(255, 255, 255))
    return image
