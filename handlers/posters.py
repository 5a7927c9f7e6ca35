"""Posters: of a product that is chosen by number or by its name, of the shop, a campaign, an invitation, a card."""

from typing import Any

from bot.context import Context
from bot.next_steps import Way, offer, pictured
from bot.replies import Again, Ask, Elsewhere, Reply, Text
from bot.router import Router, Who, plain
from distribution import campaign_posters, poster_templates, posters, product_lists, products
from distribution.posters import Ready
from distribution.refusals import Code, Refusal
from distribution.rules.money import yuan
from distribution.rules.rates import Person
from handlers import poster_words
from handlers.choices import choice
from handlers.withdrawal_words import agreed
from models import Product

router = Router()

_SHOWN = 3
_MEANT = 6
_STYLES = 4
_WHOLE_SHOP = {"全店", "全店海报", "店铺海报", "整店", "店铺"}
_MORE = {"更多", "更多商品", "换一批", "还有吗", "别的商品"}
#: What else an answer may be about, so that it is no name of a product.
_OWN = ("poster", "inform", "products", "other", "confirm", "deny", "back", "material", "cancel")
_CHANGE = Way("换商品", say="生成海报")


@router.text("生成海报", "1", "海报", "推广海报", "做海报", "换商品", "生成第一张海报", only=Who.ACTIVE, reads=True)
@router.click("POSTER", only=Who.ACTIVE, reads=True)
def begin(ctx: Context) -> Reply:
    """生成海报"""
    return _some(ctx, "推哪一个？回复数字，或直接发商品名：", 0)


@router.intent("poster", only=Who.ACTIVE)
def named(ctx: Context) -> Reply:
    wanted = str(ctx.slots.get("product") or "")
    if not wanted:
        return begin(ctx)
    return draw(ctx, None, "shop") if plain(wanted) in _WHOLE_SHOP else _by_name(ctx, wanted)


@router.step("posters.choose", only=Who.ACTIVE)
def chosen(ctx: Context, said: str, *, options: list[list[Any]], sure: int | None = None) -> Reply:
    word, number = plain(said), choice(plain(said))
    if word in _WHOLE_SHOP:
        return draw(ctx, None, "shop")
    if word in _MORE and options[-1][0] == "more":
        number = len(options)
    if sure is not None and agreed(said) and number is None:
        return draw(ctx, sure, "product")
    if number is not None and 1 <= number <= len(options):
        return _option(ctx, *options[number - 1])
    if number is not None or agreed(said):
        return Again(f"请回复 1 到 {len(options)}，或直接发商品名；回复“0”退出。")
    if ctx.understood is not None and ctx.understood.intent not in _OWN:
        turned = poster_words.turned_down(said)
        return Elsewhere() if turned else Again(f"要推哪一个？请回复 1 到 {len(options)}；回复“0”退出。")
    return _among(ctx, said, options) or _by_name(ctx, poster_words.bare(said))


@router.text("活动海报", only=Who.ACTIVE)
def of_campaigns(ctx: Context) -> Reply:
    """活动海报"""
    running = campaign_posters.running(ctx.session, ctx.distributor_id, now=ctx.now)
    if not running:
        return offer("现在没有带海报的活动，有了会发消息告诉你。", Way("商品海报", say="生成海报"))
    if len(running) == 1:
        return draw(ctx, None, "campaign", campaign_id=running[0][0])
    return _choose(ctx, "要哪一张？回复数字：", [])


@router.text("邀请海报", only=Who.ACTIVE)
def invitation(ctx: Context) -> Reply:
    """邀请海报"""
    return draw(ctx, None, "invitation")


@router.text("我的名片", "名片", "推广名片", only=Who.ACTIVE)
def card(ctx: Context) -> Reply:
    """推广名片"""
    return draw(ctx, None, "card")


@router.text("店铺台卡", "台卡", "门店台卡", only=Who.ACTIVE)
def stand(ctx: Context) -> Reply:
    """店铺台卡，可以打印"""
    return draw(ctx, None, "stand")


def draw(
    ctx: Context, product_id: int | None, purpose: str, *, campaign_id: int | None = None, template: str | None = None
) -> Reply:
    """The poster, at once or in seconds, with what can be done with it; what has gone is replaced by other goods."""
    try:
        poster = posters.ask(
            ctx.session, ctx.distributor_id, purpose=purpose, request_key=ctx.message.key, now=ctx.now,
            product_id=product_id, campaign_id=campaign_id, template=template,
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code not in (Code.SOLD_OUT, Code.OFF_SALE):
            raise
        return _elsewhere(ctx, refusal)
    styles = poster_templates.offered(ctx.session, product_id, purpose)
    words = Way("配一段文案") if purpose == "product" else Way("通用文案", say="文案")
    ways = [words, Way("换版式"), _CHANGE] if styles else [_CHANGE]
    if isinstance(poster, Ready):
        return pictured(poster.media_id, *ways)
    return offer(f"海报正在生成，约 3 秒就发给你。{_other_styles(styles, template)}", *ways)


def _other_styles(styles: list[tuple[str, str]], template: str | None) -> str:
    if len(styles) < 2:
        return ""
    now = next((title for name, title in styles if name == template), styles[0][1])
    others = "、".join([title for _, title in styles if title != now][:_STYLES])
    return f"\n这张用“{now}”版式；还有 {others}，发名字就换。"


def _option(ctx: Context, kind: str, key: int) -> Reply:
    """What one of the numbers stood for."""
    if kind == "more":
        return _some(ctx, "还有这些：", key)
    if kind == "campaign":
        return draw(ctx, None, "campaign", campaign_id=key)
    return draw(ctx, key, "product") if kind == "product" else draw(ctx, None, "shop")


def _among(ctx: Context, said: str, options: list[list[Any]]) -> Reply | None:
    """Which of the offered goods is meant by a part of its name, or by what is written of it."""
    ids = [key for kind, key in options if kind == "product"]
    rows = [row for row in (products.find(ctx.session, each) for each in ids) if row is not None]
    word = poster_words.bare(said)
    found = [row for row in rows if word and word in row.name]
    if len(found) == 1:
        return draw(ctx, found[0].id, "product")
    told = poster_words.told_of(ctx.session, rows, word)
    if len(told) != 1:
        return None
    number = ids.index(told[0].id) + 1
    text = f"是 {number} {told[0].name}（{word[:6]}）吧？回复 {number} 马上生成。"
    return Ask("posters.choose", text, {"options": options, "sure": told[0].id})


def _by_name(ctx: Context, wanted: str) -> Reply:
    found = products.matching(ctx.session, wanted)
    if len(found) == 1:
        return draw(ctx, found[0].id, "product")
    if found:
        opening = f"“{wanted[:12]}”有 {len(found[:_MEANT])} 款，要哪款？"
        return _choose(ctx, opening, found[:_MEANT], whole=False)
    near = product_lists.listed(ctx.session, "hot", Person(0), limit=_SHOWN - 1, now=ctx.now)
    opening = f"店里暂时没有“{wanted[:12]}”。好卖的有这些："
    return _choose(ctx, opening, near, more=0) if near else _some(ctx, opening, 0)


def _some(ctx: Context, opening: str, skip: int) -> Reply:
    """The next few goods, the whole shop, and the way to further ones."""
    rows = products.on_sale(ctx.session, limit=skip + _SHOWN + 1)
    shown = rows[skip : skip + _SHOWN] or rows[:_SHOWN]
    if not shown:
        return Text("店里暂时没有可以推广的商品，等店铺上新后再来吧。")
    return _choose(ctx, opening, shown, more=skip + _SHOWN if len(rows) > skip + _SHOWN else None)


def _choose(
    ctx: Context, opening: str, offered: list[Product], *, more: int | None = None, whole: bool = True
) -> Reply:
    """The question which poster; ``more``: how many goods lie before the further ones; ``whole``: the shop's too."""
    running = campaign_posters.running(ctx.session, ctx.distributor_id, now=ctx.now) if whole else []
    options: list[list[Any]] = [["product", product.id] for product in offered]
    named = [f"{each.name} {yuan(each.price_fen)}（赚 {_earned(ctx, each)}）" for each in offered]
    if whole:
        options += [["shop", 0], *(["campaign", campaign_id] for campaign_id, _ in running)]
        named += ["全店海报", *(f"活动海报：{title}" for _, title in running)]
    if more is not None:
        options, named = [*options, ["more", more]], [*named, "更多商品"]
    lines = [f"{number} {word}" for number, word in enumerate(named, 1)]
    return Ask("posters.choose", "\n".join([opening, *lines]), {"options": options})


def _earned(ctx: Context, product: Product) -> str:
    return yuan(products.commission_hint(product, ctx.policy))


def _elsewhere(ctx: Context, refusal: Refusal) -> Reply:
    """What has gone cannot be shared; what can is offered instead."""
    gone = "卖完了" if refusal.code == Code.SOLD_OUT else "已下架"
    if not products.on_sale(ctx.session, limit=1):
        raise refusal
    return _some(ctx, f"{refusal.facts.get('product', '这个商品')}{gone}，换一个推吧：", 0)
