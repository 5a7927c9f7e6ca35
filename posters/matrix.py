"""The modules of a QR code with its mask fixed: the grid is qrcode's, made once a version, filled with new data.

Trying all eight masks and walking the grid module by module is what makes QR codes slow.
"""

from functools import lru_cache
from operator import itemgetter
from typing import Any

from qrcode import base, util
from qrcode.LUT import rsPoly_LUT
from qrcode.main import QRCode

MASK = 2
_BYTES_MODE, _PADS = 0b0100, (0xEC, 0x11)
_LARGEST = 40


class _Grid(QRCode):  # type: ignore[misc]
    """A code without data that remembers where each bit goes."""

    def map_data(self, data: object, mask_pattern: int) -> None:
        """Instead of putting bits in, note the places in the order of the bits."""
        count, masked = self.modules_count, util.mask_func(mask_pattern)
        self.places: list[tuple[int, int]] = []
        upwards = True
        for right in [column - (column <= 6) for column in range(count - 1, 0, -2)]:
            rows = range(count - 1, -1, -1) if upwards else range(count)
            pairs = [(row, column) for row in rows for column in (right, right - 1)]
            self.places += [place for place in pairs if self.modules[place[0]][place[1]] is None]
            upwards = not upwards
        self.flips = bytes(bool(masked(*place)) for place in self.places)


def fitting(size: int, correction: int) -> int | None:
    """The smallest version that holds so many bytes; None when none does."""
    return next((version for version in range(1, _LARGEST + 1) if size <= _capacity(version, correction)), None)


def square(content: bytes, version: int, correction: int) -> list[bytes]:
    """The rows of the code, 1 for dark; `version` holds the content."""
    words = _interleaved(_words(content, version, correction), version, correction)
    count, flips, order = _grid(version, correction)
    bits = bin(int.from_bytes(b"\1" + words, "big"))[3:].translate(_DIGITS).encode("latin-1")
    bits += bytes(len(flips) - len(bits))
    flipped = (int.from_bytes(bits, "big") ^ int.from_bytes(flips, "big")).to_bytes(len(flips), "big")
    cells = bytes(order(flipped + b"\0\1"))
    return [cells[at : at + count] for at in range(0, len(cells), count)]


_DIGITS = {48: 0, 49: 1}


@lru_cache(maxsize=32)
def _grid(version: int, correction: int) -> tuple[int, bytes, Any]:
    """The width, which bits the mask turns over, and how a grid is picked from the bits, a light and a dark one."""
    code = _Grid(version=version, error_correction=correction, mask_pattern=MASK, border=0)
    code.add_data(b"", optimize=0)
    code.makeImpl(False, MASK)
    number = {place: at for at, place in enumerate(code.places)}
    count, light = code.modules_count, len(number)
    picks = [
        number.get((row, column), light + bool(code.modules[row][column]))
        for row in range(count)
        for column in range(count)
    ]
    return count, code.flips, itemgetter(*picks)


@lru_cache(maxsize=256)
def _capacity(version: int, correction: int) -> int:
    words = sum(block.data_count for block in base.rs_blocks(version, correction))
    return int((words * 8 - 4 - _length_bits(version)) // 8)


def _length_bits(version: int) -> int:
    return int(util.length_in_bits(util.MODE_8BIT_BYTE, version))


def _words(content: bytes, version: int, correction: int) -> bytes:
    room: int = sum(block.data_count for block in base.rs_blocks(version, correction))
    bits = 4 + _length_bits(version) + 8 * len(content)
    told = (_BYTES_MODE << _length_bits(version) | len(content)) << 8 * len(content) | int.from_bytes(content, "big")
    ending = min(4, room * 8 - bits)
    filled = (bits + ending + 7) // 8
    begun = (told << (filled * 8 - bits)).to_bytes(filled, "big")
    return begun + bytes(_PADS[number % 2] for number in range(room - filled))


def _interleaved(words: bytes, version: int, correction: int) -> bytes:
    blocks, checks, at = [], [], 0
    for block in base.rs_blocks(version, correction):
        part = words[at : at + block.data_count]
        at += block.data_count
        blocks.append(part)
        checks.append(_check_words(part, block.total_count - block.data_count))
    return _woven(blocks) + _woven(checks)


def _woven(parts: list[bytes]) -> bytes:
    longest = max(map(len, parts))
    return bytes(part[at] for at in range(longest) for part in parts if at < len(part))


def _check_words(part: bytes, count: int) -> bytes:
    table, top = _multiples(count), 8 * (count - 1)
    rest: int = 0
    low = (1 << top) - 1
    for byte in part:
        rest = (rest & low) << 8 ^ table[rest >> top ^ byte]
    return rest.to_bytes(count, "big")


@lru_cache(maxsize=64)
def _multiples(count: int) -> list[int]:
    """For each byte, its product with the generator of so many check words."""
    generator = rsPoly_LUT[count][1:]
    products = [0]
    for byte in range(1, 256):
        log = base.glog(byte)
        product = bytes(base.gexp(base.glog(each) + log) if each else 0 for each in generator)
        products.append(int.from_bytes(product, "big"))
    return products
