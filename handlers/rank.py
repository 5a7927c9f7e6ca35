"""The boards: by earnings, orders, sales or invitations, of a day, week, month or ever; one's own place and the gap."""

import datetime as dt
from typing import cast

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import Reply
from bot.router import Router, Who
from distribution import earnings, levels, ranking
from distribution.ranking import By, Place
from distribution.rules import masking
from distribution.rules.calendar import day_bounds, day_of, month_bounds, shown_time, span, start_of, week_bounds
from distribution.rules.money import yuan
from handlers.spans import Period, named

router = Router()

#: The tag of people who do not want to be named on boards.
HIDDEN = "榜上匿名"
_TOP = 3
_BOARDS: dict[str, tuple[By, str]] = {
    "earnings": ("earnings", "收益榜"),
    "sales": ("orders", "销量榜"),
    "invites": ("invitations", "邀请榜"),
}


@router.text("排行榜", "排行", "排名", "我的排名", only=Who.DISTRIBUTOR, reads=True)
@router.intent("rank", only=Who.DISTRIBUTOR, reads=True)
def board(ctx: Context) -> Reply:
    """排行榜"""
    said_by = str(ctx.slots.get("by") or "earnings")
    by, title = _BOARDS.get(said_by, _BOARDS["earnings"])
    if "成交额" in ctx.said or "销售额" in ctx.said:
        by, title = "sales", "成交额榜"
    period, kind, at = _span(ctx)
    rows = ranking.board(ctx.session, by, kind, _TOP, now=at)
    name = named(period, day_of(ctx.now), ctx.said).removesuffix("到今天")
    if not rows:
        return offer(f"{name}{title}还没有人上榜。\n第一单就是第一名。", "生成海报")
    mine = ranking.place_of(ctx.session, ctx.distributor_id, by, kind, now=at)
    hidden = levels.wearers(ctx.session, HIDDEN, [row.distributor_id for row in rows])
    running = at == ctx.now or span(*period)[1] > ctx.now
    fresh = f"（{shown_time(ctx.now)} 更新）" if running else ""
    lines = [
        f"{name}{title}{fresh}：",
        *(f"{row.place} {_who(ctx, row, hidden)} {_value(by, row.value)}" for row in rows),
    ]
    lines += _own(by, mine, listed=any(row.distributor_id == ctx.distributor_id for row in rows))
    if running and mine.behind:
        lines[-1] = f"{lines[-1].removesuffix('。')}，{_catching_up(ctx, by, period, mine.behind)}"
    return offer("\n".join(lines), *_ways(said_by, period, ctx), about=Way("", intent="rank", slots={"by": said_by}))


@router.text("榜上隐藏我", "隐藏我", "排行榜隐藏我", only=Who.DISTRIBUTOR)
def hide(ctx: Context) -> Reply:
    """榜上隐藏我"""
    levels.tag(ctx.session, ctx.distributor_id, HIDDEN, by=f"distributor:{ctx.distributor_id}", now=ctx.now)
    return offer("已隐藏，别人在榜上只看到“匿名”。回复“显示我”可恢复。", "排行榜")


@router.text("显示我", "榜上显示我", only=Who.DISTRIBUTOR)
def show(ctx: Context) -> Reply:
    """榜上显示我"""
    levels.untag_named(ctx.session, ctx.distributor_id, HIDDEN, by=f"distributor:{ctx.distributor_id}", now=ctx.now)
    return offer("好，榜上又能看到你了（名字打码）。", "排行榜")


def _span(ctx: Context) -> tuple[Period, ranking.Period, dt.datetime]:
    """The days of the board, its kind, and a moment in it; a span that no board has becomes this month."""
    today = day_of(ctx.now)
    period: Period | None = ctx.slots.get("period")
    kinds = (("day", day_bounds), ("week", week_bounds), ("month", month_bounds))
    if period is not None:
        for kind, bounds in kinds:
            if span(*period) == bounds(period[0]):
                return period, cast(ranking.Period, kind), start_of(period[0])
    since, until = month_bounds(today)
    return (day_of(since), day_of(until)), "month", ctx.now


def _who(ctx: Context, row: ranking.Ranked, hidden: set[int]) -> str:
    if row.distributor_id == ctx.distributor_id:
        return "你"
    return "匿名" if row.distributor_id in hidden else masking.middle(row.name)


def _value(by: By, value: int) -> str:
    return {"orders": f"{value} 单", "invitations": f"{value} 人"}.get(by, yuan(value))


def _own(by: By, mine: Place, *, listed: bool) -> list[str]:
    lines = []
    if mine.place is None:
        return ["你还没有上榜，出一单就有名次。"]
    if not listed:
        lines += ["……", f"{mine.place} 你 {_value(by, mine.value)}"]
    if mine.place == 1:
        return [*lines, "你排第一，保持住！"]
    if mine.behind:
        return [*lines, f"离第 {mine.place - 1} 名差 {_value(by, mine.behind)}。"]
    return [*lines, f"和第 {mine.place - 1} 名一样多，他先到；再出一单就超过。"]


def _catching_up(ctx: Context, by: By, period: Period, behind: int) -> str:
    """How many more orders like one's own would be enough, where that says something."""
    if by == "orders":
        return f"再出 {behind} 单就追上了。"
    if by == "earnings":
        earned = earnings.earned(ctx.session, ctx.distributor_id, *span(*period))
        if earned.orders and earned.fen > 0 and -(-behind * earned.orders // earned.fen) == 1:
            return "再出一单就追上了。"
    return "加把劲就追上了。"


def _ways(by: str, period: Period, ctx: Context) -> list[Way]:
    today = day_of(ctx.now)
    monday = today - dt.timedelta(days=today.weekday())
    last_week, month = (monday - dt.timedelta(days=7), monday), month_bounds(today)
    this_month = (day_of(month[0]), day_of(month[1]))
    other = ("earnings", "收益榜") if by == "sales" else ("sales", "销量榜")
    ways = [Way(other[1], intent="rank", slots={"by": other[0], "period": period})]
    if period != last_week:
        ways.append(Way("上周榜", intent="rank", slots={"by": by, "period": last_week}))
    if period != this_month:
        ways.append(Way("本月榜", intent="rank", slots={"by": by, "period": this_month}))
    return [*ways, Way("榜上隐藏我")]
