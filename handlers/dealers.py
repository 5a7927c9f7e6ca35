"""Ordering dealers: somebody's own prices, deposit and last orders; never what others pay (R76)."""

from bot.context import Context
from bot.replies import Reply, Text
from bot.router import Router, Who
from distribution import dealer_lists, dealers, policy
from distribution.refusals import Code, Refusal
from distribution.rules.calendar import shown_day
from distribution.rules.money import yuan
from models import Dealer

router = Router()

_SHOWN, _ORDERS = 8, 3
_STATES = {"paid": "待发货", "shipped": "已发货", "received": "已收货", "closed": "已关闭"}


@router.text("订货", "我的订货", "订货价", "订货价格", "我的订货价", "订货等级", only=Who.DISTRIBUTOR, reads=True)
def prices(ctx: Context) -> Reply:
    """我的订货价"""
    return Text("\n\n".join(_prices(ctx, row) for row in _of(ctx)))


@router.text("货款", "预存货款", "我的货款", "订货单", "我的订货单", only=Who.DISTRIBUTOR, reads=True)
def deposit(ctx: Context) -> Reply:
    """预存货款"""
    return Text("\n\n".join(_deposit(ctx, row) for row in _of(ctx)))


def _of(ctx: Context) -> list[Dealer]:
    rows = dealers.of_person(ctx.session, ctx.distributor_id)
    if not rows:
        raise Refusal(Code.NOT_A_DEALER)
    return rows


def _prices(ctx: Context, row: Dealer) -> str:
    terms = policy.in_force(ctx.session, row.merchant_id, ctx.now)
    found = dealer_lists.own_prices(ctx.session, row, terms, _SHOWN)
    stopped = "（已停用，暂时不能下单）" if row.state != dealers.ACTIVE else ""
    if not found:
        return f"你的订货等级：{row.grade}{stopped}\n现在没有可以订的商品，等店铺上新再来看。"
    goods = [f"{each.product.name} {yuan(each.unit_fen)}（按标价卖一件赚 {yuan(each.margin_fen)}）" for each in found]
    closing = "下单找店铺登记，或在商城订货。回复“货款”看余额。"
    return "\n".join([f"你的订货等级：{row.grade}{stopped}", *goods, closing])


def _deposit(ctx: Context, row: Dealer) -> str:
    latest = dealer_lists.orders_of(ctx.session, row.merchant_id, row.id, _ORDERS)
    told = [
        f"{each['order_no']} {shown_day(each['created_at'])} {yuan(each['paid_fen'])} {_STATES[each['state']]}"
        for each in latest
    ]
    opening = f"预存货款还有 {yuan(dealer_lists.deposit(ctx.session, row))}"
    return "\n".join([opening, *(["最近的订货单：", *told] if told else ["还没有订货单。"]), "回复“订货”看你的价格。"])
