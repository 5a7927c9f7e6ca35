"""One message of a person at a time, in the order they came, within this process."""

import threading
import time
from collections import deque
from dataclasses import dataclass, field


class Late(Exception):
    """The person's earlier message is still being worked on; ``repeat``: it is this very message."""

    def __init__(self, repeat: bool) -> None:
        super().__init__("another message of this person is still being worked on")
        self.repeat = repeat


@dataclass(slots=True)
class _Waiter:
    key: str
    ready: threading.Event = field(default_factory=threading.Event)


@dataclass(slots=True)
class _Holder:
    key: str
    waiting: deque[_Waiter] = field(default_factory=deque)


class Gate:
    """Lets one message per openid through; ``most_waiting`` may queue behind it, for ``seconds`` each."""

    def __init__(self, *, seconds: float, most_waiting: int) -> None:
        self._seconds = seconds
        self._most_waiting = most_waiting
        self._held: dict[str, _Holder] = {}
        self._mutex = threading.Lock()

    def enter(self, openid: str, key: str) -> float:
        """Wait for the turn; the seconds left of the allowance. Late if it does not come, or the queue is full."""
        with self._mutex:
            holder = self._held.get(openid)
            if holder is None:
                self._held[openid] = _Holder(key)
                return self._seconds
            if len(holder.waiting) >= self._most_waiting:
                raise Late(repeat=holder.key == key)
            waiter = _Waiter(key)
            holder.waiting.append(waiter)
        return self._wait(openid, waiter)

    def leave(self, openid: str) -> None:
        """Let the next one through."""
        with self._mutex:
            holder = self._held[openid]
            if not holder.waiting:
                del self._held[openid]
                return
            waiter = holder.waiting.popleft()
            holder.key = waiter.key
            waiter.ready.set()

    def _wait(self, openid: str, waiter: _Waiter) -> float:
        began = time.monotonic()
        waiter.ready.wait(self._seconds)
        with self._mutex:
            if waiter.ready.is_set():
                return max(0.0, self._seconds - (time.monotonic() - began))
            holder = self._held[openid]
            holder.waiting.remove(waiter)
            raise Late(repeat=holder.key == waiter.key)
