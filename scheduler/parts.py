"""What the clock and the senders work with, put together once by the composition root."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from models.database import Database
from posters import PosterFacts, prepare
from scheduler.shelf import Shelf
from wechat.official import Official
from wechat.pay import Pay
from wechat.settings import NoticeTemplate


class Clock(Protocol):
    """Tells the present moment, aware UTC."""

    def now(self) -> datetime: ...


class Links(Protocol):
    """Addresses of our pages, those that grant something signed and expiring."""

    def confirm(self, no: str) -> str: ...

    def code_in(self, address: str) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Pace:
    """How much a worker does at once; ``alone``: no other worker exists, leases of a dead one end at the start."""

    threads: int = 8
    per_second: int = 30
    every_seconds: float = 0.25
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Parts:
    """``pay`` None: payouts wait. ``templates``: our notice kind → the template message that carries it."""

    database: Database
    clock: Clock
    official: Official
    pay: Pay | None
    draw: Callable[[PosterFacts], bytes]
    fetch: Callable[[str], bytes | None]
    links: Links
    templates: Mapping[str, NoticeTemplate] = field(default_factory=dict)
    prepare: Callable[[PosterFacts], None] = prepare
    pace: Pace = Pace()
    shelf: Shelf = field(default_factory=Shelf)
