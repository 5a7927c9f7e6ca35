"""One's own link, code and invitation."""

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import Reply
from bot.router import Router, Who
from distribution import products
from distribution.rules.money import percent, yuan
from handlers.goods import line, prices
from models import Product

router = Router()

_SHOWN = 5


@router.text("推广链接", "2", "我的链接", "我的推广链接", only=Who.ACTIVE, reads=True)
@router.click("LINK", only=Who.ACTIVE, reads=True)
def link(ctx: Context) -> Reply:
    """推广链接"""
    days = ctx.policy.binding.valid_days
    return offer(
        f"你的全店推广链接：\n{ctx.links.landing(ctx.person.code or '')}\n朋友点开后 {days} 天内下单都算你的。",
        Way("某个商品的链接", say="哪个商品的链接"),
        Way("换成二维码", intent="link", slots={"form": "qr"}),
    )


@router.text("二维码", "我的二维码", "推广码", only=Who.ACTIVE, reads=True)
def code(ctx: Context) -> Reply:
    """我的二维码"""
    return offer(
        "二维码都在海报上，选一种：",
        Way("推广名片（我的头像和码）", say="我的名片"),
        Way("全店海报", intent="poster", slots={"product": "全店"}),
        Way("某个商品的海报", say="生成海报"),
        Way("只要链接", say="推广链接"),
    )


@router.text("哪个商品的链接", "商品链接", only=Who.ACTIVE, reads=True)
def which(ctx: Context) -> Reply:
    """某个商品的链接"""
    rows = products.on_sale(ctx.session, _SHOWN)
    return _choose(ctx, "要哪一个的链接？回复数字，或直接说“商品名 + 链接”：", rows) if rows else link(ctx)


@router.intent("link", only=Who.ACTIVE, reads=True)
def asked(ctx: Context) -> Reply:
    word, form = str(ctx.slots.get("product") or ""), str(ctx.slots.get("form") or "")
    if not word:
        return code(ctx) if form == "qr" else link(ctx)
    found = products.matching(ctx.session, word)
    if not found:
        return _choose(ctx, f"店里没有找到“{word[:12]}”，看看这些：", products.on_sale(ctx.session, _SHOWN))
    if len(found) > 1:
        return _choose(ctx, f"“{word[:12]}”有 {len(found[:_SHOWN])} 款，要哪款的链接？", found[:_SHOWN])
    return _of_product(ctx, found[0], form)


def _of_product(ctx: Context, row: Product, form: str) -> Reply:
    poster = Way("带码的海报", intent="poster", slots={"product": row.name})
    if form == "qr":
        return offer(
            f"{row.name[:20]}的二维码在海报上，做一张就能发。",
            poster,
            Way("只要链接", intent="link", slots={"product": row.name}),
        )
    address = ctx.links.product(ctx.person.code or "", row.id)
    gone = "" if row.stock > 0 else "（暂时缺货）"
    fen = prices(ctx, [row])[row.id]
    return offer(
        f"{row.name[:20]} {yuan(row.price_fen)}{gone}的链接：\n{address}\n朋友点开下单就算你的，卖一件赚 {yuan(fen)}。",
        poster,
        Way("配一段文案", intent="material", slots={"product": row.name, "kind": "copy"}),
        Way("全店链接", say="推广链接"),
    )


def _choose(ctx: Context, opening: str, rows: list[Product]) -> Reply:
    fen = prices(ctx, rows)
    lines = [opening, *(line(number, row, fen) for number, row in enumerate(rows, 1))]
    ways = [Way(row.name, intent="link", slots={"product": row.name}) for row in rows]
    return offer("\n".join(lines), *ways, listed=False)


@router.text("邀请", "邀请码", "我的邀请码", "邀请下级", only=Who.ACTIVE, reads=True)
@router.intent("invite", only=Who.ACTIVE, reads=True)
def invite(ctx: Context) -> Reply:
    """邀请朋友一起做"""
    rate_bp = ctx.policy.store_rate_bp.l2 if ctx.policy.depth > 1 else 0
    share = f"他卖出去，你得成交额的 {percent(rate_bp)}；" if rate_bp else ""
    return offer(
        f"你的邀请码：{ctx.person.code}\n把邀请海报发给想做的朋友，扫码申请就挂在你名下；"
        f"发“邀请码 {ctx.person.code} 注册”也行。\n"
        f"{share}只按真实成交，只拉人没有奖励，最多两级。",
        Way("邀请海报"),
        Way("邀请链接"),
        Way("我的团队"),
    )


@router.text("邀请链接", only=Who.ACTIVE, reads=True)
def invitation_link(ctx: Context) -> Reply:
    """邀请链接"""
    return offer(
        f"你的链接：\n{ctx.links.landing(ctx.person.code or '')}\n"
        f"朋友点开、关注后申请，就挂在你名下；也可以直接发“邀请码 {ctx.person.code} 注册”。\n"
        "只按真实成交给佣金，拉人没有奖励。",
        Way("邀请海报"),
        Way("我的团队"),
    )
