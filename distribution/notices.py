"""Notices to people: an outbox row beside what happened, one for each person and event."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import outbox
from models.tables import member as _member


def tell(
    session: Session,
    member_id: int,
    kind: str,
    text: str,
    *,
    once: str,
    facts: dict[str, str],
    now: dt.datetime,
    link: str | None = None,
) -> None:
    """Put one notice: ``text`` for a customer message, ``facts`` (thing, amount, time, number, status) for a template.

    People who switched notices off still hear about their own withdrawals and applications.
    """
    if kind not in _ALWAYS and not session.scalar(select(_member.c.notices).where(_member.c.id == member_id)):
        return
    message = {"kind": kind, "text": text, "facts": facts, "link": link}
    outbox.put(session, "notice", message, once=f"notice:{once}", member_id=member_id, now=now)


_ALWAYS = {"application", "withdrawal", "state"}
