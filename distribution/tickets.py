"""Tickets: what a member wants a person to look at, what both sides said, and how it ended."""

import datetime as dt
import secrets
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from distribution import audit, desks, notices
from distribution.refusals import Code, Refusal
from distribution.rules.calendar import local, shown_full
from models import Ticket, TicketNote
from models import tables as t
from models.upsert import upsert

TEXT_MOST = 500
#: Whoever has so many open tickets adds to the newest instead of opening another.
MOST_OPEN = 5
_MOST_COUNTED = 50
_k, _n = t.ticket.c, t.ticket_note.c
#: What each kind is called.
KINDS = {"complaint": "问题反馈", "human": "找人工", "appeal": "佣金申诉", "profile": "改资料", "close": "注销"}


def open_ticket(
    session: Session,
    member_id: int,
    *,
    kind: str,
    text: str,
    now: dt.datetime,
    distributor_id: int | None = None,
    order_no: str | None = None,
    facts: dict[str, Any] | None = None,
) -> Ticket:
    """A ticket for people to look at; the same matter that is still open gets ``text`` as a note instead."""
    # One person's tickets come one after another, so that two phones cannot open two of the same matter.
    session.execute(select(t.member.c.id).where(t.member.c.id == member_id).with_for_update(key_share=True))
    text = _kept(text)
    known = _same(session, member_id, kind, order_no)
    if known is not None:
        known.facts = {**known.facts, **(facts or {})}
        return add_note(session, known, by=_member(member_id), text=text, now=now)
    row = _numbered(
        session, member_id=member_id, distributor_id=distributor_id, kind=kind, text=text, order_no=order_no,
        facts=facts or {}, opened_at=now, touched_at=now,
    )  # fmt: skip
    _audit(session, row, "ticket.opened", by=_member(member_id), now=now)
    return row


def add_note(session: Session, row: Ticket, *, by: str, text: str, now: dt.datetime) -> Ticket:
    """Add what its member says; an answered ticket is open again, a closed one is refused (illegal_state)."""
    if row.state == "closed":
        raise Refusal(Code.ILLEGAL_STATE, state=row.state, wanted="open")
    session.add(TicketNote(ticket_id=row.id, by=by, text=_kept(text), at=now))
    row.state, row.touched_at = "open", now
    session.flush()
    return row


def answer(session: Session, no: str, *, by: str, text: str, now: dt.datetime) -> Ticket:
    """An operator answers: the member is told; Refusal not_found, illegal_state when it is closed."""
    row = get_locked(session, no)
    add_note(session, row, by=by, text=text, now=now)
    row.state = "answered"
    session.flush()
    _audit(session, row, "ticket.answered", by=by, now=now)
    count = session.scalar(select(func.count()).where(_n.ticket_id == row.id)) or 0
    said = f"【客服回复】{_kept(text)}\n受理号 {row.no}。还有问题直接说，或回复“我的工单”。"
    if row.taken_by:
        # Whoever is talked to needs no number and no way on.
        said = f"【客服{by}】{_kept(text)}"
        desks.sit(session, row.member_id, "human", now=now)
    _tell(session, row, said, "已回复", once=f"ticket:{row.id}:answer:{count}", now=now)
    return row


def close(session: Session, no: str, *, by: str, now: dt.datetime, note: str = "") -> Ticket:
    """It is done, for ever; with a note the member is told. Refusal not_found, illegal_state when it is closed."""
    row = get_locked(session, no)
    if row.state == "closed":
        raise Refusal(Code.ILLEGAL_STATE, state=row.state, wanted="closed")
    if note:
        session.add(TicketNote(ticket_id=row.id, by=by, text=_kept(note), at=now))
    if row.taken_by:
        desks.leave(session, row.member_id)
    elif row is given_back(session, row.member_id):
        desks.unask(session, row.member_id)
    row.state, row.closed_at, row.touched_at, row.taken_by = "closed", now, now, None
    session.flush()
    _audit(session, row, "ticket.closed", by=by, now=now)
    if note:
        said = f"{KINDS[row.kind]}（{row.no}）处理好了：{_kept(note)}\n还有问题回复“人工”。"
        _tell(session, row, said, "已处理", once=f"ticket:{row.id}:closed", now=now)
    return row


def find(session: Session, no: str) -> Ticket | None:
    """The ticket with this number, whatever the case it was typed in."""
    return session.scalars(select(Ticket).where(_k.no == no.strip().upper())).first()


def of_member(session: Session, member_id: int, limit: int = 5) -> list[Ticket]:
    """A member's tickets, the newest first."""
    return list(session.scalars(select(Ticket).where(_k.member_id == member_id).order_by(_k.id.desc()).limit(limit)))


def open_of_member(session: Session, member_id: int, *, kind: str | None = None) -> Ticket | None:
    """The newest ticket of a member that has not ended, of this kind if told."""
    found = select(Ticket).where(_k.member_id == member_id, _k.state != "closed").order_by(_k.id.desc()).limit(1)
    return session.scalars(found if kind is None else found.where(_k.kind == kind)).first()


def given_back(session: Session, member_id: int) -> Ticket | None:
    """The ticket of a member that was answered last and that nobody holds: what a judgement is about."""
    found = select(Ticket).where(_k.member_id == member_id, _k.state == "answered", _k.taken_by.is_(None))
    return session.scalars(found.order_by(_k.touched_at.desc(), _k.id.desc()).limit(1)).first()


def notes(session: Session, ticket_id: int) -> list[TicketNote]:
    """Everything said under a ticket, in order."""
    return list(session.scalars(select(TicketNote).where(_n.ticket_id == ticket_id).order_by(_n.id)))


def last_said(session: Session, row: Ticket) -> str:
    """What the member said last: the newest note, else the matter itself."""
    found = select(_n.text).where(_n.ticket_id == row.id, _n.by == _member(row.member_id)).order_by(_n.id.desc())
    return session.scalar(found.limit(1)) or row.text


def last_answer(session: Session, row: Ticket) -> str | None:
    """What an operator said last."""
    found = select(_n.text).where(_n.ticket_id == row.id, _n.by != _member(row.member_id)).order_by(_n.id.desc())
    return session.scalar(found.limit(1))


def waiting(session: Session) -> tuple[int, dt.datetime | None]:
    """How many tickets wait for an operator, and since when the oldest does."""
    count, oldest = session.execute(select(func.count(), func.min(_k.touched_at)).where(_k.state == "open")).one()
    return int(count), oldest


def queue(session: Session, before: int | None = None, *, now: dt.datetime) -> int | None:
    """How many tickets wait for an operator, in front of ``before`` if told; None for more than anybody counts."""
    front = [_k.id < before] if before is not None else []
    # Whom somebody talks to waits for nobody, until that talk has lapsed.
    talks = exists().where(t.member.c.id == _k.member_id, desks.answered_by_a_person(now))
    waits = or_(_k.taken_by.is_(None), ~talks)
    some = select(_k.id).where(_k.state == "open", waits, *front).limit(_MOST_COUNTED + 1).subquery()
    count = int(session.scalar(select(func.count()).select_from(some)) or 0)
    return count if count <= _MOST_COUNTED else None


def usual_wait(session: Session) -> dt.timedelta | None:
    """How long the first answer to a ticket usually took lately (the median of some); None for no answer yet."""
    lately = (
        select(_k.id, _k.opened_at).where(_k.state != "open").order_by(_k.id.desc()).limit(_MOST_COUNTED).subquery()
    )
    first = (
        select(lately.c.opened_at, func.min(_n.at).label("at"))
        .join(t.ticket_note, _n.ticket_id == lately.c.id)
        .where(_n.by.not_like("member:%"))
        .group_by(lately.c.id, lately.c.opened_at)
    )
    waits = sorted(at - opened for opened, at in session.execute(first))
    return waits[len(waits) // 2] if waits else None


def _same(session: Session, member_id: int, kind: str, order_no: str | None) -> Ticket | None:
    mine: list[ColumnElement[bool]] = [_k.member_id == member_id, _k.state != "closed"]
    found = select(Ticket).where(*mine).order_by(_k.id.desc()).limit(1)
    same = session.scalars(found.where(_k.kind == kind, _k.order_no.is_not_distinct_from(order_no))).first()
    if same is not None:
        return same
    many = int(session.scalar(select(func.count()).where(*mine)) or 0) >= MOST_OPEN
    return session.scalars(found).first() if many and kind in ("complaint", "human", "appeal") else None


def get_locked(session: Session, no: str) -> Ticket:
    """The ticket, kept by this transaction; Refusal not_found."""
    found = select(Ticket).where(_k.no == no).with_for_update().execution_options(populate_existing=True)
    row = session.scalars(found).first()
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="ticket")
    return row


def _tell(session: Session, row: Ticket, text: str, status: str, *, once: str, now: dt.datetime) -> None:
    facts = {"thing": KINDS[row.kind], "number": row.no, "status": status, "time": shown_full(now)}
    notices.tell_member(session, row.member_id, "ticket", text, once=once, facts=facts, now=now)


def _audit(session: Session, row: Ticket, action: str, *, by: str, now: dt.datetime) -> None:
    facts = {"kind": row.kind} | ({"order_no": row.order_no} if row.order_no else {})
    audit.write(session, actor=by, action=action, subject=f"ticket:{row.no}", facts=facts, now=now)


def _member(member_id: int) -> str:
    return f"member:{member_id}"


def _kept(text: str) -> str:
    """What is kept of a text: no control characters, no more than fits."""
    seen = "".join(each if each.isprintable() or each == "\n" else " " for each in text)
    return seen.strip()[:TEXT_MOST] or "（没有文字）"


def _numbered(session: Session, **values: Any) -> Ticket:
    """The ticket under a free number; of two who draw the same one at once, the second draws again."""
    for digits in (4, 4, 4, 6, 6, 8, 8, 12):
        no = f"T{local(values['opened_at']):%y%m%d}{secrets.randbelow(10**digits):0{digits}d}"
        row = upsert(session, t.ticket).values(no=no, state="open", **values)
        taken = session.scalar(row.on_conflict_do_nothing(index_elements=["no"]).returning(_k.id))
        if taken is not None:
            return session.get_one(Ticket, taken)
    raise RuntimeError("no free ticket number was found")
