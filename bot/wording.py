"""Every refusal as a sentence: what happened, why, where the money is, what to do now."""

from collections.abc import Callable
from typing import Any

from distribution.refusals import Code, Refusal
from distribution.rules.calendar import shown_day, shown_time
from distribution.rules.money import yuan

Facts = dict[str, Any]

#: Shown when something of ours broke: nothing was done.
NEUTRAL = "抱歉，这句我没处理好，什么都没有改动。\n请稍后再试，或回复“人工”。"
NOT_UNDERSTOOD = "这句我没看懂。我可以帮你：\n1 生成海报\n2 推广链接\n3 查收益\n4 提现\n5 查订单\n0 菜单"
CANCELLED = "好的，已退出，什么都没有改动。\n回复“0”看菜单。"
EXPIRED = "刚才那一步已过期，为安全没有提交，什么都没有改动。\n需要的话请重新说一遍。"


def sentence(refusal: Refusal) -> str:
    """The sentence for a refusal."""
    return SENTENCES[refusal.code](refusal.facts)


def headline(refusal: Refusal) -> str:
    """The first line of the sentence: for pages and machines, without what to reply in a chat."""
    return sentence(refusal).splitlines()[0]


def _frozen(facts: Facts) -> str:
    since = f" {shown_day(facts['since'])}起" if facts.get("since") else ""
    reason = f"\n原因：{facts['reason']}" if facts.get("reason") else ""
    money = "钱都在，一分不动。"
    if "available_fen" in facts:
        money = f"钱都在：可提现 {yuan(facts['available_fen'])}，待结算 {yuan(facts['pending_fen'])}。"
    opening = f"你的分销资格{since}已暂停，"
    if str(facts.get("door", "")).startswith("posters."):
        return (
            f"{opening}暂停期间不能生成新海报。{reason}\n以前的海报客户还能扫码买，但这段时间的新订单先不计佣；"
            f"恢复以后要不要补算，由店铺核对决定。\n{money}"
        )
    return f"{opening}暂时不能提现、不能生成海报。{reason}\n{money}有疑问回复“人工”。"


def _not_a_distributor(facts: Facts) -> str:
    if facts.get("state") == "rejected":
        reason = f"\n原因：{facts['reason']}" if facts.get("reason") else ""
        return f"你上次的申请没有通过。{reason}\n改好后可以再申请：回复“我要成为分销员”。"
    return "你现在还不是分销员，所以没有收益和海报。申请免费，只按真实成交给佣金。\n回复“我要成为分销员”就能申请。"


def _insufficient(facts: Facts) -> str:
    if "available_fen" not in facts:
        return "可提现余额刚刚变了，这次没有提交，钱没动。\n回复“我的收益”看看现在的余额。"
    owed = f"\n另有 {yuan(facts['owed_fen'])} 待抵扣。" if facts.get("owed_fen") else ""
    return (
        f"可提现只有 {yuan(facts['available_fen'])}，提不了 {yuan(facts['fen'])}。{owed}\n"
        "直接发别的金额，或回复“全部”；回复“0”退出。"
    )


def _below_minimum(facts: Facts) -> str:
    return (
        f"单笔最低 {yuan(facts['minimum_fen'])}，{yuan(facts['fen'])} 提不了。\n"
        f"你可提现 {yuan(facts['available_fen'])}。直接发别的金额，或回复“0”退出。"
    )


def _too_many(facts: Facts) -> str:
    if "per_day" in facts:
        return f"每天最多提现 {facts['per_day']} 次，今天的已用完，钱都在。明天再来吧。"
    if "claims" in facts:
        return "已经收到了，店铺正在核对，不用再提交，结果会在微信里告诉你。"
    return "上一笔提现还没办完，办完再申请下一笔，钱都在。\n回复“提现进度”看进展。"


def _reapply(facts: Facts) -> str:
    reason = f"原因：{facts['reason']}\n" if facts.get("reason") else ""
    return f"上次申请没有通过。\n{reason}{shown_time(facts['again'])} 之后可以再申请；有疑问回复“人工”。"


def _condition(facts: Facts) -> str:
    asked = []
    if facts.get("spend_fen") is not None:
        asked.append(f"确认收货满 {yuan(facts['spend_fen'])}（现在 {yuan(facts['spent_fen'])}）")
    if facts.get("orders") is not None:
        asked.append(f"完成 {facts['orders']} 单（现在 {facts['ordered']} 单）")
    if facts.get("skus"):
        asked.append("买过店铺指定的商品")
    how = "；".join(asked) or "店铺还没有写明"
    either = "，满足一项就行" if facts.get("match") == "any" and len(asked) > 1 else ""
    return f"还差一点就能加入啦。条件：{how}{either}；退款的不算。\n达到后再回复“我要成为分销员”，马上通过。"


def _already(facts: Facts) -> str:
    return f"你已经是分销员啦，邀请码 {facts.get('distributor', '')}。\n回复“生成海报”开始推广。"


#: Why the account of a WeChat does not give way to another one.
HOLDS = {
    "standing": "已经通过审核", "earned": "有佣金或提现", "invited": "邀请过人", "customers": "有客户",
    "partner": "是代理、订货商或有协议", "used": "有海报、积分或实名记录",
}  # fmt: skip


def _wechat_taken(facts: Facts) -> str:
    why = "、".join(HOLDS[each] for each in facts.get("holds", ()))
    return (
        f"没有转：这个微信自己的账号 {facts.get('distributor', '')}{why}，两个账号不能合并。"
        "请本人换一个没有账号的微信来找回，或继续用现在的账号。"
    )


def _fixed(text: str) -> Callable[[Facts], str]:
    return lambda _: text


SENTENCES: dict[Code, Callable[[Facts], str]] = {
    Code.NOT_A_DISTRIBUTOR: _not_a_distributor,
    Code.ALREADY_DISTRIBUTOR: _already,
    Code.ALREADY_APPLIED: _fixed("你的申请已经提交，正在等店铺审核，通常 1 个工作日内。\n有结果我会第一时间告诉你。"),
    Code.REAPPLY_LATER: _reapply,
    Code.ASSIGNED_ONLY: _fixed("目前分销员由店铺邀请加入，暂时不接受申请。\n想加入可以回复“人工”联系店铺。"),
    Code.CONDITION_NOT_MET: _condition,
    Code.TERMINATED: _fixed("你的分销资格已终止，不能再申请。已结算的佣金仍可提现；有疑问回复“人工”。"),
    Code.FROZEN: _frozen,
    Code.UNKNOWN_INVITE_CODE: lambda facts: (
        f"没有找到邀请码 {facts.get('invite_code', '')}。\n请核对后再发一次，没有邀请码也可以直接申请。"
    ),
    Code.MAY_NOT_INVITE: _fixed("这个邀请码现在不能再邀请人了。没有邀请码也可以直接申请。"),
    Code.INVALID_NAME: _fixed("这个不像真实姓名。提现要核对微信实名，请发身份证上的姓名，例如“李娜”。"),
    Code.INVALID_PHONE: _fixed("这个手机号不对。请发 11 位手机号，例如 13800138000。"),
    Code.ILLEGAL_STATE: _fixed(
        "这一步现在办不了：它已经被处理过了，什么都没有改动。\n回复“提现进度”或“我的收益”看最新情况。"
    ),
    Code.WECHAT_TAKEN: _wechat_taken,
    Code.GAVE_WAY: lambda facts: (
        f"没有通过：申请 {facts.get('distributor', '')} 已给找回的账号让位，到此结束。"
        "它现在所在的微信想推广，请本人在那个微信上重新申请。"
    ),
    Code.SELF: _fixed("不能邀请自己哦。"),
    Code.CYCLE: _fixed("这样会变成互相邀请，办不了。"),
    Code.ALREADY_BOUND: _fixed("已经有邀请人了，不能更换。"),
    Code.DEPTH_NOT_ALLOWED: _fixed("按规定最多两级佣金，不能设置更多级。"),
    Code.INVALID_POLICY: lambda facts: "规则没有保存，请检查：" + "、".join(facts.get("fields", {})),
    Code.ABOVE_MARGIN: lambda facts: (
        f"规则没有发布：{'、'.join(facts['products'][:3])}等 {len(facts['products'])} 件商品的奖励可能超过毛利。"
        "请调低，或确认后再发布。"
    ),
    Code.INVALID_REGION: lambda facts: (
        f"区划代码 {facts.get('region', '')} 不对：省 xx0000、市 xxxx00、区县为其余六位数字。"
    ),
    Code.REGION_TAKEN: lambda facts: (
        f"{facts.get('region', '这个区域')} 在这段时间已有代理 {facts.get('distributor', '')}，不能重叠任命。"
    ),
    Code.INVALID_TERM: _fixed("结束时间要晚于开始时间。"),
    Code.INVALID_RATE: _fixed("比例要在 0% 到 100% 之间。"),
    Code.AGREEMENT_OVERLAPS: _fixed("这段时间已有个人协议，请先结束原来的，或错开时间。"),
    Code.NOT_A_DEALER: _fixed("你现在还不是订货商。想开通请回复“人工”。"),
    Code.ALREADY_DEALER: _fixed("这位已经是订货商，不用重复任命。"),
    Code.UNKNOWN_GRADE: lambda facts: f"规则里没有订货等级“{facts.get('grade', '')}”。",
    Code.DEALER_STOPPED: _fixed("这位订货商已停用，不能下单。"),
    Code.NO_PURCHASES: lambda facts: (
        f"培育奖励只能来自对方真实的进货：这之后已收货的进货是 {yuan(facts['bought_fen'])}，不够发这笔。"
    ),
    Code.DEPOSIT_TOO_SMALL: lambda facts: (
        f"预存货款只有 {yuan(facts['deposit_fen'])}，这笔要 {yuan(facts['fen'])}，没有下单，钱没动。"
    ),
    Code.BUYER_CHANGED: _fixed("订单的买家和之前不一致。"),
    Code.LINES_CHANGED: _fixed("订单已付款，商品明细不能再改。"),
    Code.INVALID_ORDER: lambda facts: f"订单数据有误：{facts.get('why', '')}",
    Code.UNKNOWN_LINE: _fixed("退款里有订单没有的商品行。"),
    Code.REFUND_FINAL: _fixed("这笔退款已完成，不能再改。"),
    Code.REFUND_OF_OTHER_ORDER: _fixed("这个退款单号属于另一笔订单。"),
    Code.INSUFFICIENT: _insufficient,
    Code.DUPLICATE_REFERENCE: _fixed("这笔已经记过账了，没有重复处理。"),
    Code.INVALID_AMOUNT: _fixed("这个金额我没看懂，请直接发数字，例如 200；回复“0”退出。"),
    Code.BELOW_MINIMUM: _below_minimum,
    Code.ABOVE_MAXIMUM: lambda facts: (
        f"单笔最高 {yuan(facts['maximum_fen'])}，请分几次提。\n直接发别的金额，或回复“0”退出。"
    ),
    Code.TOO_MANY: _too_many,
    Code.BELOW_CHANNEL_MINIMUM: lambda facts: (
        f"微信转账最少 {yuan(facts['minimum_fen'])}，这个金额付不了。\n直接发别的金额，或回复“0”退出。"
    ),
    Code.REAL_NAME_REQUIRED: _fixed("这笔提现要先核对真实姓名，钱都在。\n请回复“人工”补充姓名。"),
    Code.OTHER_PERSON_NEEDED: _fixed("这笔金额较大，要由另一位同事再确认一次。"),
    Code.PAYOUT_DAY_LIMIT: lambda facts: (
        f"今天批准的提现已到 {yuan(facts['used_fen'])}，加上这笔超过每日上限 {yuan(facts['limit_fen'])}，请明天再批。"
    ),
    Code.WITH_A_PERSON: _fixed("现在是人工客服在和你聊，这期间不办提现，钱都在。\n聊完再回复“提现”。"),
    Code.STALE_VERSION: _fixed("页面打开后内容有变化，请刷新后再操作。"),
    Code.UNKNOWN_PRODUCT: _fixed("没有找到这个商品。回复“生成海报”看看现在有哪些。"),
    Code.OFF_SALE: lambda facts: (
        f"{facts.get('product', '这个商品')}已下架，换一个推吧。\n回复“生成海报”看看现在有哪些。"
    ),
    Code.SOLD_OUT: lambda facts: (
        f"{facts.get('product', '这个商品')}卖完了，换一个推吧。\n回复“生成海报”看看现在有哪些。"
    ),
    Code.EMPTY_AUDIENCE: _fixed("没有符合条件的人，没有发送。"),
    Code.INVALID_MATERIAL: lambda facts: (
        f"标题 1 到 {facts.get('title_most', 40)} 个字，正文 1 到 {facts.get('text_most', 500)} 个字。"
    ),
    Code.NOT_FOUND: _fixed("没有找到，可能已被删除。"),
    Code.NAME_TAKEN: _fixed("名称为空、太长或已被使用，请换一个。"),
    Code.WORDING_HELD: lambda facts: (
        f"没有发送：文字里有“{'”“'.join(facts.get('words', ()))}”，不能这样说。\n请改掉再发，或由店主写明理由放行。"
    ),
    Code.INVALID_TEACHING: _fixed("没有保存：词要 2 到 20 个字、最多 10 个，回答 1 到 500 个字。"),
    Code.INVALID_LEVEL: _fixed("等级的条件或权限不对：条件要是大于等于 0 的整数。"),
    Code.INVALID_TASK: _fixed("活动没有保存：名称、时间、档位和奖励都要填对，档位金额要大于 0 且不重复。"),
    Code.UNDER_REVIEW: lambda facts: (
        f"你的账户正在人工复核，提现先等一等，钱都在。\n原因：{facts.get('reason', '')}\n有疑问回复“人工”。"
    ),
}
