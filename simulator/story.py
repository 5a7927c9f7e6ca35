"""The guided story: eight steps that tick themselves by what has happened at the desk."""

from dataclasses import dataclass
from typing import Any

from simulator.desk import Desk


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what to do, a hint, words to say if there are any, and the question that shows it done."""

    title: str
    hint: str
    done: str
    words: str = ""


_STEPS = (
    Step(
        "新人关注公众号",
        "左边点「新人」，再点「关注公众号」",
        "SELECT 1 FROM delivery WHERE kind = 'subscribe'",
    ),
    Step(
        "申请成为分销员",
        "在对话框里说「我要成为分销员」，按提示填手机号、姓名并同意",
        "SELECT 1 FROM phone WHERE sender = 'person' AND body LIKE '%分销员%'",
        "我要成为分销员",
    ),
    Step(
        "商家通过申请",
        "右边「商家后台」待办里点「通过」，手机马上收到通知",
        "SELECT 1 FROM phone WHERE sender = 'account' AND body LIKE '%邀请码%'",
    ),
    Step(
        "生成推广海报",
        "说「生成海报」，选一件商品",
        "SELECT 1 FROM phone WHERE sender = 'account' AND type = 'image'",
        "生成海报",
    ),
    Step(
        "客户扫码",
        "点开海报，点「扫码」：一位新客户用自己的手机扫",
        "SELECT 1 FROM number WHERE name = 'scans' AND value > 0",
    ),
    Step(
        "客户下单",
        "客户的手机点「＋」、「订单」，买两件（佣金满 ¥10 才能提现）",
        "SELECT 1 FROM mall_order",
    ),
    Step(
        "时间快进七天",
        "「商家发货」、「确认收货」以后，点上方「+7天」，佣金就结算了",
        "SELECT 1 FROM number WHERE name = 'jumped seconds' AND value >= 604800",
    ),
    Step(
        "提现到零钱",
        "说「提现」，商家通过后在手机上确认收款",
        "SELECT 1 FROM transfer WHERE state = 'SUCCESS'",
        "提现",
    ),
)


def steps(desk: Desk) -> list[dict[str, Any]]:
    """Every step with whether it has been done."""
    return [
        {
            "title": each.title,
            "hint": each.hint,
            "words": each.words,
            "done": desk.store.one(f"{each.done} LIMIT 1") is not None,
        }
        for each in _STEPS
    ]
