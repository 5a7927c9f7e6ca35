"""Orders: what somebody promotes and earns on, and what a customer bought himself."""

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import Reply
from bot.router import Router
from distribution import bindings, members, order_lists
from distribution.order_lists import PAGE_ROWS, Listed, ShownOrder, Wanted
from distribution.rules import masking
from distribution.rules.calendar import day_of, local, shown_day, shown_time, span
from distribution.rules.money import yuan
from handlers.order_words import STATES, buyer, parcel
from handlers.spans import named

router = Router()

_FILTERS = {
    "unpaid": "待付款",
    "paid": "已付款",
    "to_ship": "待发货",
    "shipped": "已发货待收货",
    "completed": "已完成",
    "refund": "退款",
    "closed": "已关闭",
}
_EARNERS = ("active", "frozen", "terminated")


@router.text("查订单", "5", "订单", "我的订单", "推广订单", reads=True)
@router.intent("orders", reads=True)
@router.click("ORDERS", reads=True)
def recent(ctx: Context) -> Reply:
    """查订单"""
    wanted = _wanted(ctx)
    if ctx.person.state not in _EARNERS:
        return _bought(ctx, wanted)
    if wanted.customer == 0:
        return offer(_UNNAMED, Way("我的客户", intent="customers"), "查订单")
    found = order_lists.of_seller(ctx.session, ctx.distributor_id, wanted)
    if not found.total:
        return _nothing(ctx, wanted)
    if found.total == 1 and (wanted.order_no or wanted.tail):
        return _one(ctx, found.rows[0], earns=True)
    if wanted.tail or ctx.slots.get("aspect") == "logistics":
        return _which(ctx, found, wanted)
    return _list(ctx, wanted, found)


_UNNAMED = "微信不告诉我们客户的名字，按名字查不到。\n可以发订单尾号，或从“我的客户”里找。"


def _wanted(ctx: Context) -> Wanted:
    slots = ctx.slots
    period = slots.get("period")
    return Wanted(
        span(*period) if period else None,
        status=str(slots.get("status") or ""),
        order_no=str(slots.get("order_no") or ""),
        tail=str(slots.get("order_tail") or ""),
        product=str(slots.get("product") or ""),
        customer=0 if slots.get("customer") else slots.get("customer_id"),
        page=int(slots.get("page") or 1),
    )


def _list(ctx: Context, wanted: Wanted, found: Listed) -> Reply:
    today = day_of(ctx.now)
    period = ctx.slots.get("period")
    what = _what(wanted)
    head = f"{named(period, today, ctx.said)} {found.total} 单" if period else f"{what or '推广'}订单 {found.total} 单"
    if period and what:
        head = f"{named(period, today, ctx.said)}{what}订单 {found.total} 单"
    lines = [f"{head}，佣金共 {yuan(found.fen)}：", *(_line(ctx, row) for row in found.rows)]
    first = (wanted.page - 1) * PAGE_ROWS
    more = found.total - first - len(found.rows)
    if more:
        lines.append(f"还有 {more} 单。")
    nexts = Way("下一页", intent="orders", slots={**ctx.slots, "page": wanted.page + 1})
    ways = [*([nexts] if more else []), *_ways(wanted)]
    kept = {name: value for name, value in ctx.slots.items() if name in ("status", "product")}
    return offer("\n".join(lines), *ways, about=Way("", intent="orders", slots=kept))


def _what(wanted: Wanted) -> str:
    product = f"“{wanted.product[:12]}”" if wanted.product else ""
    return f"{product}{_FILTERS.get(wanted.status, '')}"


def _ways(wanted: Wanted) -> list[Way]:
    ways = [Way("本周订单", say="这周的订单")] if wanted.span else [Way("今天的订单", say="今天有几单")]
    if wanted.status != "refund":
        ways.append(Way("退款订单", intent="orders", slots={"status": "refund"}))
    return ways


def _line(ctx: Context, row: ShownOrder) -> str:
    at = f"{local(row.at):%H:%M}" if day_of(row.at) == day_of(ctx.now) else shown_day(row.at)
    back = "，有退款" if row.refunded_fen else ""
    told = f"{row.goods[:10]} {yuan(row.paid_fen)}，佣金 {yuan(row.fen)}，{STATES[row.state]}{back}"
    return f"· {at} {told}\n  {row.order_no}"


def _which(ctx: Context, found: Listed, wanted: Wanted) -> Reply:
    rows = found.rows[:PAGE_ROWS]
    if len(rows) == 1:
        return _one(ctx, rows[0], earns=True)
    head = f"有 {found.total} 单尾号 {wanted.tail}：" if wanted.tail else "想看哪一单？"
    lines = [
        f"{number} {shown_day(row.at)}{row.goods[:10]} {yuan(row.paid_fen)} {buyer(row)}，{STATES[row.state]}"
        for number, row in enumerate(rows, 1)
    ]
    ways = [Way(row.order_no, intent="orders", slots={"order_no": row.order_no}) for row in rows]
    return offer("\n".join([head, *lines]), *ways, listed=False)


def _one(ctx: Context, row: ShownOrder, *, earns: bool) -> Reply:
    told = [
        parcel(row, ctx.now),
        f"{row.goods[:20]} {yuan(row.paid_fen)}，{shown_time(row.at)}，订单 {row.order_no}",
        *([f"已退 {yuan(row.refunded_fen)}。"] if row.refunded_fen else []),
    ]
    if not earns:
        return offer("\n".join(told), "查订单", "人工")
    told.append(f"买家 {buyer(row)}，你的佣金 {yuan(row.fen)}。收货地址和电话为保护客户隐私不显示。")
    return offer("\n".join(told), Way("佣金怎么算的", say=f"为什么 {row.order_no}"), "查订单")


def _nothing(ctx: Context, wanted: Wanted) -> Reply:
    if wanted.order_no or wanted.tail:
        said = wanted.order_no or f"尾号 {wanted.tail}"
        return offer(f"没有找到订单 {said[:40]}：单号可能不对，或者不是你推广的。", "查订单", "人工")
    if wanted == Wanted():
        return offer("还没有订单。\n做第一张海报分享出去，就有机会。", "生成海报", "推广链接")
    period = ctx.slots.get("period")
    name = named(period, day_of(ctx.now), ctx.said) if period else "现在"
    return offer(f"{name}没有{_what(wanted)}订单。", Way("全部订单", say="查订单"), "生成海报")


def _bought(ctx: Context, wanted: Wanted) -> Reply:
    """A customer's own orders; who serves him, and how to join in."""
    member = ctx.person.member_id
    found = order_lists.of_buyer(ctx.session, member, wanted) if member else Listed()
    if not found.total:
        said = wanted.order_no or (f"尾号 {wanted.tail}" if wanted.tail else "")
        told = f"没有找到你的订单 {said[:40]}。" if said else "这里还没有你的订单。"
        return offer(
            f"{told}\n刚下单的话，过一会儿再看。{_served(ctx)}",
            "看全部商品",
            Way("我也想分享赚佣金"),
            "人工",
        )
    if found.total == 1 or (wanted.order_no or wanted.tail):
        return _one(ctx, found.rows[0], earns=False)
    lines = [f"你的订单 {found.total} 单：", *(_own(row) for row in found.rows)]
    return offer("\n".join(lines) + _served(ctx), Way("我也想分享赚佣金"), "人工")


def _own(row: ShownOrder) -> str:
    return f"· {shown_day(row.at)} {row.goods[:12]} {yuan(row.paid_fen)}，{STATES[row.state]}\n  {row.order_no}"


def _served(ctx: Context) -> str:
    held = bindings.binding_of(ctx.session, ctx.person.member_id, ctx.now) if ctx.person.member_id else None
    if held is None:
        return ""
    return f"\n为你服务的是{masking.name(members.get_distributor(ctx.session, held.distributor_id).name)}。"
