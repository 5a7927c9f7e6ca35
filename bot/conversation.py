"""Open questions and remembered answers of each person: what we can afford to lose."""

import datetime as dt
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

from bot.gate import Gate, Late

__all__ = ["KEEP", "Conversations", "Keep", "Late", "MemoryConversations", "Question", "Turn"]

#: WeChat gives up after five seconds.
PATIENCE_SECONDS = 4.5
#: So many messages of one person may wait behind the one being answered.
MOST_WAITING = 64
#: A person's typed messages beyond this are passed over in silence until the next minute.
MOST_PER_MINUTE = 600
ANSWER_SECONDS = 600.0
QUESTION_SECONDS = 86_400.0


class Keep(Enum):
    """The open question stays as it is."""

    KEEP = 1


KEEP = Keep.KEEP


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked last: where the answer goes, until when, and how to ask once more."""

    step: str
    text: str
    until: dt.datetime
    minutes: int
    facts: Mapping[str, Any] = field(default_factory=dict)
    offer: bool = False

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; from_json gives an equal question back."""
        return {
            "step": self.step,
            "text": self.text,
            "until": self.until.isoformat(),
            "minutes": self.minutes,
            "facts": dict(self.facts),
            "offer": self.offer,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Question":
        """The question that to_json stored."""
        return cls(**{**stored, "until": dt.datetime.fromisoformat(stored["until"])})


@dataclass(frozen=True, slots=True)
class Turn:
    """One message's turn: the question that stands open, or the answer given before, or too many messages."""

    openid: str
    key: str
    token: str = ""
    question: Question | None = None
    answer: dict[str, Any] | None = None
    flooded: bool = False

    @property
    def held(self) -> bool:
        """Whether the person's lock is held and finish() must be called."""
        return self.answer is None and not self.flooded


class Conversations(Protocol):
    """Locks, open questions and remembered answers, by person."""

    def begin(self, openid: str, key: str, *, counted: bool = False) -> Turn:
        """Wait for this person's turn, then tell what stands open; Late after 4.5 seconds.

        ``counted`` messages are limited per minute. A turn with an answer or flooded holds nothing.
        """
        ...

    def finish(self, turn: Turn, question: Question | Keep | None, answer: Mapping[str, Any] | None) -> None:
        """Store or clear the question, remember the answer for repeats (None: do not), let the next message through."""
        ...


class MemoryConversations:
    """Conversations of one process."""

    def __init__(
        self,
        *,
        seconds: float = PATIENCE_SECONDS,
        most_waiting: int = MOST_WAITING,
        most_per_minute: int = MOST_PER_MINUTE,
        most_answers: int = 20_000,
    ) -> None:
        self._gate = Gate(seconds=seconds, most_waiting=most_waiting)
        self._mutex = threading.Lock()
        self._answers: OrderedDict[str, tuple[float, dict[str, Any]]] = OrderedDict()
        self._questions: OrderedDict[str, tuple[float, Question]] = OrderedDict()
        self._minute = 0
        self._counts: dict[str, int] = {}
        self._most_per_minute = most_per_minute
        self._most_answers = most_answers

    def begin(self, openid: str, key: str, *, counted: bool = False) -> Turn:
        """See Conversations."""
        turn = self._settled(openid, key, counted)
        if turn is not None:
            return turn
        self._gate.enter(openid, key)
        turn = self._settled(openid, key, False)
        if turn is not None:
            self._gate.leave(openid)
            return turn
        with self._mutex:
            question = self._questions.get(openid)
        alive = question is not None and question[0] > time.monotonic()
        return Turn(openid, key, question=question[1] if question and alive else None)

    def finish(self, turn: Turn, question: Question | Keep | None, answer: Mapping[str, Any] | None) -> None:
        """See Conversations."""
        self.remember(turn, question, answer)
        self._gate.leave(turn.openid)

    def remember(self, turn: Turn, question: Question | Keep | None, answer: Mapping[str, Any] | None) -> None:
        """Store the question and the answer without letting anybody through."""
        now = time.monotonic()
        with self._mutex:
            if question is not KEEP:
                self._questions.pop(turn.openid, None)
            if isinstance(question, Question):
                self._questions[turn.openid] = (now + QUESTION_SECONDS, question)
                self._forget(self._questions, now, most=200_000)
            if answer is not None:
                self._answers[turn.key] = (now + ANSWER_SECONDS, dict(answer))
                self._forget(self._answers, now, most=self._most_answers)

    def _settled(self, openid: str, key: str, counted: bool) -> Turn | None:
        with self._mutex:
            known = self._answers.get(key)
            if known is not None and known[0] > time.monotonic():
                return Turn(openid, key, answer=known[1])
            if counted and self._count(openid) > self._most_per_minute:
                return Turn(openid, key, flooded=True)
        return None

    def _count(self, openid: str) -> int:
        minute = int(time.monotonic() // 60)
        if minute != self._minute:
            self._minute, self._counts = minute, {}
        self._counts[openid] = self._counts.get(openid, 0) + 1
        return self._counts[openid]

    @staticmethod
    def _forget(kept: OrderedDict[str, tuple[float, Any]], now: float, *, most: int) -> None:
        # All entries live equally long, so the oldest are in front.
        while kept and (len(kept) > most or next(iter(kept.values()))[0] <= now):
            kept.popitem(last=False)
