"""Whom somebody brought along: head-counts only, and only as deep as commissions go."""

from bot.context import Context
from bot.replies import Reply, Text
from bot.router import Router, Who
from distribution import team

router = Router()


@router.text("我的团队", "团队", "看团队", only=Who.DISTRIBUTOR, reads=True)
@router.intent("team", only=Who.DISTRIBUTOR, reads=True)
def sizes(ctx: Context) -> Reply:
    """我的团队"""
    counts = team.sizes(ctx.session, ctx.distributor_id)
    if not counts:
        return Text("还没有人通过你加入。\n回复“邀请”拿邀请码和海报。")
    return Text(
        f"你邀请了 {counts.get(1, 0)} 位分销员，他们又邀请了 {counts.get(2, 0)} 位。\n"
        "只按真实成交给佣金，拉人没有奖励。\n回复“邀请”拿邀请码。"
    )
