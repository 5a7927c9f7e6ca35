"""Taking the money out: amount, an explicit yes within five minutes, and where it is afterwards."""

import datetime as dt

from bot.context import Context
from bot.replies import Again, Ask, Reply, Text
from bot.router import Router, Who, plain
from distribution import earnings, withdrawals
from distribution.rules import masking
from distribution.rules.calendar import day_of
from distribution.rules.money import parse_yuan, yuan
from distribution.rules.withdrawal import Quote
from handlers.choices import choice
from models import Withdrawal

router = Router()

_YES = {"确认", "确认提现", "是", "是的", "对", "好", "好的", "ok", "yes", "没问题", "可以"}
_ALL = {"全部", "全部提现", "所有", "都提", "全提"}
_CHANGE = {"改金额", "换金额", "改"}


@router.text("提现", "我要提现", "4", "申请提现", only=Who.DISTRIBUTOR, reads=True)
@router.intent("withdraw", only=Who.DISTRIBUTOR, reads=True)
@router.click("WITHDRAW", only=Who.DISTRIBUTOR, reads=True)
def begin(ctx: Context) -> Reply:
    """提现"""
    said = ctx.slots.get("amount")
    if said == "all":
        return _everything(ctx)
    if isinstance(said, int):
        return _confirm(ctx, said)
    return _ask_amount(ctx)


@router.step("withdrawal.amount", only=Who.DISTRIBUTOR, reads=True)
def amount(ctx: Context, said: str) -> Reply:
    if plain(said) in _ALL:
        return _everything(ctx)
    fen = parse_yuan(plain(said).removeprefix("提现").removeprefix("提"))
    if fen is None:
        return Again("这个金额我没看懂，请直接发数字，例如 200，或回复“全部”；回复“0”退出。")
    return _confirm(ctx, fen)


@router.step("withdrawal.confirm", only=Who.DISTRIBUTOR)
def confirm(ctx: Context, said: str, *, fen: int, net: int | None = None) -> Reply:
    word = plain(said)
    picked = choice(word)
    if picked == 1 or word in _YES:
        if net is not None and _quote(ctx, fen).net_fen != net:
            return _confirm(ctx, fen)  # what was shown is what is paid: fee or tax changed meanwhile
        row = withdrawals.request(
            ctx.session, ctx.distributor_id, fen, request_key=ctx.message.key, policy=ctx.policy, now=ctx.now
        )
        return Text(_submitted(row))
    if picked == 2 or word in _CHANGE:
        return _ask_amount(ctx)
    other = parse_yuan(word.removeprefix("改成").removeprefix("提现").removeprefix("提"))
    if other is not None and picked is None:
        return _confirm(ctx, other)
    return Again("请回复数字：\n1 确认提现\n2 改金额\n0 取消")


@router.text("对账单", "月结单", "账单", "明细单", only=Who.DISTRIBUTOR, reads=True)
def statement(ctx: Context) -> Reply:
    """对账单"""
    today = day_of(ctx.now)
    months = (today, today.replace(day=1) - dt.timedelta(days=1))
    links = [(each.month, ctx.links.statement(ctx.distributor_id, f"{each:%Y-%m}")) for each in months]
    lines = [f'<a href="{address}">{month} 月对账单</a>' for month, address in links]
    return Text("\n".join(("每一笔佣金、扣回、提现、手续费和税都在里面：", *lines)))


@router.text("撤回提现", "撤回", "取消提现", only=Who.DISTRIBUTOR, reads=True)
def take_back(ctx: Context) -> Reply:
    """撤回提现"""
    row = withdrawals.to_take_back(ctx.session, ctx.distributor_id)
    if row is None:
        return Text("没有可以撤回的提现。\n回复“提现进度”看最近几笔。")
    return Ask(
        "withdrawal.take_back",
        f"撤回后 {yuan(row.fen)}（{row.no}）退回可提现，不收费。确定撤回吗？\n1 撤回\n2 不撤回",
        {"no": row.no},
        minutes=5,
    )


@router.step("withdrawal.take_back", only=Who.DISTRIBUTOR)
def taken_back(ctx: Context, said: str, *, no: str) -> Reply:
    word = plain(said)
    picked = choice(word)
    if picked == 1 or word in _YES or word == "撤回":
        row = withdrawals.cancel(ctx.session, no, by=f"distributor:{ctx.distributor_id}", now=ctx.now)
        done = row.state == "released"
        return Text("已撤回，钱退回可提现。" if done else "已申请撤回，微信处理通常几分钟，退回后会通知你。")
    if picked == 2 or word in {"不撤回", "不", "不用", "算了"}:
        return Text("好，维持不变。\n回复“提现进度”随时查。")
    return Again("请回复数字：\n1 撤回\n2 不撤回")


def _ask_amount(ctx: Context) -> Reply:
    purse = earnings.purse(ctx.session, ctx.distributor_id)
    if not purse.available_fen:
        return _nothing_there(purse)
    pending = f"，另有待结算 {yuan(purse.pending_fen)}" if purse.pending_fen else ""
    return Ask(
        "withdrawal.amount",
        f"可提现 {yuan(purse.available_fen)}{pending}。\n请发要提的金额（元），或回复“全部”；回复“0”退出。",
        minutes=5,
    )


def _everything(ctx: Context) -> Reply:
    purse = earnings.purse(ctx.session, ctx.distributor_id)
    return _confirm(ctx, purse.available_fen) if purse.available_fen else _nothing_there(purse)


def _nothing_there(purse: earnings.Purse) -> Reply:
    return Text(f"可提现 ¥0.00，现在没有可以提的。\n待结算 {yuan(purse.pending_fen)}，客户收货满期后转为可提现。")


def _quote(ctx: Context, fen: int) -> Quote:
    return withdrawals.quote(ctx.session, ctx.distributor_id, fen, policy=ctx.policy, now=ctx.now)


def _confirm(ctx: Context, fen: int) -> Reply:
    quote = _quote(ctx, fen)
    payee = masking.name(ctx.person.name or "")
    tax = f"，代扣个税 {yuan(quote.tax_fen)}" if quote.tax_fen else ""
    return Ask(
        "withdrawal.confirm",
        f"请核对：\n提现 {yuan(quote.fen)} 到微信零钱（{payee}）\n"
        f"手续费 {yuan(quote.fee_fen)}{tax}，到账 {yuan(quote.net_fen)}\n提后可提现还剩 {yuan(quote.left_fen)}\n\n"
        "1 确认提现\n2 改金额\n0 取消\n5 分钟内有效。",
        {"fen": fen, "net": quote.net_fen},
        minutes=5,
    )


def _submitted(row: Withdrawal) -> str:
    if row.state == "requested":
        return f"已提交，单号 {row.no}。\n{yuan(row.fen)} 正在等店铺审核，通常 1 个工作日内。\n回复“提现进度”随时查。"
    return f"已提交，单号 {row.no}。\n{yuan(row.fen)} 正在打款，稍后请在微信里确认收款。"
