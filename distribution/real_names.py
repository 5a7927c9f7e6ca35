"""Real names: a name and an identity number that go together, looked at once; the number itself is not kept."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from distribution import audit
from distribution.rules import id_numbers, identity
from distribution.rules.calendar import day_of
from models import Distributor
from models import tables as t
from models.upsert import upsert

_r = t.real_name.c


class Verdict(StrEnum):
    """What came of it."""

    PASSED = "passed"
    #: The name is not the payee's.
    OTHER_NAME = "other_name"
    WRONG_NUMBER = "wrong_number"
    TOO_YOUNG = "too_young"
    #: The number stands for another distributor.
    TAKEN = "taken"
    #: Whatever asked for it was answered before.
    USED = "used"


def judge(
    session: Session,
    person: Distributor,
    name: str,
    number: str,
    *,
    digest: str,
    asked_at: dt.datetime,
    now: dt.datetime,
) -> Verdict:
    """Look at what somebody typed, and note that it passed; ``digest`` is the keyed one of the number, in capitals.

    What was asked for at ``asked_at`` is answered once: after a pass since then it is used up.
    """
    session.refresh(person, with_for_update=True)
    if used(session, person, asked_at):
        return Verdict.USED
    if id_numbers.parse(number) is None:
        return Verdict.WRONG_NUMBER
    if identity.parse_name(name) != person.name:
        return Verdict.OTHER_NAME
    if not id_numbers.of_age(number, day_of(now)):
        return Verdict.TOO_YOUNG
    taken = select(_r.distributor_id).where(_r.number_digest == digest, _r.distributor_id != person.id)
    if session.scalar(taken) is not None:
        return Verdict.TAKEN
    try:
        with session.begin_nested():
            _note(session, person, digest=digest, now=now)
    except IntegrityError:
        return Verdict.TAKEN
    by, subject = f"member:{person.member_id}", f"distributor:{person.id}"
    audit.write(session, actor=by, action="distributor.real_name", subject=subject, facts={}, now=now)
    return Verdict.PASSED


def passed(session: Session, person: Distributor) -> bool:
    """Whether the name that somebody has now went together with a number."""
    return session.scalar(select(_r.name).where(_r.distributor_id == person.id)) == person.name


def used(session: Session, person: Distributor, asked_at: dt.datetime) -> bool:
    """Whether this person passed since ``asked_at``, under whatever name."""
    checked_at = session.scalar(select(_r.checked_at).where(_r.distributor_id == person.id))
    return checked_at is not None and asked_at <= checked_at


def _note(session: Session, person: Distributor, *, digest: str, now: dt.datetime) -> None:
    row = {"name": person.name, "number_digest": digest, "checked_at": now}
    fresh = upsert(session, t.real_name).values(distributor_id=person.id, **row)
    session.execute(fresh.on_conflict_do_update(index_elements=["distributor_id"], set_=row))
