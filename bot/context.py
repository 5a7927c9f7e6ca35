"""What a handler is given: one frozen value per message."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from bot.messages import Followed, Message, Said, Scanned, Told
from distribution.links import Links
from distribution.people import Person
from distribution.policy import Policy
from distribution.refusals import Code, Refusal
from models.database import Session


class Understood(Protocol):
    """An intent and what was said with it."""

    @property
    def intent(self) -> str: ...

    @property
    def slots(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody picked instead of saying it."""

    intent: str
    slots: Mapping[str, Any] = field(default_factory=dict)


#: What a sentence means, given today's date in Shanghai; None when it is not clear.
Understand = Callable[[str, dt.date], Understood | None]
#: The policy in force at a moment.
PolicyAt = Callable[[Session, dt.datetime], Policy]


@dataclass(frozen=True)
class Context:
    """A message, who sent it, the open transaction, and what was understood; ``now`` is aware UTC."""

    session: Session
    person: Person
    message: Message
    now: dt.datetime
    links: Links
    policy_at: PolicyAt
    understand: Callable[[], Understood | None] = lambda: None
    #: Named groups of the pattern that matched.
    groups: Mapping[str, str | None] = field(default_factory=dict)

    @cached_property
    def policy(self) -> Policy:
        """The merchant's policy now."""
        return self.policy_at(self.session, self.now)

    @cached_property
    def understood(self) -> Understood | None:
        """What the text means, judged on its own."""
        return self.understand()

    @property
    def slots(self) -> Mapping[str, Any]:
        """What was said along with the intent."""
        return self.understood.slots if self.understood else {}

    @property
    def also(self) -> Sequence[Any]:
        """Further wishes of the same message, each with an intent and slots, in their order."""
        return getattr(self.understood, "also", ())

    @property
    def why(self) -> Sequence[str]:
        """By which rules the text was understood."""
        return getattr(self.understood, "why", ())

    @property
    def said(self) -> str:
        """The text of the message; empty for events and pictures."""
        return self.message.text if isinstance(self.message, Said) else ""

    @property
    def scene(self) -> str | None:
        """The code that was scanned, if one was."""
        return self.message.scene if isinstance(self.message, Scanned | Followed) else None

    @property
    def told(self) -> Mapping[str, Any]:
        """What an event said; empty for messages."""
        return self.message.facts if isinstance(self.message, Told) else {}

    @property
    def member_id(self) -> int:
        """The member's id; only a handler that writes may rely on it."""
        if self.person.member_id is None:
            raise LookupError("this handler reads only, and nobody has met this person yet")
        return self.person.member_id

    @property
    def distributor_id(self) -> int:
        """The distributor's id; Refusal not_a_distributor for everybody else."""
        if self.person.distributor_id is None:
            raise Refusal(Code.NOT_A_DISTRIBUTOR)
        return self.person.distributor_id
