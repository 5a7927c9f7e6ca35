"""Orders that somebody earns on."""

from bot.context import Context
from bot.replies import Reply, Text
from bot.router import Router, Who
from distribution import order_lists
from distribution.rules.calendar import shown_time, span
from distribution.rules.money import yuan

router = Router()

_STATES = {"unpaid": "待付款", "paid": "已付款", "shipped": "已发货", "received": "已收货", "closed": "已关闭"}


@router.text("查订单", "5", "订单", "我的订单", "推广订单", only=Who.DISTRIBUTOR, reads=True)
@router.intent("orders", only=Who.DISTRIBUTOR, reads=True)
@router.click("ORDERS", only=Who.DISTRIBUTOR, reads=True)
def recent(ctx: Context) -> Reply:
    """查订单"""
    period = ctx.slots.get("period")
    since, until = span(*period) if period else (None, None)
    found = order_lists.earning(ctx.session, ctx.distributor_id, since=since, until=until)
    if not found:
        return Text("还没有订单。\n回复“生成海报”做第一张海报，分享出去就有机会。")
    lines = [
        f"· {shown_time(order.paid_at)} {order.goods[:12]}，佣金 {yuan(order.fen)}，{_STATES[order.state]}\n"
        f"  {order.order_no}"
        for order in found
    ]
    return Text("\n".join(["最近的订单：", *lines, "客户退款，佣金会相应扣回。"]))
