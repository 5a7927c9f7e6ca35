"""How often one address may guess, whatever names it tries."""

import datetime as dt
import threading
from collections import OrderedDict

WINDOW = dt.timedelta(minutes=1)
MOST_TRIES = 20
_MOST_ADDRESSES = 10_000


class Throttle:
    """Counts the tries of the last minute by address; remembers ten thousand addresses at most."""

    def __init__(self) -> None:
        self._tries: OrderedDict[str, list[dt.datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def admit(self, address: str, now: dt.datetime) -> bool:
        """Count a try; False when this address had too many."""
        with self._lock:
            recent = [at for at in self._tries.get(address, []) if now - WINDOW < at <= now]
            admitted = len(recent) < MOST_TRIES
            self._tries[address] = [*recent, now] if admitted else recent
            self._tries.move_to_end(address)
            while len(self._tries) > _MOST_ADDRESSES:
                self._tries.popitem(last=False)
            return admitted

    def forgive(self, address: str) -> None:
        """Somebody with the right password sits there."""
        with self._lock:
            self._tries.pop(address, None)
