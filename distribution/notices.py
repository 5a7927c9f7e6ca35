"""Notices to people: an outbox row beside what happened, one for each person and event."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import outbox
from models import tables as t

#: Switched-off notices do not silence these: a person's own money and standing.
_ALWAYS = {"application", "withdrawal", "state"}


def tell(
    session: Session,
    distributor_id: int,
    kind: str,
    text: str,
    *,
    once: str,
    facts: dict[str, str],
    now: dt.datetime,
    link: str | None = None,
) -> None:
    """Put one notice: ``text`` for a chat, ``facts`` (thing, amount, time, number, status) for a template."""
    person = session.execute(
        select(t.member.c.id, t.member.c.notices)
        .join(t.distributor, t.distributor.c.member_id == t.member.c.id)
        .where(t.distributor.c.id == distributor_id)
    ).one()
    if not person.notices and kind not in _ALWAYS:
        return
    message = {"kind": kind, "text": text, "facts": facts, "link": link}
    outbox.put(session, "notice", message, once=f"notice:{once}", member_id=person.id, now=now)
