"""The demo's worker: a thread beside the web service that does what falls due, and lets a time jump do it at once."""

import datetime as dt
import threading
from typing import Protocol

import structlog

log = structlog.get_logger()

_PAUSE = 0.3


class Runs(Protocol):
    """Does everything that is due now; gives the next moment with work."""

    def run_due(self) -> dt.datetime | None: ...


class Pace:
    """One round at a time, so that a jump's round ends only when all work in hand has ended."""

    def __init__(self, runner: Runs) -> None:
        self._runner = runner
        self._round = threading.Lock()
        self._thread = threading.Thread(target=self._beat, name="demo-worker", daemon=True)

    def start(self) -> None:
        """Begin to work at the natural pace."""
        self._thread.start()

    def run_due(self) -> dt.datetime | None:
        """Do all that is due at the clock's present moment; the next moment with work."""
        with self._round:
            return self._runner.run_due()

    def _beat(self) -> None:
        pause = threading.Event()
        while not pause.wait(_PAUSE):
            try:
                self.run_due()
            except Exception:
                log.exception("demo.worker_stumbled")
