"""How often one address may guess, whatever names it tries."""

import datetime as dt
import threading
from collections import OrderedDict

WINDOW = dt.timedelta(minutes=1)
MOST_FAILURES = 20
_MOST_ADDRESSES = 10_000


class Throttle:
    """Counts the failures of the last minute by address; remembers ten thousand addresses at most."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, list[dt.datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def admits(self, address: str, now: dt.datetime) -> bool:
        """Whether this address may try now."""
        with self._lock:
            return len(self._recent(address, now)) < MOST_FAILURES

    def failed(self, address: str, now: dt.datetime) -> None:
        """It guessed wrong."""
        with self._lock:
            self._failures[address] = [*self._recent(address, now), now]
            self._failures.move_to_end(address)
            while len(self._failures) > _MOST_ADDRESSES:
                self._failures.popitem(last=False)

    def _recent(self, address: str, now: dt.datetime) -> list[dt.datetime]:
        return [at for at in self._failures.get(address, []) if now - WINDOW < at <= now][-MOST_FAILURES:]
