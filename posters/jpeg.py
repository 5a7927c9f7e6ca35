"""JPEGs in two parts: the part all distributors share is encoded once, each one's own part is joined to it.

Every row of blocks ends with a restart marker (numbered 0 to 7), so rows can be encoded apart; the join loses no pixel.
"""

from io import BytesIO

from PIL import Image

QUALITY = 85
STEP = 128
_FRAME, _SCAN, _END = b"\xff\xc0", b"\xff\xda", b"\xff\xd9"
_SEVENTH_RESTART = b"\xff\xd7"


def upper(image: Image.Image, *, full_height: int) -> bytes:
    """The beginning of a JPEG of `full_height` pixels; the image's height is a multiple of STEP."""
    jpeg = _encoded(image)
    height = jpeg.index(_FRAME) + 5
    return jpeg[:height] + full_height.to_bytes(2, "big") + jpeg[height + 2 : -len(_END)] + _SEVENTH_RESTART


def joined(beginning: bytes, lower: Image.Image) -> bytes:
    """The whole JPEG: what `upper` gave, then this image below it."""
    jpeg = _encoded(lower)
    scan = jpeg.index(_SCAN) + 2
    return beginning + jpeg[scan + int.from_bytes(jpeg[scan : scan + 2], "big") :]


def _encoded(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=QUALITY, restart_marker_rows=1)
    return out.getvalue()
