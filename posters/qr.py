"""QR codes: crisp, cached, with the strongest correction that costs no larger modules."""

from functools import lru_cache

from PIL import Image
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError
from qrcode.main import QRCode

QUIET_MODULES = 4
_MASK = 2
_DARK = (24, 20, 18)
_LIGHT = (255, 255, 255)


@lru_cache(maxsize=256)
def code(url: str, room: int) -> Image.Image:
    """The QR code of `url`, all modules equally wide; its quiet zone is the rest of a white square of `room` pixels."""
    rows = _modules(url)
    count = len(rows)
    scale = max(1, room // (count + 2 * QUIET_MODULES))
    dark = Image.frombytes("L", (count, count), b"".join(bytes(255 * cell for cell in row) for row in rows))
    square = Image.new("RGB", (count * scale, count * scale), _LIGHT)
    square.paste(_DARK, mask=dark.resize(square.size, Image.Resampling.NEAREST))
    return square


def _modules(url: str) -> list[list[bool]]:
    drawn = QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=_MASK, border=0)
    drawn.add_data(url, optimize=0)
    version = drawn.best_fit()
    try:
        return _made(url, version, ERROR_CORRECT_Q)
    except (DataOverflowError, ValueError):
        return _made(url, version, ERROR_CORRECT_M)


def _made(url: str, version: int, correction: int) -> list[list[bool]]:
    drawn = QRCode(version=version, error_correction=correction, mask_pattern=_MASK, border=0)
    drawn.add_data(url, optimize=0)
    drawn.make(fit=False)
    return [[bool(dark) for dark in row] for row in drawn.modules]
