"""The worker: a timetable in code; what is due, and whose turn it is, stands in the rows."""

import logging
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from types import FrameType

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from distribution import outbox
from models.database import DatabaseDown
from scheduler import daily, jobs, poster_batches
from scheduler.gate import Gate
from scheduler.outbox import drain, drain_in_order
from scheduler.parts import Parts
from scheduler.poster_sheets import Sheets

log = structlog.get_logger()

_ROUNDS = 1000
_BEAT_SECONDS = 30.0

#: Job → every so many seconds of real time; each finds its own due dates in the database.
TIMETABLE: dict[str, float] = {
    "outbox": 1,
    "settle": 5,
    "reconcile": 5,
    "campaigns": 5,
    "posters": 5,
    "sheets": 30,
    "bindings": 60,
    "reminders": 60,
    "tallies": 5,
    "daily": 60,
    "heartbeat": _BEAT_SECONDS,
    "seal": 60,
    "prove": 3600,
    "prune": 3600,
}
#: Jobs whose due dates are rows: a whole round runs them until nothing is due.
_DATED: dict[str, Callable[[Parts], int]] = {
    "settle": jobs.settle,
    "reconcile": jobs.reconcile,
    "campaigns": jobs.feed_campaigns,
    "posters": poster_batches.draw_some,
    "bindings": jobs.expire_bindings,
    "reminders": jobs.remind,
    "tallies": daily.add_up,
    "daily": daily.every_day,
}


class Runner:
    """One worker; any number of them may run on one database."""

    def __init__(self, parts: Parts, name: str) -> None:
        self.parts = parts
        self.name = name
        self._gate = Gate()
        self._pool = ThreadPoolExecutor(parts.pace.threads, thread_name_prefix="sender")
        self._clock_work: BackgroundScheduler | None = None
        self._ending = threading.Event()
        self._began = False
        self._beaten = -_BEAT_SECONDS
        self._works: dict[str, Callable[[], object]] = {
            "outbox": lambda: drain(parts, name, self._pool, ending=self._ending.is_set),
            "heartbeat": lambda: jobs.beat(parts, name),
            "seal": lambda: jobs.seal(parts),
            "prove": lambda: jobs.prove(parts),
            "prune": lambda: jobs.prune(parts),
            "sheets": Sheets(parts).draw,
            **{each: partial(job, parts) for each, job in _DATED.items()},
        }

    def run_forever(self) -> None:
        """Work until SIGTERM or SIGINT; what is in hand is finished."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._told_to_end)
        self.start()
        # What a power cut took away is found at once, not within the hour.
        self._run("prove")
        self._ending.wait()
        self.stop()

    def start(self) -> None:
        """Begin to work in the background."""
        self._begin()
        # A job that is still at work when its time comes again is meant to be passed over: no line for that.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        clock_work = BackgroundScheduler(timezone=UTC, executors={"default": {"type": "threadpool", "max_workers": 8}})
        for name, seconds in TIMETABLE.items():
            every = self.parts.pace.every_seconds if name == "outbox" else seconds
            how = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
            clock_work.add_job(partial(self._run, name), "interval", seconds=every, id=name, **how)
        clock_work.start()
        self._clock_work = clock_work
        log.info("worker.started", worker=self.name, jobs=sorted(TIMETABLE))

    def stop(self) -> None:
        """Finish what is in hand and end."""
        self._ending.set()
        if self._clock_work is not None:
            self._clock_work.shutdown(wait=True)
        self._pool.shutdown(wait=True)
        log.info("worker.ended", worker=self.name)

    def run_due(self) -> datetime | None:
        """Do all that is due at the clock's moment, one thing after another; the next moment with work.

        No other job of this worker runs meanwhile.
        """
        with self._gate.alone():
            self._begin()
            for _ in range(_ROUNDS):
                if not self._round():
                    break
            if time.monotonic() - self._beaten >= _BEAT_SECONDS:
                self._beaten = time.monotonic()
                self._guarded("heartbeat", self._works["heartbeat"])
            return jobs.next_due(self.parts)

    def _begin(self) -> None:
        if self._began or not self.parts.pace.alone:
            return
        now = self.parts.clock.now()
        freed = self.parts.database.write(lambda session: outbox.free(session, now=now))
        self._began = True
        log.info("worker.alone", freed=freed)

    def _round(self) -> int:
        done = self._guarded("outbox", lambda: drain_in_order(self.parts, self.name))
        return done + sum(self._guarded(name, partial(job, self.parts)) for name, job in _DATED.items())

    def _run(self, name: str) -> None:
        with self._gate.inside():
            self._guarded(name, self._works[name])

    def _guarded(self, name: str, work: Callable[[], object]) -> int:
        try:
            return int(work() or 0)  # type: ignore[call-overload, no-any-return]
        except DatabaseDown as error:
            log.error("job.no_database", job=name, error=str(error))
        except Exception:
            log.exception("job.stumbled", job=name)
        return 0

    def _told_to_end(self, number: int, frame: FrameType | None) -> None:
        self._ending.set()
