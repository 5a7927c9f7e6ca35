"""A word when a sum can be withdrawn: asked for in the chat, told once, taken back at any time."""

from bot.context import Context
from bot.next_steps import offer
from bot.replies import Reply, Text
from bot.router import Router, Who
from bot.understanding.amounts import MOST_FEN, last_amount
from distribution import earnings, reminders
from distribution.rules.money import parse_yuan, yuan
from handlers import notice_words
from handlers.reminder_words import ENOUGH, WANTED

router = Router()


@router.match(WANTED, only=Who.DISTRIBUTOR)
def wanted(ctx: Context) -> Reply:
    """满 ¥500.00 提醒我"""
    said = (ctx.groups["sum"] or "").replace(" ", "")
    fen = parse_yuan(said) or last_amount(said)
    if fen is None or not 0 < fen <= MOST_FEN:
        return Text("这个金额我没看懂，请写成“满 500 元提醒我”这样再发一次。")
    return _wish(ctx, fen)


@router.match(ENOUGH, only=Who.DISTRIBUTOR)
def enough(ctx: Context) -> Reply:
    """够了提醒我"""
    return _wish(ctx, ctx.policy.withdraw.min_fen)


@router.text("取消提醒", "不用提醒", "不用提醒了", "不用提醒我了", "别提醒了", "取消到账提醒")
def no_more(ctx: Context) -> Reply:
    """取消提醒"""
    fen = reminders.forget(ctx.session, ctx.person.distributor_id)
    if fen is None:
        return notice_words.quiet(ctx)
    return Text(f"好，满 {yuan(fen)} 的提醒取消了，其他提醒照常。\n全部关掉回复“退订”。")


def _wish(ctx: Context, fen: int) -> Reply:
    available = earnings.purse(ctx.session, ctx.distributor_id).available_fen
    if available >= fen:
        return offer(f"已经够了：现在可提现 {yuan(available)}。", "提现", "我的收益")
    reminders.wish(ctx.session, ctx.distributor_id, fen, now=ctx.now)
    return Text(
        f"好，可提现满 {yuan(fen)} 就提醒你一次，现在还差 {yuan(fen - available)}。\n"
        "不要了回复“取消提醒”；回复“退订”可关掉全部提醒。"
    )
