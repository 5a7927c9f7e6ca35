"""Who answers a member now: the bot, or for a while a person; no money is asked for meanwhile."""

import datetime as dt
from typing import Literal

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from distribution.refusals import Code, Refusal
from models import tables as t

#: Without a word of the operator for so long the bot answers again.
LASTS = dt.timedelta(hours=2)
#: So long the member's next word may judge how it went.
ASKED_FOR = dt.timedelta(hours=24)
_d, _m = t.distributor.c, t.member.c


def sit(session: Session, member_id: int, desk: Literal["human", "asked"], *, now: dt.datetime) -> None:
    """A person answers this member from now on ("human"), or the member is asked how that went ("asked")."""
    until = now + (LASTS if desk == "human" else ASKED_FOR)
    session.execute(update(t.member).where(_m.id == member_id).values(desk=desk, desk_until=until))


def leave(session: Session, member_id: int) -> None:
    """The bot answers again, and nobody waits for a judgement."""
    session.execute(update(t.member).where(_m.id == member_id).values(desk=None, desk_until=None))


def unask(session: Session, member_id: int) -> None:
    """Nobody waits for a judgement any more; a person who answers goes on."""
    session.execute(update(t.member).where(_m.id == member_id, _m.desk == "asked").values(desk=None, desk_until=None))


def refuse_at_desk(session: Session, distributor_id: int, *, now: dt.datetime) -> None:
    """Refusal with_a_person while a person answers instead of the bot."""
    asked = select(_m.id).join(t.distributor, _d.member_id == _m.id)
    if session.scalar(asked.where(_d.id == distributor_id, answered_by_a_person(now))) is not None:
        raise Refusal(Code.WITH_A_PERSON)


def answered_by_a_person(now: dt.datetime) -> ColumnElement[bool]:
    """Of a member's row: whether a person answers instead of the bot."""
    return and_(_m.desk == "human", _m.desk_until > now)
