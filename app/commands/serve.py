"""`fenxiao serve`: the web service under granian."""

import os
import signal
import subprocess
import sys
import tempfile
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from app.address import refuse_taken
from app.commands.start import refuse_old_schema, start
from app.config import Settings
from app.lifeline import tie_children

_QUEUE = 4096
_LOGS = {
    "version": 1,
    "disable_existing_loggers": False,
    "loggers": {"_granian": {"handlers": [], "propagate": True}},
}


def serve(*, with_worker: bool) -> None:
    """Serve until SIGTERM, which lets the requests that run finish; refuses an old database schema and a taken port."""
    container = start()
    refuse_old_schema(container)
    container.close()
    settings = container.settings
    refuse_taken(settings.server.host, settings.server.port)
    tie_children()
    worker = _start_worker() if with_worker else None
    try:
        run(settings, target="app.wsgi:application")
    finally:
        if worker:
            worker.terminate()
            worker.wait()


def run(settings: Settings, *, target: str) -> None:
    """Run granian with these settings around a WSGI target until it is told to stop; Failure if the port is taken."""
    refuse_taken(settings.server.host, settings.server.port)
    with tempfile.TemporaryDirectory(prefix="fenxiao-metrics-") as shared:
        if settings.server.web_workers > 1:
            os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", shared)
        server = _granian(settings, target)
        # A closed terminal ends the service instead of starting its workers anew.
        server.on_startup(lambda: signal.signal(signal.SIGHUP, server.signal_handler_interrupt))
        server.serve()


def _granian(settings: Settings, target: str) -> Any:
    return Granian(
        target,
        address=settings.server.host,
        port=settings.server.port,
        interface=Interfaces.WSGI,
        workers=settings.server.web_workers,
        blocking_threads=settings.server.threads,
        backlog=_QUEUE,
        backpressure=_QUEUE,
        websockets=False,
        log_dictconfig=_LOGS,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=15,
    )


def _start_worker() -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "app", "worker"])
