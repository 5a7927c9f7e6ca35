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


def judge(session: Session, person: Distributor, name: str, number: str, *, digest: str, now: dt.datetime) -> Verdict:
    """Look at what somebody typed, and note that it passed; ``digest`` is the keyed one of the number, in capitals."""
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


def _note(session: Session, person: Distributor, *, digest: str, now: dt.datetime) -> None:
    row = {"name": person.name, "number_digest": digest, "checked_at": now}
    fresh = upsert(session, t.real_name).values(distributor_id=person.id, **row)
    session.execute(fresh.on_conflict_do_update(index_elements=["distributor_id"], set_=row))
