"""A person answers instead of the bot: taken by an operator, listened to, given back, judged by the member."""

import datetime as dt

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from distribution import audit, desks, notices, tickets
from distribution.refusals import Code, Refusal
from distribution.rules.calendar import shown_full
from models import Ticket
from models import tables as t

_ENDED = "人工服务结束，我回来了。这次解决了吗？\n1 解决了\n2 没有"
_k, _m = t.ticket.c, t.member.c


def take(session: Session, no: str, *, by: str, now: dt.datetime) -> Ticket:
    """An operator talks to the ticket's member from now on and the bot is silent; Refusal not_found, illegal_state."""
    # The member first: two tickets of one member that are taken at once come one after another.
    whose = select(_m.id).join(t.ticket, _k.member_id == _m.id).where(_k.no == no)
    session.execute(whose.with_for_update(of=t.member))
    row = tickets.get_locked(session, no)
    if row.state == "closed":
        raise Refusal(Code.ILLEGAL_STATE, state=row.state, wanted="open")
    # One ticket a member: whoever took another one lets go of it.
    session.execute(update(t.ticket).where(_k.member_id == row.member_id).values(taken_by=None))
    row.taken_by, row.solved = by, None
    desks.sit(session, row.member_id, "human", now=now)
    session.flush()
    _note(session, row, "ticket.taken", by=by, now=now)
    return row


def give_back(session: Session, no: str, *, by: str, now: dt.datetime) -> Ticket:
    """The bot answers again, and the member is asked whether it was solved; Refusal not_found, illegal_state."""
    row = tickets.get_locked(session, no)
    if row.taken_by is None or row.state == "closed":
        raise Refusal(Code.ILLEGAL_STATE, state=row.state, wanted="taken")
    row.taken_by, row.touched_at, row.state = None, now, "answered"
    desks.sit(session, row.member_id, "asked", now=now)
    session.flush()
    _note(session, row, "ticket.given_back", by=by, now=now)
    facts = {"thing": tickets.KINDS[row.kind], "number": row.no, "status": "人工服务结束", "time": shown_full(now)}
    once = f"ticket:{row.id}:given_back:{int(now.timestamp() * 1000)}"
    notices.tell_member(session, row.member_id, "ticket", _ENDED, once=once, facts=facts, now=now)
    return row


def listen(session: Session, member_id: int, text: str, *, now: dt.datetime) -> None:
    """Keep what the member says to the person; nothing where no ticket is taken any more."""
    found = select(Ticket).where(_k.member_id == member_id, _k.taken_by.is_not(None), _k.state != "closed")
    row = session.scalars(found.limit(1)).first()
    if row is not None:
        tickets.add_note(session, row, by=f"member:{member_id}", text=text, now=now)


def judge(session: Session, member_id: int, solved: bool, *, now: dt.datetime) -> Ticket | None:
    """The member says whether what was given back last is solved: then that ticket ends, else it waits again."""
    row = tickets.given_back(session, member_id)
    if row is None:
        return None
    row.solved = solved
    if solved:
        return tickets.close(session, row.no, by=f"member:{member_id}", now=now)
    return tickets.add_note(session, row, by=f"member:{member_id}", text="（本人说还没有解决）", now=now)


def _note(session: Session, row: Ticket, action: str, *, by: str, now: dt.datetime) -> None:
    audit.write(session, actor=by, action=action, subject=f"ticket:{row.no}", facts={"kind": row.kind}, now=now)
