"""Tasks with how far somebody is, points, checking in; rewards come from real sales only."""

import re

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import Reply
from bot.router import Router, Who
from distribution import points, tasks
from distribution.rules.calendar import shown_day
from distribution.rules.money import yuan
from distribution.tasks import Standing

router = Router()

_CHECK_IN = re.compile("签到|打卡|签个到")
_POINTS = re.compile("积分")
_CAUSES = {"check_in": "签到", "poster": "生成海报", "visit": "客户打开链接", "order": "客户下单", "expiry": "到期"}
_SHOWN = 3


@router.text("我的任务", "任务", "活动", "奖励", only=Who.ACTIVE)
@router.intent("tasks", only=Who.ACTIVE)
def mine(ctx: Context) -> Reply:
    """我的任务"""
    if _CHECK_IN.search(ctx.said):
        return check_in(ctx)
    if _POINTS.search(ctx.said):
        return balance(ctx)
    running = tasks.running_for(ctx.session, ctx.distributor_id, now=ctx.now)[:_SHOWN]
    lines = [_task(each) for each in running] or ["现在没有进行中的销售任务。"]
    daily = points.daily(ctx.session, ctx.distributor_id, now=ctx.now)
    small = [f"· {each.words} +{each.points} 积分{'，已完成' if each.done else ''}" for each in daily]
    done = sum(each.done for each in daily)
    lines += [f"今天的小任务（{done}/{len(daily)}）：", *small, "奖励都来自真实成交，拉人没有奖励。"]
    return offer("\n".join(lines), "签到", "我的积分", "生成海报")


@router.text("签到", "打卡", only=Who.ACTIVE)
def check_in(ctx: Context) -> Reply:
    """签到"""
    done = points.check_in(ctx.session, ctx.distributor_id, now=ctx.now)
    head = f"签到成功，+{done.points} 积分🎉" if done.points else "今天已经签过到啦。"
    left = 7 - done.days % 7
    more = (
        f"再连签 {left} 天得 {points.SEVENTH_DAY} 积分。"
        if left < 7
        else f"满 7 天，这次得了 {points.SEVENTH_DAY} 积分。"
    )
    return offer(
        f"{head}\n已连签 {done.days} 天，现在 {done.balance} 积分。\n{more}",
        Way("今天的小任务", say="我的任务"),
        "我的积分",
    )


@router.text("我的积分", "积分", only=Who.DISTRIBUTOR, reads=True)
def balance(ctx: Context) -> Reply:
    """我的积分"""
    rows = points.history(ctx.session, ctx.distributor_id, limit=4)
    lines = [f"你有 {points.balance(ctx.session, ctx.distributor_id)} 积分。"]
    for row in rows:
        cause = row.cause.partition(":")[0]
        lines.append(f"· {shown_day(row.at)} {_CAUSES.get(cause, '店铺调整')} {row.points:+d}")
    lines.append("积分一年有效，不能换成现金。")
    return offer("\n".join(lines), "签到", Way("怎么赚积分", say="我的任务"))


def _task(each: Standing) -> str:
    row = each.task
    what = "你邀请的人" if row.kind == "invited" else "你"
    head = f"【{row.name}】{shown_day(row.until_at)}截止"
    if each.final:
        return f"{head}：已结束，{what}成交 {yuan(each.net_fen)}，奖金 {yuan(each.bonus_fen)} 等最后的退款期过了就发。"
    earned = f"已达奖金 {yuan(each.bonus_fen)}。" if each.bonus_fen else ""
    if each.next is None:
        return f"{head}：{what}成交 {yuan(each.net_fen)}，全部档位已达成。{earned}"
    left = each.next.reach_fen - each.net_fen
    return (
        f"{head}：{what}成交 {yuan(each.net_fen)} / {yuan(each.next.reach_fen)}，还差 {yuan(left)}，"
        f"达成奖 {yuan(each.next.bonus_fen)}。{earned}"
    )
