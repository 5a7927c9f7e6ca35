"""What time it is: the machine's, or the demo's one clock for all its processes."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from app.settings import DemoSettings


class Clock(Protocol):
    """Tells the present moment."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment in aware UTC."""
        return datetime.now(UTC)


def clock_for(demo: DemoSettings) -> Clock:
    """The machine's clock, or in the demo the one kept in its clock file."""
    if not demo.enabled:
        return SystemClock()
    from simulator.clock import SharedClock

    return SharedClock(Path(demo.clock_file))
