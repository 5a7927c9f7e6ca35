"""How the console says what the rows mean."""

from collections.abc import Mapping
from typing import Any

from bot import explaining
from distribution.campaign_sends import CHAT, MASS
from distribution.rules.money import percent, yuan

#: kind → state → (word, colour)
_WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "distributor": {
        "pending": ("待审核", "amber"),
        "active": ("正常", "green"),
        "rejected": ("已驳回", "grey"),
        "frozen": ("已冻结", "red"),
        "terminated": ("已清退", "grey"),
    },
    "order": {
        "unpaid": ("待付款", "grey"),
        "paid": ("已付款", "blue"),
        "shipped": ("已发货", "blue"),
        "received": ("已收货", "green"),
        "closed": ("已关闭", "grey"),
    },
    "commission": {"pending": ("待结算", "amber"), "available": ("已结算", "green"), "void": ("已作废", "grey")},
    "withdrawal": {
        "requested": ("待审核", "amber"),
        "approved": ("待打款", "blue"),
        "paying": ("打款中", "blue"),
        "confirming": ("待本人确认", "amber"),
        "paid": ("已到账", "green"),
        "released": ("已退回", "grey"),
    },
    "channel": {"wechat": ("微信零钱", "green"), "bank": ("银行卡", "blue"), "balance": ("商城余额", "blue")},
    "transfer": {
        "SENDING": ("正在提交", "blue"),
        "UNKNOWN": ("结果未知，正在查询", "red"),
        "ACCEPTED": ("微信已受理", "blue"),
        "PROCESSING": ("微信处理中", "blue"),
        "WAIT_USER_CONFIRM": ("待本人确认", "amber"),
        "TRANSFERING": ("转账中", "blue"),
        "SUCCESS": ("已到账", "green"),
        "FAIL": ("没有付成", "red"),
        "CANCELING": ("撤回中", "amber"),
        "CANCELLED": ("已撤回", "grey"),
    },
    "campaign": {
        "draft": ("待批准", "amber"),
        "approved": ("已批准", "blue"),
        "sending": ("发送中", "blue"),
        "done": ("已完成", "green"),
        "stopped": ("已停止", "grey"),
    },
    "recipient": {
        "waiting": ("待发送", "grey"),
        "queued": ("发送中", "blue"),
        "sent": ("已发送", "green"),
        "skipped": ("已跳过", "grey"),
        "failed": ("没发成", "red"),
        "unknown": ("结果未知", "amber"),
    },
    "dealer": {"active": ("正常", "green"), "stopped": ("已停用", "grey")},
    "ticket": {"open": ("待回复", "amber"), "answered": ("已回复", "blue"), "closed": ("已结束", "grey")},
    "role": {
        "owner": ("店主", "green"),
        "finance": ("财务", "blue"),
        "operations": ("运营", "blue"),
        "service": ("客服", "grey"),
    },
}
_ACTIONS = {
    "withdrawal.first_approved": "第一人通过",
    "withdrawal.paid_by_hand": "已人工打款",
    "withdrawal.failed_by_hand": "人工打款失败",
    "payouts.stopped": "暂停打款",
    "bill.checked": "核对账单",
    "payouts.resumed": "恢复打款",
    "settlement.confirmed": "确认结算",
    "settlement.held": "结算失败，先扣住",
    "settlement.freed": "再结算一次",
    "debt.write_off_asked": "申请减免欠款",
    "debt.write_off_dropped": "取消减免",
    "debt.written_off": "减免欠款",
    "distributor.applied": "提交申请",
    "distributor.phone": "改手机号",
    "distributor.name": "改姓名",
    "distributor.real_name": "核对实名",
    "ticket.opened": "提交工单",
    "ticket.answered": "回复工单",
    "ticket.closed": "结束工单",
    "ticket.taken": "接入会话",
    "ticket.given_back": "结束会话",
    "distributor.wechat": "换微信",
    "operator.code_made": "取绑定码",
    "operator.bound": "绑定微信",
    "operator.unbound": "解绑微信",
    "distributor.active": "通过 / 恢复",
    "distributor.rejected": "驳回申请",
    "distributor.frozen": "冻结",
    "distributor.terminated": "清退",
    "distributor.level": "设置等级",
    "distributor.moved": "更换邀请人",
    "customer.transferred": "转移客户",
    "customer.unbound": "解绑客户",
    "dispute.claimed": "登记争议",
    "dispute.decided": "裁定争议",
    "distributor.tagged": "加标签",
    "distributor.untagged": "去标签",
    "withdrawal.approved": "通过提现",
    "withdrawal.rejected": "驳回提现",
    "teaching.answer": "教机器人一个回答",
    "teaching.keyword": "教机器人一个关键词",
    "teaching.nickname": "给商品加别名",
    "teaching.removed": "删掉教过的一条",
    "withdrawal.cancelled": "撤回提现",
    "withdrawal.cancelling": "申请撤回打款",
    "withdrawal.alarms_cleared": "核对打款异常",
    "material.created": "新建素材",
    "campaign.planned": "起草群发",
    "campaign.approved": "批准群发",
    "campaign.stopped": "停止群发",
    "product.created": "新增商品",
    "product.changed": "修改商品",
    "product.rule": "设置商品佣金",
    "policy.published": "发布新规则",
    "policy.drafted": "保存规则草稿",
    "policy.draft_dropped": "丢弃规则草稿",
    "level.made": "新增等级",
    "level.shaped": "设置等级的条件和权限",
    "task.created": "新建任务",
    "task.stopped": "取消任务",
    "task.done": "任务结束",
    "contest.created": "新建排行奖",
    "contest.stopped": "取消排行奖",
    "contest.done": "排行奖结束",
    "bonus.credited": "发放奖励",
    "material.released": "放行素材",
    "alarm.raised": "合规提醒",
    "alarm.decided": "处理合规提醒",
    "review.begun": "开始复核",
    "review.ended": "结束复核",
    "merchant.created": "新增商家",
    "merchant.logo": "换店铺标志",
    "poster.template": "存海报模板",
    "poster.choice": "换海报用的模板",
    "merchant.secret_made": "新建接口密钥",
    "merchant.secret_revoked": "停用接口密钥",
    "operator.added": "新增员工",
    "operator.login": "登录",
    "operator.enabled": "启用员工",
    "operator.disabled": "停用员工",
    "operator.password": "修改密码",
    "agent.appointed": "任命区域代理",
    "agent.ended": "结束区域代理",
    "agreement.made": "约定个人比例",
    "agreement.ended": "结束个人协议",
    "dealer.appointed": "任命订货商",
    "dealer.regraded": "改订货等级",
    "dealer.moved": "改订货上级",
    "dealer.stopped": "停用订货商",
    "dealer.active": "恢复订货商",
    "dealer.paid_in": "登记预存货款",
    "dealer.ordered": "录入订货单",
    "order.cannot_ship": "发不了货，按退款处理",
    "refund.unknown_line": "退款里有订单没有的商品行",
    "list.exported": "导出列表",
}
_FACTS = {
    "name": "",
    "fen": "金额",
    "price_fen": "价格",
    "reason": "原因",
    "to": "转到",
    "old_inviter": "原邀请人",
    "inviter": "邀请人",
    "claimant": "主张人",
    "winner": "归",
    "tag": "标签",
    "tag_id": "标签",
    "level_id": "等级",
    "role": "角色",
    "stock": "库存",
    "on_sale": "在售",
    "rule": "佣金",
    "version": "版本",
    "l1": "推广人",
    "l2": "邀请人",
    "secret_id": "密钥",
    "rows": "行数",
    "agent": "代理编号",
    "agreement": "协议编号",
    "dealer": "订货商编号",
    "scope": "范围",
    "region": "区域",
    "grade": "等级",
    "parent": "上级编号",
    "old_grade": "原等级",
    "old_parent": "原上级编号",
    "kind": "种类",
    "paid_fen": "实付",
    "order_no": "订单",
    "reference": "凭证",
    "line_no": "行",
    "quantity": "数量",
    "refund_no": "退款单号",
    "from": "生效",
    "changes": "改动",
    "below_cost": "可能亏的商品",
}
_SUBJECTS = {
    "distributor": "分销员",
    "customer": "客户",
    "withdrawal": "提现",
    "material": "素材",
    "campaign": "群发",
    "product": "商品",
    "policy": "规则",
    "level": "等级",
    "merchant": "商家",
    "operator": "员工",
    "list": "列表",
}
WAYS = {CHAT: "客服消息", MASS: "群发"}


def word(state: str | None, kind: str) -> str:
    """The state in Chinese; the state itself for one nobody translated."""
    return _WORDS[kind].get(state or "", (state or "—", "grey"))[0]


def colour(state: str | None, kind: str) -> str:
    """The colour of the state's badge."""
    return _WORDS[kind].get(state or "", ("", "grey"))[1]


def words_of(kind: str) -> dict[str, str]:
    """Every state of a kind in Chinese, to choose from."""
    return {state: said for state, (said, _) in _WORDS[kind].items()}


def action(name: str) -> str:
    """What somebody did, in Chinese."""
    return _ACTIONS.get(name, name)


def actor(name: str) -> str:
    """Who did it: an operator by name, the person himself, or a rule."""
    if name.startswith(("member:", "distributor:")):
        return "本人" if name.startswith("member:") else "分销员本人"
    return {"policy": "规则自动", "setup": "系统"}.get(name, name.removeprefix("operator:"))


def reason(why: Mapping[str, Any]) -> str:
    """Why a commission row is what it is."""
    parts = [explaining.sum_in_words(why)]
    if "refund_no" in why:
        parts.append(f"退款 {why['refund_no']}")
    if why.get("closed"):
        parts.append("订单关闭")
    if why.get("reattributed"):
        parts.append("下单时间更正")
    if why.get("reason") == "terminated":
        parts.append("清退作废")
    return "，".join(part for part in parts if part) or "—"


def facts(values: Mapping[str, Any]) -> str:
    """The facts of an audit entry on one line."""
    return "，".join(f"{_FACTS.get(name, name)} {_fact(name, value)}" for name, value in values.items()).strip()


def subject(name: str) -> str:
    """What an audit entry is about."""
    kind, _, which = name.partition(":")
    return f"{_SUBJECTS.get(kind, kind)} {which}"


def _fact(name: str, value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool) and (name == "fen" or name.endswith("_fen")):
        return yuan(value)
    if name in ("l1", "l2") and isinstance(value, int):
        return percent(value)
    if name == "role":
        return word(str(value), "role")
    return {True: "是", False: "否", None: "无"}.get(value, value) if isinstance(value, bool | None) else value


FILTERS = {
    "word": word,
    "colour": colour,
    "action": action,
    "actor": actor,
    "seat": explaining.seat,
    "nothing": explaining.nothing,
    "reason": reason,
    "facts": facts,
    "subject": subject,
    "way": lambda way: WAYS.get(way, way or ""),
}
