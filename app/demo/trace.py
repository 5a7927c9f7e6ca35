"""What just happened, for the curious: the messages that came in, what was made of them, what moved in the ledger."""

import datetime as dt
import re
import threading
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from distribution.rules.calendar import SHANGHAI
from models import Journal
from models import tables as t

_KEPT = 2000
_OWNER = re.compile(r"distributor:(\d+):")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; ``openid`` is None where it concerns the shop alone."""

    n: int
    at: str
    openid: str | None
    kind: str
    xml: str = ""
    intent: str = ""
    reply: str = ""
    ledger: list[dict[str, Any]] = field(default_factory=list)


class Trace:
    """Remembers the last events; safe for many threads."""

    def __init__(self) -> None:
        self._events: deque[Event] = deque(maxlen=_KEPT)
        self._numbers = 0
        self._journal: int | None = None
        self._lock = threading.Lock()

    def message(self, *, at: dt.datetime, openid: str, xml: str, intent: str, reply: str) -> None:
        """A message was answered."""
        with self._lock:
            self._add(at, openid, "message", xml=xml, intent=intent, reply=reply)

    def begin(self, session: Session) -> None:
        """What stands in the ledger now is the past."""
        self._journal = session.scalar(select(func.max(t.journal.c.id))) or 0

    def since(self, session: Session, number: int, openid: str | None) -> list[dict[str, Any]]:
        """The events after ``number``, all of them or those of one person."""
        with self._lock:
            self._read_ledger(session)
            chosen = [event for event in self._events if event.n > number]
        return [asdict(event) for event in chosen if openid is None or event.openid == openid]

    def _read_ledger(self, session: Session) -> None:
        for row in session.scalars(
            select(Journal).where(t.journal.c.id > (self._journal or 0)).order_by(t.journal.c.id)
        ):
            moves = _moves(session, row.id)
            facts = [{"reference": row.reference, **move} for move in moves]
            self._add(row.at, _owner(session, moves), "ledger", intent=row.cause, ledger=facts)
            self._journal = row.id

    def _add(self, at: dt.datetime, openid: str | None, kind: str, **facts: Any) -> None:
        self._numbers += 1
        self._events.append(Event(self._numbers, at.astimezone(SHANGHAI).isoformat(), openid, kind, **facts))


def _moves(session: Session, journal_id: int) -> list[dict[str, Any]]:
    source, destination, posting = t.account.alias(), t.account.alias(), t.posting.c
    rows = session.execute(
        select(source.c.name, destination.c.name, posting.fen)
        .join_from(t.posting, source, source.c.id == posting.source_id)
        .join(destination, destination.c.id == posting.destination_id)
        .where(posting.journal_id == journal_id)
        .order_by(posting.id)
    )
    return [{"source": taken, "destination": given, "fen": fen} for taken, given, fen in rows]


def _owner(session: Session, moves: list[dict[str, Any]]) -> str | None:
    named = [found for move in moves for name in (move["source"], move["destination"]) if (found := _OWNER.match(name))]
    if not named:
        return None
    return session.scalar(
        select(t.member.c.openid)
        .join(t.distributor, t.distributor.c.member_id == t.member.c.id)
        .where(t.distributor.c.id == int(named[0][1]))
    )
