"""工单: what people asked people, the answer, the end; and the changes that only people may make."""

from flask import url_for

from bot.wording import HOLDS
from distribution import hand_overs, listings, members, policy, profiles, recoveries, ticket_lists
from distribution import tickets as operation
from distribution.recoveries import Outlook
from distribution.refusals import Code, Refusal
from models import Ticket
from web.console.forms import Form
from web.console.visit import OPERATIONS, PEOPLE, Done, Subject, Visit

subject = Subject(distributors=True)
STATES = {"open": "待回复", "answered": "已回复", "closed": "已结束"}


@subject.page("/tickets/", may=PEOPLE)
def tickets(visit: Visit, **_: object) -> str:
    """工单"""
    state, kind = visit.query.get("state", ""), visit.query.get("kind", "")
    found = ticket_lists.page(visit.session, state=state, kind=kind, page=visit.page)
    return visit.show("tickets.html", list=found, state=state, kind=kind, states=STATES, kinds=operation.KINDS)


@subject.page("/tickets/<no>", may=PEOPLE)
def ticket(visit: Visit, no: str) -> str:
    """一张工单"""
    row = _found(visit, no)
    person = members.find_distributor(visit.session, row.distributor_id) if row.distributor_id else None
    claimed = _claimed(row)
    return visit.show(
        "ticket.html",
        row=row,
        person=person,
        claimed=members.find_distributor(visit.session, claimed) if claimed else None,
        outlook=_outlook(visit, row),
        holding=HOLDS,
        notes=operation.notes(visit.session, row.id),
        states=STATES,
        kinds=operation.KINDS,
        changes=listings.audit(visit.session, None, subject=f"ticket:{no}"),
        may_rename=visit.seat.role in OPERATIONS,
    )


@subject.act("/tickets/<no>/answer", may=PEOPLE, again=ticket)
def answer_ticket(visit: Visit, no: str) -> Done:
    """回复"""
    form = Form(visit.given)
    text = form.text("text", most=400)
    form.check()
    operation.answer(visit.session, no, by=visit.seat.name, text=text, now=visit.now)
    return Done(f"已回复 {no}，本人会收到。", url_for("console.ticket", no=no))


@subject.act("/tickets/<no>/take", may=PEOPLE, again=ticket)
def take_ticket(visit: Visit, no: str) -> Done:
    """接入：人来回答，机器人不插话"""
    hand_overs.take(visit.session, no, by=visit.seat.name, now=visit.now)
    return Done(f"已接入 {no}：现在由你来回答，机器人不插话，也不受理提现。", url_for("console.ticket", no=no))


@subject.act("/tickets/<no>/give-back", may=PEOPLE, again=ticket)
def give_back_ticket(visit: Visit, no: str) -> Done:
    """结束会话：机器人回来，问一句解决了没有"""
    hand_overs.give_back(visit.session, no, by=visit.seat.name, now=visit.now)
    return Done(f"{no} 的会话已结束，机器人会问本人解决了没有。", url_for("console.ticket", no=no))


@subject.act("/tickets/<no>/close", may=PEOPLE, again=ticket)
def close_ticket(visit: Visit, no: str) -> Done:
    """结束"""
    form = Form(visit.given)
    note = form.text("note", most=200, needed=False)
    form.check()
    operation.close(visit.session, no, by=visit.seat.name, note=note, now=visit.now)
    return Done(f"{no} 已结束。", url_for("console.tickets"))


@subject.act("/tickets/<no>/rename", may=OPERATIONS, again=ticket)
def rename_payee(visit: Visit, no: str) -> Done:
    """采用新姓名"""
    row = operation.get_locked(visit.session, no)
    name = str(row.facts.get("name") or "")
    if row.kind != "profile" or row.state == "closed" or row.distributor_id is None or not name:
        raise Refusal(Code.ILLEGAL_STATE, state=row.state, wanted="open")
    if visit.given.get("name") != name:
        raise Refusal(Code.STALE_VERSION, no=no)
    profiles.rename(visit.session, row.distributor_id, name, by=visit.seat.name, now=visit.now)
    operation.close(visit.session, no, by=visit.seat.name, note="姓名（收款人）改好了。", now=visit.now)
    return Done(f"已采用新姓名，{no} 已结束，本人会收到通知。", url_for("console.tickets"))


@subject.act("/tickets/<no>/recover", may=OPERATIONS, again=ticket)
def recover_account(visit: Visit, no: str) -> Done:
    """转到这个微信"""
    row = operation.get_locked(visit.session, no)
    claimed = _claimed(row)
    if claimed is None or row.state == "closed":
        raise Refusal(Code.ILLEGAL_STATE, state=row.state, wanted="open")
    # A claim may name another account while somebody looks at the first one.
    if visit.given.get("claimed") != str(claimed):
        raise Refusal(Code.STALE_VERSION, no=no)
    terms = policy.in_force(visit.session, visit.seat.merchant_id, visit.now)
    recoveries.move(visit.session, claimed, row.member_id, policy=terms, by=visit.seat.name, now=visit.now)
    operation.close(visit.session, no, by=visit.seat.name, now=visit.now)
    return Done("账号已转到新的微信，两边都会收到通知。", url_for("console.distributor", distributor_id=claimed))


def _claimed(row: Ticket) -> int | None:
    """The account that a ticket claims, if any comes near."""
    claim = row.facts.get("recover")
    found = claim.get("distributor_id") if isinstance(claim, dict) else None
    return found if isinstance(found, int) else None


def _outlook(visit: Visit, row: Ticket) -> Outlook | None:
    """What moving the claimed account here would meet, while that can be decided."""
    claimed = _claimed(row) if row.state != "closed" else None
    return recoveries.outlook(visit.session, claimed, row.member_id, now=visit.now) if claimed else None


def _found(visit: Visit, no: str) -> Ticket:
    row = operation.find(visit.session, no)
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="ticket")
    return row
