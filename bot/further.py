"""Several wishes in one message: the first one is answered, the others are offered in their order."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.next_steps import Way, more
from bot.replies import Ask, Offer, Reply, Text
from distribution.rules.money import yuan

#: What an intent is called when it is offered.
_WORDS = {
    "register": "申请分销员",
    "poster": "生成海报",
    "link": "推广链接",
    "earnings": "查收益",
    "withdraw": "提现",
    "withdrawal_status": "提现进度",
    "orders": "查订单",
    "customers": "我的客户",
    "team": "我的团队",
    "rank": "排行榜",
    "rules": "佣金规则",
    "material": "素材",
    "products": "看商品",
    "level": "我的等级",
    "tasks": "我的任务",
    "invite": "邀请朋友",
    "profile": "改资料",
    "unsubscribe": "退订提醒",
    "subscribe": "恢复提醒",
    "human": "人工",
    "complaint": "反映问题",
    "help": "菜单",
}
#: Pairs that one answer covers.
_TOGETHER = {("products", "material")}
_MOST = 3


def offered(reply: Reply, intent: str | None, meaning: Callable[[], Any]) -> Reply:
    """``reply`` with the further wishes of the message as numbered steps; money among them is still asked for."""
    if intent is None or not isinstance(reply, Text | Offer | Ask):
        return reply
    wishes = [each for each in getattr(meaning(), "also", ()) if (intent, each.intent) not in _TOGETHER]
    ways = [_way(each) for each in wishes if each.intent in _WORDS][:_MOST]
    if not ways:
        return reply
    if isinstance(reply, Ask):
        words = "”“".join(way.word for way in ways)
        return Ask(
            reply.step, f"{reply.text}\n（另外想要的，办完再说“{words}”）", reply.facts, reply.minutes, reply.text
        )
    return more(reply, ways)


def _way(wish: Any) -> Way:
    return Way(_called(wish.intent, wish.slots), intent=wish.intent, slots=wish.slots)


def _called(intent: str, slots: Mapping[str, Any]) -> str:
    word = _WORDS[intent]
    amount, product = slots.get("amount"), slots.get("product")
    if intent == "withdraw" and isinstance(amount, int):
        return f"{word} {yuan(amount)}（先核对再提）"
    return f"{word}：{str(product)[:12]}" if product else word
