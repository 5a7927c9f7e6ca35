"""Pictures from strangers: decoded safely, or not at all."""

import warnings
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageOps

BYTES = 2 * 1024 * 1024
PIXELS = 25_000_000
# a decoder that cannot shrink while it reads holds every pixel, that of WEBP three times
_MOST_PIXELS = {"WEBP": PIXELS // 4, "PNG": 12_500_000, "GIF": 12_500_000, "progressive": 10_000_000}
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_SCANS = 64
_OVERSAMPLING = 4
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
warnings.filterwarnings("ignore", module=r"PIL\.TiffImagePlugin")  # spoilt EXIF is nothing to tell anybody


def covering(picture: bytes | None, size: tuple[int, int]) -> Image.Image | None:
    """The picture as RGB, scaled and cropped to `size`; None unless it is a sound JPEG, PNG, WEBP or GIF."""
    return _safely(picture, max(size), lambda image: ImageOps.fit(image, size, Image.Resampling.BICUBIC))


def whole(picture: bytes | None, longest: int) -> Image.Image | None:
    """All of the picture as RGB, no side longer than `longest`; None as above."""
    return _safely(picture, longest, lambda image: ImageOps.contain(image, (longest, longest)))


def _safely(picture: bytes | None, longest: int, shaped: Callable[[Image.Image], Image.Image]) -> Image.Image | None:
    if not picture or len(picture) > BYTES or _too_many_scans(picture):
        return None
    try:
        upright = _decoded(picture, longest)
        return None if upright is None else shaped(upright)
    except (Exception, MemoryError):  # decoders answer hostile bytes with almost any exception
        return None


def rounded(size: tuple[int, int], radius: int) -> Image.Image:
    """A mask of this size whose corners are smoothly rounded."""
    return _rounded(size[0], size[1], radius)


def _too_many_scans(picture: bytes) -> bool:
    # a progressive JPEG of thousands of tiny scans keeps a core busy for minutes
    return picture.startswith(b"\xff\xd8") and picture.count(b"\xff\xda") > _SCANS


def _decoded(picture: bytes, longest: int) -> Image.Image | None:
    with Image.open(BytesIO(picture), formats=_FORMATS) as opened:
        kind = "progressive" if opened.info.get("progressive") else opened.format or ""
        if opened.width * opened.height > _MOST_PIXELS.get(kind, PIXELS) or min(opened.size) < 2:
            return None
        opened.draft("RGB", (longest, longest))
        opened.load()
        image = opened if opened.mode in ("RGB", "RGBA", "L") else opened.convert("RGBA")
        if min(image.size) > 2 * longest:
            image = image.reduce(min(image.size) // longest)
        turn = _TURNS.get(opened.getexif().get(_ORIENTATION, 1))
        return _opaque(image.transpose(turn) if turn is not None else image)


def _opaque(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image if image.mode == "RGB" else image.convert("RGB")
    sheet = Image.new("RGB", image.size, (255, 255, 255))
    sheet.paste(image, mask=image.getchannel("A"))
    return sheet


@lru_cache(maxsize=64)
def _rounded(width: int, height: int, radius: int) -> Image.Image:
    if radius < 1:
        return Image.new("L", (width, height), 255)
    tile = 2 * radius
    drawn = Image.new("L", (tile * _OVERSAMPLING, tile * _OVERSAMPLING), 0)
    ImageDraw.Draw(drawn).ellipse((0, 0, tile * _OVERSAMPLING - 1, tile * _OVERSAMPLING - 1), fill=255)
    disc = drawn.resize((tile, tile), Image.Resampling.LANCZOS)
    mask = Image.new("L", (width, height), 255)
    for left in (0, 1):
        for top in (0, 1):
            quarter = disc.crop((left * radius, top * radius, (left + 1) * radius, (top + 1) * radius))
            mask.paste(quarter, (left * (width - radius), top * (height - radius)))
    return mask
