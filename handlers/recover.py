"""An account that is on another WeChat: verified on a page, by people where even the phone is gone."""

import re

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import Elsewhere, Offer, Reply, Text
from bot.router import Router, plain
from handlers.choices import choice

router = Router()

_STEP = "recover.phone"
_HERE = ("active", "frozen", "terminated")
_GONE = re.compile("号.{0,6}(?:不用|停|注销|丢|没了|换)|(?:不用|停了|注销|丢|换)了?.{0,4}号|收不到|没有那个号|不记得")
_LOST = "那个手机号不用了"


@router.text("找回账号", "账号找回", "换了微信", "我换微信了", "我以前注册过，换了微信", reads=True)
def recover(ctx: Context) -> Reply:
    """换了微信，找回账号"""
    if ctx.person.state in _HERE:
        return Text("你的账号就在这个微信上，不用找回。\n回复“我的收益”看看。")
    link = ctx.links.recover(ctx.person.openid)
    return Offer(
        _STEP,
        "用注册时的手机号验证一下，就能找回账号和佣金：\n"
        f'<a href="{link}">验证找回</a>（24 小时内有效）\n'
        "账号和佣金都还在，店铺核对身份后转到这个微信。\n"
        "为了你的资金安全，不能在聊天里直接转移账号，也请不要把验证码发给任何人。",
        f"1 {_LOST}\n2 转人工",
    )


@router.step(_STEP, reads=True)
def answered(ctx: Context, said: str) -> Reply:
    number = choice(plain(said))
    if number == 1 or (number is None and _GONE.search(said)):
        return _by_people()
    return Elsewhere(say="人工") if number == 2 else Elsewhere()


@router.text(_LOST, reads=True)
def lost(ctx: Context) -> Reply:
    """手机号也不用了"""
    return _by_people()


def _by_people() -> Reply:
    return offer(
        "那需要人工核对身份，请准备：注册姓名、邀请码或一笔提现单号。\n为了你的资金安全，店铺核对清楚才会转。",
        Way("转人工", say="人工"),
        Way("以后再说", say="0"),
    )
