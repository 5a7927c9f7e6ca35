"""Somebody's own customers: how many, who expires soon, who has bought; nobody is named in full."""

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import Reply
from bot.router import Router, Who
from distribution import customer_lists
from distribution.customer_lists import PAGE_ROWS, BoundCustomer, Customers, Wanted
from distribution.rules import masking
from distribution.rules.calendar import day_bounds, day_of, shown_day, span
from handlers.order_words import customer
from handlers.spans import named

router = Router()

_STATUS = {"expiring": "7 天内到期的", "ordered": "下过单的", "not_ordered": "还没下单的"}


@router.text("我的客户", "客户", "客户列表", "看客户", only=Who.DISTRIBUTOR, reads=True)
@router.intent("customers", only=Who.DISTRIBUTOR, reads=True)
def mine(ctx: Context) -> Reply:
    """我的客户"""
    slots = ctx.slots
    if slots.get("customer"):
        return offer("微信不告诉我们客户的名字，按名字查不到。", Way("全部客户", say="我的客户"), "查订单")
    period = slots.get("period")
    wanted = Wanted(str(slots.get("status") or ""), span(*period) if period else None, int(slots.get("page") or 1))
    found = customer_lists.page(ctx.session, ctx.distributor_id, wanted, now=ctx.now)
    if not found.total:
        return _nobody(ctx, wanted)
    head = _overview(ctx) if wanted == Wanted() else f"{_called(ctx, wanted)}客户 {found.total} 位："
    lines = [head, *(_line(ctx, number, row) for number, row in enumerate(found.rows, 1)), *_left(wanted, found)]
    return offer("\n".join(lines), *_ways(ctx, wanted, found))


def _overview(ctx: Context) -> str:
    today = day_bounds(day_of(ctx.now))[0]
    seen = customer_lists.figures(ctx.session, ctx.distributor_id, since=today, now=ctx.now)
    return (
        f"客户 {seen.total} 位，今天新来 {seen.fresh} 位。\n"
        f"下过单 {seen.ordered} 位，没下单 {seen.total - seen.ordered} 位，7 天内到期 {seen.expiring} 位。最近的："
    )


def _called(ctx: Context, wanted: Wanted) -> str:
    period = ctx.slots.get("period")
    name = f"{named(period, day_of(ctx.now), ctx.said)}绑定的" if period else ""
    return name + _STATUS.get(wanted.status, "")


def _line(ctx: Context, number: int, row: BoundCustomer) -> str:
    who = masking.name(row.name) if row.name else customer(row.member_id)
    bought = f"{row.orders} 单" if row.orders else "没下单"
    return f"· {who}，{shown_day(row.bound_at)}绑定，{bought}，{_days(ctx, row)}"


def _days(ctx: Context, row: BoundCustomer) -> str:
    if row.valid_until is None:
        return "长期有效"
    left = (row.valid_until - ctx.now).days
    return f"还剩 {left} 天" if left else "今天到期"


def _left(wanted: Wanted, found: Customers) -> list[str]:
    more = found.total - (wanted.page - 1) * PAGE_ROWS - len(found.rows)
    return [f"还有 {more} 位。"] if more > 0 else []


def _ways(ctx: Context, wanted: Wanted, found: Customers) -> list[Way]:
    ways = (
        [Way("下一页", intent="customers", slots={**ctx.slots, "page": wanted.page + 1})]
        if _left(wanted, found)
        else []
    )
    ways += [
        Way(word, intent="customers", slots={"status": status})
        for word, status in (("快到期的", "expiring"), ("没下单的", "not_ordered"), ("下过单的", "ordered"))
        if status != wanted.status
    ]
    return [*ways, Way("发张海报唤醒他们", say="生成海报")]


def _nobody(ctx: Context, wanted: Wanted) -> Reply:
    if wanted == Wanted():
        return offer("还没有客户。\n把海报或链接发给朋友，扫码或点开就绑定给你。", "生成海报", "推广链接")
    period = ctx.slots.get("period")
    name = f"{named(period, day_of(ctx.now), ctx.said)}没有新绑定的" if period else "没有"
    status = _STATUS.get(wanted.status, "")
    return offer(
        f"{name}{' ' if status[:1].isdigit() else ''}{status}客户。", Way("全部客户", say="我的客户"), "生成海报"
    )
