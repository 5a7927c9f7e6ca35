"""Which handler takes which message: declared by decorator, compiled once, every clash an error at the start."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, TypeVar

from bot.context import Context
from bot.replies import Reply
from distribution import standing_facts
from distribution.refusals import Code, Refusal

#: (ctx), or (ctx, said, **facts of the question) for steps.
Handler = Callable[..., Reply]
H = TypeVar("H", bound=Handler)

_TRAILING = " \t\r\n。．.，,！!？?～~…、;；:：'\"”“’‘"
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


class Who(Enum):
    """Who may ask: anybody, anybody who has ever been a distributor, or active distributors alone."""

    ANYONE = auto()
    DISTRIBUTOR = auto()
    ACTIVE = auto()

    def refuse(self, state: str | None) -> None:
        """Refusal for somebody whose distributor state is ``state`` (None = never applied)."""
        if self is Who.ANYONE or state == "active" or (self is Who.DISTRIBUTOR and state in ("frozen", "terminated")):
            return
        code = {"pending": Code.ALREADY_APPLIED, "frozen": Code.FROZEN, "terminated": Code.TERMINATED}
        raise Refusal(code.get(state or "", Code.NOT_A_DISTRIBUTOR), state=state)


@dataclass(frozen=True, slots=True)
class Route:
    """One way to one handler; ``reads`` promises that the handler writes nothing.

    ``words`` are answers of a step that would mean something else if nothing had been asked.
    """

    kind: str
    name: str
    handler: Handler
    only: Who = Who.ANYONE
    reads: bool = False
    words: frozenset[str] = frozenset()

    def run(self, ctx: Context, *arguments: str, **facts: Any) -> Reply:
        """The handler's reply; Refusal if this person may not ask."""
        try:
            self.only.refuse(ctx.person.state)
        except Refusal as refusal:
            told = standing_facts.of_person(ctx.session, ctx.person.distributor_id, ctx.person.state)
            raise Refusal(refusal.code, **refusal.facts, **told, door=self.label) from None
        return self.handler(ctx, *arguments, **facts)

    @property
    def label(self) -> str:
        """For logs: the module and name of the handler."""
        return f"{self.handler.__module__.rsplit('.', 1)[-1]}.{self.handler.__name__}"


class Clash(Exception):
    """Two handlers want the same message."""


class Router:
    """The routes of one subject."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def text(self, *words: str, only: Who = Who.ANYONE, reads: bool = False) -> Callable[[H], H]:
        """Exactly these words, whatever their case, width or final punctuation."""
        return self._add("text", [plain(word) for word in words], only=only, reads=reads)

    def intent(self, *names: str, only: Who = Who.ANYONE, reads: bool = False) -> Callable[[H], H]:
        """A sentence that means one of these."""
        return self._add("intent", names, only=only, reads=reads)

    def match(self, pattern: str, *, only: Who = Who.ANYONE, reads: bool = False) -> Callable[[H], H]:
        """Text that the whole pattern fits; named groups are in ``ctx.groups``."""
        return self._add("match", [pattern], only=only, reads=reads)

    def click(self, *buttons: str, only: Who = Who.ANYONE, reads: bool = False) -> Callable[[H], H]:
        """A tap on these buttons of the account's menu."""
        return self._add("click", buttons, only=only, reads=reads)

    def step(
        self, name: str, *, only: Who = Who.ANYONE, reads: bool = False, words: Iterable[str] = ()
    ) -> Callable[[H], H]:
        """The answer to an open question: handler(ctx, said, **facts); these ``words`` are its own."""
        return self._add("step", [name], only=only, reads=reads, words=words)

    def cancelled(self, step: str, *, reads: bool = True) -> Callable[[H], H]:
        """What to say when somebody leaves this step: handler(ctx, said, **facts); else a standing sentence."""
        return self._add("cancelled", [step], only=Who.ANYONE, reads=reads)

    def lapsed(self, step: str, *, only: Who = Who.ANYONE) -> Callable[[H], H]:
        """What to say to an answer that comes too late: handler(ctx, said, **facts), reading; else a standing one."""
        return self._add("lapsed", [step], only=only, reads=True)

    def scan(self, *, reads: bool = False) -> Callable[[H], H]:
        """A follower scanned a code."""
        return self._add("scan", [""], only=Who.ANYONE, reads=reads)

    def follow(self, *, reads: bool = False) -> Callable[[H], H]:
        """Somebody follows."""
        return self._add("follow", [""], only=Who.ANYONE, reads=reads)

    def leave(self, *, reads: bool = False) -> Callable[[H], H]:
        """Somebody left."""
        return self._add("leave", [""], only=Who.ANYONE, reads=reads)

    def image(self, *, only: Who = Who.ANYONE, reads: bool = False) -> Callable[[H], H]:
        """A picture was sent."""
        return self._add("image", [""], only=only, reads=reads)

    def desk(self, state: str) -> Callable[[H], H]:
        """Whatever is said while a person answers ("human"), or next after being asked how that went ("asked")."""
        return self._add("desk", [state], only=Who.ANYONE, reads=False)

    def told(self, *events: str, reads: bool = False) -> Callable[[H], H]:
        """Any other event, by WeChat's name for it."""
        return self._add("told", [event.casefold() for event in events], only=Who.ANYONE, reads=reads)

    def otherwise(self, *, reads: bool = True) -> Callable[[H], H]:
        """Whatever a person sent that nobody else takes."""
        return self._add("otherwise", [""], only=Who.ANYONE, reads=reads)

    def _add(
        self, kind: str, names: Iterable[str], *, only: Who, reads: bool, words: Iterable[str] = ()
    ) -> Callable[[H], H]:
        own = frozenset(plain(word) for word in words)

        def register(handler: H) -> H:
            self.routes += [Route(kind, name, handler, only, reads, own) for name in names]
            return handler

        return register


@dataclass(frozen=True, slots=True)
class Routes:
    """All routers together: look-ups by word, pattern, intent, button, step, event."""

    found: Mapping[tuple[str, str], Route]
    patterns: tuple[tuple[re.Pattern[str], Route], ...] = field(default=())

    def get(self, kind: str, name: str = "") -> Route | None:
        """The one route of this kind and name."""
        return self.found.get((kind, name))

    def by_word(self, word: str) -> Route | None:
        """The route of exactly this plain word."""
        return self.found.get(("text", word))

    def by_pattern(self, text: str) -> tuple[Route, dict[str, str | None]] | None:
        """The first pattern that fits the whole text, and its named groups."""
        for pattern, route in self.patterns:
            match = pattern.fullmatch(text)
            if match:
                return route, match.groupdict()
        return None


def compiled(routers: Iterable[Router]) -> Routes:
    """Every route of these routers in their order; Clash if two handlers want the same thing."""
    found: dict[tuple[str, str], Route] = {}
    for route in (route for router in routers for route in router.routes):
        other = found.setdefault((route.kind, route.name), route)
        if other is not route:
            raise Clash(f"{other.label} and {route.label} both take {route.kind} {route.name!r}")
    patterns = tuple((re.compile(name), route) for (kind, name), route in found.items() if kind == "match")
    return Routes(found, patterns)


def wide(text: str) -> str:
    """Text with its widths evened out (NFKC), without invisible direction marks, its ends trimmed."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).strip()


def plain(text: str) -> str:
    """Text as words are compared: NFKC, trimmed, case folded, without final punctuation."""
    evened = wide(text).casefold()
    return evened.rstrip(_TRAILING) or evened
