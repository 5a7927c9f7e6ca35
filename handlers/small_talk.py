"""Hello, thanks, and everything that is no wish to this shop: one polite line, never repeating what was said."""

import re
from collections.abc import Mapping
from typing import Any

from bot.context import Context
from bot.next_steps import Way, offer, picked
from bot.replies import Elsewhere, Offer, Reply, Text, shown
from bot.router import Router, plain
from distribution import drafts, earnings, teaching
from distribution.rules import masking
from distribution.rules.calendar import day_bounds, day_of
from distribution.rules.money import yuan
from handlers import sent_things
from handlers.choices import choice
from handlers.menu import MENU, NEWCOMER, not_understood

router = Router()

_UNCLEAR = "unclear"
_ABUSE = re.compile(
    "傻[逼b比叉]|[傻蠢笨]机器人|垃圾|滚|妈的|他妈|操你|草泥|废物|智障|脑残|去死|王八|混蛋|狗屎|骗子|sb|cnm",
    re.IGNORECASE,
)
_FRAUD = re.compile("骗|诈")
_WEATHER = re.compile("天气|下雨|气温|台风|下雪")


@router.text("你好", "在吗", "您好", "hi", "hello", "在不在", "有人吗", reads=True)
@router.intent("greeting", reads=True)
def hello(ctx: Context) -> Reply:
    """打招呼"""
    if ctx.person.state == "active":
        today = day_bounds(day_of(ctx.now))
        earned = earnings.earned(ctx.session, ctx.distributor_id, *today)
        told = f"今天 {earned.orders} 单，佣金 {yuan(earned.fen)}。" if earned.orders else "今天还没开单。"
        return Text(f"在的，{masking.name(ctx.person.name or '')}！{told}\n{MENU}")
    draft = drafts.find(ctx.session, ctx.person.member_id) if ctx.person.member_id and not ctx.person.state else None
    if draft is not None:
        return _unfinished(draft.phone, draft.name)
    return Text(f"在的！\n{NEWCOMER}")


def _unfinished(phone: str | None, name: str | None) -> Reply:
    """An application that was begun is offered again."""
    step = 1 if not phone else 2 if not name else 3
    filled = f"（手机 {masking.phone(phone)} 已填好）" if phone else ""
    word = ("接着填手机号", "接着填姓名", "接着看协议")[step - 1]
    return offer(
        f"在的！上次申请分销员填到第 {step} 步{filled}。",
        Way(word, say="我要成为分销员"),
        Way("重新开始"),
        Way("先不申请", say="0"),
    )


@router.text("谢谢", "多谢", "感谢", "再见", reads=True)
@router.intent("thanks", reads=True)
def thanks(ctx: Context) -> Reply:
    return Text("不客气，随时叫我。")


@router.intent("faq", reads=True)
def own_answer(ctx: Context) -> Reply:
    told = teaching.answer(ctx.session, int(ctx.slots.get("answer") or 0))
    return Text(told) if told else not_understood(ctx)


@router.text("我只是来买东西", "我是来买东西的", reads=True)
def shopper(ctx: Context) -> Reply:
    """来买东西"""
    return offer(
        "欢迎！下单、物流和售后都可以问我。", Way("看全部商品"), Way("查我的订单", say="我的订单"), Way("人工")
    )


@router.intent("other")
def out_of_scope(ctx: Context) -> Reply:
    """What is refused is refused in one line; what was not understood is counted."""
    return _answer(ctx, times=1)


@router.otherwise(reads=True)
def not_taken(ctx: Context) -> Reply:
    """Answers that nobody waits for, and what is not text."""
    return sent_things.line_for(ctx) or not_understood(ctx)


@router.step(_UNCLEAR)
def again(ctx: Context, said: str, *, ways: list[Mapping[str, Any]], times: int) -> Reply:
    """Twice not understood: a person is offered."""
    word = plain(said)
    found = picked(ways, choice(word), word)
    lost = ctx.understood is not None and ctx.understood.intent == "other" and not any(each.isdigit() for each in said)
    return _answer(ctx, times=times + 1) if found == Elsewhere() and lost else found


def _answer(ctx: Context, *, times: int) -> Reply:
    rule = ctx.why[0] if ctx.why else ""
    if _ABUSE.search(ctx.said):
        return Text("没帮上忙，抱歉。要真人处理就回复“人工”。")
    group, _, name = rule.partition(".")
    if group == "others":
        return Text("我只能查和提你自己的佣金，别人的看不到，也动不了。\n查自己的回复“收益”。")
    if group == "hostile":
        return _hostile(ctx, name)
    if group == "money_elsewhere":
        return _elsewhere(ctx)
    if group == "shopkeeper":
        return Text("店铺后台的事要在商家后台里办，这里帮不上。\n找店铺请回复“人工”，看能做什么回复“菜单”。")
    if group == "world":
        opening = "天气我不会看" if _WEATHER.search(ctx.said) else "这个我不会"
        today = [Way("今天的收益", say="今天赚了多少"), Way("今天发圈的文案", say="文案")]
        return offer(f"{opening}，卖货的事我在行😄", *(today if ctx.person.state == "active" else _selling(ctx)))
    return _unclear(ctx, times)


def _hostile(ctx: Context, name: str) -> Reply:
    if name == "code":
        return offer("这句我没看懂。我可以帮你：", *_selling(ctx))
    if name == "secrets":
        return Text("这些我不能说，也给不了。\n我能帮你查自己的收益和订单，回复“菜单”看看。")
    return Text("这个我做不到。提现只能由你本人发起、核对后确认，最多提到自己的可提现金额。\n查金额回复“收益”。")


def _elsewhere(ctx: Context) -> Reply:
    if _FRAUD.search(ctx.said):
        return Text(
            "听起来像是被骗了：先别再转账，尽快报警或拨打反诈专线 96110。\n我只能办本店佣金的事，本店提现回复“提现”。"
        )
    return Text("这里只办本店佣金的提现，别处的钱我帮不上。\n本店的佣金回复“收益”，要提现回复“提现”。")


def _selling(ctx: Context) -> list[Way]:
    if ctx.person.state == "active":
        return [Way("查收益"), Way("生成海报"), Way("查订单")]
    return [Way("看全部商品"), Way("查我的订单", say="我的订单"), Way("我要成为分销员")]


def _unclear(ctx: Context, times: int) -> Reply:
    teaching.note_unknown(ctx.session, ctx.said, now=ctx.now)
    if times > 1:
        return offer("还是没看懂，抱歉。要不要找真人？", Way("转人工", say="人工"), Way("菜单"))
    return Offer(_UNCLEAR, shown(not_understood(ctx)), "", {"ways": [], "times": times})
