"""Parts of the bot for tests: people who write to a small shop, over the real dispatcher and database."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from bot.context import Understand
from bot.conversation import Conversations, MemoryConversations
from bot.dialog import Sentences
from bot.dispatcher import Dispatcher, Observation
from bot.messages import Clicked, Followed, Left, Message, Said, Scanned, Sent, Told
from bot.replies import Reply, shown
from bot.router import Router
from distribution.links import Links
from distribution.policy import Policy
from distribution.refusals import Refusal
from models.database import Database, Session

APP_ID = "wx0123456789abcdef"
ACCOUNT = "gh_0123456789ab"
SENTENCES = Sentences(cancelled="已退出", expired="已过期", trouble="没处理好")


class Clock(Protocol):
    def now(self) -> dt.datetime: ...


@dataclass
class Understood:
    intent: str
    slots: dict[str, Any]


def meanings(**known: str) -> Understand:
    """An understanding that knows these texts: intent=text."""
    table = {text: intent for intent, text in known.items()}
    return lambda text, today: Understood(table[text], {"said": text}) if text in table else None


def policy_at(session: Session, at: dt.datetime) -> Policy:
    return Policy()


def wording(refusal: Refusal) -> str:
    return f"不行：{refusal.code.value}"


def dispatcher_of(
    database: Database,
    clock: Clock,
    routers: Iterable[Router],
    *,
    conversations: Conversations | None = None,
    understand: Understand = lambda text, today: None,
    observer: Callable[[Observation], None] | None = None,
    at_once: int = 16,
) -> Dispatcher:
    return Dispatcher(
        database=database,
        conversations=conversations or MemoryConversations(seconds=3.0),
        routers=routers,
        clock=clock,
        app_id=APP_ID,
        links=Links("https://shop.test", "a secret of the tests, 32 letters", clock),
        policy_at=policy_at,
        understand=understand,
        wording=wording,
        sentences=SENTENCES,
        observer=observer,
        at_once=at_once,
    )


class Someone:
    """A WeChat user who writes and reads."""

    def __init__(self, dispatcher: Dispatcher, clock: Clock, openid: str = "oAlice") -> None:
        self.dispatcher = dispatcher
        self.clock = clock
        self.openid = openid
        self.last: Reply | None = None
        self._numbers = itertools.count(1)

    def message(self, kind: type[Message], /, **fields: Any) -> Any:
        number = next(self._numbers)
        common = {"openid": self.openid, "account": ACCOUNT, "at": self.clock.now(), "key": f"{self.openid}:{number}"}
        return kind(**{**common, **fields})

    def gives(self, message: Message) -> str:
        self.last = self.dispatcher.answer(message)
        return shown(self.last)

    def says(self, text: str) -> str:
        return self.gives(self.message(Said, text=text))

    def taps(self, button: str) -> str:
        return self.gives(self.message(Clicked, button=button))

    def scans(self, scene: str) -> str:
        return self.gives(self.message(Scanned, scene=scene))

    def follows(self, scene: str | None = None, **fields: Any) -> str:
        return self.gives(self.message(Followed, scene=scene, **fields))

    def leaves(self, **fields: Any) -> str:
        return self.gives(self.message(Left, **fields))

    def sends(self, kind: str = "image") -> str:
        return self.gives(self.message(Sent, kind=kind, media_id="m1"))

    def hears_of(self, name: str, **facts: Any) -> str:
        return self.gives(self.message(Told, name=name, facts=facts))

    def talks(self, *pairs: tuple[str, str]) -> None:
        """Every pair is what is said and what the answer must be."""
        for said, heard in pairs:
            assert self.says(said) == heard
