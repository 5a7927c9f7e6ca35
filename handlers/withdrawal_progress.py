"""Where withdrawals are: the confirm link, the reason, and where the money is."""

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import Offer, Reply, Text
from bot.router import Router, Who
from distribution import earnings, withdrawals
from distribution.rules.calendar import day_of, shown_day, shown_time, span
from distribution.rules.money import yuan
from distribution.withdrawal_notices import ARRIVED
from handlers import withdrawal_ways
from handlers.spans import named
from models import Withdrawal

router = Router()

_STATES = {"requested": "等审核", "approved": "打款中", "paying": "打款中", "paid": "已到账", "released": "已退回"}
_LISTED, _SEARCHED = 5, 50


@router.text("提现进度", "提现状态", only=Who.DISTRIBUTOR, reads=True)
@router.intent("withdrawal_status", only=Who.DISTRIBUTOR, reads=True)
def progress(ctx: Context) -> Reply:
    """提现进度"""
    rows = _asked(ctx)
    if not rows:
        return _none(ctx)
    if ctx.slots.get("period") and len(rows) > 1:
        return _list(ctx, rows)
    newest = rows[0]
    open_ones = [row for row in rows if row.state in ("requested", "approved", "paying")]
    return _told(ctx, open_ones[0] if open_ones else newest)


@router.text("提现记录", only=Who.DISTRIBUTOR, reads=True)
def record(ctx: Context) -> Reply:
    """提现记录"""
    rows = withdrawals.latest(ctx.session, ctx.distributor_id, limit=_LISTED)
    return _list(ctx, rows) if rows else _none(ctx)


def _asked(ctx: Context) -> list[Withdrawal]:
    rows = withdrawals.latest(ctx.session, ctx.distributor_id, limit=_SEARCHED)
    period, amount = ctx.slots.get("period"), ctx.slots.get("amount")
    if period:
        since, until = span(*period)
        rows = [row for row in rows if since <= row.requested_at < until]
    if isinstance(amount, int):
        rows = [row for row in rows if amount in (row.fen, row.net_fen)]
    return rows


def _none(ctx: Context) -> Reply:
    period, amount = ctx.slots.get("period"), ctx.slots.get("amount")
    if not period and not amount:
        available = earnings.purse(ctx.session, ctx.distributor_id).available_fen
        return offer(f"还没有提现记录。现在可提现 {yuan(available)}。", "提现", "我的收益")
    which = named(period, day_of(ctx.now), ctx.said) if period else ""
    much = f" {yuan(amount)} 的" if isinstance(amount, int) else ""
    return offer(f"{which}没有{much}提现。", "提现记录", "提现")


def _list(ctx: Context, rows: list[Withdrawal]) -> Reply:
    shown = rows[:_LISTED]
    lines = [f"· {shown_day(row.requested_at)} {yuan(row.fen)} {_STATES[row.state]}\n  {row.no}" for row in shown]
    more = [f"还有 {len(rows) - len(shown)} 笔更早的。"] if len(rows) > len(shown) else []
    return offer("\n".join(["提现记录：", *lines, *more]), Way("最近一笔的进度", say="提现进度"), "提现", "对账单")


def _told(ctx: Context, row: Withdrawal) -> Offer | Text:
    head = f"{yuan(row.fen)}（{row.no}）"
    if row.state == "paid":
        return _paid(ctx, row)
    if row.state == "released":
        return _returned(ctx, row)
    if row.state == "requested":
        asked = shown_time(row.requested_at)
        return offer(
            f"{head}{asked} 提交，正在等店铺审核，通常 1 个工作日内。\n"
            f"{withdrawal_ways.once_passed(row.channel)}，钱不会丢。",
            Way("撤回这笔", say="撤回提现"),
            "我的收益",
        )
    if row.confirm_by is not None and row.package:
        link, until = ctx.links.confirm(row.no), shown_time(row.confirm_by)
        return offer(
            f"{head}审核通过，就等你确认收款（{until} 前）：\n"
            f'<a href="{link}">去确认收款</a>\n过期会退回可提现，钱不会丢。',
            Way("撤回这笔", say="撤回提现"),
            "我的收益",
        )
    return offer(f"{head}已审核通过，正在打款，有结果马上告诉你。", "我的收益", "人工")


def _paid(ctx: Context, row: Withdrawal) -> Offer | Text:
    left = earnings.purse(ctx.session, ctx.distributor_id).available_fen
    at = shown_time(row.ended_at or row.requested_at)
    off = [f"{word} {yuan(fen)}" for word, fen in (("手续费", row.fee_fen), ("代扣个税", row.tax_fen)) if fen]
    less = f"申请 {yuan(row.fen)}，扣{'、'.join(off)}。\n" if off else ""
    return offer(
        f"到了。{yuan(row.net_fen)}（{row.no}）{at} 已{ARRIVED[row.channel]}。\n{less}现在可提现 {yuan(left)}。",
        "提现记录",
        Way("再去推广", say="生成海报"),
    )


def _returned(ctx: Context, row: Withdrawal) -> Offer | Text:
    left = earnings.purse(ctx.session, ctx.distributor_id).available_fen
    at = shown_time(row.ended_at or row.requested_at)
    again = min(row.fen, left)
    ways = [Way(f"重新提 {yuan(again)}", intent="withdraw", slots={"amount": again})] if again else []
    return offer(
        f"钱没丢。{yuan(row.fen)}（{row.no}）{at} 退回你的可提现。\n原因：{row.reason}。\n现在可提现 {yuan(left)}。",
        *ways,
        Way("提别的金额", say="提现"),
        "人工",
    )
