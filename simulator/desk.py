"""Everything the parts of the desk share, and how a request finds it."""

import threading
from dataclasses import dataclass, field

import requests
from flask import current_app

from simulator.clock import SharedClock
from simulator.instants import to_ms
from simulator.settings import SimulatorSettings
from simulator.store import Store


@dataclass(frozen=True, slots=True)
class Desk:
    """One simulated account: its settings, its clock, its memory and its locks."""

    settings: SimulatorSettings
    clock: SharedClock
    store: Store
    jumping: threading.Lock = field(default_factory=threading.Lock)
    wake: threading.Event = field(default_factory=threading.Event)
    browsers: dict[str, requests.Session] = field(default_factory=dict)

    def now(self) -> int:
        """The present moment in milliseconds since 1970."""
        return to_ms(self.clock.now())


def current_desk() -> Desk:
    """The desk of the application that serves this request."""
    desk = current_app.extensions["desk"]
    assert isinstance(desk, Desk)
    return desk


def outgoing() -> requests.Session:
    """A fresh HTTP session that obeys no proxy settings of the machine."""
    session = requests.Session()
    session.trust_env = False
    return session
