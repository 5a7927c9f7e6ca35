"""订货单: what a dealer buys or his shop sells, entered by hand, carried on and taken back."""

from flask import url_for

from distribution import dealer_lists, dealers, orders, products
from distribution import dealer_orders as operation
from distribution.dealer_shapes import Sale, SaleLine
from distribution.refusals import Code, Refusal
from distribution.rules.dealer import PURCHASE, RETAIL
from distribution.rules.money import yuan
from web.console import dealers as pages
from web.console.forms import Form
from web.console.visit import OPERATIONS, Done, Subject, Visit

subject = Subject()
KINDS = {PURCHASE: "订货商进货", RETAIL: "店铺零售"}
PAYS_BY = {"outside": "商城或线下已付", "prepaid": "从预存货款扣"}
_NEXT = {"shipped": "发货", "received": "收货", "closed": "关闭"}


@subject.page("/dealer-orders/<order_no>")
def dealer_order(visit: Visit, order_no: str, **_: object) -> str:
    """一笔订货单"""
    shown = _get(visit, order_no)
    view = orders.view(visit.session, visit.seat.merchant_id, order_no)
    assert view is not None, "a dealer order is an order"
    kept = sum(line.paid_fen - line.refunded_fen for line in shown.lines)
    earned = sum(row["fen"] for row in view["commissions"])
    return visit.show(
        "dealer_order.html",
        shown=shown,
        kinds=KINDS,
        pays=PAYS_BY,
        kept=kept,
        hq=kept - earned,
        rows=view["commissions"],
        following={} if shown.order.state == "closed" else _NEXT,
        may_change=visit.seat.role in OPERATIONS,
    )


@subject.act("/dealers/<int:dealer_id>/orders", may=OPERATIONS, again=pages.dealer)
def order_for_dealer(visit: Visit, dealer_id: int) -> Done:
    """录入订货单"""
    form = Form(visit.given)
    row = dealers.get(visit.session, visit.seat.merchant_id, dealer_id)
    kind, pays_by = form.choice("kind", KINDS), form.choice("pays_by", PAYS_BY)
    sku, quantity = form.text("sku", most=64), form.whole("quantity", least=1, most=1_000_000)
    order_no = form.text("order_no", most=64)
    paid = form.fen("paid") if kind == RETAIL else None
    if any(each in order_no for each in " /:\\\n\t"):
        form.wrong("order_no", "编号里不能有空格、斜杠和冒号")
    if kind == RETAIL and pays_by == "prepaid":
        form.wrong("pays_by", "只有进货能从预存货款扣")
    if products.find_by_sku(visit.session, visit.seat.merchant_id, sku) is None:
        form.wrong("sku", "没有这个商品编号")
    form.check()
    line = SaleLine(1, sku, quantity, paid_fen=paid)
    sale = Sale(order_no, kind, row.distributor_id, "paid", visit.now, (line,), pays_by=pays_by)
    told = operation.record(
        visit.session, visit.seat.merchant_id, sale, appid=visit.parts.app_id, by=visit.seat.name, now=visit.now
    )
    return _back(order_no, f"已录入，共 {yuan(told.pays_fen)}，总部得 {yuan(told.hq_fen)}。")


@subject.act("/dealer-orders/<order_no>/state", may=OPERATIONS, again=dealer_order)
def carry_dealer_order(visit: Visit, order_no: str) -> Done:
    """发货、收货或关闭"""
    form = Form(visit.given)
    state = form.choice("state", _NEXT)
    form.check()
    shown = _get(visit, order_no)
    person = dealers.get(visit.session, visit.seat.merchant_id, shown.sale.dealer_id).distributor_id
    lines = tuple(
        SaleLine(each.line_no, each.sku, each.quantity, paid_fen=each.paid_fen if shown.sale.kind == RETAIL else None)
        for each in shown.lines
    )
    sale = Sale(order_no, shown.sale.kind, person, state, visit.now, lines, pays_by=shown.sale.pays_by)
    told = operation.record(
        visit.session, visit.seat.merchant_id, sale, appid=visit.parts.app_id, by=visit.seat.name, now=visit.now
    )
    if not told.applied:
        raise Refusal(Code.ILLEGAL_STATE, state=shown.order.state, wanted=state)
    return _back(order_no, f"已记为{_NEXT[state]}。")


@subject.act("/dealer-orders/<order_no>/return", may=OPERATIONS, again=dealer_order)
def return_dealer_goods(visit: Visit, order_no: str) -> Done:
    """退货"""
    form = Form(visit.given)
    line_no, quantity = form.whole("line_no"), form.whole("quantity", least=1, most=1_000_000)
    refund_no = form.text("refund_no", most=64)
    if any(each in refund_no for each in " /:\\\n\t"):
        form.wrong("refund_no", "编号里不能有空格、斜杠和冒号")
    form.check()
    fen = operation.take_back(
        visit.session, visit.seat.merchant_id, order_no, {line_no: quantity}, refund_no=refund_no, now=visit.now
    )
    return _back(order_no, f"已退 {quantity} 件，退款 {yuan(fen)}，上级差价按下单时的价格扣回。")


def _get(visit: Visit, order_no: str) -> dealer_lists.Shown:
    shown = dealer_lists.order(visit.session, visit.seat.merchant_id, order_no)
    if shown is None:
        raise Refusal(Code.NOT_FOUND, what="dealer_order")
    return shown


def _back(order_no: str, said: str) -> Done:
    return Done(said, url_for("console.dealer_order", order_no=order_no))
