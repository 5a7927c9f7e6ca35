"""The painted forms of a template: gradients, panels, rings, rays and glows."""

import math

from PIL import Image, ImageChops, ImageDraw

from posters import brush
from posters.design import Box, Design, Shape
from posters.pictures import covering, rounded

_OVERSAMPLING = 2
_DOT_PART = 6


def ground(design: Design, kind: str) -> Image.Image:
    """The sheet with its background picture and the forms that belong to this kind of poster."""
    image = Image.new("RGB", design.size, design.sheet)
    picture = covering(design.background, design.size)
    if picture is not None:
        image.paste(picture)
    for shape in design.shapes:
        if not shape.only or kind in shape.only:
            _paint(image, shape)
    return image


def _paint(image: Image.Image, shape: Shape) -> None:
    if shape.shade is not None:
        brush.shadow(image, shape.box, radius=shape.radius, colour=shape.shade, strength=70)
    fill = brush.gradient(shape.box.size, shape.fill, shape.into) if shape.into else shape.fill
    mask = brush.faded(_mask(shape), shape.percent)
    seen = shape.box
    if Box(0, 0, *image.size).meets(seen):
        image.paste(fill, seen, mask)


def _mask(shape: Shape) -> Image.Image:
    size = shape.box.size
    if shape.form == "disc":
        return rounded(size, min(size) // 2)
    if shape.form == "ring":
        return brush.hollow(size, min(size) // 2, shape.width or 2)
    if shape.form == "frame":
        return brush.hollow(size, shape.radius, shape.width or 2)
    if shape.form == "glow":
        return _glow(size)
    if shape.form == "rays":
        return _rays(size, shape.count or 24)
    if shape.form == "dots":
        return _dots(size, shape.width or 40)
    return rounded(size, min(shape.radius, min(size) // 2))


def _rays(size: tuple[int, int], count: int) -> Image.Image:
    """Rays from the middle outwards, fading with the distance."""
    width, height = size[0] * _OVERSAMPLING, size[1] * _OVERSAMPLING
    drawn = Image.new("L", (width, height), 0)
    pen, reach = ImageDraw.Draw(drawn), math.hypot(width, height) / 2
    for number in range(count):
        edges = ((number - 0.25) * math.tau / count, (number + 0.25) * math.tau / count)
        outer = [(width / 2 + reach * math.cos(a), height / 2 + reach * math.sin(a)) for a in edges]
        pen.polygon([(width / 2, height / 2), *outer], fill=255)
    return ImageChops.multiply(drawn.resize(size, Image.Resampling.LANCZOS), _glow(size))


def _glow(size: tuple[int, int]) -> Image.Image:
    """Bright in the middle, nothing at the edges, and no seam where it ends."""
    edge = Image.radial_gradient("L").getpixel((0, 128))
    falling = [max(0, 255 - 255 * level // edge) ** 2 // 255 for level in range(256)]  # type: ignore[operator]
    return Image.radial_gradient("L").point(falling).resize(size, Image.Resampling.BICUBIC)


def _dots(size: tuple[int, int], pitch: int) -> Image.Image:
    mask = Image.new("L", size, 0)
    dot = rounded((max(2, pitch // _DOT_PART * 2), max(2, pitch // _DOT_PART * 2)), max(1, pitch // _DOT_PART))
    for top in range(0, size[1] - dot.height + 1, pitch):
        for left in range(0, size[0] - dot.width + 1, pitch):
            mask.paste(dot, (left, top))
    return mask
