"""客户: whose customer somebody is, everything that made it so, and the merchant's hand on it."""

from flask import url_for

from distribution import appointments, customer_moves, customer_words, customers, disputes, members, policy
from distribution.policy import Policy
from distribution.refusals import Code, Refusal
from web.console.forms import Form
from web.console.visit import OPERATIONS, PEOPLE, Done, Subject, Visit

subject = Subject(distributors=True)


@subject.page("/customers/", may=PEOPLE)
def customer_list(visit: Visit) -> str:
    """客户列表"""
    words = visit.query.get("q", "").strip()[:64]
    rows, more = customers.found(visit.session, words, visit.page)
    return visit.show("customers.html", rows=rows, more=more, words=words)


@subject.page("/customers/<int:member_id>", may=PEOPLE)
def customer(visit: Visit, member_id: int, **_: object) -> str:
    """一位客户"""
    session = visit.session
    found = customers.get(session, member_id, now=visit.now)
    cases = disputes.of_customer(session, member_id)
    people = {found.held.distributor_id} if found.held else set()
    people |= {found.invitation.distributor_id} if found.invitation else set()
    people |= {each for case in cases for each in (case.claimant_id, case.holder_id, case.winner_id) if each}
    return visit.show(
        "customer.html",
        customer=found,
        people={each: members.get_distributor(session, each) for each in people},
        own=members.find_by_member(session, member_id),
        line=[(each, *customer_words.told(each)) for each in customers.time_line(session, member_id)],
        disputes=cases,
        may_change=visit.seat.role in OPERATIONS,
    )


@subject.act("/customers/<int:member_id>/transfer", may=OPERATIONS, again=customer)
def transfer_customer(visit: Visit, member_id: int) -> Done:
    """转给别的分销员"""
    form = Form(visit.given)
    to, reason = _named(visit, form, "to"), form.text("reason", most=100)
    form.check()
    row = members.get_distributor(visit.session, to)
    if row.state != "active":
        raise Refusal(Code.ILLEGAL_STATE)
    how = _hand(visit)
    customer_moves.transfer(visit.session, member_id, to, policy=how, by=visit.seat.name, reason=reason, now=visit.now)
    return _back(member_id, f"已把这位客户转给 {row.name}，从现在起重新计算期限；之前的订单不变。")


@subject.act("/customers/<int:member_id>/unbind", may=OPERATIONS, again=customer)
def unbind_customer(visit: Visit, member_id: int) -> Done:
    """解绑"""
    form = Form(visit.given)
    reason = form.text("reason", most=100)
    form.check()
    customer_moves.unbind(
        visit.session, member_id, policy=_hand(visit), by=visit.seat.name, reason=reason, now=visit.now
    )
    return _back(member_id, "已解绑，立即生效；之前的订单不变。")


@subject.act("/customers/<int:member_id>/claim", may=PEOPLE, again=customer)
def claim_customer(visit: Visit, member_id: int) -> Done:
    """登记争议"""
    form = Form(visit.given)
    claimant, words = _named(visit, form, "claimant"), form.text("claim", most=200)
    form.check()
    disputes.claim(visit.session, member_id, claimant, words=words, by=visit.seat.name, now=visit.now)
    return _back(member_id, "争议已登记，双方都会收到通知。")


@subject.act("/customers/<int:member_id>/disputes/<int:dispute_id>", may=OPERATIONS, again=customer)
def decide_dispute(visit: Visit, member_id: int, dispute_id: int) -> Done:
    """裁定争议"""
    form = Form(visit.given)
    reason, winner = form.text("reason", most=200), form.text("winner", most=20)
    form.check()
    open_one = disputes.find_open(visit.session, member_id)
    if open_one is None or open_one.id != dispute_id:
        raise Refusal(Code.ILLEGAL_STATE)
    who = int(winner) if winner.isascii() and winner.isdecimal() else None
    disputes.decide(
        visit.session, dispute_id, who, policy=_hand(visit), by=visit.seat.name, reason=reason, now=visit.now
    )
    return _back(member_id, "已裁定，双方都会收到结果和理由；之前的订单不变。")


@subject.act("/customers/<int:member_id>/appoint", may=OPERATIONS, again=customer)
def appoint_customer(visit: Visit, member_id: int) -> Done:
    """指定为分销员"""
    form = Form(visit.given)
    name, phone = form.text("name", most=20), form.text("phone", most=20)
    code = form.text("code", most=10, needed=False)
    if not form.ticked("consent"):
        form.wrong("consent", "要先有本人对分销规则的书面同意")
    form.check()
    row = appointments.appoint(
        visit.session, member_id, name=name, phone=phone, invite_code=code or None,
        policy=_hand(visit), by=visit.seat.name, now=visit.now,
    )  # fmt: skip
    return _back(member_id, f"{row.name} 已是分销员，邀请码 {row.code}，已通知本人。")


def _hand(visit: Visit) -> Policy:
    return policy.in_force(visit.session, visit.seat.merchant_id, visit.now)


def _named(visit: Visit, form: Form, name: str) -> int:
    code = form.text(name, most=10)
    found = members.find_by_code(visit.session, code) if code else None
    if code and found is None:
        form.wrong(name, "没有这个邀请码")
    return found.id if found else 0


def _back(member_id: int, said: str) -> Done:
    return Done(said, url_for("console.customer", member_id=member_id))
