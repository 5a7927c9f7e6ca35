"""A desk over real HTTP for every test that asks for one."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from desk_bench import Desktop, Quiet, Service, settings_for
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

from simulator.clock import SharedClock
from simulator.factory import close_simulator, create_simulator


@pytest.fixture
def make_desktop(tmp_path: Path) -> Iterator[Callable[..., Desktop]]:
    """Builds a desk with other settings."""
    closing: list[Callable[[], None]] = []

    def build(**changes: Any) -> Desktop:
        service, clock = Service(), SharedClock(tmp_path / "clock")
        service.clock = clock
        mounted = DispatcherMiddleware(service.app, {})
        server = make_server("127.0.0.1", 0, mounted, threaded=True, request_handler=Quiet)
        url = f"http://127.0.0.1:{server.server_port}"
        settings = settings_for(url, tmp_path, **changes)
        app = create_simulator(settings, clock)
        mounted.mounts["/sim"] = app
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        closing.extend([server.shutdown, server.server_close, lambda: close_simulator(app)])
        return Desktop(url, service, clock, settings)

    yield build
    for close in closing:
        close()


@pytest.fixture
def desktop(make_desktop: Callable[..., Desktop]) -> Desktop:
    """A desk in safe mode."""
    return make_desktop()


@pytest.fixture
def noon() -> datetime:
    """A moment for clocks."""
    return datetime(2026, 11, 24, 4, 0, tzinfo=UTC) + timedelta(microseconds=1)
