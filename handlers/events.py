"""Following, leaving and scanning: a poster's code says who recommends what."""

from bot.context import Context
from bot.replies import SILENCE, Reply, Text
from bot.router import Router
from distribution import bindings, campaign_sends, members, products
from distribution.rules.calendar import shown_day
from distribution.rules.money import yuan
from handlers.menu import MENU
from models import Scene

router = Router()


@router.follow()
def followed(ctx: Context) -> Reply:
    members.record_follow(ctx.session, ctx.member_id, at=ctx.message.at, now=ctx.now)
    return _welcome(ctx, "欢迎关注👋")


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


def _welcome(ctx: Context, opening: str) -> Reply:
    scene = _scan(ctx)
    if scene is None:
        rest = MENU if ctx.person.state == "active" else "回复“我要成为分销员”，分享好物赚佣金；回复“菜单”看全部。"
        return Text(f"{opening}\n{rest}")
    recommender = members.get_distributor(ctx.session, scene.distributor_id)
    if scene.purpose == "invitation":
        return Text(
            f"{opening}\n{recommender.name}邀请你一起分享好物：免费加入，只按真实成交给佣金，拉人没有奖励。\n"
            "回复“我要成为分销员”就能申请。"
        )
    return Text("\n".join([opening, *_recommended(ctx, scene, recommender.name, recommender.code)]))


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
