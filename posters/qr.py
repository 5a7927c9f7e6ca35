"""QR codes: crisp, cached, with the correction that their distance and logo ask for."""

from functools import lru_cache
from typing import Literal

from PIL import Image
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_M, ERROR_CORRECT_Q

from posters import matrix

QUIET_MODULES = 4
_DARK, _LIGHT = b"\x15", b"\xff"
#: Of the code's width: 4 % of its modules, a quarter of what the weakest correction restores.
LOGO_PERCENT = 20
Strength = Literal["near", "far", "logo"]


@lru_cache(maxsize=256)
def code(url: str, room: int, *, strength: Strength = "near") -> Image.Image:
    """The QR code of `url`, all modules equally wide; its quiet zone is the rest of a white square of `room` pixels."""
    rows = modules(url, strength)
    scale = module_size(len(rows), room)
    cells = (_LIGHT * scale, _DARK * scale)
    wide = [b"".join([cells[dark] for dark in row]) * scale for row in rows]
    return Image.frombytes("L", (len(rows) * scale, len(rows) * scale), b"".join(wide)).convert("RGB")


def module_size(count: int, room: int) -> int:
    """How many pixels wide each of `count` modules becomes in a square of `room` pixels, quiet zone included."""
    return max(1, room // (count + 2 * QUIET_MODULES))


def modules(url: str, strength: Strength = "near") -> list[bytes]:
    """Rows of 0 and 1 in the largest modules there can be, with the strongest correction that costs none of their size.

    Even the weakest reads around a logo, which hides 4 % of the code.
    """
    content = url.encode()
    version = matrix.fitting(len(content), ERROR_CORRECT_M)
    if strength != "far":
        for stronger in (ERROR_CORRECT_H, ERROR_CORRECT_Q):
            if matrix.fitting(len(content), stronger) == version:
                return _made(content, stronger)
    return _made(content, ERROR_CORRECT_M)


def _made(content: bytes, correction: int) -> list[bytes]:
    version = matrix.fitting(len(content), correction)
    assert version is not None, "links are short enough for every correction"
    return matrix.square(content, version, correction)
