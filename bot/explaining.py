"""A commission explained in words: base, rate and where it came from, rounding, cap; or why there is none."""

from collections.abc import Mapping
from typing import Any

from distribution.rules.money import percent, yuan

Facts = Mapping[str, Any]

SEATS = {
    "l1": "直接推广",
    "l2": "邀请人",
    "l3": "上级邀请人",
    "region_district": "区县代理",
    "region_city": "市级代理",
    "region_province": "省级代理",
    "dealer_retail": "零售差价",
    "dealer_diff": "级差",
}
_SOURCES = {
    "store": "店铺比例",
    "product": "商品单独比例",
    "product_level": "商品按等级的比例",
    "personal": "专属约定",
    "region": "区域代理比例",
}
_REASONS = {
    "no_distributor": "这一单没有归属到分销员",
    "no_inviter": "没有邀请人",
    "self_purchase": "自购不计佣金",
    "buyer": "买家本人不拿自己订单的佣金",
    "nobody": "没有人在这个位置",
    "product_disabled": "这个商品不参与分销",
    "category_disabled": "这个分类不参与分销",
    "rate_zero": "比例为 0",
    "less_than_a_fen": "不足 1 分，不计",
    "nothing_paid": "这件商品没有实付金额",
    "nothing_left": "这件商品已全部退款",
    "order_cap": "本单已达到每人封顶",
    "line_cap": "这件商品的奖励已达到封顶",
    "not_paid": "订单还没有付款",
    "closed": "订单已关闭",
    "buyer_upline": "自己买的，佣金算给你的邀请人",
    "too_deep": "离这一单太远，按规则付不到这一级",
    "region_passed": "你代理的区域这次没有可分的奖励：商品不参与，或下级区域已分",
    "agent_not_active": "下单时你的代理资格没有生效",
    "agent_not_in_term": "下单时不在你的代理期内",
    "not_yours": "这一单不是你和你的下级推广的",
    "terminated": "分销资格终止，未结算的作废",
}
_STATES = {"frozen": "暂停", "pending": "待审核", "rejected": "未通过", "terminated": "终止"}


def seat(kind: str) -> str:
    """For what somebody earns."""
    return SEATS.get(kind, kind)


def nothing(reason: str) -> str:
    """Why there is no commission."""
    what, _, state = reason.partition(":")
    if what == "not_active":
        return f"下单时分销资格是{_STATES.get(state, '未生效')}状态"
    return _REASONS.get(what, what)


def sum_in_words(why: Facts) -> str:
    """How an amount comes about, e.g. "¥89.00 × 10%（店铺比例）"; empty where nothing was reckoned."""
    parts = [part for part in (_sum(why), _share(why), _cap(why)) if part]
    return "，".join(parts)


def _sum(why: Facts) -> str:
    if "fixed_fen" in why:
        shrunk = (
            "" if why["base_fen"] == why["of_base_fen"] else f" × {yuan(why['base_fen'])}/{yuan(why['of_base_fen'])}"
        )
        return f"每件 {yuan(why['fixed_fen'])} × {why['quantity']} 件{shrunk}（商品固定金额）"
    if "each_fen" in why:
        return f"每件差价 {yuan(why['each_fen'])} × {why['pieces']} 件"
    if "own_fen" in why:
        return f"实付减去自己的进货价 {yuan(why['own_fen'])} × {why['pieces']} 件"
    if "rate_bp" not in why:
        return ""
    half = "，四舍五入" if why.get("rounding") == "half_up" else ""
    return f"{yuan(why['base_fen'])} × {percent(why['rate_bp'])}（{_source(why)}{half}）"


def _source(why: Facts) -> str:
    source = str(why.get("source"))
    if source == "category":
        return f"分类“{why.get('category')}”的比例"
    if source == "level":
        return f"等级“{why.get('level')}”的比例"
    if source == "band":
        return f"订单满 {yuan(why.get('from_fen', 0))} 的比例"
    return _SOURCES.get(source, source)


def _share(why: Facts) -> str:
    return f"{why['part'][1]} 位代理平分" if "part" in why else ""


def _cap(why: Facts) -> str:
    if "capped_from_fen" not in why:
        return ""
    whose = "每人每单封顶" if why.get("cap") == "order" else "商品封顶"
    return f"封顶前 {yuan(why['capped_from_fen'])}，{whose}"
