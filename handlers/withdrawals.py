"""Taking the money out: amount, an explicit yes within five minutes, one effect for one yes."""

from dataclasses import replace

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import Again, Ask, Elsewhere, Offer, Reply, Text
from bot.router import Router, Who, plain
from distribution import earnings, withdrawals
from distribution.refusals import Refusal
from distribution.rules import bank_cards, masking
from distribution.rules.money import yuan
from distribution.rules.withdrawal import Channel, Quote
from handlers import reminder_words, withdrawal_ways
from handlers.choices import choice
from handlers.withdrawal_refusals import explained, not_enough, nothing_there, pending_words, refuse_early
from handlers.withdrawal_ways import Target
from handlers.withdrawal_words import GO_ON, agreed, amount_said, turns_away, until_fen, wants_change
from models import Withdrawal

router = Router()

_MINUTES = 5
_WECHAT = Target()
_CONFIRM = "1 确认提现\n2 改金额\n{ways}0 取消\n5 分钟内有效。"


@router.text("提现", "我要提现", "4", "申请提现", only=Who.DISTRIBUTOR, reads=True)
@router.intent("withdraw", only=Who.DISTRIBUTOR, reads=True)
@router.click("WITHDRAW", only=Who.DISTRIBUTOR, reads=True)
def begin(ctx: Context) -> Reply:
    """提现"""
    said = ctx.slots.get("amount")
    if said == "all" or isinstance(said, int):
        return _named(ctx, said)
    return _ask_amount(ctx)


@router.step("withdrawal.amount", only=Who.DISTRIBUTOR, reads=True)
def amount(ctx: Context, said: str, *, channel: Channel = "wechat", account: str = "") -> Reply:
    wanted = amount_said(ctx, said)
    if wanted is not None:
        return _asked(ctx, wanted, Target(channel, account or None))
    if turns_away(ctx, said):
        return Elsewhere()
    return Again("这个金额我没看懂，请直接发数字，例如 200，或回复“全部”；回复“0”退出。")


@router.step("withdrawal.instead", only=Who.DISTRIBUTOR, reads=True)
def instead(ctx: Context, said: str, *, first: int) -> Reply:
    if agreed(said):
        return _asked(ctx, first)
    if wants_change(said):
        return _ask_amount(ctx)
    return amount(ctx, said)


@router.step("withdrawal.confirm", only=Who.DISTRIBUTOR)
def confirm(
    ctx: Context, said: str, *, fen: int, net: int | None = None, channel: Channel = "wechat", account: str = ""
) -> Reply:
    target = Target(channel, account or None)
    if agreed(said):
        return _take(ctx, fen, net, target)
    if wants_change(said):
        return _ask_amount(ctx, target)
    switched = withdrawal_ways.switched(ctx, said, target)
    if switched is not None:
        return _to(ctx, fen, switched, before=target)
    other = amount_said(ctx, said)
    if other is not None and choice(said) is None:
        return _named(ctx, other, target)
    if turns_away(ctx, said):
        return Elsewhere()
    if ctx.understood and ctx.understood.intent == "deny":
        return left(ctx, said)
    return Again(f"还没有提。要提 {yuan(fen)} 吗？请回复数字：\n{_choices(ctx, target)}")


@router.step("withdrawal.real_name", only=Who.DISTRIBUTOR, reads=True, words=GO_ON)
def after_real_name(ctx: Context, said: str, *, wanted: int) -> Reply:
    """The name was looked at, or not yet: the withdrawal goes on where it stood."""
    other = amount_said(ctx, said) if choice(said) is None else None
    if agreed(said) or plain(said) in GO_ON or other is not None:
        reply = _asked(ctx, wanted if other is None else other)
        if isinstance(reply, Ask) and reply.step == "withdrawal.confirm":
            return replace(reply, text=f"实名通过（{masking.name(ctx.person.name or '')}）。{reply.text}")
        return reply
    if turns_away(ctx, said):
        return Elsewhere()
    return Again("做完实名核对，回来发“继续”，我接着帮你提；回复“0”先不提。")


@router.lapsed("withdrawal.real_name", only=Who.DISTRIBUTOR)
def late_real_name(ctx: Context, said: str, *, wanted: int) -> Reply:
    reply = after_real_name(ctx, said, wanted=wanted)
    return left(ctx, said) if isinstance(reply, Again | Elsewhere) else reply


@router.step("withdrawal.card", only=Who.DISTRIBUTOR, reads=True)
def card(ctx: Context, said: str, *, fen: int) -> Reply:
    number = bank_cards.parse(said)
    if number is not None:
        return _asked(ctx, fen, Target("bank", number))
    if turns_away(ctx, said):
        return Elsewhere()
    return Again("这个卡号不对，请核对后再发一次（13 到 19 位数字）；回复“0”退出。")


@router.step("withdrawal.submitted", only=Who.DISTRIBUTOR, reads=True)
def repeated(ctx: Context, said: str, *, no: str) -> Reply:
    if agreed(said):
        return Text(f"{no} 已经提交过了，一次确认只算一次，没有重复提。\n回复“提现进度”随时查。")
    return Elsewhere()


@router.lapsed("withdrawal.confirm", only=Who.DISTRIBUTOR)
def too_late(ctx: Context, said: str, *, fen: int, **_: object) -> Reply:
    if agreed(said):
        return offer(
            f"刚才那次提现已过期（过了 {_MINUTES} 分钟），为安全没有提交，钱没动。\n还要提 {yuan(fen)} 吗？",
            Way("重新核对", intent="withdraw", slots={"amount": fen}),
            Way("不提了"),
        )
    wanted = amount_said(ctx, said) if choice(said) is None else None
    return _asked(ctx, wanted) if wanted is not None else left(ctx, said)


@router.lapsed("withdrawal.amount", only=Who.DISTRIBUTOR)
@router.lapsed("withdrawal.instead", only=Who.DISTRIBUTOR)
def late_amount(
    ctx: Context, said: str, *, first: int | None = None, channel: Channel = "wechat", account: str = ""
) -> Reply:
    wanted = first if first is not None and agreed(said) else amount_said(ctx, said)
    return _asked(ctx, wanted, Target(channel, account or None)) if wanted is not None else left(ctx, said)


@router.lapsed("withdrawal.card", only=Who.DISTRIBUTOR)
@router.cancelled("withdrawal.card")
@router.cancelled("withdrawal.real_name")
@router.cancelled("withdrawal.amount")
@router.cancelled("withdrawal.confirm")
@router.cancelled("withdrawal.instead")
def left(ctx: Context, said: str, **_: object) -> Reply:
    """What stands when somebody does not withdraw."""
    available = earnings.purse(ctx.session, ctx.distributor_id).available_fen
    goal = until_fen(said)
    kept = f"好，没有提现，{yuan(available)} 原样不动。"
    if goal and goal > available:
        return offer(f"{kept}离 {yuan(goal)} 还差 {yuan(goal - available)}。", reminder_words.way(goal), Way("不用"))
    return Text(f"{kept}\n想提的时候回复“提现”，看全部回复“0”。")


def _take(ctx: Context, fen: int, net: int | None, target: Target) -> Reply:
    if not withdrawal_ways.allowed(ctx, target.channel):
        return _asked(ctx, fen)  # the shop no longer pays that way
    try:
        quote = _quote(ctx, fen, target)
    except Refusal as refusal:
        return explained(ctx, refusal)
    if net is not None and quote.net_fen != net:
        return _check(ctx, quote, target)  # what was shown is what is paid: fee or tax changed meanwhile
    row = withdrawals.request(
        ctx.session, ctx.distributor_id, fen, request_key=ctx.message.key, policy=ctx.policy, now=ctx.now,
        channel=target.channel, payee_account=target.account,
    )  # fmt: skip
    return Offer("withdrawal.submitted", _submitted(row), facts={"no": row.no}, minutes=2)


def _ask_amount(ctx: Context, target: Target = _WECHAT) -> Reply:
    try:
        refuse_early(ctx)
    except Refusal as refusal:
        return explained(ctx, refusal)
    purse = earnings.purse(ctx.session, ctx.distributor_id)
    if not purse.available_fen:
        return nothing_there(ctx, purse)
    if purse.available_fen < ctx.policy.withdraw.min_fen:
        return not_enough(ctx, purse)
    coming = pending_words(ctx, purse).rstrip("。\n")
    return Ask(
        "withdrawal.amount",
        f"可提现 {yuan(purse.available_fen)}{f'，{coming}' if coming else ''}。\n"
        "请发要提的金额（元），或回复“全部”；回复“0”退出。",
        target.facts(),
        minutes=_MINUTES,
    )


def _to(ctx: Context, fen: int, channel: Channel, *, before: Target) -> Reply:
    """The same amount to another target; a card that is not known yet is asked for."""
    known = withdrawal_ways.last_card(ctx) if channel == "bank" and before.channel != "bank" else None
    if channel != "bank" or known:
        return _asked(ctx, fen, Target(channel, known))
    payee = masking.name(ctx.person.name or "")
    said = f"请发收款的银行卡号，户名要是{payee}。\n只用来给你转账，只有店铺财务能看到。\n回复“0”退出。"
    return Ask("withdrawal.card", said, {"fen": fen}, minutes=_MINUTES)


def _named(ctx: Context, wanted: int | str, target: Target = _WECHAT) -> Reply:
    """As ``_asked``, but to the target that the message itself names."""
    checked, way = _asked(ctx, wanted, target), withdrawal_ways.named(ctx)
    if way in (None, target.channel) or not isinstance(checked, Ask):
        return checked
    return _to(ctx, int(checked.facts["fen"]), way, before=target) if "fen" in checked.facts else checked


def _asked(ctx: Context, wanted: int | str, target: Target = _WECHAT) -> Reply:
    """What taking out this much would mean, and whether it shall be; or why it cannot be."""
    try:
        refuse_early(ctx)
        purse = earnings.purse(ctx.session, ctx.distributor_id)
        fen = purse.available_fen if wanted == "all" else int(wanted)
        return _check(ctx, _quote(ctx, fen, target), target) if fen or wanted != "all" else nothing_there(ctx, purse)
    except Refusal as refusal:
        return explained(ctx, refusal)


def _quote(ctx: Context, fen: int, target: Target) -> Quote:
    return withdrawals.quote(
        ctx.session, ctx.distributor_id, fen, policy=ctx.policy, now=ctx.now, channel=target.channel
    )


def _choices(ctx: Context, target: Target) -> str:
    return _CONFIRM.format(ways=withdrawal_ways.choices(ctx, target))


def _check(ctx: Context, quote: Quote, target: Target) -> Reply:
    tax = f"，代扣个税 {yuan(quote.tax_fen)}" if quote.tax_fen else ""
    return Ask(
        "withdrawal.confirm",
        f"请核对：\n提现 {yuan(quote.fen)} 到{withdrawal_ways.shown(ctx, target)}\n"
        f"手续费 {yuan(quote.fee_fen)}{tax}，到账 {yuan(quote.net_fen)}\n提后可提现还剩 {yuan(quote.left_fen)}\n\n"
        f"{_choices(ctx, target)}",
        {"fen": quote.fen, "net": quote.net_fen, **target.facts()},
        minutes=_MINUTES,
    )


def _submitted(row: Withdrawal) -> str:
    now = withdrawal_ways.passed(row.channel)
    if row.state == "requested":
        now = f"正在等店铺审核，通常 1 个工作日内，{withdrawal_ways.once_passed(row.channel)}"
    return f"已提交，单号 {row.no}。\n{yuan(row.fen)} {now}。\n回复“提现进度”随时查。"
