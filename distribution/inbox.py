"""Messages that change something: claimed once by their key, answered the same for ever; the poisonous set apart."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, literal, select, update
from sqlalchemy.orm import Session

from distribution.people import PERSON_COLUMNS, Person, person_of
from distribution.prepared import Prepared
from models.states import InboxState
from models.tables import distributor, inbox_message, member
from models.upsert import upsert

_row = inbox_message.c
_LONGEST_ERROR = 4000


@dataclass(frozen=True, slots=True)
class Claimed:
    """The message is ours to answer, in this transaction."""

    id: int


@dataclass(frozen=True, slots=True)
class Repeat:
    """The message was answered before; the answer is to be given again."""

    answer: dict[str, Any]
    received_at: dt.datetime


_STORED = select(_row.answer, _row.received_at).where(_row.key == bindparam("key"))
_ONE = select(literal(1).label("one")).subquery()
#: One row always: the earlier answer to this message and the person, whichever of them exist.
_SEEN = Prepared(
    select(_row.answer, _row.received_at, *PERSON_COLUMNS).select_from(
        _ONE.outerjoin(inbox_message, _row.key == bindparam("key"))
        .outerjoin(member, (member.c.appid == bindparam("appid")) & (member.c.openid == bindparam("openid")))
        .outerjoin(distributor, distributor.c.member_id == member.c.id)
    )
)
_ANSWER = update(inbox_message).where(_row.id == bindparam("row_id")).values(answer=bindparam("stored"))


def claim(session: Session, key: str, *, openid: str, kind: str, now: dt.datetime) -> Claimed | Repeat:
    """Take the message for this transaction, or the answer it already got.

    Whoever comes second waits for the first transaction to end: a commit makes it a Repeat, a rollback hands it over.
    """
    row = {"key": key, "openid": openid, "kind": kind, "state": InboxState.DONE, "received_at": now}
    taken = _insert(session, row)
    if taken is not None:
        return Claimed(taken)
    answer, received_at = session.execute(_STORED, {"key": key}).one()
    return Repeat(answer or {}, received_at)


def store_answer(session: Session, claimed_id: int, answer: Mapping[str, Any]) -> None:
    """Keep the answer beside the claim, in the same transaction."""
    session.execute(_ANSWER, {"row_id": claimed_id, "stored": dict(answer)})


def recognise(session: Session, key: str, *, appid: str, openid: str) -> tuple[Person, Repeat | None]:
    """Who wrote, and the answer this message got already if it once changed something; one statement, no write."""
    (found,) = _SEEN.rows(session, key=key, appid=appid, openid=openid)
    repeat = None if found[1] is None else Repeat(found[0] or {}, found[1])
    return person_of(openid, found[2:]), repeat


def quarantine(
    session: Session,
    key: str,
    *,
    openid: str,
    kind: str,
    message: Mapping[str, Any],
    answer: Mapping[str, Any],
    error: str,
    now: dt.datetime,
) -> None:
    """Set a message apart that could not be handled, with its cause; every repeat gets ``answer``."""
    row = {"key": key, "openid": openid, "kind": kind, "state": InboxState.QUARANTINED, "received_at": now}
    row |= {"message": dict(message), "answer": dict(answer), "error": error[-_LONGEST_ERROR:]}
    _insert(session, row)


def quarantined(session: Session, limit: int = 200) -> Sequence[Any]:
    """The messages set apart, newest first: id, openid, kind, message, error, received_at."""
    columns = (_row.id, _row.openid, _row.kind, _row.message, _row.error, _row.received_at)
    statement = select(*columns).where(_row.state == InboxState.QUARANTINED).order_by(_row.id.desc()).limit(limit)
    return session.execute(statement).all()


def count_quarantined(session: Session) -> int:
    """How many messages are set apart."""
    statement = select(func.count()).where(_row.state == InboxState.QUARANTINED)
    return int(session.scalar(statement) or 0)


def _insert(session: Session, row: dict[str, Any]) -> int | None:
    fresh = upsert(session, inbox_message).values(row).on_conflict_do_nothing(index_elements=["key"]).returning(_row.id)
    taken: int | None = session.scalar(fresh)
    return taken
