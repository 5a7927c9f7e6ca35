"""A demo of its own, started by its command and seen over HTTP alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from chapters import PRODUCT
from demo_process import Demo, free_port
from world import World


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """A demo that is not running yet; what it printed is shown when the test fails."""
    made = Demo(tmp_path / "demo", free_port())
    yield made
    made.stop()


@pytest.fixture
def world(demo: Demo) -> World:
    """An empty shop, seen from outside, with one product."""
    made = demo.start("--empty")
    made.log_in()
    assert made.api("PUT", "products/AJ250", PRODUCT).status_code == 200
    return made
