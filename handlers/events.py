"""Following, leaving and scanning: a poster's code says who recommends what."""

import datetime as dt

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import SILENCE, Reply, Text
from bot.router import Router
from distribution import bindings, campaign_sends, earnings, members, products
from distribution.rules import masking
from distribution.rules.calendar import shown_day
from distribution.rules.money import yuan
from handlers.menu import FIRST, MENU
from models import Scene
from models.states import DistributorState

router = Router()

_KNOWN = ("active", "frozen", "terminated")


@router.follow()
def followed(ctx: Context) -> Reply:
    away_since = members.away_since(ctx.session, ctx.member_id)
    members.record_follow(ctx.session, ctx.member_id, at=ctx.message.at, now=ctx.now)
    if away_since is not None and ctx.person.state in _KNOWN and not ctx.scene:
        return _back(ctx, away_since)
    return _welcome(ctx, "欢迎回来！" if away_since else "欢迎关注👋")


@router.scan()
def scanned(ctx: Context) -> Reply:
    members.record_follow(ctx.session, ctx.member_id, at=ctx.message.at, now=ctx.now)
    return _welcome(ctx, "欢迎回来！")


@router.leave()
def left(ctx: Context) -> Reply:
    members.record_unfollow(ctx.session, ctx.member_id, at=ctx.message.at, now=ctx.now)
    return SILENCE


@router.told("MASSSENDJOBFINISH")
def broadcast_finished(ctx: Context) -> Reply:
    told = ctx.told
    campaign_sends.record_finished(
        ctx.session,
        str(told.get("MsgID", "")),
        status=str(told.get("Status", "")),
        total=_count(told.get("TotalCount")),
        sent=_count(told.get("SentCount")),
        now=ctx.now,
    )
    return SILENCE


def _count(value: object) -> int:
    text = str(value or "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _back(ctx: Context, away_since: dt.datetime) -> Reply:
    """Somebody who has an account comes back: what came in meanwhile."""
    earned = earnings.earned(ctx.session, ctx.distributor_id, away_since, ctx.now)
    purse = earnings.purse(ctx.session, ctx.distributor_id)
    told = f"{earned.orders} 单，收益 {yuan(earned.fen)}" if earned.orders else "没有新订单"
    lines = [
        f"欢迎回来，{masking.name(ctx.person.name or '')}！账号一直给你留着。",
        f"离开这些天：{told}",
        f"可提现 {yuan(purse.available_fen)}",
        *([] if ctx.person.notices else ["提醒现在是关着的。"]),
    ]
    notices = [] if ctx.person.notices else [Way("恢复提醒")]
    return offer("\n".join(lines), *notices, Way("看收益", say="我的收益"), "提现")


def _welcome(ctx: Context, opening: str) -> Reply:
    scene = _scan(ctx)
    if scene is None and ctx.scene:
        return offer(_shop(ctx, opening, "这张海报已经用不了啦，店一直在："), *FIRST)
    if scene is None and ctx.person.state == "active":
        return Text(f"{opening}\n{MENU}")
    if scene is None:
        return offer(f"{opening}\n买东西、查物流、分享赚佣金，都可以找我；回复“菜单”看全部。", *FIRST)
    recommender = members.get_distributor(ctx.session, scene.distributor_id)
    if recommender.state != DistributorState.ACTIVE:
        return offer(_shop(ctx, opening, "店里现在有这些好物："), *FIRST)
    if scene.purpose == "invitation":
        return offer(
            f"{opening}\n{recommender.name}邀请你一起分享好物：免费加入，只按真实成交给佣金，拉人没有奖励。\n"
            "回复“我要成为分销员”就能申请。",
            Way("现在申请", say="我要成为分销员"),
            Way("先看看佣金规则", say="佣金规则"),
        )
    return offer("\n".join([opening, *_recommended(ctx, scene, recommender.name, recommender.code)]), *FIRST)


def _shop(ctx: Context, opening: str, said: str) -> str:
    return f'{opening}\n{said}\n<a href="{ctx.links.landing("")}">看看现在能买的</a>'


def _scan(ctx: Context) -> Scene | None:
    if not ctx.scene:
        return None
    return bindings.scan(ctx.session, ctx.member_id, ctx.scene, policy=ctx.policy, at=ctx.message.at, now=ctx.now)


def _recommended(ctx: Context, scene: Scene, name: str, code: str) -> list[str]:
    product = products.find(ctx.session, scene.product_id) if scene.product_id else None
    if product is None or not product.on_sale:
        link = ctx.links.landing(code)
        return [f"{name}推荐你来逛逛：", f'<a href="{link}">看全部商品</a>', *_served_by(ctx, scene.distributor_id)]
    stock = "现在有货" if product.stock > 0 else "暂时卖完了"
    link = ctx.links.product(code, product.id)
    return [
        f"{name}分享的是：",
        f"{product.name}，{yuan(product.price_fen)}，{stock}",
        f'<a href="{link}">看商品 / 下单</a>',
        *_served_by(ctx, scene.distributor_id),
    ]


def _served_by(ctx: Context, scanned_id: int) -> list[str]:
    held = bindings.binding_of(ctx.session, ctx.member_id, ctx.message.at)
    if held is None or held.distributor_id == scanned_id or held.valid_until is None:
        return []
    other = members.get_distributor(ctx.session, held.distributor_id)
    return [f"你目前由{other.name}服务（到 {shown_day(held.valid_until)}），价格和售后都一样。"]
