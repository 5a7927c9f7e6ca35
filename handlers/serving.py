"""Whose a customer is, and the request to be served by somebody else, which the merchant decides."""

import re

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import Ask, Elsewhere, Reply, Text
from bot.router import Router, plain
from distribution import bindings, members, serving_wishes
from distribution.policy import Policy
from distribution.refusals import Code, Refusal
from distribution.rules import masking
from distribution.rules.calendar import shown_day
from handlers.choices import choice
from handlers.withdrawal_words import agreed
from models import Binding, Distributor

router = Router()

_CHANGE = re.compile(r"换|改[成由让]|转到|转给")
_ASK, _NOT_YET = "提交更换申请", "先不换"
_WAYS = (Way("查我的订单", say="我的订单"), Way("我也想分享赚佣金"))


def binding(ctx: Context) -> Reply:
    """Whose a customer is; a customer is told of himself."""
    if ctx.person.state is None:
        return _served(ctx)
    return offer(
        _terms(ctx.policy),
        Way("我的客户"),
        Way("快到期的客户", intent="customers", slots={"status": "expiring"}),
        Way("佣金规则"),
    )


def _terms(policy: Policy) -> str:
    terms = policy.binding
    if terms.mode == "first_forever":
        return "客户第一次扫谁的码、点谁的链接，就一直算谁的，不会过期。"
    if terms.mode == "first_order":
        return "客户第一次下单前，最后扫谁的码就算谁的；下单后就固定下来。"
    if terms.mode == "last_click":
        return "客户最后扫谁的码、点谁的链接，就算谁的。"
    rival = "新扫的码要在 24 小时内下单才会换人" if terms.compete == "order" else "扫了别人的码就换人"
    if terms.compete == "order" and terms.compete_ttl_hours != 24:
        rival = f"新扫的码要在 {terms.compete_ttl_hours} 小时内下单才会换人"
    renew = "；客户下单会重新计时" if terms.renew_on_order else ""
    return (
        f"客户扫你的码或点你的链接，{terms.valid_days} 天内下单都算你的{renew}。\n"
        f"前 {terms.protect_days} 天是保护期，扫别人的码也不换；之后{rival}。\n"
        "过期没下单就不再绑定，重新扫码就行。"
    )


@router.text(_ASK, "更换申请", "换人申请")
def request(ctx: Context) -> Reply:
    """提交更换申请"""
    held = _held(ctx)
    return _change(ctx, held) if held is not None else _served(ctx)


@router.step("serving.change", words=(_ASK, _NOT_YET))
def decided(ctx: Context, said: str, *, to: int) -> Reply:
    word = plain(said)
    if agreed(said) or word == _ASK:
        return _filed(ctx, to)
    if choice(word) == 2 or word == _NOT_YET or (ctx.understood is not None and ctx.understood.intent == "deny"):
        return kept(ctx, said, to=to)
    return Elsewhere()


@router.cancelled("serving.change")
def kept(ctx: Context, said: str, *, to: int) -> Reply:
    return Text("好，维持不变。需要下单点上面的链接就行，或回复“全部商品”。")


def _served(ctx: Context) -> Reply:
    held = _held(ctx)
    if held is None:
        return offer(f"你现在没有绑定谁，扫谁的码就由谁服务。\n{_terms(ctx.policy).splitlines()[0]}", *_WAYS)
    if _CHANGE.search(ctx.said):
        return _change(ctx, held)
    until = f"（到 {shown_day(held.valid_until)}）" if held.valid_until else ""
    text = f"你目前由{_name(ctx, held.distributor_id)}服务{until}，价格和售后都一样。\n想换人要店铺核实一下。"
    return offer(text, Way(_ASK), *_WAYS)


def _change(ctx: Context, held: Binding) -> Reply:
    """What a change means, and whether it shall be asked for."""
    standing = serving_wishes.of_customer(ctx.session, held.member_id, now=ctx.now)
    if standing is not None:
        return _asked_before(ctx, held, decided=standing.decided_at is not None)
    found = serving_wishes.others(ctx.session, held.member_id, held.distributor_id, now=ctx.now)
    if not found:
        now = f"你目前由{_name(ctx, held.distributor_id)}服务，{_until(ctx, held)}"
        return offer(f"{now}\n先扫一下那位的码，再来提交申请就行。", "人工", *_WAYS)
    to = _meant(ctx.said, found)
    text = f"可以。你目前由{_name(ctx, held.distributor_id)}服务，{_until(ctx, held)}"
    choices = f"1 {_ASK}（换成{masking.name(to.name)}）\n2 {_NOT_YET}"
    return Ask("serving.change", f"{text}\n\n{choices}", {"to": to.id})


def _filed(ctx: Context, to: int) -> Reply:
    held = _held(ctx)
    if held is None:
        return _served(ctx)
    try:
        serving_wishes.ask(ctx.session, ctx.member_id, to, now=ctx.now)
    except Refusal as refusal:
        if refusal.code != Code.TOO_MANY:
            raise
        return _change(ctx, held)
    return Text(
        f"已提交：换成{_name(ctx, to)}为你服务。店铺通常 1 个工作日内核实，结果我会通知你。\n"
        "这期间照常下单，价格和售后都一样。"
    )


def _asked_before(ctx: Context, held: Binding, *, decided: bool) -> Reply:
    now = f"目前由{_name(ctx, held.distributor_id)}服务，价格和售后都一样。"
    if decided:
        return offer(f"店铺刚核实过你的更换申请，{now}\n还有疑问就找店铺。", "人工", *_WAYS)
    return offer(f"更换申请已经交给店铺核实，不用再提交，结果我会通知你。\n{now}", *_WAYS)


def _until(ctx: Context, held: Binding) -> str:
    """From when on a scan alone decides."""
    terms, protected = ctx.policy.binding, held.protected_until
    if terms.mode != "window" or held.locked or protected is None or protected <= ctx.now:
        return "更换要店铺核实一下。"
    at_once = terms.compete == "click" or (held.valid_until is not None and held.valid_until <= protected)
    then = "扫谁的码就归谁" if at_once else f"扫谁的码、{terms.compete_ttl_hours} 小时内下单就归谁"
    return f"{shown_day(protected)}前更换要店铺核实一下，之后{then}。"


def _meant(said: str, found: list[Distributor]) -> Distributor:
    """Whoever was named, else whose code was scanned last."""
    return next((each for each in found if len(each.name) > 1 and each.name in said), found[0])


def _held(ctx: Context) -> Binding | None:
    if ctx.person.member_id is None:
        return None
    return bindings.binding_of(ctx.session, ctx.person.member_id, ctx.now)


def _name(ctx: Context, distributor_id: int) -> str:
    return masking.name(members.get_distributor(ctx.session, distributor_id).name)
