"""The clock the hand reads: signatures, token lives and quota days follow it."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Whatever tells the present moment as an aware datetime."""

    def now(self) -> datetime: ...
