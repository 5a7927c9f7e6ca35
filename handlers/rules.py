"""The shop's rules in plain words, by topic, each with an example reckoned from the rules in force."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import Reply
from bot.router import Router
from distribution import products
from distribution.policy import Policy
from distribution.policy_parts import OwnRates
from distribution.rules import commission
from distribution.rules.commission import EXAMPLE_FEN, example
from distribution.rules.money import percent, yuan
from handlers import rule_words, serving
from handlers.complaints import objecting
from handlers.goods import earns, prices

router = Router()

Rated = TypeVar("Rated", bound=OwnRates)
_MOST_LISTED = 4
_TOPICS = {
    "rate": "佣金比例",
    "settle": "多久结算",
    "withdraw": "提现规则",
    "bind": "客户怎么算我的",
    "refund": "退款怎么扣",
}


@router.text("分销规则", "佣金规则", "规则", reads=True)
def explain(ctx: Context) -> Reply:
    """佣金规则"""
    return _told(ctx, _general(ctx.policy), "general")


@router.text("佣金比例", reads=True)
def rate(ctx: Context) -> Reply:
    """佣金比例"""
    return _told(ctx, _rate(ctx), "rate")


@router.intent("rules", reads=True)
def about(ctx: Context) -> Reply:
    topic = str(ctx.slots.get("topic") or "general")
    if topic in ("rate", "general") and ctx.slots.get("product"):
        found = _of_product(ctx, str(ctx.slots["product"]))
        if found is not None:
            return found
    if topic == "rate":
        return rate(ctx)
    if topic == "bind":
        return serving.binding(ctx)
    if topic == "withdraw":
        return _told(ctx, rule_words.withdrawing(ctx.policy, ctx.slots.get("amount")), topic)
    words: dict[str, Callable[[Policy], str]] = {
        "settle": lambda policy: rule_words.settling(policy, ctx.now),
        "refund": rule_words.refunds,
        "self_buy": rule_words.own_purchase,
        "legal": rule_words.legal,
    }
    return _told(ctx, words.get(topic, _general)(ctx.policy), topic)


def _told(ctx: Context, text: str, topic: str) -> Reply:
    if ctx.slots.get("order_no"):
        no = str(ctx.slots["order_no"])
        return offer(text, Way("佣金规则"), Way("我有异议", say=f"申诉 {no}"), about=objecting(no))
    others = [Way(word, intent="rules", slots={"topic": name}) for name, word in _TOPICS.items() if name != topic]
    join = [] if ctx.person.state else [Way("我要成为分销员")]
    return offer(text, *join, *others[: 4 - len(join)])


def _general(policy: Policy) -> str:
    rates, terms, (own, _) = policy.store_rate_bp, policy.withdraw, example(policy)
    team = f"\n· 你邀请的分销员成交，另得 {percent(rates.l2)}；最多两级，拉人没有奖励" if policy.depth > 1 else ""
    return (
        f"佣金 {percent(rates.l1)}：客户实付 {yuan(EXAMPLE_FEN)}，你得 {yuan(own)}（个别商品另有比例）。{team}\n"
        f"· 客户确认收货满 {policy.freeze_days} 天，转为可提现\n"
        f"· 提现最低 {yuan(terms.min_fen)}，手续费 {percent(terms.fee_bp)}，到微信零钱\n"
        f"· 客户扫码后 {policy.binding.valid_days} 天内下单算你的\n"
        "· 客户退款，对应佣金扣回；不够扣的从以后的佣金里抵"
    )


def _rate(ctx: Context) -> str:
    policy = ctx.policy
    rates, (own, second) = policy.store_rate_bp, example(policy)
    lines = [f"佣金默认 {percent(rates.l1)}：客户实付 {yuan(EXAMPLE_FEN)}，你得 {yuan(own)}。"]
    levels = [f"{name} {percent(own.l1)}" for name, own in _rising(policy.level_rate_bp)][:_MOST_LISTED]
    if levels:
        lines.append(f"按等级：{'，'.join(levels)}。")
    kinds = [
        f"{name} {'不计佣' if own.disabled else percent(own.l1)}" for name, own in _rising(policy.category_rate_bp)
    ][:_MOST_LISTED]
    if kinds:
        lines.append(f"按分类：{'，'.join(kinds)}。")
    bands = [f"满 {yuan(band.from_fen)} {percent(band.l1)}" for band in policy.amount_bands][:_MOST_LISTED]
    if bands:
        lines.append(f"按订单金额：{'，'.join(bands)}。")
    if second:
        lines.append(f"你邀请的分销员成交，另得 {percent(rates.l2)}：实付 {yuan(EXAMPLE_FEN)} 得 {yuan(second)}。")
    lines.append("按客户实付的货款算，运费和优惠不算；个别商品另有比例，发商品名可查。")
    return "\n".join(lines)


def _rising(rates: Mapping[str, Rated]) -> list[tuple[str, Rated]]:
    return sorted(rates.items(), key=lambda pair: (pair[1].l1, pair[0]))


def _of_product(ctx: Context, word: str) -> Reply | None:
    """What one piece earns, or what a category pays."""
    found = products.matching(ctx.session, word)
    kind = next((name for name in ctx.policy.category_rate_bp if word in name or name in word), None)
    if not found and kind:
        return _told(ctx, _of_category(ctx.policy, kind), "rate")
    if not found:
        return None
    rows = found[:3]
    fen = prices(ctx, rows) if earns(ctx) else {row.id: products.commission_hint(row, ctx.policy) for row in rows}
    lines = [
        f"· {row.name[:16]} {yuan(row.price_fen)}：卖一件得 {yuan(fen[row.id])}{_share(fen[row.id], row.price_fen)}"
        for row in rows
    ]
    closing = "按客户实付算，用了券会相应减少。"
    ways = [Way("生成海报", intent="poster", slots={"product": rows[0].name})] if ctx.person.state == "active" else []
    return offer("\n".join([*lines, closing]), *ways, Way("佣金规则"))


def _share(fen: int, price_fen: int) -> str:
    return f"（{percent(fen * 10_000 // price_fen)}）" if price_fen and fen * 10_000 % price_fen == 0 else ""


def _of_category(policy: Policy, kind: str) -> str:
    own = policy.category_rate_bp[kind]
    if own.disabled:
        return f"“{kind}”不参与分销，没有佣金。"
    fen = commission.rounded(EXAMPLE_FEN, own.l1, policy.rounding)
    return f"“{kind}”佣金 {percent(own.l1)}：客户实付 {yuan(EXAMPLE_FEN)}，你得 {yuan(fen)}。"
