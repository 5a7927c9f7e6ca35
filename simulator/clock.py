"""One clock for several processes, kept in a small mapped file that outlives them all."""

import mmap
import struct
import threading
import time
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CELL = struct.Struct("<QqqI")
_CELL_AT = (0, 32)
_LENGTH = 64
_PATIENCE = 1000


class SharedClock:
    """Tells aware UTC time: real time plus an offset, or one frozen moment.

    Two checksummed cells are written in turn, so a reader in any process sees the old or the new
    state, never a mixture, even if the writer is killed half-way. One process at a time may set it.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            if file.tell() < _LENGTH:
                file.truncate(_LENGTH)
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), _LENGTH)
        self._writing = threading.Lock()

    def now(self) -> datetime:
        """The present moment in aware UTC, to the microsecond."""
        _, frozen, value = self._read()
        nanoseconds = value if frozen else time.time_ns() + value
        return _EPOCH + timedelta(microseconds=nanoseconds // 1000)

    @property
    def frozen(self) -> bool:
        """Whether the clock stands still."""
        return bool(self._read()[1])

    def set(self, moment: datetime) -> None:
        """Run on from `moment`, which must be aware."""
        self._write(0, _nanoseconds(moment) - time.time_ns())

    def freeze(self, moment: datetime) -> None:
        """Stand still at `moment`, which must be aware."""
        self._write(1, _nanoseconds(moment))

    def resume(self) -> None:
        """Run on from the frozen moment; a running clock is left alone."""
        _, frozen, value = self._read()
        if frozen:
            self._write(0, value - time.time_ns())

    def _read(self) -> tuple[int, int, int]:
        for _ in range(_PATIENCE):
            raw = self._map[:_LENGTH]
            if not any(raw):
                return 0, 0, 0
            states = [state for at in _CELL_AT if (state := _checked(raw, at)) is not None]
            if states:
                return max(states)
        raise OSError("the clock file is damaged")

    def _write(self, frozen: int, value: int) -> None:
        with self._writing:
            serial = self._read()[0] + 1
            body = struct.pack("<Qqq", serial, frozen, value)
            at = _CELL_AT[serial % 2]
            self._map[at : at + _CELL.size] = _CELL.pack(serial, frozen, value, zlib.crc32(body))


def machine_seconds() -> int:
    """The machine's own Unix time, for those who sign by it."""
    return int(time.time())


def _checked(raw: bytes, at: int) -> tuple[int, int, int] | None:
    serial, frozen, value, check = _CELL.unpack_from(raw, at)
    if serial == 0 or zlib.crc32(raw[at : at + _CELL.size - 4]) != check:
        return None
    return serial, frozen, value


def _nanoseconds(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("the clock needs an aware moment")
    return (moment - _EPOCH) // timedelta(microseconds=1) * 1000
