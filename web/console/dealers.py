"""订货商: who orders at which grade's price, below whom, from which deposit."""

from flask import url_for

from distribution import cultivation, dealer_deposits, dealer_lists, members, policy
from distribution import dealers as operation
from distribution.rules.money import percent, yuan
from models import Dealer
from web.console.forms import Form, number
from web.console.visit import MONEY, OPERATIONS, Done, Subject, Visit

subject = Subject()


@subject.page("/dealers/")
def dealers(visit: Visit) -> str:
    """订货商"""
    merchant = visit.seat.merchant_id
    return visit.show(
        "dealers.html",
        rows=dealer_lists.dealers_of(visit.session, merchant),
        grades=_grades(visit),
        may_change=visit.seat.role in OPERATIONS,
    )


@subject.page("/dealers/<int:dealer_id>")
def dealer(visit: Visit, dealer_id: int, **_: object) -> str:
    """一位订货商"""
    session, merchant = visit.session, visit.seat.merchant_id
    row = operation.get(session, merchant, dealer_id)
    terms = policy.in_force(session, merchant, visit.now)
    return visit.show(
        "dealer.html",
        row=dealer_lists.dealers_of(session, merchant, row.id)[0],
        grades=_grades(visit),
        others=_others(visit, row.id),
        prices=dealer_lists.own_prices(session, row, terms),
        orders=dealer_lists.orders_of(session, merchant, row.id),
        deposits=dealer_deposits.list_of(session, row.id),
        records=cultivation.records(session, row.id),
        may_change=visit.seat.role in OPERATIONS,
        may_pay=visit.seat.role in MONEY,
    )


@subject.act("/dealers/", may=OPERATIONS, again=dealers)
def appoint_dealer(visit: Visit) -> Done:
    """任命订货商"""
    form = Form(visit.given)
    code, grade = form.text("distributor", most=10), form.choice("grade", _grades(visit))
    person = members.find_by_code(visit.session, code)
    if person is None:
        form.wrong("distributor", "没有这个邀请码")
    form.check()
    assert person is not None
    row = operation.appoint(
        visit.session, visit.seat.merchant_id, person.id, grade=grade, parent_id=number(visit.given.get("parent", "")),
        by=visit.seat.name, now=visit.now,
    )  # fmt: skip
    return _back(row, f"已任命 {person.name} 为{grade}订货商。")


@subject.act("/dealers/<int:dealer_id>/grade", may=OPERATIONS, again=dealer)
def regrade_dealer(visit: Visit, dealer_id: int) -> Done:
    """改等级"""
    form = Form(visit.given)
    grade = form.choice("grade", _grades(visit))
    form.check()
    row = operation.regrade(visit.session, visit.seat.merchant_id, dealer_id, grade, by=visit.seat.name, now=visit.now)
    return _back(row, f"等级已改为{grade}，只对之后的新订单生效。")


@subject.act("/dealers/<int:dealer_id>/parent", may=OPERATIONS, again=dealer)
def move_dealer(visit: Visit, dealer_id: int) -> Done:
    """改上级"""
    parent = number(visit.given.get("parent", ""))
    row = operation.move(visit.session, visit.seat.merchant_id, dealer_id, parent, by=visit.seat.name, now=visit.now)
    return _back(row, "上级已改，只对之后的新订单生效。")


@subject.act("/dealers/<int:dealer_id>/state", may=OPERATIONS, again=dealer)
def switch_dealer(visit: Visit, dealer_id: int) -> Done:
    """停用或恢复"""
    row = operation.get(visit.session, visit.seat.merchant_id, dealer_id)
    state = operation.STOPPED if row.state == operation.ACTIVE else operation.ACTIVE
    operation.set_state(visit.session, visit.seat.merchant_id, dealer_id, state, by=visit.seat.name, now=visit.now)
    return _back(row, "已停用，不能再下单。" if state == operation.STOPPED else "已恢复，可以下单。")


@subject.act("/dealers/<int:dealer_id>/deposit", may=MONEY, again=dealer)
def pay_in(visit: Visit, dealer_id: int) -> Done:
    """登记预存货款"""
    form = Form(visit.given)
    fen, reference = form.fen("amount"), form.text("reference", most=dealer_deposits.REFERENCE_MOST)
    if any(each in reference for each in ":/ \n"):
        form.wrong("reference", "不要有空格、冒号和斜杠")
    form.check()
    row = operation.get(visit.session, visit.seat.merchant_id, dealer_id)
    dealer_deposits.pay_in(
        visit.session, visit.seat.merchant_id, row.id, fen=fen, reference=reference, by=visit.seat.name, now=visit.now
    )
    return _back(row, f"已登记预存货款 {yuan(fen)}。")


@subject.act("/dealers/<int:dealer_id>/rewards/<int:record_id>", may=MONEY, again=dealer)
def reward_mentor(visit: Visit, dealer_id: int, record_id: int) -> Done:
    """发培育奖励"""
    form = Form(visit.given)
    fen = form.fen("amount")
    form.check()
    row = operation.get(visit.session, visit.seat.merchant_id, dealer_id)
    cultivation.reward(visit.session, visit.seat.merchant_id, record_id, fen, by=visit.seat.name, now=visit.now)
    return _back(row, f"培育奖励 {yuan(fen)} 已发给当时的上级。")


def _grades(visit: Visit) -> dict[str, str]:
    """Grades of the rules in force with their part of the list price."""
    terms = policy.in_force(visit.session, visit.seat.merchant_id, visit.now)
    named = sorted(terms.dealers.grades_bp.items(), key=lambda pair: pair[1])
    return {name: f"{name}（标价的 {percent(bp)}）" for name, bp in named}


def _others(visit: Visit, dealer_id: int) -> dict[int, str]:
    rows = dealer_lists.dealers_of(visit.session, visit.seat.merchant_id)
    return {row["id"]: f"{row['name']} {row['code']}（{row['grade']}）" for row in rows if row["id"] != dealer_id}


def _back(row: Dealer, said: str) -> Done:
    return Done(said, url_for("console.dealer", dealer_id=row.id))
