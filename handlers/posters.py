"""Posters and links: what distributors share."""

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import Again, Ask, Image, Reply, Text
from bot.router import Router, Who, plain
from distribution import campaign_posters, posters, products
from distribution.posters import Ready
from distribution.refusals import Code, Refusal
from distribution.rules.money import yuan
from handlers.choices import choice
from models import Product

router = Router()

_SHOWN = 5
_WHOLE_SHOP = {"全店", "全店海报", "店铺海报", "整店"}


@router.text("生成海报", "1", "海报", "推广海报", "做海报", only=Who.ACTIVE, reads=True)
@router.click("POSTER", only=Who.ACTIVE, reads=True)
def begin(ctx: Context) -> Reply:
    """生成海报"""
    offered = products.on_sale(ctx.session, limit=_SHOWN)
    if not offered:
        return Text("店里暂时没有可以推广的商品，等店铺上新后再来吧。")
    return _choose(ctx, "推哪一个？回复数字，或直接发商品名：", offered)


@router.intent("poster", only=Who.ACTIVE)
def named(ctx: Context) -> Reply:
    wanted = str(ctx.slots.get("product") or "")
    if not wanted:
        return begin(ctx)
    if wanted in _WHOLE_SHOP or plain(wanted) in {"店铺", "全店"}:
        return _draw(ctx, None, "shop")
    return _by_name(ctx, wanted)


@router.step("posters.choose", only=Who.ACTIVE)
def chosen(ctx: Context, said: str, *, products_offered: list[int], campaigns: list[int] | None = None) -> Reply:
    picked, running, last = choice(plain(said)), campaigns or [], len(products_offered) + 1
    if picked is not None and 1 <= picked <= len(products_offered):
        return _draw(ctx, products_offered[picked - 1], "product")
    if picked == last or plain(said) in _WHOLE_SHOP:
        return _draw(ctx, None, "shop")
    if picked is not None and last < picked <= last + len(running):
        return _draw(ctx, None, "campaign", campaign_id=running[picked - last - 1])
    if picked is not None:
        return Again(f"请回复 1 到 {last + len(running)}，或直接发商品名；回复“0”退出。")
    return _by_name(ctx, said)


@router.text("活动海报", only=Who.ACTIVE, reads=True)
def of_campaigns(ctx: Context) -> Reply:
    """活动海报"""
    running = campaign_posters.running(ctx.session, ctx.distributor_id, now=ctx.now)
    if not running:
        return offer("现在没有带海报的活动，有了会发消息告诉你。", Way("商品海报", say="生成海报"))
    if len(running) == 1:
        return _draw(ctx, None, "campaign", campaign_id=running[0][0])
    return _choose(ctx, "要哪一张？回复数字：", [])


@router.text("邀请海报", only=Who.ACTIVE)
def invitation(ctx: Context) -> Reply:
    """邀请海报"""
    return _draw(ctx, None, "invitation")


@router.text("我的名片", "名片", "推广名片", only=Who.ACTIVE)
def card(ctx: Context) -> Reply:
    """推广名片"""
    return _draw(ctx, None, "card")


@router.text("店铺台卡", "台卡", "门店台卡", only=Who.ACTIVE)
def stand(ctx: Context) -> Reply:
    """店铺台卡，可以打印"""
    return _draw(ctx, None, "stand")


def _by_name(ctx: Context, wanted: str) -> Reply:
    found = products.matching(ctx.session, wanted)
    if len(found) == 1:
        return _draw(ctx, found[0].id, "product")
    if found:
        return _choose(ctx, f"“{wanted[:12]}”有 {len(found[:_SHOWN])} 款，要哪款？", found[:_SHOWN])
    offered = products.on_sale(ctx.session, limit=_SHOWN)
    return _choose(ctx, f"店里没有找到“{wanted[:12]}”，看看这些：", offered)


def _choose(ctx: Context, opening: str, offered: list[Product]) -> Reply:
    lines = [
        f"{number} {product.name} {yuan(product.price_fen)}（赚 {yuan(products.commission_hint(product, ctx.policy))}）"
        for number, product in enumerate(offered, start=1)
    ]
    running = campaign_posters.running(ctx.session, ctx.distributor_id, now=ctx.now)
    more = ["全店海报", *(f"活动海报：{title}" for _, title in running)]
    lines += [f"{number} {word}" for number, word in enumerate(more, start=len(offered) + 1)]
    ids, campaigns = [product.id for product in offered], [campaign_id for campaign_id, _ in running]
    return Ask("posters.choose", "\n".join([opening, *lines]), {"products_offered": ids, "campaigns": campaigns})


def _elsewhere(ctx: Context, refusal: Refusal) -> Reply:
    """What has gone cannot be shared; what can is offered instead."""
    gone = "卖完了" if refusal.code == Code.SOLD_OUT else "已下架"
    offered = products.on_sale(ctx.session, limit=_SHOWN)
    if not offered:
        raise refusal
    return _choose(ctx, f"{refusal.facts.get('product', '这个商品')}{gone}，换一个推吧：", offered)


def _draw(ctx: Context, product_id: int | None, purpose: str, *, campaign_id: int | None = None) -> Reply:
    try:
        poster = posters.ask(
            ctx.session,
            ctx.distributor_id,
            product_id=product_id,
            campaign_id=campaign_id,
            purpose=purpose,
            request_key=ctx.message.key,
            now=ctx.now,
        )
    except Refusal as refusal:
        if refusal.code not in (Code.SOLD_OUT, Code.OFF_SALE):
            raise
        return _elsewhere(ctx, refusal)
    if isinstance(poster, Ready):
        return Image(poster.media_id)
    return Text("海报正在生成，约 3 秒就发给你。")
