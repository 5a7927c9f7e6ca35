"""One page opened by one operator, and the doors the console is made of."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import render_template, request

from models.database import Session
from models.states import Role
from web.console.forms import number
from web.console.sheets import Sheet
from web.parts import WebParts

OWNER = frozenset({Role.OWNER})
MONEY = OWNER | {Role.FINANCE}
OPERATIONS = OWNER | {Role.OPERATIONS}
PEOPLE = OPERATIONS | {Role.SERVICE}
EVERYONE = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Seat:
    """Who is logged in; ``runs_distributors`` for the staff of the first merchant, whose distributors they are."""

    operator_id: int
    name: str
    role: Role
    merchant_id: int
    merchant: str
    runs_distributors: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """What a page is given: the open transaction, who asks, when; ``errors`` and ``given`` of a form sent before."""

    session: Session
    seat: Seat
    now: dt.datetime
    parts: WebParts
    errors: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def query(self) -> Mapping[str, str]:
        """What the address asks for after its question mark."""
        return request.args

    @property
    def page(self) -> int:
        """Which page of a list is asked for."""
        return number(self.query.get("page", ""), 1) or 1

    def show(self, template: str, **facts: Any) -> str:
        """The page of a template."""
        return render_template(f"console/{template}", visit=self, seat=self.seat, now=self.now, **facts)


@dataclass(frozen=True, slots=True)
class Done:
    """A change was made: what is said, and the page that is opened next."""

    said: str
    to: str


#: What a change is answered with: a Done, or the Sheet of a list that was exported.
Answer = TypeVar("Answer", Done, Sheet)


@dataclass(frozen=True, slots=True)
class Door:
    """An address of the console, who may enter, and what is behind it."""

    rule: str
    name: str
    view: Callable[..., Any]
    may: frozenset[Role]
    distributors: bool
    writes: bool
    again: Callable[..., str] | None = None
    #: The largest body its form may send; None: the service's own limit.
    largest: int | None = None

    def admits(self, seat: Seat) -> bool:
        """Whether this operator may enter."""
        return seat.role in self.may and (seat.runs_distributors or not self.distributors)


class Subject:
    """The doors of one subject, gathered by decorators; ``distributors`` are for the first merchant's staff only."""

    def __init__(self, *, distributors: bool = False) -> None:
        self.doors: list[Door] = []
        self._distributors = distributors

    def page(self, rule: str, *, may: frozenset[Role] = EVERYONE) -> Callable[[Callable[..., str]], Callable[..., str]]:
        """A page that only reads."""

        def add(view: Callable[..., str]) -> Callable[..., str]:
            self.doors.append(Door(rule, view.__name__, view, may, self._distributors, writes=False))
            return view

        return add

    def act(
        self, rule: str, *, may: frozenset[Role], again: Callable[..., str] | None = None, largest: int | None = None
    ) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
        """A change sent by a form; when it is refused, ``again`` shows the page it came from with what was wrong."""

        def add(view: Callable[..., Answer]) -> Callable[..., Answer]:
            door = Door(rule, view.__name__, view, may, self._distributors, writes=True, again=again, largest=largest)
            self.doors.append(door)
            return view

        return add
