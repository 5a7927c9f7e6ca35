"""How much somebody earned: the purse that adds up, or a span of days."""

import datetime as dt

from bot.context import Context
from bot.replies import Reply, Text
from bot.router import Router, Who
from distribution import earnings
from distribution.rules.calendar import day_bounds, day_of, month_bounds, shown_time, span
from distribution.rules.money import yuan

router = Router()


@router.text("我的收益", "收益", "3", "余额", "佣金", "我的佣金", "查收益", "可提现", only=Who.DISTRIBUTOR, reads=True)
@router.click("EARNINGS", only=Who.DISTRIBUTOR, reads=True)
def overview(ctx: Context) -> Reply:
    """查收益"""
    today = day_of(ctx.now)
    seen = earnings.glance(ctx.session, ctx.distributor_id, month_bounds(today), day_bounds(today))
    purse = seen.purse
    lines = [
        f"可提现 {yuan(purse.available_fen)}",
        f"待结算 {yuan(purse.pending_fen)}",
        *([f"提现中 {yuan(purse.withdrawing_fen)}"] if purse.withdrawing_fen else []),
        f"已提现 {yuan(purse.withdrawn_fen)}",
        *([f"待抵扣 {yuan(purse.owed_fen)}（退款扣回，已从累计里减去）"] if purse.owed_fen else []),
        f"累计 {yuan(purse.total_fen)}",
        f"本月 {yuan(seen.longer_fen)}，今天 {yuan(seen.shorter_fen)}（{shown_time(ctx.now)}）",
        "",
        "4 提现",
        "5 查订单",
    ]
    return Text("\n".join(lines))


@router.intent("earnings", only=Who.DISTRIBUTOR, reads=True)
def by_period(ctx: Context) -> Reply:
    period = ctx.slots.get("period")
    if period is None:
        return overview(ctx)
    first, until = period
    earned = earnings.earned(ctx.session, ctx.distributor_id, *span(first, until))
    if not earned.orders:
        return Text(f"{_named(first, until)}还没有收益。\n回复“生成海报”，分享出去就有机会。")
    return Text(
        f"{_named(first, until)}收益 {yuan(earned.fen)}，{earned.orders} 单。\n"
        f"已结算 {yuan(earned.settled_fen)}，待结算 {yuan(earned.pending_fen)}。\n"
        "客户退款会相应减少。回复“我的收益”看合计。"
    )


def _named(first: dt.date, until: dt.date) -> str:
    last = until - dt.timedelta(days=1)
    day = f"{first.month}月{first.day}日"
    return f"{day} " if first == last else f"{day}~{last.month}月{last.day}日 "
