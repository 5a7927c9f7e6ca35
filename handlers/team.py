"""Whom somebody brought along: what they sell and what that brings; only as deep as commissions go."""

import re

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import Reply
from bot.router import Router, Who
from distribution import team, team_sales
from distribution.rules import masking
from distribution.rules.calendar import day_of, month_bounds, shown_day, span
from distribution.rules.money import percent, yuan
from distribution.team_sales import Seller
from handlers.spans import Period, named

router = Router()

_BEST = 3
_ABOVE = re.compile("上级|上线|推荐人|邀请人|谁(?:拉|邀|推荐|带)")
_INVITE = Way("邀请朋友一起做", say="邀请")


@router.text("我的团队", "团队", "看团队", only=Who.DISTRIBUTOR, reads=True)
@router.intent("team", only=Who.DISTRIBUTOR, reads=True)
def mine(ctx: Context) -> Reply:
    """我的团队"""
    if ctx.slots.get("member"):
        return _member(ctx, str(ctx.slots["member"]))
    if _ABOVE.search(ctx.said):
        return _upline(ctx)
    counts = team.sizes(ctx.session, ctx.distributor_id)
    if not counts:
        return offer("还没有人通过你加入。\n把邀请码发给想做的朋友就行；只按真实成交给佣金，拉人没有奖励。", _INVITE)
    return _sales(ctx, counts)


@router.text("我的上级", "上级", "我的邀请人", only=Who.DISTRIBUTOR, reads=True)
def above(ctx: Context) -> Reply:
    """我的邀请人"""
    return _upline(ctx)


def _upline(ctx: Context) -> Reply:
    found = team_sales.inviter(ctx.session, ctx.distributor_id)
    if found is None:
        return offer("你没有邀请人，是直接加入的。", Way("我的团队"), _INVITE)
    text = f"你的邀请人是{masking.name(found[1])}（{found[0]}）。\n你的佣金不会因此变少，他的那份由店铺另付。"
    return offer(text, Way("我的团队"), _INVITE)


def _sales(ctx: Context, counts: dict[int, int]) -> Reply:
    period = _period(ctx)
    found = team_sales.of_team(ctx.session, ctx.distributor_id, period, span(*period), most=_BEST)
    second = f"，他们又邀请了 {counts[2]} 位" if counts.get(2) else ""
    rate = f"（{percent(ctx.policy.store_rate_bp.l2)}）" if _plain_rate(ctx) else ""
    shown = sum(each.net_fen for each in found.best)
    lines = [
        f"你邀请了 {found.people} 位分销员{second}。",
        f"{named(period, day_of(ctx.now), ctx.said)}，直属 {found.people} 人：",
        f"成交 {yuan(found.net_fen)}（{found.orders} 单），给你带来 {yuan(found.brought_fen)}{rate}",
        *(f"{number} {_who(each)} {yuan(each.net_fen)}" for number, each in enumerate(found.best, 1)),
        *(
            [f"其他 {found.selling - len(found.best)} 人 {yuan(found.net_fen - shown)}"]
            if found.selling > _BEST
            else []
        ),
        *([f"还有 {found.people - found.selling} 人没开单。"] if found.people > found.selling else []),
        "只按真实成交给佣金，拉人没有奖励。" + ("回复数字看单个人。" if found.best else ""),
    ]
    ways = [Way(each.code, intent="team", slots={"member": each.code, "period": period}) for each in found.best]
    return offer("\n".join(lines), *(ways or [_INVITE]), listed=not ways, about=Way("", intent="team"))


def _plain_rate(ctx: Context) -> bool:
    """Whether one rate says it all."""
    return not ctx.policy.level_rate_bp and not ctx.policy.category_rate_bp and ctx.policy.depth == 2


def _member(ctx: Context, word: str) -> Reply:
    period = _period(ctx)
    found = team_sales.called(ctx.session, ctx.distributor_id, word, period)
    if not found:
        return offer(f"你的团队里没有找到“{word[:12]}”。只能看你和下级邀请的人。", Way("我的团队"), _INVITE)
    if len(found) > 1:
        lines = [f"{number} {_who(each)}，{shown_day(each.joined_at)}加入" for number, each in enumerate(found, 1)]
        ways = [Way(each.code, intent="team", slots={"member": each.code, "period": period}) for each in found]
        return offer("\n".join([f"“{word[:12]}”有 {len(found)} 位，看哪位？", *lines]), *ways, listed=False)
    one = found[0]
    brought = team_sales.of_member(ctx.session, ctx.distributor_id, one.distributor_id, span(*period))
    place = "直属" if one.depth == 1 else "下级邀请的"
    name = named(period, day_of(ctx.now), ctx.said)
    return offer(
        f"{_who(one)}，{place}，{shown_day(one.joined_at)}加入。\n"
        f"{name}成交 {yuan(one.net_fen)}，{one.orders} 单，给你带来 {yuan(brought)}。",
        Way("我的团队"),
        _INVITE,
        about=Way("", intent="team", slots={"member": one.code}),
    )


def _period(ctx: Context) -> Period:
    period: Period | None = ctx.slots.get("period")
    if period is not None:
        return period
    since, until = month_bounds(day_of(ctx.now))
    return day_of(since), day_of(until)


def _who(each: Seller) -> str:
    return f"{masking.name(each.name)}（{each.code}）"
