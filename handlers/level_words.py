"""What a level brings, told with an example, and what to sell to reach one sooner."""

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import Reply
from distribution import levels, policy, product_lists
from distribution.levels import Progress
from distribution.rules import level as rule
from distribution.rules.money import percent, yuan
from distribution.rules.rates import Person
from handlers import goods
from models import Level, Product

_SHOWN = 3


def rate(ctx: Context, name: str | None) -> str:
    """What new orders of somebody on this level pay."""
    return percent(policy.level_bp(ctx.policy, name))


def benefits(ctx: Context, progress: Progress, target: Level) -> Reply:
    """Everything the level gives and permits, the rate with the best seller as its example."""
    held = progress.current is not None and progress.current.id == target.id
    points = [
        f"新订单按 {rate(ctx, target.name)} 计佣{_example(ctx, progress, target, held=held)}",
        *_permitted(target),
    ]
    head = f"恭喜🎉 你就是{target.name}，" if held else f"{target.name}"
    lines = [f"{head}有 {len(points)} 样：", *(f"· {point}" for point in points)]
    return offer("\n".join(lines), "生成海报", Way("看佣金高的商品", intent="products", slots={"sort": "commission"}))


def faster(ctx: Context, progress: Progress, target: Level | None) -> Reply:
    """What is dear and sells, each with how many would be enough."""
    target = target or progress.next
    left = rule.missing(levels.rung(target), progress.figures).get("sales_fen", 0) if target else 0
    seller = product_lists.seller(ctx.session, ctx.person, ctx.now)
    rows = product_lists.listed(ctx.session, "dear", seller, limit=_SHOWN, now=ctx.now)
    if not rows:
        return offer("店里暂时没有在卖的商品。", "我的等级")
    fen = goods.prices(ctx, rows)
    lines = [
        "最近客单价高又好卖的：",
        *(f"{goods.line(number, row, fen)}{_enough(row, left)}" for number, row in enumerate(rows, 1)),
        "回复数字生成海报。",
    ]
    ways = [Way(row.name, intent="poster", slots={"product": row.name}) for row in rows]
    return offer("\n".join(lines), *ways, listed=False)


def _enough(row: Product, left_fen: int) -> str:
    return f"，{-(-left_fen // row.price_fen)} 件就够" if left_fen > 0 and row.price_fen else ""


def _permitted(target: Level) -> list[str]:
    permitted = levels.in_full(target.permissions)
    points = []
    if permitted["may_invite"]:
        most = permitted["max_team"]
        points.append(f"可以邀请朋友一起做{f'（最多 {most} 位）' if most else ''}")
    if permitted["material_packs"]:
        points.append("可以用店铺的素材")
    if permitted["daily_broadcast"]:
        points.append("收到店铺群发的新素材")
    if permitted["direct_withdrawal_up_to_fen"]:
        points.append(f"{yuan(int(permitted['direct_withdrawal_up_to_fen']))} 以内提现免人工审核")
    return [*points, *(each.strip() for each in str(permitted["perks"]).split("、") if each.strip())]


def _example(ctx: Context, progress: Progress, target: Level, *, held: bool) -> str:
    """What that means for the best seller, beside what stood before."""
    best = product_lists.listed(ctx.session, "hot", Person(0), limit=1, now=ctx.now)
    if not best:
        return ""
    now = progress.current.name if progress.current else None
    before = levels.before(ctx.session, ctx.distributor_id) if held else now
    old, new = (
        product_lists.earned(ctx.session, best, Person(0, name), now=ctx.now)[best[0].id]
        for name in (before, target.name)
    )
    name = best[0].name[:12]
    return (
        f"：{name}由 {yuan(old)} 变成 {yuan(new)}（之前的订单按原比例）" if old != new else f"：{name}每件 {yuan(new)}"
    )
