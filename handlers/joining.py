"""Answers to what people ask before they join: fee, conditions, how long it takes."""

import re

from bot.context import Context
from distribution.policy import Policy
from distribution.rules.money import percent, yuan

_FEE = re.compile(r"钱|费|收费|押金|交多少|免费|囤货|花")
_CONDITION = re.compile(r"条件|要求|门槛|资格|谁能|什么人|能不能(?:当|做|申请)|可以(?:当|做|申请)|学生|年龄")
_PROGRESS = re.compile(r"审核|多久|进度|通过|什么时候|几天|多长")
_ASKS = re.compile(
    r"[?？吗么呢]|怎么|多少|什么|条件|要求|门槛|多久|几天|进度|费用|押金|要钱|收费|免费|安全|保密|干嘛|为啥|为什么"
)
_PRIVACY = re.compile(r"安全|保密|泄露|干嘛|干什么用|做什么用|为什么要|为啥要|不想填|隐私")


def asks(said: str) -> bool:
    """Whether an applicant asks about joining rather than answering."""
    return bool(_ASKS.search(said)) and any(each.search(said) for each in (_FEE, _CONDITION, _PROGRESS, _PRIVACY))


def answer(ctx: Context, said: str) -> str:
    """What the shop's rules say to it, in one or two sentences."""
    if _PRIVACY.search(said):
        return "手机号只用来联系你，姓名只用来核对收款人，别人都看不到。"
    if _FEE.search(said):
        return "申请不收任何费用，不用囤货，也没有押金；只按真实成交给佣金。"
    if _PROGRESS.search(said):
        return "提交后店铺在 1 个工作日内审核，结果我会通知你。"
    return _conditions(ctx.policy)


def _conditions(policy: Policy) -> str:
    if policy.join_mode == "assigned":
        return "分销员由店铺邀请加入，想加入请回复“人工”。"
    if policy.join_mode != "condition":
        rate = percent(policy.store_rate_bp.l1)
        return f"年满 18 周岁、同意分销员协议就能申请，免费；佣金 {rate}，只按真实成交，拉人没有奖励。"
    terms = policy.join
    asked = [f"确认收货满 {yuan(terms.spend_fen)}"] if terms.spend_fen is not None else []
    asked += [f"完成 {terms.orders} 单"] if terms.orders is not None else []
    asked += ["买过店铺指定的商品"] if terms.skus else []
    both = "或" if terms.match == "any" else "并且"
    return f"条件是：{both.join(asked) or '店铺还没有写明'}（退款的不算），达到就能免费加入。"
