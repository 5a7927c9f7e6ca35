"""The sentences of single topics: settling, withdrawing, refunds, own purchases, the law."""

import datetime as dt

from distribution.policy import Policy
from distribution.policy_parts import WithdrawalTerms
from distribution.rules import commission
from distribution.rules.calendar import shown_day
from distribution.rules.commission import EXAMPLE_FEN
from distribution.rules.money import percent, yuan

_WEEK = "一二三四五六日"
#: What an example sends back of EXAMPLE_FEN.
_BACK_FEN = 40_00


def settling(policy: Policy, now: dt.datetime) -> str:
    """When a commission may be withdrawn, with a date."""
    due = shown_day(now + dt.timedelta(days=policy.freeze_days))
    return (
        f"客户确认收货满 {policy.freeze_days} 天，佣金转成可提现。\n"
        f"例：客户今天收货，{due}前后可提现。\n{_cycle(policy)}\n"
        "有退款或售后没处理完的，等处理完再结算。"
    )


def _cycle(policy: Policy) -> str:
    terms = policy.cycle
    return {
        "daily": "到期当天自动结算，不用申请。",
        "weekly": f"每周{_WEEK[(terms.weekday or 1) - 1]}统一结算到期的。",
        "monthly": f"每月 {terms.day} 日统一结算上个月到期的。",
        "quarterly": f"每季度第一个月 {terms.day} 日统一结算到期的。",
        "threshold": f"到期的攒满 {yuan(terms.fen or 0)} 就自动结算。",
        "manual": "到期后由店铺核对确认再转入。",
    }[terms.mode]


def withdrawing(policy: Policy, amount: object) -> str:
    """Limits, fee and tax of a withdrawal, with what ``amount`` would come to."""
    terms = policy.withdraw
    limits = [f"单笔最低 {yuan(terms.min_fen)}"]
    if terms.max_fen is not None:
        limits.append(f"最高 {yuan(terms.max_fen)}")
    if terms.max_per_day is not None:
        limits.append(f"每天最多 {terms.max_per_day} 次")
    lines = [f"提现{'，'.join(limits)}。"]
    fen = amount if isinstance(amount, int) else EXAMPLE_FEN
    fee = fen * terms.fee_bp // 10_000
    lines.append(f"手续费 {percent(terms.fee_bp)}：提 {yuan(fen)} 收 {yuan(fee)}，到账 {yuan(fen - fee)}。")
    if terms.tax != "none":
        lines.append("个税由店铺按规定代扣，提现前会列清到手多少。")
    if terms.one_at_a_time:
        lines.append("同时只能有一笔在途，办完再提下一笔。")
    lines += [
        _named(terms),
        *_elsewhere(terms),
        "店铺审核通过后，请在 24 小时内在微信里确认收款，钱到微信零钱；过期会退回可提现。",
    ]
    return "\n".join(lines)


def _named(terms: WithdrawalTerms) -> str:
    if terms.verify_name:
        return "第一次提现前要在网页上核对一次实名（姓名和身份证号），约 30 秒。"
    return f"{yuan(terms.name_required_from_fen)} 以上要核对真实姓名。"


def _elsewhere(terms: WithdrawalTerms) -> list[str]:
    ways = [word for word, there in (("银行卡", terms.to_bank), ("商城余额", terms.to_balance)) if there]
    return [f"也可以提到{'或'.join(ways)}，核对的时候选，由店铺财务办理。"] if ways else []


def refunds(policy: Policy) -> str:
    """What a refund takes back, with an example."""
    own = policy.store_rate_bp.l1
    whole = commission.rounded(EXAMPLE_FEN, own, policy.rounding)
    left = commission.rounded(EXAMPLE_FEN - _BACK_FEN, own, policy.rounding)
    return (
        "退款时佣金这样处理：\n"
        "· 还没结算：那笔待结算取消\n"
        "· 已经结算：从可提现里扣回\n"
        f"· 只退一部分：按退款比例扣。例：付 {yuan(EXAMPLE_FEN)} 佣金 {yuan(whole)}，"
        f"退 {yuan(_BACK_FEN)}，扣 {yuan(whole - left)}\n"
        "· 可提现不够扣：先记着，从以后的佣金里抵，不用你掏钱"
    )


def own_purchase(policy: Policy) -> str:
    """Whether buying by oneself earns."""
    fen = commission.rounded(EXAMPLE_FEN, policy.store_rate_bp.l1, policy.rounding)
    return {
        "self": f"自己买也算：实付 {yuan(EXAMPLE_FEN)}，你得 {yuan(fen)}。请只买自己要用的，刷单会被核查。",
        "upline": "自己买的不给自己算佣金，算给你的邀请人；没有邀请人就不计。刷单、换人代买会被核查。",
        "none": "自己买的不计佣金。把海报分享给朋友，朋友买的才算。",
    }[policy.self_purchase]


def legal(policy: Policy) -> str:
    """Why this is no pyramid."""
    return (
        "这是正规的推广返佣：\n"
        "· 加入不收任何费用，不用囤货\n"
        "· 只按客户真实成交给佣金，退款就扣回\n"
        f"· 最多{'两' if policy.depth > 1 else '一'}级，拉人没有奖励\n"
        "· 佣金明细、对账单随时可查，提现到本人微信零钱\n"
        "要看营业执照或签协议，回复“人工”。"
    )
