"""One message, one transaction, one answer: claimed first, remembered with what it did, set apart if it is poison."""

import dataclasses
import datetime as dt
import traceback
from collections.abc import Callable
from typing import Any

from bot.messages import Message, Said
from bot.replies import Reply, from_json, to_json
from distribution import inbox, members, missed_notices, people
from distribution.people import Person
from models.database import Database, Session

#: Does the work and gives the reply with whatever else the caller wants to know.
Work = Callable[[Session, Person], tuple[Reply, Any]]


@dataclasses.dataclass(frozen=True, slots=True)
class Repeated:
    """The message was answered before."""

    reply: Reply
    received_at: dt.datetime


class Inbox:
    """Transactions around messages of one account."""

    def __init__(self, database: Database, app_id: str) -> None:
        self._database = database
        self._app_id = app_id

    def read(self, message: Message, now: dt.datetime, work: Work) -> tuple[Reply, Any] | Repeated:
        """Answer a message that changes nothing but that its writer follows; Repeated if it once did more."""
        with self._database.reading() as session:
            person, repeat = inbox.recognise(session, message.key, appid=self._app_id, openid=message.openid)
            if repeat:
                return _repeated(repeat)
            if _returning(message, person) is None:
                return work(session, person)
        return self.write(message, now, work)

    def write(self, message: Message, now: dt.datetime, work: Work) -> tuple[Reply, Any] | Repeated:
        """Answer a message that may change something, once for ever; all of it or nothing. May raise DatabaseDown."""

        def once(session: Session) -> tuple[Reply, Any] | Repeated:
            claimed = inbox.claim(session, message.key, openid=message.openid, kind=_kind(message), now=now)
            if isinstance(claimed, inbox.Repeat):
                return _repeated(claimed)
            result = work(session, self._met(session, message, now))
            inbox.store_answer(session, claimed.id, to_json(result[0]))
            return result

        return self._database.write(once)

    def catch_up(self, member_id: int, now: dt.datetime) -> None:
        """Let what this person missed be sent, now that the chat is open. May raise DatabaseDown."""
        self._database.write(lambda session: missed_notices.catch_up(session, member_id, now=now))

    def set_apart(self, message: Message, reply: Reply, error: Exception, now: dt.datetime) -> None:
        """Quarantine a message with its cause; every repeat gets ``reply``. May raise DatabaseDown."""
        cause = "".join(traceback.format_exception(error))

        def keep(session: Session) -> None:
            inbox.quarantine(
                session,
                message.key,
                openid=message.openid,
                kind=_kind(message),
                message=_told(message),
                answer=to_json(reply),
                error=cause,
                now=now,
            )

        self._database.write(keep)

    def _met(self, session: Session, message: Message, now: dt.datetime) -> Person:
        person = people.meet(session, self._app_id, message.openid, now)
        if (member_id := _returning(message, person)) is not None:
            members.record_follow(session, member_id, at=message.at, now=now)
        return person


def _returning(message: Message, person: Person) -> int | None:
    """The member who writes, so follows, though we were told otherwise: their follow event came before us, or never."""
    return person.member_id if isinstance(message, Said) and not person.following else None


def _repeated(repeat: inbox.Repeat) -> Repeated:
    return Repeated(from_json(repeat.answer or {"kind": "silence"}), repeat.received_at)


def _kind(message: Message) -> str:
    return type(message).__name__.lower()


def _told(message: Message) -> dict[str, Any]:
    return {name: value if isinstance(value, str | dict) else str(value) for name, value in _fields(message)}


def _fields(message: Message) -> list[tuple[str, Any]]:
    return [(field.name, getattr(message, field.name)) for field in dataclasses.fields(message)]
