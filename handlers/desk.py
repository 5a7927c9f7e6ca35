"""While a person answers: the bot listens in silence, then asks whether it was solved."""

from bot.context import Context
from bot.messages import Said, Sent, Voice
from bot.next_steps import Way, offer
from bot.replies import SILENCE, Elsewhere, Reply, Text
from bot.router import Router, plain
from distribution import desks, hand_overs
from handlers import sent_things
from handlers.choices import choice

router = Router()

_YES = frozenset(("解决了", "已解决", "解决", "好了", "搞定了", "是", "是的"))
_NO = frozenset(("没有", "没解决", "没有解决", "还没有", "还没", "没", "不行"))


@router.desk("human")
def listening(ctx: Context) -> Reply:
    said = ctx.said or (sent_things.as_line(ctx.message) if isinstance(ctx.message, Sent | Voice) else "")
    if said:
        hand_overs.listen(ctx.session, ctx.member_id, said, now=ctx.now)
    return SILENCE


@router.desk("asked")
def judged(ctx: Context) -> Reply:
    desks.leave(ctx.session, ctx.member_id)
    if not isinstance(ctx.message, Said):
        return Elsewhere()
    word = plain(ctx.said)
    number = choice(word)
    if number == 1 or word in _YES:
        hand_overs.judge(ctx.session, ctx.member_id, True, now=ctx.now)
        return Text("谢谢反馈！有事随时叫我。")
    if number == 2 or word in _NO:
        return _not_solved(ctx)
    return Elsewhere()


def _not_solved(ctx: Context) -> Reply:
    row = hand_overs.judge(ctx.session, ctx.member_id, False, now=ctx.now)
    if row is None:
        return offer("抱歉没帮上忙。", Way("再转人工", say="人工"), "菜单")
    return offer(
        f"抱歉还没解决，已请店铺再看一次，受理号 {row.no}。",
        Way("补充截图或说明", say="补充"),
        Way("再转人工", say="人工"),
    )
