"""欠款: who owes after refunds, and what the merchant gives up (R33)."""

from flask import url_for

from distribution import debts as operation
from distribution import statements
from web.console.forms import Form
from web.console.visit import MONEY, Done, Subject, Visit

subject = Subject(distributors=True)


@subject.page("/debts/", may=MONEY)
def debts(visit: Visit, **_: object) -> str:
    """欠款列表"""
    rows = operation.everyone(visit.session)
    return visit.show(
        "debts.html",
        rows=[(row, statements.owing(visit.session, row["id"])) for row in rows],
        waiting=operation.waiting(visit.session, visit.seat.merchant_id),
    )


@subject.act("/debts/<int:distributor_id>/write-off", may=MONEY, again=debts)
def write_off(visit: Visit, distributor_id: int) -> Done:
    """减免欠款"""
    form = Form(visit.given)
    fen, reason = form.fen("fen"), form.text("reason", most=100)
    form.check()
    row = operation.write_off(
        visit.session, distributor_id, fen, merchant_id=visit.seat.merchant_id, by=visit.seat.name, reason=reason,
        now=visit.now,
    )  # fmt: skip
    said = "已减免，本人会收到通知。" if row.state == "done" else "金额较大，等另一位同事确认后生效。"
    return Done(said, url_for("console.debts"))


@subject.act("/debts/write-offs/<int:write_off_id>/agree", may=MONEY, again=debts)
def agree_write_off(visit: Visit, write_off_id: int) -> Done:
    """确认减免"""
    operation.agree(visit.session, write_off_id, merchant_id=visit.seat.merchant_id, by=visit.seat.name, now=visit.now)
    return Done("已减免，本人会收到通知。", url_for("console.debts"))


@subject.act("/debts/write-offs/<int:write_off_id>/drop", may=MONEY, again=debts)
def drop_write_off(visit: Visit, write_off_id: int) -> Done:
    """不减免了"""
    operation.drop(visit.session, write_off_id, merchant_id=visit.seat.merchant_id, by=visit.seat.name, now=visit.now)
    return Done("已取消这笔减免。", url_for("console.debts"))
