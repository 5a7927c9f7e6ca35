"""QR codes: crisp, cached, with the correction that their distance and logo ask for."""

from functools import lru_cache
from typing import Literal

from PIL import Image
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError
from qrcode.main import QRCode

QUIET_MODULES = 4
#: Of the code's width; the strongest correction reads around it with a wide margin.
LOGO_PERCENT = 20
Strength = Literal["near", "far", "logo"]
_MASK = 2
_DARK = (24, 20, 18)
_LIGHT = (255, 255, 255)


@lru_cache(maxsize=256)
def code(url: str, room: int, *, strength: Strength = "near") -> Image.Image:
    """The QR code of `url`, all modules equally wide; its quiet zone is the rest of a white square of `room` pixels."""
    rows = modules(url, strength)
    count = len(rows)
    scale = module_size(count, room)
    dark = Image.frombytes("L", (count, count), b"".join(bytes(255 * cell for cell in row) for row in rows))
    square = Image.new("RGB", (count * scale, count * scale), _LIGHT)
    square.paste(_DARK, mask=dark.resize(square.size, Image.Resampling.NEAREST))
    return square


def module_size(count: int, room: int) -> int:
    """How many pixels wide each of `count` modules becomes in a square of `room` pixels, quiet zone included."""
    return max(1, room // (count + 2 * QUIET_MODULES))


def modules(url: str, strength: Strength = "near") -> list[list[bool]]:
    """Dark and light: a logo gets the strongest correction, distance the largest modules, near what costs none."""
    if strength == "logo":
        return _made(url, None, ERROR_CORRECT_H)
    drawn = QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=_MASK, border=0)
    drawn.add_data(url, optimize=0)
    version = drawn.best_fit()
    if strength == "near":
        for stronger in (ERROR_CORRECT_H, ERROR_CORRECT_Q):
            try:
                return _made(url, version, stronger)
            except (DataOverflowError, ValueError):
                continue
    return _made(url, version, ERROR_CORRECT_M)


def _made(url: str, version: int | None, correction: int) -> list[list[bool]]:
    drawn = QRCode(version=version, error_correction=correction, mask_pattern=_MASK, border=0)
    drawn.add_data(url, optimize=0)
    drawn.make(fit=version is None)
    return [[bool(dark) for dark in row] for row in drawn.modules]
