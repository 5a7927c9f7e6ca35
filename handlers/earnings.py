"""How much somebody earned: the purse that adds up, a span of days, one side of it, one order or product."""

import datetime as dt

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import Reply
from bot.router import Router, Who
from distribution import earning_lists, earnings, why_not
from distribution.earning_lists import Part, Sum
from distribution.rules.calendar import day_bounds, day_of, month_bounds, shown_time, span
from distribution.rules.money import yuan
from handlers.order_words import STATES
from handlers.spans import Period, before, before_word, comparable, day, named

router = Router()

_BY_MONTH, _POSTER = Way("按月看", say="按月看收益"), Way("生成海报")
_PENDING = Way("待结算明细", intent="earnings", slots={"status": "pending"})
_CLAWBACK = Way("扣回规则", intent="rules", slots={"topic": "refund"})
_ABOUT = Way("", intent="earnings")
_MONTHS = 6
_PARTS = 4


@router.text("我的收益", "收益", "3", "余额", "佣金", "我的佣金", "查收益", "可提现", only=Who.DISTRIBUTOR, reads=True)
@router.click("EARNINGS", only=Who.DISTRIBUTOR, reads=True)
def overview(ctx: Context) -> Reply:
    """查收益"""
    today = day_of(ctx.now)
    seen = earnings.glance(ctx.session, ctx.distributor_id, month_bounds(today), day_bounds(today))
    purse = seen.purse
    lines = [
        f"可提现 {yuan(purse.available_fen)}",
        f"待结算 {yuan(purse.pending_fen)}{f'（{seen.pending_orders} 单）' if purse.pending_fen else ''}",
        *([f"提现中 {yuan(purse.withdrawing_fen)}"] if purse.withdrawing_fen else []),
        f"已提现 {yuan(purse.withdrawn_fen)}",
        *([f"待抵扣 {yuan(purse.owed_fen)}（退款扣回，已从累计里减去）"] if purse.owed_fen else []),
        f"累计 {yuan(purse.total_fen)}",
        f"本月 {yuan(seen.longer_fen)}，今天 {yuan(seen.shorter_fen)}（{shown_time(ctx.now)}）",
    ]
    return offer("\n".join(lines), "提现", _PENDING, _BY_MONTH, about=_ABOUT)


@router.intent("earnings", only=Who.DISTRIBUTOR, reads=True)
def asked(ctx: Context) -> Reply:
    slots = ctx.slots
    if slots.get("order_no"):
        return _of_order(ctx, str(slots["order_no"]))
    if slots.get("product"):
        return _of_product(ctx, str(slots["product"]), slots.get("period"))
    ways = {"pending": _pending, "available": _available, "withdrawn": _withdrawn, "reversed": _reversed}
    if slots.get("status") in ways and not (slots["status"] == "pending" and slots.get("period")):
        return ways[slots["status"]](ctx)
    if slots.get("period"):
        return _of_period(ctx, slots["period"])
    return _settled(ctx) if slots.get("status") == "settled" else overview(ctx)


@router.text("按月看收益", "按月看", "每月收益", only=Who.DISTRIBUTOR, reads=True)
def by_month(ctx: Context) -> Reply:
    """按月看收益"""
    today = first = day_of(ctx.now).replace(day=1)
    lines = []
    for _ in range(_MONTHS):
        earned = earnings.earned(ctx.session, ctx.distributor_id, *month_bounds(first))
        year = f"{first.year}年" if first.year != today.year else ""
        lines.append(f"{year}{first.month}月 {yuan(earned.fen)}，{earned.orders} 单")
        first = (first - dt.timedelta(days=1)).replace(day=1)
    text = "\n".join(["每月收益（按付款日算，退款已减）：", *lines])
    return offer(text, "查订单", _PENDING, "对账单")


def _of_period(ctx: Context, period: Period) -> Reply:
    person, today = ctx.distributor_id, day_of(ctx.now)
    name = named(period, today, ctx.said)
    earned = earnings.earned(ctx.session, person, *span(*period))
    if not earned.orders and not earned.fen:
        return offer(f"{name}还没有收益。\n做张海报分享出去，就有机会。", _POSTER, _BY_MONTH, about=_ABOUT)
    told = f"已结算 {yuan(earned.settled_fen)}，待结算 {yuan(earned.pending_fen)}。"
    if not earned.pending_fen:
        told = "已全部结算。"
    lines = [f"{name}收益 {yuan(earned.fen)}，{earned.orders} 单。", told, *_beside(ctx, period, earned.fen)]
    orders = Way(f"看这 {earned.orders} 单", intent="orders", slots={"period": period})
    return offer("\n".join(lines), orders, _BY_MONTH, about=_ABOUT)


def _beside(ctx: Context, period: Period, fen: int) -> list[str]:
    """How that compares with the span before, and the day that stands out."""
    today, person = day_of(ctx.now), ctx.distributor_id
    parts = []
    if comparable(period) and period[1] <= today + dt.timedelta(days=1):
        more = fen - earnings.earned(ctx.session, person, *span(*before(period))).fen
        told = f"{'多' if more > 0 else '少'} {yuan(abs(more))}" if more else "一样"
        parts.append(f"比{before_word(period, today)}{told}" if more else f"和{before_word(period, today)}一样多")
    best = (
        earning_lists.best_day(ctx.session, person, span(*period)) if (period[1] - period[0]).days in _SHORT else None
    )
    if best and fen > best[1] > 0 and best[1] * 2 >= fen:
        parts.append(f"其中{day(best[0], today)}一天 {yuan(best[1])}")
    return ["，".join(parts) + "。"] if parts else []


_SHORT = range(2, 32)


def _pending(ctx: Context) -> Reply:
    parts = earning_lists.pending(ctx.session, ctx.distributor_id)
    total, orders = sum(part.fen for part in parts), sum(part.orders for part in parts)
    if not parts:
        return offer("没有待结算的佣金。\n新订单付款后就会出现在这里。", _POSTER, Way("查收益"))
    today = day_of(ctx.now)
    lines = [
        f"待结算 {yuan(total)}，{orders} 单。客户确认收货满 {ctx.policy.freeze_days} 天，自动转成可提现：",
        *(_part(part, today) for part in _joined(parts)),
        "日期是预计，客户退款会相应减少。",
    ]
    return offer(
        "\n".join(lines), Way("待收货的订单", intent="orders", slots={"status": "shipped"}), Way("提现"), about=_ABOUT
    )


def _joined(parts: list[Part]) -> list[Part]:
    """The nearest days, the later ones together, what waits for receipt."""
    dated = [part for part in parts if part.day]
    late = dated[_PARTS - 1 :] if len(dated) > _PARTS else []
    kept = dated[: _PARTS - 1] if late else dated
    rest = [Part(late[0].day, sum(part.fen for part in late), sum(part.orders for part in late))] if late else []
    return [*kept, *rest, *(part for part in parts if part.day is None)]


def _part(part: Part, today: dt.date) -> str:
    when = "等客户收货"
    if part.day:
        when = f"{day(part.day, today)}前后" if part.day > today else "今天起陆续转入"
    return f"· {when} {yuan(part.fen)}（{part.orders} 单）"


def _available(ctx: Context) -> Reply:
    purse = earnings.purse(ctx.session, ctx.distributor_id)
    lines = [f"可提现 {yuan(purse.available_fen)}。"]
    if purse.owed_fen:
        lines.append(f"另有待抵扣 {yuan(purse.owed_fen)}，会从以后的佣金里抵。")
    parts = [part for part in earning_lists.pending(ctx.session, ctx.distributor_id) if part.day]
    if purse.pending_fen:
        soon = f"，最早 {day(parts[0].day, day_of(ctx.now))}前后转入一部分" if parts and parts[0].day else ""
        lines.append(f"待结算 {yuan(purse.pending_fen)}{soon}。")
    return offer("\n".join(lines), "提现", _PENDING, "提现记录")


def _withdrawn(ctx: Context) -> Reply:
    period = ctx.slots.get("period")
    found = earning_lists.withdrawn(ctx.session, ctx.distributor_id, span(*period) if period else None)
    name = named(period, day_of(ctx.now), ctx.said) if period else "一共"
    if not found.count:
        return offer(f"{name}还没有提走过佣金。", "提现", "查收益")
    return offer(f"{name}已提走 {yuan(found.fen)}，{found.count} 笔。", "提现记录", "提现")


def _reversed(ctx: Context) -> Reply:
    period = ctx.slots.get("period")
    found = earning_lists.taken_back(ctx.session, ctx.distributor_id, span(*period) if period else None)
    name = named(period, day_of(ctx.now), ctx.said) if period else "一共"
    if not found.count:
        return offer(f"{name}没有因为退款扣回佣金。", "查收益", _CLAWBACK)
    lines = [f"{name}扣回 {yuan(found.fen)}，{found.count} 单退款。"]
    if period is None:
        last = earning_lists.last_taken_back(ctx.session, ctx.distributor_id)
        lines += [f"· {shown_time(each.at)} {each.goods[:10]} {yuan(each.fen)}\n  {each.order_no}" for each in last]
    lines.append("客户退多少，按比例扣多少；其他订单不受影响。")
    return offer("\n".join(lines), _CLAWBACK, Way("我有异议", intent="complaint"))


def _settled(ctx: Context) -> Reply:
    found = earning_lists.settled(ctx.session, ctx.distributor_id)
    purse = earnings.purse(ctx.session, ctx.distributor_id)
    return offer(
        f"已结算 {yuan(found.fen)}，{found.count} 单（扣回的已减去）。\n"
        f"其中可提现 {yuan(purse.available_fen)}，提现中 {yuan(purse.withdrawing_fen)}，"
        f"已提现 {yuan(purse.withdrawn_fen)}。",
        "提现",
        _BY_MONTH,
    )


def _of_order(ctx: Context, said: str) -> Reply:
    found = next(
        (one for no in (said, said.upper()) if (one := why_not.of_person(ctx.session, no, ctx.distributor_id))), None
    )
    if found is None:
        return offer(f"订单 {said[:40]} 里没有你的佣金：单号可能不对，或者这一单不是你和下级推广的。", "查订单", "人工")
    states = sorted({str(place.state) for place in found.places if place.fen})
    told = "已结算" if states == ["available"] else "待结算" if states == ["pending"] else ""
    when = f"，{shown_time(found.due_at)} 起可结算" if found.due_at else ""
    head = f"订单 {found.order_no}（{STATES[found.state]}）你的佣金 {yuan(found.fen)}"
    return offer(f"{head}{f'，{told}' if told else ''}{when}。", Way("为什么是这个数", say=f"为什么 {found.order_no}"))


def _of_product(ctx: Context, product: str, period: Period | None) -> Reply:
    found: Sum = earning_lists.of_product(ctx.session, ctx.distributor_id, product, span(*period) if period else None)
    name = named(period, day_of(ctx.now), ctx.said) if period else "到现在"
    if not found.count:
        return offer(
            f"{name}“{product[:12]}”还没有给你带来佣金。", Way("做张海报", say=f"{product[:12]}海报"), "查收益"
        )
    text = f"{name}“{product[:12]}”给你带来 {yuan(found.fen)}，{found.count} 单（退款已减）。"
    return offer(
        text, Way("看这些订单", intent="orders", slots={"product": product} | ({"period": period} if period else {}))
    )
