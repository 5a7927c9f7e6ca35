"""Whose turn it is to answer: the open step, a question in between, or whoever takes the message afresh."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot import further
from bot.context import Asked, Context, Understand, Understood
from bot.conversation import KEEP, Keep, Question
from bot.messages import Clicked, Followed, Left, Message, Said, Scanned, Sent, Told, Voice
from bot.next_steps import STEP, unnumbered
from bot.replies import Again, Ask, Elsewhere, Image, Offer, Reply, Silence, Text, shown
from bot.router import Route, Router, compiled, plain, wide
from distribution.refusals import Refusal
from distribution.rules.calendar import day_of
from models.json_text import must_be_json

CANCEL_WORDS = frozenset({"取消", "0", "退出"})
#: Answers to a question, never a question of their own.
_ANSWERS = frozenset({"confirm", "deny", "back", "inform", "cancel", "greeting", "thanks", "other"})
_LONGEST_TEXT = 2000

Sentence = Callable[[Refusal], str]
#: Makes the Context, given what was understood and matched.
Make = Callable[..., Context]


@dataclass(frozen=True, slots=True)
class Sentences:
    """What the dispatcher itself says."""

    cancelled: str
    expired: str
    trouble: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A reply, what becomes of the open question, and what was understood."""

    reply: Reply
    question: Question | Keep | None = None
    intent: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Who answers, whether that only reads, and what becomes of the question if a rule says no."""

    run: Callable[[Make], Outcome]
    reads: bool
    label: str
    after_refusal: Keep | None = KEEP


class Instead(Exception):
    """The open step leaves the text to another plan, which gets a transaction of its own."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan.label)
        self.plan = plan


@dataclass(frozen=True, slots=True)
class _Heard:
    """A text in the forms it is compared in."""

    text: str
    word: str
    now: dt.datetime
    meaning: Callable[[], Understood | None]


@dataclass(frozen=True, slots=True)
class _Found:
    route: Route
    intent: str | None = None
    meaning: Callable[[], Understood | None] = lambda: None
    groups: Mapping[str, str | None] = field(default_factory=dict)

    def run(self, make: Make) -> Reply:
        return self.route.run(make(understand=self.meaning, groups=self.groups))


class Dialog:
    """The routes and the rules of taking turns."""

    def __init__(
        self, routers: Iterable[Router], *, understand: Understand, wording: Sentence, sentences: Sentences
    ) -> None:
        self._routes = compiled(routers)
        self._understand = understand
        self._wording = wording
        self._sentences = sentences

    def listens(self, message: Message) -> bool:
        """Whether anybody takes such a message at all; nothing need be locked or read for the rest."""
        return isinstance(message, Said) or self._of_event(message) is not None

    def plan(self, message: Message, question: Question | None, now: dt.datetime) -> Plan:
        """Who answers while ``question`` stands open or has lapsed."""
        if not isinstance(message, Said):
            return self._event_plan(message, now)
        heard = self._hearing(message.text, now)
        if question is not None and now < question.until:
            planned = self._answer_plan(heard, question)
            if planned is not None:
                return planned
        lapsed = question if question is not None and now >= question.until and not question.offer else None
        return self._fresh_plan(heard, lapsed=lapsed)

    def desk_plan(self, message: Message, state: str, now: dt.datetime) -> Plan | None:
        """Who answers somebody whose desk is in this ``state``; an Elsewhere means that the bot does, after all."""
        route = self._routes.get("desk", state)
        if route is None or not isinstance(message, Said | Voice | Sent | Clicked):
            return None

        def run(make: Make) -> Outcome:
            reply = route.run(make(understand=self._hearing(getattr(message, "text", ""), now).meaning))
            if isinstance(reply, Elsewhere):
                return self.plan(message, None, now).run(make)
            return Outcome(reply, opened(reply, now))

        return Plan(run, False, route.label)

    def _hearing(self, said: str, now: dt.datetime) -> _Heard:
        text = wide(said[:_LONGEST_TEXT])
        return _Heard(text, plain(text), now, _once(lambda: self._understand(text, day_of(now))))

    def _answer_plan(self, heard: _Heard, question: Question) -> Plan | None:
        step = self._routes.get("step", question.step)
        route = self._routes.by_word(heard.word)
        if step is None or (question.offer and route and (heard.word in CANCEL_WORDS or not _is_number(heard.word))):
            return None
        if heard.word in CANCEL_WORDS:
            return self._leave_plan(heard, question)
        if route is not None and route.reads and not _is_number(heard.word) and heard.word not in step.words:
            aside = _Found(route, meaning=heard.meaning)
            return Plan(lambda make: self._aside(make, aside, question, heard), True, route.label)
        return Plan(lambda make: self._step(make, step, question, heard), step.reads, step.label)

    def _step(self, make: Make, step: Route, question: Question, heard: _Heard) -> Outcome:
        reply = step.run(make(understand=heard.meaning), heard.text, **question.facts)
        if isinstance(reply, Elsewhere):
            raise Instead(self._elsewhere(reply, heard))
        if not isinstance(reply, Again):
            return Outcome(reply, opened(reply, heard.now))
        meaning = heard.meaning()
        if meaning is not None and meaning.intent == "cancel":
            raise Instead(self._leave_plan(heard, question))
        found = self._meant(heard)
        if found is None or found.intent in _ANSWERS or not (found.route.reads or question.offer):
            return Outcome(reply, _renewed(question, heard.now))
        if question.offer:
            raise Instead(self._plan_of(found, heard.now, closes=True))
        return self._aside(make, found, question, heard)

    def _elsewhere(self, reply: Elsewhere, heard: _Heard) -> Plan:
        route = self._routes.get("intent", reply.intent) if reply.intent else None
        if route is not None:
            asked = Asked(reply.intent, reply.slots)
            return self._plan_of(_Found(route, reply.intent, lambda: asked), heard.now, closes=True)
        return self._fresh_plan(self._hearing(reply.say, heard.now) if reply.say else heard)

    def _aside(self, make: Make, found: _Found, question: Question, heard: _Heard) -> Outcome:
        """A question about something else is answered, then the step asks again."""
        try:
            reply = found.run(make)
        except Refusal as refusal:
            reply = Text(self._wording(refusal))
        if isinstance(reply, Ask):
            return Outcome(reply, opened(reply, heard.now), found.intent)
        said = unnumbered(reply.text) if isinstance(reply, Offer | Text) else ""
        combined: Reply = Text(f"{said}\n\n{question.text}") if said else reply
        return Outcome(combined, _renewed(question, heard.now), found.intent)

    def _leave_plan(self, heard: _Heard, question: Question) -> Plan:
        parting = self._routes.get("cancelled", question.step)
        if parting is None:
            return Plan(lambda _: Outcome(Text(self._sentences.cancelled)), True, "dialog.cancelled")

        def run(make: Make) -> Outcome:
            reply = parting.run(make(understand=heard.meaning), heard.text, **question.facts)
            return Outcome(reply, opened(reply, heard.now))

        return Plan(run, parting.reads, parting.label, after_refusal=None)

    def _fresh_plan(self, heard: _Heard, *, lapsed: Question | None = None) -> Plan:
        route = self._routes.by_word(heard.word)
        found = _Found(route, meaning=heard.meaning) if route else self._meant(heard)
        if lapsed is not None and (found is None or found.intent in _ANSWERS or _is_number(heard.word)):
            return self._lapsed_plan(heard, lapsed)
        if found is None:
            otherwise = self._routes.get("otherwise")
            if otherwise is None:
                return Plan(lambda _: Outcome(Silence()), True, "dialog.nobody")
            found = _Found(otherwise, meaning=heard.meaning)
        return self._plan_of(found, heard.now, closes=True)

    def _lapsed_plan(self, heard: _Heard, question: Question) -> Plan:
        """An answer that came too late does nothing; the step may say how to go on."""
        route = self._routes.get("lapsed", question.step)
        if route is None:
            return Plan(lambda _: Outcome(Text(self._sentences.expired)), True, "dialog.expired")

        def run(make: Make) -> Outcome:
            reply = route.run(make(understand=heard.meaning), heard.text, **question.facts)
            return Outcome(reply, opened(reply, heard.now))

        return Plan(run, True, route.label, after_refusal=None)

    def _meant(self, heard: _Heard) -> _Found | None:
        """The handler of a pattern, else of an intent."""
        matched = self._routes.by_pattern(heard.text)
        if matched is not None:
            return _Found(matched[0], meaning=heard.meaning, groups=matched[1])
        meaning = heard.meaning()
        route = self._routes.get("intent", meaning.intent) if meaning else None
        return _Found(route, meaning.intent, heard.meaning) if route and meaning else None

    def _event_plan(self, message: Message, now: dt.datetime) -> Plan:
        route = self._of_event(message)
        if route is None:
            return Plan(lambda _: Outcome(Silence(), KEEP), True, "dialog.nobody")
        closes = isinstance(message, Clicked | Scanned | Followed | Left)
        return self._plan_of(_Found(route), now, closes=closes)

    def _plan_of(self, found: _Found, now: dt.datetime, *, closes: bool) -> Plan:
        def run(make: Make) -> Outcome:
            reply = further.offered(found.run(make), found.intent, found.meaning)
            return Outcome(reply, opened(reply, now) or (None if closes else KEEP), found.intent)

        return Plan(run, found.route.reads, found.route.label, after_refusal=None if closes else KEEP)

    def _of_event(self, message: Message) -> Route | None:
        routes = self._routes
        match message:
            case Clicked(button=button):
                return routes.get("click", button) or routes.get("otherwise")
            case Scanned():
                return routes.get("scan")
            case Followed():
                return routes.get("follow")
            case Left():
                return routes.get("leave")
            case Told(name=name):
                return routes.get("told", name)
            case Sent(kind="image"):
                return routes.get("image") or routes.get("otherwise")
            case Sent() | Voice():
                return routes.get("otherwise")
            case _:
                return None


def opened(reply: Reply, now: dt.datetime) -> Question | None:
    """The question a reply opens, if it asks one; TypeError if its facts are not JSON."""
    if isinstance(reply, Image) and reply.facts:
        reply = Offer(STEP, "", facts=reply.facts)
    if not isinstance(reply, Ask | Offer):
        return None
    if reply.facts:
        must_be_json(dict(reply.facts))
    text = (reply.again if isinstance(reply, Ask) else "") or shown(reply)
    until = now + dt.timedelta(minutes=reply.minutes)
    return Question(reply.step, text, until, reply.minutes, dict(reply.facts), isinstance(reply, Offer))


def _renewed(question: Question, now: dt.datetime) -> Question:
    return replace(question, until=now + dt.timedelta(minutes=question.minutes))


def _is_number(word: str) -> bool:
    return word.isdigit()


def _once(ask: Callable[[], Understood | None]) -> Callable[[], Understood | None]:
    known: list[Any] = []

    def remember() -> Understood | None:
        if not known:
            known.append(ask())
        return known[0]  # type: ignore[no-any-return]

    return remember
