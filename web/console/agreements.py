"""个人协议: rates agreed with one person for a time."""

from flask import url_for

from distribution import agreements as operation
from distribution import members, policy
from web.console.forms import Form
from web.console.terms import ends
from web.console.visit import OPERATIONS, Done, Subject, Visit

subject = Subject(distributors=True)


@subject.page("/distributors/<int:distributor_id>/agreements")
def agreements(visit: Visit, distributor_id: int, **_: object) -> str:
    """一位分销员的个人协议"""
    row = members.get_distributor(visit.session, distributor_id)
    merchant = visit.seat.merchant_id
    held = operation.list_of(visit.session, merchant, row.id)
    terms = [(each, operation.term(each)) for each in held]
    return visit.show(
        "agreements.html",
        row=row,
        held=[(each, term.covers(visit.now), term.last > visit.now) for each, term in terms],
        depth=policy.in_force(visit.session, merchant, visit.now).depth,
        may_change=visit.seat.role in OPERATIONS,
    )


@subject.act("/distributors/<int:distributor_id>/agreements", may=OPERATIONS, again=agreements)
def make_agreement(visit: Visit, distributor_id: int) -> Done:
    """约定比例"""
    row = members.get_distributor(visit.session, distributor_id)
    form = Form(visit.given)
    depth = policy.in_force(visit.session, visit.seat.merchant_id, visit.now).depth
    rates = {kind: form.bp(kind) for kind in operation.KINDS[:depth]}
    since, until = ends(visit, form)
    form.check()
    operation.make(
        visit.session, visit.seat.merchant_id, row.id, rates=rates, valid_from=since, valid_until=until,
        by=visit.seat.name, now=visit.now,
    )  # fmt: skip
    return Done(f"已和 {row.name} 约定个人比例，之后的新订单按它算。", _here(row.id))


@subject.act("/distributors/<int:distributor_id>/agreements/<int:agreement_id>/end", may=OPERATIONS, again=agreements)
def end_agreement(visit: Visit, distributor_id: int, agreement_id: int) -> Done:
    """结束协议"""
    operation.end(visit.session, visit.seat.merchant_id, agreement_id, by=visit.seat.name, now=visit.now)
    return Done("协议已结束，之前的订单不变。", _here(distributor_id))


def _here(distributor_id: int) -> str:
    return url_for("console.agreements", distributor_id=distributor_id)
