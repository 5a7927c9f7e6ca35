"""Words, pictures and films to post, without anybody's code: ready to copy, by product."""

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import Reply
from bot.router import Router, Who
from distribution import campaign_lists, films, levels, materials, product_lists, products
from distribution.rules.money import yuan
from distribution.rules.rates import Person
from models import Material, Product

router = Router()

_LONGEST, _PICTURES = 400, 4


@router.text("素材", "素材库", "文案", "通用文案", only=Who.ACTIVE, reads=True)
@router.intent("material", only=Who.ACTIVE, reads=True)
def given(ctx: Context) -> Reply:
    """素材"""
    word, kind = str(ctx.slots.get("product") or ""), str(ctx.slots.get("kind") or "")
    found = products.matching(ctx.session, word) if word else []
    if word and not found:
        return offer(
            f"店里没有找到“{word[:12]}”，先看看别的？", Way("通用文案", say="文案"), Way("在卖的商品", say="爆款")
        )
    if not _may(ctx):
        return _withheld(ctx, found)
    if kind == "video":
        return _films(ctx, found, word)
    if kind == "image":
        return _pictures(ctx, found, word)
    return _copy(ctx, found, word, page=int(ctx.slots.get("page") or 0))


@router.text("视频", "短视频", "视频素材", only=Who.ACTIVE, reads=True)
def video(ctx: Context) -> Reply:
    """短视频素材"""
    return _films(ctx, [], "") if _may(ctx) else _withheld(ctx, [])


@router.match(r"发视频\s*(?P<film>\d{1,9})", only=Who.ACTIVE)
def film(ctx: Context) -> Reply:
    if not _may(ctx):
        return _withheld(ctx, [])
    row = materials.filmed(ctx.session, int(ctx.groups["film"] or 0))
    if row is None:
        return _films(ctx, [], "")
    films.send(ctx.session, ctx.member_id, row.id, key=ctx.message.key, now=ctx.now)
    return offer(
        f"【{row.title}】马上发给你。\n长按视频可以转发；里面没有你的码，配一张海报更好。",
        Way("生成海报"),
        Way("配一段文案", say="文案"),
        Way("别的视频", say="视频"),
    )


def words_for(ctx: Context, product: str | None) -> Reply:
    """Words to post with a poster of this product, or of the shop."""
    found = products.matching(ctx.session, product) if product else []
    return _copy(ctx, found, product or "", page=0) if _may(ctx) else _withheld(ctx, found)


def _may(ctx: Context) -> bool:
    return levels.may_use_material(ctx.session, ctx.distributor_id)


def _withheld(ctx: Context, found: list[Product]) -> Reply:
    """The level does not give the shop's material: which one does, and what can be said of the goods meanwhile."""
    names = levels.permitting(ctx.session, "material_packs", above=ctx.person.level_id)
    said = f"升到{names[0]}就能用店铺的素材。" if names else "店铺的素材没有对你现在的等级开放。"
    goods = (found or _best(ctx))[:1]
    lines = [said, *(line for row in goods for line in ("先用这句，复制就能发：", "", _plain_words(row)))]
    about = {"product": goods[0].name} if goods else {}
    return offer("\n".join(lines), Way("来张海报", intent="poster", slots=about), Way("怎么升级", say="我的等级"))


def _copy(ctx: Context, found: list[Product], word: str, *, page: int) -> Reply:
    ids = [row.id for row in found] if found else None
    rows = materials.about(ctx.session, ids, skip=page) or materials.about(ctx.session, ids)
    found = found or _best(ctx)
    if not rows and not found:
        return offer("店铺还没有放素材。\n可以先发海报。", "生成海报")
    text = f"【{rows[0].title}】\n{rows[0].text[:_LONGEST]}" if rows else _plain_words(found[0])
    lines = ["复制就能发：", "", text, *(_seen(ctx, rows[0]) if rows else [])]
    about = {"product": word} if word else {}
    another = Way("换一条", intent="material", slots={**about, "kind": "copy", "page": page + 1})
    poster = Way("来张海报", intent="poster", slots=about)
    return offer(
        "\n".join(lines),
        *([another] if rows else []),
        poster,
        Way("产品图片", intent="material", slots={**about, "kind": "image"}),
    )


def _best(ctx: Context) -> list[Product]:
    return product_lists.listed(ctx.session, "hot", Person(0), limit=_PICTURES, now=ctx.now)


def _plain_words(row: Product) -> str:
    """What can be said of a product without promising anything."""
    return f"{row.name}，{yuan(row.price_fen)}，现在有货。想要的找我，扫图里的码就能买～"


def _seen(ctx: Context, row: Material) -> list[str]:
    address = campaign_lists.picture_address(ctx.session, row)
    return [f'<a href="{ctx.links.base_url}{address}">看配图</a>（长按保存）'] if address else []


def _pictures(ctx: Context, found: list[Product], word: str) -> Reply:
    rows = materials.about(ctx.session, [row.id for row in found] if found else None, pictured=True, limit=_PICTURES)
    found = found or _best(ctx)
    links = [
        f'<a href="{ctx.links.base_url}{campaign_lists.picture_address(ctx.session, row)}">{row.title[:12]}</a>'
        for row in rows
    ]
    links += [
        f'<a href="{_absolute(ctx, row.image_url)}">{row.name[:12]}</a>' for row in found[:_PICTURES] if row.image_url
    ]
    about = {"product": word} if word else {}
    copy = Way("文案", intent="material", slots={**about, "kind": "copy"})
    poster = Way("带我码的海报", intent="poster", slots=about)
    if not links:
        return offer("这里还没有产品图片。要带你二维码的图，做张海报就行。", poster, copy)
    return offer("\n".join(["点开长按就能保存（不带你的码）：", *links[:_PICTURES]]), copy, poster)


def _absolute(ctx: Context, address: str) -> str:
    return address if address.startswith("http") else f"{ctx.links.base_url}{address}"


def _films(ctx: Context, found: list[Product], word: str) -> Reply:
    """The newest films, of these products where they are asked for; each comes when its number is said."""
    about = {"product": word} if word else {}
    rows = materials.about(ctx.session, [row.id for row in found] if found else None, filmed=True, limit=_PICTURES)
    if not rows:
        return offer(
            "店铺还没有放短视频素材，先用图文也很好：",
            Way("文案", intent="material", slots={**about, "kind": "copy"}),
            Way("产品图片", intent="material", slots={**about, "kind": "image"}),
            Way("生成海报", intent="poster", slots=about),
        )
    lines = [
        "短视频素材：",
        *(f"{number} {row.title[:20]}" for number, row in enumerate(rows, 1)),
        "回复数字就发给你。",
    ]
    return offer("\n".join(lines), *(Way(row.title, say=f"发视频 {row.id}") for row in rows), listed=False)
