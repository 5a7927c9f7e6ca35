"""A demo of its own, started by its command and seen over HTTP alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from demo_process import Demo, free_port


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """A demo that is not running yet; what it printed is shown when the test fails."""
    made = Demo(tmp_path / "demo", free_port())
    yield made
    made.stop()
