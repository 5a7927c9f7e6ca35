"""Jumps of the one clock: what falls due on the way is done at its own moment, in order."""

import logging
import threading
import time
from datetime import datetime, timedelta

import requests

from simulator import agenda
from simulator.desk import Desk, outgoing
from simulator.instants import from_ms
from simulator.works import WORKS

_PACE = 0.3
_ROUNDS = 50
_PATIENT_ROUNDS = 3
_PAUSE = 0.02
_NUDGE = timedelta(seconds=1)
_SERVICE_PATIENCE = 600.0
_MOST_STEPS = 200_000
_log = logging.getLogger(__name__)


def jump(desk: Desk, length: timedelta) -> datetime:
    """Move the clock on by `length` and do all that falls due; 0 does what is due now. The present moment."""
    with desk.jumping:
        target = desk.clock.now() + length
        desk.clock.freeze(target - length)
        desk.store.add_to("jumped seconds", int(length.total_seconds()))
        try:
            _walk(desk, target)
        finally:
            desk.clock.freeze(target)
            desk.clock.resume()
        return desk.clock.now()


def _walk(desk: Desk, target: datetime) -> None:
    nudge = _NUDGE
    for _ in range(_MOST_STEPS):
        following = _settle(desk)
        if following is None or following > target:
            break
        now = desk.clock.now()
        if following <= now:
            _log.warning("work due at %s does not end", following)
            following, nudge = now + nudge, nudge * 2
        else:
            nudge = _NUDGE
        if following >= target:
            break
        desk.clock.freeze(following)
    desk.clock.freeze(target)
    _settle(desk)


def _settle(desk: Desk) -> datetime | None:
    """Work at the frozen moment until both sides are quiet; the next moment with work."""
    following = None
    for number in range(_ROUNDS):
        if number > _PATIENT_ROUNDS:
            time.sleep(_PAUSE)
        done = agenda.run_due(desk, WORKS)
        following = _run_service(desk)
        own = agenda.next_due(desk)
        moments = [moment for moment in (following, from_ms(own) if own is not None else None) if moment is not None]
        following = min(moments, default=None)
        if not done and (following is None or following > desk.clock.now()):
            break
    return following


def _run_service(desk: Desk) -> datetime | None:
    try:
        with outgoing() as session:
            response = session.post(f"{desk.settings.service_url}/demo/run", json={}, timeout=_SERVICE_PATIENCE)
        text = response.json().get("next_due") if response.ok else None
        return datetime.fromisoformat(text) if text else None
    except (requests.RequestException, ValueError, AttributeError) as error:
        _log.warning("the service's due work could not be run: %s", error)
        return None


class Pacemaker:
    """A thread that does the desk's own due work while time runs at its natural pace."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="simulator-pacemaker", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the work in hand."""
        self._ending.set()
        self._desk.wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=30)

    def _beat(self) -> None:
        while not self._ending.is_set():
            self._desk.wake.wait(_PACE)
            self._desk.wake.clear()
            try:
                self._work()
            except Exception:
                _log.exception("the pacemaker stumbled")
                time.sleep(_PACE)

    def _work(self) -> None:
        if not self._desk.jumping.acquire(blocking=False):
            return
        try:
            while not self._ending.is_set() and agenda.run_due(self._desk, WORKS):
                pass
        finally:
            self._desk.jumping.release()
