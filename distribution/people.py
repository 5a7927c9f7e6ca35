"""Who somebody is: the follower and the distributor behind an openid, in one statement."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from distribution.prepared import Prepared
from models.tables import distributor, member
from models.upsert import upsert


@dataclass(frozen=True, slots=True)
class Person:
    """A WeChat user of the account; ``member_id`` is None while nothing was ever written about them."""

    member_id: int | None
    openid: str
    following: bool = False
    notices: bool = True
    distributor_id: int | None = None
    code: str | None = None
    name: str | None = None
    state: str | None = None
    level_id: int | None = None
    #: Who answers instead of the bot, and until when.
    desk: str | None = None
    desk_until: dt.datetime | None = None
    #: Notices that found the chat closed.
    missed: str | None = None

    def at_desk(self, now: dt.datetime) -> str | None:
        """Whether this person is with a human ("human"), or was just asked how that went ("asked")."""
        return self.desk if self.desk_until is not None and now < self.desk_until else None


PERSON_COLUMNS = (
    member.c.id,
    member.c.following,
    member.c.notices,
    distributor.c.id.label("distributor_id"),
    distributor.c.code,
    distributor.c.name,
    distributor.c.state,
    distributor.c.level_id,
    member.c.desk,
    member.c.desk_until,
    member.c.missed,
)
_FOUND = Prepared(
    select(*PERSON_COLUMNS)
    .select_from(member.outerjoin(distributor, distributor.c.member_id == member.c.id))
    .where(member.c.appid == bindparam("appid"), member.c.openid == bindparam("openid"))
)


def recognise(session: Session, appid: str, openid: str) -> Person:
    """The person as far as known; writes nothing."""
    return person_of(openid, _FOUND.first(session, appid=appid, openid=openid))


def meet(session: Session, appid: str, openid: str, now: dt.datetime) -> Person:
    """The person, with a member row made if there was none."""
    person = recognise(session, appid, openid)
    if person.member_id is not None:
        return person
    fresh = upsert(session, member).values(appid=appid, openid=openid, following=False, notices=True, created_at=now)
    session.execute(fresh.on_conflict_do_nothing(index_elements=["appid", "openid"]))
    return recognise(session, appid, openid)


def person_of(openid: str, row: Sequence[Any] | None) -> Person:
    """The person a row of PERSON_COLUMNS tells about; nobody known without one."""
    if row is None or row[0] is None:
        return Person(None, openid)
    member_id, following, *rest = row
    return Person(member_id, openid, following, *rest)
