"""Taking back a withdrawal that is still on its way, with a yes of its own."""

from bot.context import Context
from bot.replies import Again, Ask, Reply, Text
from bot.router import Router, Who, plain
from distribution import earnings, withdrawals
from distribution.refusals import Code, Refusal
from distribution.rules.money import yuan
from handlers.choices import choice
from handlers.withdrawal_words import agreed

router = Router()

_CHOICES = "1 撤回\n2 不撤回"
_WORDS = ("撤回", "撤回提现", "确定撤回", "1撤回", "1 撤回")


@router.text("撤回提现", "撤回", "取消提现", "撤销提现", only=Who.DISTRIBUTOR, reads=True)
def take_back(ctx: Context) -> Reply:
    """撤回提现"""
    row = withdrawals.to_take_back(ctx.session, ctx.distributor_id)
    if row is None:
        return Text("没有可以撤回的提现，什么都没有改动。\n回复“提现进度”看最近几笔。")
    return Ask(
        "withdrawal.take_back",
        f"撤回后 {yuan(row.fen)}（{row.no}）退回可提现，不收费。确定撤回吗？\n{_CHOICES}",
        {"no": row.no},
        minutes=5,
    )


@router.step("withdrawal.take_back", only=Who.DISTRIBUTOR, words=_WORDS)
def taken_back(ctx: Context, said: str, *, no: str) -> Reply:
    word = plain(said)
    if agreed(said) or word in _WORDS:
        return _take_back(ctx, no)
    if choice(word) == 2 or word in {"不撤回", "不撤", "不", "不用", "不要", "算了"}:
        return Text("好，维持不变。\n回复“提现进度”随时查。")
    return Again(f"请回复数字：\n{_CHOICES}")


@router.lapsed("withdrawal.take_back", only=Who.DISTRIBUTOR)
def too_late(ctx: Context, said: str, *, no: str) -> Reply:
    return Text("刚才那一步已过期，没有撤回，提现照常办理。\n还要撤回就再回复“撤回提现”。")


@router.cancelled("withdrawal.take_back")
def kept(ctx: Context, said: str, *, no: str) -> Reply:
    return Text("好，维持不变。\n回复“提现进度”随时查。")


def _take_back(ctx: Context, no: str) -> Reply:
    row = withdrawals.find(ctx.session, no)
    if row is None or row.distributor_id != ctx.distributor_id:
        raise Refusal(Code.NOT_FOUND, what="withdrawal")
    withdrawals.cancel(ctx.session, no, by=f"distributor:{ctx.distributor_id}", now=ctx.now)
    available = earnings.purse(ctx.session, ctx.distributor_id).available_fen
    if row.state == "released":
        return Text(f"已撤回，{yuan(row.fen)} 退回可提现，现在可提现 {yuan(available)}。\n回复“提现”可以重新申请。")
    return Text(
        f"已申请撤回，微信处理通常几分钟。退回后可提现共 {yuan(available + row.fen)}，到时通知你；"
        "在那之前先别重复提现。"
    )
