"""Who waits at the same moment is served together, and each gets the answer that is his own."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from models.database import DatabaseDown

Item = TypeVar("Item")
Answer = TypeVar("Answer")
#: Gives the items that are served now; whoever comes later waits for the next turn.
Take = Callable[[], Sequence[Item]]


class Alone(Exception):
    """Not served together with the others: to be served by itself."""


class Together(Generic[Item, Answer]):
    """Serves callers in the order they come; those who wait while others are served are served together next.

    ``many`` serves what it takes, once, and tells of each item the answer or the exception that its caller gets.
    Where it fails as a whole, and where it says Alone, each caller serves his own by ``one``.
    """

    def __init__(
        self,
        many: Callable[[int, Take[Item]], Sequence[Answer | Exception]],
        one: Callable[[int, Item], Answer],
        *,
        most: int = 64,
        seconds: float = 10.0,
    ) -> None:
        """At most so many at once; nobody stands in the line for longer than so many seconds before he leads."""
        self._many, self._one, self._most, self._seconds = many, one, most, seconds
        self._lines: dict[int, _Line[Item, Answer]] = {}

    def do(self, name: int, item: Item) -> Answer:
        """Serve an item together with others of the same name; raises what became of it, DatabaseDown for no turn."""
        line = self._lines.setdefault(name, _Line())
        ticket: _Ticket[Item, Answer] = _Ticket(item)
        try:
            if line.join(ticket) or line.wait(ticket, self._seconds):
                self._lead(name, line, ticket)
        finally:
            line.leave(ticket)
        if isinstance(ticket.told, Alone):
            return self._one(name, item)
        if isinstance(ticket.told, Exception):
            raise ticket.told
        return ticket.told

    def _lead(self, name: int, line: "_Line[Item, Answer]", leader: "_Ticket[Item, Answer]") -> None:
        served: list[_Ticket[Item, Answer]] = []

        def take() -> Sequence[Item]:
            served.extend(line.take(self._most))
            return [ticket.item for ticket in served]

        try:
            for ticket, told in zip(served, self._many(name, take), strict=True):
                ticket.told = told
        except DatabaseDown as error:
            # Whoever led until there was no turn goes; whoever has waited less may still get one.
            for ticket in served or [leader]:
                ticket.told = DatabaseDown(*error.args)
        except Exception:
            # Nobody knows whose fault it was: each tries alone, and meets his own.
            for ticket in served:
                ticket.told = Alone()
        finally:
            for ticket in served:
                ticket.bell.release()


class _Ticket(Generic[Item, Answer]):
    """One who waits; the bell rings when he is told, or is the one to lead."""

    __slots__ = ("bell", "item", "leads", "told")

    def __init__(self, item: Item) -> None:
        self.item, self.leads = item, False
        # Whoever is told nothing, since the one who led was ended, serves his own.
        self.told: Answer | Exception = Alone()
        self.bell = threading.Lock()
        self.bell.acquire()


class _Line(Generic[Item, Answer]):
    """Who waits, in the order they came; one of them leads, as long as there is anybody."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[_Ticket[Item, Answer]] = deque()
        self._led = False

    def join(self, ticket: _Ticket[Item, Answer]) -> bool:
        """Stand in the line; whether to lead it."""
        with self._lock:
            self._waiting.append(ticket)
            ticket.leads, self._led = not self._led, True
            return ticket.leads

    def wait(self, ticket: _Ticket[Item, Answer], seconds: float) -> bool:
        """Wait until the ticket is served, or leads (True); DatabaseDown if its turn does not begin in time."""
        if not ticket.bell.acquire(timeout=seconds):
            with self._lock:
                if ticket in self._waiting and not ticket.leads:
                    self._waiting.remove(ticket)
                    raise DatabaseDown(f"no turn to write within {seconds:g} seconds")
            # Being served at last: what becomes of it must be known.
            ticket.bell.acquire()
        return ticket.leads

    def take(self, most: int) -> list[_Ticket[Item, Answer]]:
        """Those who are served now."""
        with self._lock:
            return [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]

    def leave(self, ticket: _Ticket[Item, Answer]) -> None:
        """Stand in the line no more, whatever happened; whoever led it lets the next one lead."""
        with self._lock:
            if ticket in self._waiting:
                self._waiting.remove(ticket)
            if ticket.leads:
                self._led = bool(self._waiting)
                if self._led:
                    self._waiting[0].leads = True
                    self._waiting[0].bell.release()
