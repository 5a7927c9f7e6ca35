"""The life of a message: its turn, its transaction, its answer; a rule's no becomes a sentence, a bug is set apart."""

import datetime as dt
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

import structlog

from bot.context import Context, PolicyAt, Understand
from bot.conversation import KEEP, Conversations, Keep, Late, Question, Turn
from bot.dialog import Dialog, Instead, Make, Outcome, Plan, Sentence, Sentences, opened
from bot.inbox import Inbox, Repeated
from bot.messages import Left, Message, Said, Told, Voice
from bot.replies import SILENCE, Reply, Text, from_json, shown, to_json
from bot.router import Router
from distribution import desks
from distribution.links import Links
from distribution.people import Person
from distribution.refusals import Refusal
from models.database import Database, DatabaseDown, Session

log = structlog.get_logger()

#: How long a message may wait until there is room for it; WeChat gives up after five seconds.
_ROOM_SECONDS = 4.0
#: PostgreSQL: serialization failure, deadlock, lock not available, even after the repeats of a transaction.
_PASSING = frozenset({"40001", "40P01", "55P03"})


class Busy(Exception):
    """It cannot be answered now; nothing was done, and WeChat is to send it again."""


class Clock(Protocol):
    """Tells the present moment."""

    def now(self) -> dt.datetime: ...


@dataclass(frozen=True, slots=True)
class Observation:
    """What happened to one message: for a trace."""

    openid: str
    xml: str
    kind: str
    handler: str
    intent: str | None
    reply: str
    inbox_key: str
    at: dt.datetime


class Dispatcher:
    """Answers messages with replies; safe for many threads. ``at_once`` messages are worked on at the same time.

    ``refusing`` is the whole answer to a refusal, with what to do next; ``wording`` its words alone.
    """

    def __init__(
        self,
        *,
        database: Database,
        conversations: Conversations,
        routers: Iterable[Router],
        clock: Clock,
        app_id: str,
        links: Links,
        policy_at: PolicyAt,
        understand: Understand,
        wording: Sentence,
        sentences: Sentences,
        refusing: Callable[[Refusal], Reply] | None = None,
        observer: Callable[[Observation], None] | None = None,
        at_once: int = 16,
    ) -> None:
        self._conversations = conversations
        self._clock = clock
        self._context = partial(Context, links=links, policy_at=policy_at)
        self._inbox = Inbox(database, app_id)
        self._dialog = Dialog(routers, understand=understand, wording=wording, sentences=sentences)
        self._refusing = refusing or (lambda refusal: Text(wording(refusal)))
        self._sentences = sentences
        self._observer = observer
        self._room = threading.BoundedSemaphore(at_once)

    def answer(self, message: Message, xml: str = "") -> Reply:
        """The reply to a message, the same one for every repeat; Busy if WeChat should send it again."""
        message = _heard(message)
        if not self._dialog.listens(message):
            return SILENCE
        try:
            turn = self._conversations.begin(
                message.openid, message.key, counted=isinstance(message, Said) and self._pressed()
            )
        except Late as late:
            if late.repeat:
                return SILENCE
            raise Busy from late
        if not turn.held:
            return SILENCE if turn.answer is None else from_json(turn.answer)
        return self._take(turn, message, xml)

    def _pressed(self) -> bool:
        """Whether there is no room left: only then does it matter who talks most."""
        if self._room.acquire(blocking=False):
            self._room.release()
            return False
        return True

    def _take(self, turn: Turn, message: Message, xml: str) -> Reply:
        question: Question | Keep | None = KEEP
        answer: dict[str, Any] | None = None
        now = self._clock.now()
        try:
            label, outcome = self._work(turn, message, now)
            question, answer = outcome.question, to_json(outcome.reply)
        finally:
            self._conversations.finish(turn, question, answer)
        self._observe(message, xml, label=label, outcome=outcome, now=now)
        return outcome.reply

    def _observe(self, message: Message, xml: str, *, label: str, outcome: Outcome, now: dt.datetime) -> None:
        if self._observer is None:
            return
        try:
            self._observer(_observation(message, xml, label=label, outcome=outcome, now=now))
        except Exception as error:
            log.error("message.not_observed", exc_info=error)

    def _work(self, turn: Turn, message: Message, now: dt.datetime) -> tuple[str, Outcome]:
        if not self._room.acquire(timeout=_ROOM_SECONDS):
            raise Busy
        label = "dialog.plan"
        try:
            plan = self._dialog.plan(message, turn.question, now)
            label = plan.label
            return label, self._follow(plan, turn, message, now)
        except DatabaseDown as error:
            log.error("message.database_down", handler=label, error=str(error))
            raise Busy from error
        except Exception as error:
            return label, self._set_apart(message, label, error, now)
        finally:
            self._room.release()

    def _follow(self, plan: Plan, turn: Turn, message: Message, now: dt.datetime, *, settled: bool = False) -> Outcome:
        try:
            return self._transact(plan, turn, message, now, settled=settled)
        except Instead as instead:
            return self._follow(instead.plan, turn, message, now, settled=True)
        except Refusal as refusal:
            log.info("message.refused", handler=plan.label, code=str(refusal.code))
            reply = _silent(message) or self._refusing(refusal)
            return Outcome(reply, opened(reply, now) or plan.after_refusal)

    def _transact(self, plan: Plan, turn: Turn, message: Message, now: dt.datetime, *, settled: bool) -> Outcome:
        def work(session: Session, person: Person) -> tuple[Reply, tuple[Outcome, Person]]:
            desk = None if settled else self._desk(person, turn, message, now)
            if desk is not None:
                raise Instead(desk)
            make: Make = partial(self._context, session, person, message, now)
            outcome = plan.run(make)
            if not isinstance(outcome.reply, Reply):
                raise TypeError(f"{plan.label} gave no reply")
            if isinstance(message, Left):
                outcome = replace(outcome, reply=SILENCE)
            return outcome.reply, (outcome, person)

        done = self._inbox.read(message, now, work) if plan.reads else self._inbox.write(message, now, work)
        if isinstance(done, Repeated):
            return _repeated(done, turn, now)
        outcome: Outcome
        outcome, person = done[1]
        self._catch_up(person, message, now)
        return outcome

    def _catch_up(self, person: Person, message: Message, now: dt.datetime) -> None:
        """Whoever speaks opened the chat: what was missed follows the answer."""
        if person.missed and person.member_id is not None and not isinstance(message, Left | Told):
            try:
                self._inbox.catch_up(person.member_id, now)
            except DatabaseDown as error:
                log.error("message.not_caught_up", error=str(error))

    def _desk(self, person: Person, turn: Turn, message: Message, now: dt.datetime) -> Plan | None:
        """Who answers while a person does, or was just asked how that went and nothing else has been asked since."""
        state, question = person.at_desk(now), turn.question
        if state == "asked" and question is not None and person.desk_until is not None:
            asked_at = person.desk_until - desks.ASKED_FOR
            if question.until - dt.timedelta(minutes=question.minutes) > asked_at:
                return None
        return None if state is None else self._dialog.desk_plan(message, state, now)

    def _set_apart(self, message: Message, label: str, error: Exception, now: dt.datetime) -> Outcome:
        if getattr(getattr(error, "orig", None), "sqlstate", None) in _PASSING:
            raise Busy from error
        log.error("message.failed", handler=label, openid=message.openid, exc_info=error)
        reply = _silent(message) or Text(self._sentences.trouble)
        try:
            self._inbox.set_apart(message, reply, error, now)
        except DatabaseDown as down:
            raise Busy from down
        return Outcome(reply, KEEP)


def _heard(message: Message) -> Message:
    if not isinstance(message, Voice) or not message.recognition:
        return message
    return Said(
        text=message.recognition, openid=message.openid, account=message.account, at=message.at, key=message.key
    )


def _silent(message: Message) -> Reply | None:
    """Nobody reads an answer to these."""
    return SILENCE if isinstance(message, Left | Told) else None


def _repeated(done: Repeated, turn: Turn, now: dt.datetime) -> Outcome:
    """The first answer again, and the question it asked, if that is still fresh and was lost."""
    asked = opened(done.reply, done.received_at) if turn.question is None else None
    return Outcome(done.reply, asked if asked is not None and now < asked.until else KEEP)


def _observation(message: Message, xml: str, *, label: str, outcome: Outcome, now: dt.datetime) -> Observation:
    kind = type(message).__name__
    return Observation(
        message.openid, xml, kind, label, outcome.intent, shown(outcome.reply), inbox_key=message.key, at=now
    )
