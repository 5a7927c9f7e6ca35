"""One simulated WeChat, one database, one worker."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server
from worker_bench import Quiet, World, desk, open_shop, parts_of, service

from models.database import Database
from scheduler.runner import Runner
from simulator.clock import SharedClock
from simulator.factory import close_simulator, create_simulator


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Iterator[World]:
    """Monday 2026-11-23 10:00 in Shanghai; time stands still unless it is moved."""
    moment = SharedClock(tmp_path / "clock")
    moment.freeze(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    open_shop(database, moment.now())
    known: list[Runner] = []
    ours = service(database, moment, lambda: known[0].run_due())
    house = DispatcherMiddleware(ours, {})
    listener = make_server("127.0.0.1", 0, house, threaded=True, request_handler=Quiet)
    base = f"http://127.0.0.1:{listener.server_port}"
    simulator = create_simulator(desk(base, tmp_path), moment)
    house.mounts["/sim"] = simulator
    threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True).start()
    parts = parts_of(base, tmp_path, database, moment)
    known.append(Runner(parts, "first"))
    yield World(base, database, moment, parts, known[0], ours)
    listener.shutdown()
    listener.server_close()
    close_simulator(simulator)
