"""发不了货: a paid line that cannot be shipped goes back as a refund."""

from flask import url_for

from distribution import shortages
from distribution.rules.money import yuan
from web.console.forms import Form
from web.console.orders import order
from web.console.visit import OPERATIONS, Done, Subject, Visit

subject = Subject()


@subject.act(
    "/orders/<order_no>/lines/<int:line_no>/cannot-ship",
    may=OPERATIONS,
    again=lambda visit, order_no, **_: order(visit, order_no),
)
def cannot_ship(visit: Visit, order_no: str, line_no: int) -> Done:
    """发不了货"""
    form = Form(visit.given)
    quantity, refund_no = form.whole("quantity", least=1, most=1_000_000), form.text("refund_no", most=64)
    if any(each in refund_no for each in " /:\\\n\t"):
        form.wrong("", "退款单号里不能有空格、斜杠和冒号")
    form.check()
    fen = shortages.cannot_ship(
        visit.session, visit.seat.merchant_id, order_no, line_no, quantity=quantity, refund_no=refund_no,
        by=visit.seat.name, now=visit.now,
    )  # fmt: skip
    said = f"{quantity} 件发不了货，已按退款处理 {yuan(fen)}，佣金同时扣回；请在商城把钱退给买家。"
    return Done(said, url_for("console.order", order_no=order_no))
