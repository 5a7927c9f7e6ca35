"""Notices to people: an outbox row beside what happened, one for each person and event."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import notice_choices, outbox
from distribution.outbox import Thing
from models import tables as t
from models.listed import FEN, listed

#: Switched-off notices do not silence these: a person's own money and standing, and what was asked for by itself.
_ALWAYS = {"application", "withdrawal", "state", "reminder"}


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice to one person, as ``tell`` takes it."""

    distributor_id: int
    kind: str
    text: str
    once: str
    facts: Mapping[str, str]


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
        select(t.member.c.id, t.member.c.notices, t.member.c.muted)
        .join(t.distributor, t.distributor.c.member_id == t.member.c.id)
        .where(t.distributor.c.id == distributor_id)
    ).one()
    if kind not in _ALWAYS and not notice_choices.wanted(kind, person.notices, person.muted):
        return
    tell_member(session, person.id, kind, text, once=once, facts=facts, now=now, link=link)


def tell_member(
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
    """Put one notice to a member, whoever that is and whatever notices are switched off: they asked for it."""
    message = {"kind": kind, "text": text, "facts": facts, "link": link}
    outbox.put(session, "notice", message, once=f"notice:{once}", member_id=member_id, now=now)


def tell_all(session: Session, notices: Sequence[Notice], *, now: dt.datetime) -> None:
    """Put many notices, as ``tell`` would one by one, in two statements."""
    people = listed(session, ((each.distributor_id,) for each in notices), person=FEN)
    rows = session.execute(
        select(t.distributor.c.id, t.member.c.id, t.member.c.notices, t.member.c.muted)
        .join(t.member, t.member.c.id == t.distributor.c.member_id)
        .where(t.distributor.c.id.in_(select(people.c.person)))
    )
    members = {person: (member_id, switches) for person, member_id, *switches in rows}
    told = [
        each
        for each in notices
        if each.kind in _ALWAYS or notice_choices.wanted(each.kind, *members[each.distributor_id][1])
    ]
    things = [
        Thing(
            "notice",
            {"kind": each.kind, "text": each.text, "facts": dict(each.facts), "link": None},
            once=f"notice:{each.once}",
            member_id=members[each.distributor_id][0],
        )
        for each in told
    ]
    outbox.put_all(session, things, now=now)
