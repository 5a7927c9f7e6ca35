"""JPEGs in strips: what many posters share is encoded once, and only the strips that differ are encoded again.

Every row of blocks ends with a restart marker, so rows can be encoded apart; the join loses no pixel.
"""

import re
from io import BytesIO

from PIL import Image

QUALITY = 85
#: Height of a row of blocks with halved colour.
ROW = 16
_FRAME, _SCAN, _END = b"\xff\xc0", b"\xff\xda", b"\xff\xd9"
_RESTART = re.compile(rb"\xff[\xd0-\xd7]")
_MARKERS = [bytes((0xFF, 0xD0 + number)) for number in range(8)]


def strips(image: Image.Image) -> tuple[bytes, list[bytes]]:
    """The head of the image's JPEG and its rows of blocks, top down."""
    return parted(_encoded(image))


def parted(jpeg: bytes) -> tuple[bytes, list[bytes]]:
    """The head and the rows of blocks of a JPEG that was joined here."""
    scan = jpeg.index(_SCAN) + 2
    body = scan + int.from_bytes(jpeg[scan : scan + 2], "big")
    return jpeg[:body], _RESTART.split(jpeg[body : -len(_END)])


def rows(image: Image.Image) -> list[bytes]:
    """Only the rows of blocks, for a strip that goes into another sheet as wide."""
    return strips(image)[1]


def joined(head: bytes, all_rows: list[bytes]) -> bytes:
    """The whole JPEG, its rows numbered anew."""
    out = [head]
    for number, row in enumerate(all_rows[:-1]):
        out += (row, _MARKERS[number & 7])
    return b"".join((*out, all_rows[-1], _END))


def _encoded(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=QUALITY, restart_marker_rows=1)
    return out.getvalue()
