"""What can be sold: best sellers, high commission, new; stock and price; each with what one piece earns."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, cast

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import Reply
from bot.router import Router, Who
from distribution import arrivals, levels, materials, product_lists, products, visits
from distribution.product_lists import Sort
from distribution.rules.calendar import day_of
from distribution.rules.money import yuan
from distribution.rules.rates import Person
from handlers.menu import FIRST
from models import Product

router = Router()

_SHOWN = 5
_JUST = dt.timedelta(hours=24)
_GONE = re.compile("缺货|断货|没货|售罄|卖完|卖光")
_HEADS = {"hot": f"近 {product_lists.HOT_DAYS} 天卖得最好：", "commission": "佣金最高的：", "new": "最新上架："}
_EARNERS = ("active", "frozen")


@router.text("商品", "全部商品", "看全部商品", "看商品", "爆款", "热销", reads=True)
@router.intent("products", reads=True)
def shown(ctx: Context) -> Reply:
    """看商品"""
    slots = ctx.slots
    if slots.get("product"):
        return _named(ctx, str(slots["product"]), str(slots.get("aspect") or ""))
    if slots.get("aspect") in ("price", "stock") and (seen := _scanned(ctx)) is not None:
        return _one(ctx, seen, str(slots["aspect"]))
    if slots.get("aspect") == "stock":
        return _stocks(ctx)
    sort, most = str(slots.get("sort") or "hot"), slots.get("price_max")
    if most is not None and not slots.get("sort"):
        sort = "commission"
    # Commissions are nobody's business but distributors'.
    if sort == "commission" and not earns(ctx):
        sort = "hot"
    return _list(ctx, cast(Sort, sort), most)


@router.match(r"到货提醒(?:我)?[:：\s]*(?P<goods>.{1,40})", only=Who.ACTIVE)
def remind(ctx: Context) -> Reply:
    """到货提醒 + 商品名"""
    found = products.matching(ctx.session, ctx.groups["goods"] or "")
    if not found:
        return offer("没有找到这个商品，换个名字再发一次？", Way("全部商品"))
    gone = next((row for row in found if row.stock <= 0 or not row.on_sale), None)
    if gone is None:
        return _one(ctx, found[0], "")
    arrivals.wish(ctx.session, gone.id, ctx.distributor_id, now=ctx.now)
    return offer(f"好，“{gone.name[:20]}”到货就提醒你一次。", Way("有货的爆款", say="爆款"))


def earns(ctx: Context) -> bool:
    """Whether this person may read commissions."""
    return ctx.person.state in _EARNERS


def prices(ctx: Context, rows: list[Product]) -> Mapping[int, int]:
    """What one piece of each earns this person, in fen; nothing for customers."""
    if not earns(ctx) or not rows:
        return {}
    seller = product_lists.seller(ctx.session, ctx.person, ctx.now)
    return product_lists.earned(ctx.session, rows, seller, now=ctx.now)


def line(number: int, row: Product, fen: Mapping[int, int]) -> str:
    """One product of a numbered list."""
    gain = f"（赚 {yuan(fen[row.id])}）" if row.id in fen else ""
    return f"{number} {row.name[:20]} {yuan(row.price_fen)}{gain}"


def _scanned(ctx: Context) -> Product | None:
    """What 这个 is: the product on the poster that a customer has just scanned."""
    if ctx.person.member_id is None or earns(ctx) or _GONE.search(ctx.said):
        return None
    seen = visits.last_product(ctx.session, ctx.person.member_id, since=ctx.now - _JUST)
    row = products.find(ctx.session, seen) if seen else None
    return row if row is not None and row.on_sale else None


def _stocks(ctx: Context) -> Reply:
    """How much there is of what sells, or what has run out."""
    if _GONE.search(ctx.said):
        rows = product_lists.sold_out(ctx.session, _SHOWN)
        if not rows:
            return offer("现在没有缺货的商品。", Way("爆款"), Way("全部商品"))
        names = "\n".join(f"· {row.name[:20]}" for row in rows)
        return offer(f"暂时缺货的：\n{names}\n到货时间请问店铺。", Way("有货的爆款", say="爆款"), "人工")
    rows = product_lists.listed(ctx.session, "hot", Person(0), limit=_SHOWN, now=ctx.now)
    lines = [f"{number} {row.name[:20]} 还有 {row.stock} 件" for number, row in enumerate(rows, 1)]
    text = "\n".join(["现在的库存：", *lines, "想看别的，直接发商品名 + 库存。"])
    return offer(text, *(_way(ctx, row) for row in rows), listed=False)


def _list(ctx: Context, sort: Sort, most: int | None) -> Reply:
    seller = product_lists.seller(ctx.session, ctx.person, ctx.now)
    rows = product_lists.listed(ctx.session, sort, seller, price_max=most, limit=_SHOWN, now=ctx.now)
    if not rows:
        told = f"店里暂时没有 {yuan(most)} 以内的商品。" if most is not None else "店里暂时没有在卖的商品。"
        return offer(told, *([Way("全部商品")] if most is not None else []), "人工")
    head = f"{yuan(most)} 以内，佣金高的在前：" if most is not None and earns(ctx) else _HEADS.get(sort, "店里有：")
    fen = prices(ctx, rows)
    lines = [head, *(line(number, row, fen) for number, row in enumerate(rows, 1))]
    lines += _copy(ctx, rows[0])
    lines.append(_next(ctx))
    return offer("\n".join(lines), *(_way(ctx, row) for row in rows), listed=False)


def _next(ctx: Context) -> str:
    if ctx.person.state != "active":
        return "回复数字看详情。"
    films = _gets_material(ctx) and materials.about(ctx.session, None, filmed=True)
    return "回复数字生成海报，发“视频”看短视频素材。" if films else "回复数字生成海报。"


def _way(ctx: Context, row: Product) -> Way:
    intent = "poster" if ctx.person.state == "active" else "products"
    return Way(row.name, intent=intent, slots={"product": row.name})


def _copy(ctx: Context, row: Product) -> list[str]:
    """The words that were asked for in the same breath."""
    if not _gets_material(ctx):
        return []
    found = materials.about(ctx.session, [row.id]) or materials.about(ctx.session, None)
    return ["", f"文案（{row.name[:12]}）：", found[0].text[:200], ""] if found else []


def _gets_material(ctx: Context) -> bool:
    asked = any(wish.intent == "material" for wish in ctx.also)
    who = ctx.person.distributor_id
    return asked and (who is None or levels.may_use_material(ctx.session, who))


def _named(ctx: Context, word: str, aspect: str) -> Reply:
    found = products.matching(ctx.session, word)
    if not found:
        rows = products.on_sale(ctx.session, 3)
        fen = prices(ctx, rows)
        lines = [f"店里暂时没有“{word[:12]}”。在卖的有：", *(line(n, row, fen) for n, row in enumerate(rows, 1))]
        return offer("\n".join(lines), *(_way(ctx, row) for row in rows), listed=False)
    if len(found) > 1:
        return _several(ctx, word, found[:_SHOWN], aspect)
    return _one(ctx, found[0], aspect)


def _several(ctx: Context, word: str, rows: list[Product], aspect: str) -> Reply:
    fen = prices(ctx, rows)
    if aspect == "stock" and earns(ctx):
        lines = [f"“{word[:12]}”有 {len(rows)} 款："]
        lines += [f"· {line(0, row, fen).removeprefix('0 ')}：{_stock(ctx, row)}" for row in rows]
        return offer("\n".join(lines), *(_by_stock(row) for row in rows))
    lines = [
        f"“{word[:12]}”有 {len(rows)} 款：",
        *(f"{line(n, row, fen)}，{_stock(ctx, row)}" for n, row in enumerate(rows, 1)),
    ]
    ways = [Way(row.name, intent="products", slots=_slots(row, aspect)) for row in rows]
    return offer("\n".join([*lines, "回复数字看哪一款。"]), *ways, listed=False)


def _by_stock(row: Product) -> Way:
    """What can be shared is made into a poster, what has run out is waited for."""
    if row.stock > 0:
        return Way(f"生成海报：{row.name[:16]}", intent="poster", slots={"product": row.name})
    return Way(f"到货提醒我：{row.name[:16]}", say=f"到货提醒 {row.sku}")


def _slots(row: Product, aspect: str) -> dict[str, Any]:
    return {"product": row.name} | ({"aspect": aspect} if aspect else {})


def _one(ctx: Context, row: Product, aspect: str) -> Reply:
    fen = prices(ctx, [row])
    gain = f"，卖一件你赚 {yuan(fen[row.id])}" if row.id in fen else ""
    lines = [f"{row.name[:30]} 现价 {yuan(row.price_fen)}{gain}，{_stock(ctx, row)}。"]
    if not earns(ctx):
        address = ctx.links.product("", row.id).removesuffix("?d=")
        lines += [f'<a href="{address}">看商品 / 下单</a>', "想问成分、吃法和运费，回复“人工”。"]
        return offer("\n".join(lines), *FIRST)
    ways = (
        [Way("生成海报", intent="poster", slots={"product": row.name})]
        if row.stock > 0
        else [Way("到货提醒我", say=f"到货提醒 {row.sku}")]
    )
    ways += [Way("文案", intent="material", slots={"product": row.name, "kind": "copy"}), Way("别的商品", say="爆款")]
    return offer("\n".join(lines), *ways)


def _stock(ctx: Context, row: Product) -> str:
    if row.stock > 0:
        return f"现在有货（{row.stock} 件）"
    day = row.restock_on
    return f"暂时缺货，预计 {day.month}月{day.day}日到" if day and day >= day_of(ctx.now) else "暂时缺货"
