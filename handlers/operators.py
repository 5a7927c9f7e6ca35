"""The other side of the counter: operators bind their WeChat and decide by the numbers of their cards."""

from bot.context import Context
from bot.replies import Reply, Text
from bot.router import Router
from distribution import chat_decisions, decision_cards, operator_bindings
from distribution.operator_bindings import MAY
from distribution.rules.calendar import shown_time
from distribution.rules.money import yuan
from handlers.menu import not_understood
from models import Operator

router = Router()

REASON = "资料或信息需要核对，请联系客服"
_NUMBER = r"(?P<number>\d{4})"
_ENDS = {
    "unknown": "没有编号 {number}：可能打错了，或不是发给你的，什么都没有改动。\n回复“待审核”看现在有哪些。",
    "used": "编号 {number} 已经用过了，没有再做一次。\n{words}\n回复“待审核”看现在有哪些。",
    "lapsed": "编号 {number} 已过 30 分钟，什么都没有改动。\n{words}\n回复“待审核”换新编号。",
    "changed": "发出编号后这件事有了变化（可能已被处理），编号 {number} 作废，没有改动。\n回复“待审核”看最新的。",
    "barred": "这件事不归你的角色审，或是你本人的申请，什么都没有改动。\n请在后台由有权限的同事处理。",
    "large": "这笔金额超过微信里能审的上限，什么都没有改动。\n请到后台“提现”里处理。",
    "first": "你已同意；金额较大，还要另一位同事也通过才打款。\n{words}",
}


@router.match(r"绑定(?:码|员工)?\s*[:：]?\s*(?P<code>[A-Za-z0-9]{8})")
def bind(ctx: Context) -> Reply:
    """绑定 + 后台给的一次性码：在微信里审核"""
    operator = operator_bindings.bind(ctx.session, ctx.member_id, ctx.groups["code"] or "", now=ctx.now)
    if operator is None:
        return Text("这个绑定码不对，或已过 10 分钟、已经用过。\n请在后台“员工”里重新取一个。")
    return Text(
        f"已绑定后台账号“{operator.name}”。有新的{_what(operator)}时我会发编号给你。\n"
        "回复“待审核”看现在有哪些；回复“解除绑定”停用。"
    )


@router.text("解除绑定", "解绑员工", "解绑后台")
def unbind(ctx: Context) -> Reply:
    """解除后台绑定"""
    operator = operator_bindings.operator_of(ctx.session, ctx.member_id)
    if operator is None:
        return not_understood(ctx)
    operator_bindings.unbind(ctx.session, operator.id, by=operator.name, now=ctx.now)
    return Text("已解除绑定，这个微信不再收到审核卡片。\n要再绑定请到后台“员工”。")


@router.text("待审核", "审核", "待办")
def waiting(ctx: Context) -> Reply:
    """待审核的申请和提现"""
    operator = operator_bindings.operator_of(ctx.session, ctx.member_id)
    if operator is None:
        return not_understood(ctx)
    kinds = [kind for kind, roles in MAY.items() if operator.role in roles]
    cards = decision_cards.waiting(ctx.session, operator.id, ctx.member_id, kinds, now=ctx.now)
    if not cards:
        return Text(f"现在没有要你审的。{_limit(ctx, kinds)}\n有新的会发给你。")
    lines = [f"{card.number}  {decision_cards.question(ctx.session, card, now=ctx.now)}" for card in cards]
    example = cards[0].number
    until = shown_time(cards[0].until)
    return Text(
        "\n".join(
            ["等你审核：", *lines, f"回复“通过 {example}”或“驳回 {example} 原因”；编号 {until} 前有效，各用一次。"]
        )
    )


@router.match(rf"(?:通过|同意|批准)\s*{_NUMBER}")
def passed(ctx: Context) -> Reply:
    """通过 + 编号"""
    return _decide(ctx, passes=True)


@router.match(rf"(?:驳回|拒绝|不通过)\s*{_NUMBER}(?:[\s,，:：]+(?P<reason>.{{1,100}}))?")
def turned_down(ctx: Context) -> Reply:
    """驳回 + 编号 + 原因"""
    return _decide(ctx, passes=False)


def _decide(ctx: Context, *, passes: bool) -> Reply:
    operator = operator_bindings.operator_of(ctx.session, ctx.member_id)
    if operator is None:
        return not_understood(ctx)
    number, reason = ctx.groups["number"] or "", (ctx.groups.get("reason") or "").strip() or REASON
    done = chat_decisions.decide(
        ctx.session, operator, ctx.member_id, number, passes=passes, reason=reason, now=ctx.now
    )
    if done.outcome != "done":
        return Text(_ENDS[done.outcome].format(number=number, words=done.words).strip())
    return Text(f"已{'通过' if passes else f'驳回（{reason}）'}：{done.words}。\n已通知本人；回复“待审核”看下一件。")


def _what(operator: Operator) -> str:
    words = {"application": "分销申请", "withdrawal": "小额提现"}
    return "、".join(words[kind] for kind, roles in MAY.items() if operator.role in roles)


def _limit(ctx: Context, kinds: list[str]) -> str:
    most = decision_cards.most_fen(ctx.session, now=ctx.now)
    return f"超过 {yuan(most)} 的提现请在后台审。" if "withdrawal" in kinds else ""
