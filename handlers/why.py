"""Why an order earned this much, or nothing: in plain words, one's own places only."""

from bot.context import Context
from bot.explaining import nothing, seat, sum_in_words
from bot.replies import Reply, Text
from bot.router import Router, Who
from distribution import order_lists, why_not
from distribution.explanations import Explanation
from distribution.rules.calendar import shown_time
from distribution.rules.money import yuan
from distribution.why_not import Asked
from handlers import belonging

router = Router()

#: An answer fits a chat bubble.
MOST = 600
APPEAL = "有疑问回复“申诉 {no}”。"
_NO = r"(?=[^\s]*\d)(?P<order_no>[A-Za-z0-9][A-Za-z0-9_\-]{3,63})"
_WHY = r"(?:为什么|为啥|为何|怎么)"
_WORDS = r"[^A-Za-z0-9]{0,16}"
_STATES = {"unpaid": "待付款", "paid": "已付款", "shipped": "已发货", "received": "已收货", "closed": "已关闭"}
_MONEY = {"pending": "待结算", "available": "已结算", "void": "已作废"}


@router.match(rf"{_WHY}{_WORDS}{_NO}{_WORDS}", only=Who.DISTRIBUTOR, reads=True)
@router.match(rf"(?:订单)?\s*{_NO}{_WORDS}{_WHY}{_WORDS}", only=Who.DISTRIBUTOR, reads=True)
def why(ctx: Context) -> Reply:
    """为什么 + 订单号：这一单的佣金怎么算的"""
    said = ctx.groups["order_no"] or ""
    asked = next((found for no in (said, said.upper()) if (found := _find(ctx, no))), None)
    if asked is None and (elsewhere := belonging.case_of_order(ctx, said)) is not None:
        return elsewhere
    if asked is None:
        return Text(
            f"订单 {said} 里没有你的佣金：单号可能不对，或者这一单不是你和你的下级推广的。\n{APPEAL.format(no=said)}"
        )
    return Text(told(asked))


@router.text(
    "为什么", "为什么没有佣金", "为什么没佣金", "为什么这么少", "佣金怎么算的", only=Who.DISTRIBUTOR, reads=True
)
def which(ctx: Context) -> Reply:
    """问清是哪一单"""
    found = order_lists.earning(ctx.session, ctx.distributor_id, since=None, until=None)[:3]
    lines = [f"· 为什么 {order.order_no}" for order in found] or ["· 为什么 订单号"]
    return Text("\n".join(["想问哪一单？把单号一起发给我：", *lines, "我会说清按什么、比例多少、为什么是这个数。"]))


def told(asked: Asked) -> str:
    """The whole answer, at most MOST characters; what does not fit is counted."""
    head = f"订单 {asked.order_no}（{_STATES[asked.state]}）"
    if asked.reason:
        return f"{head}没有你的佣金：{nothing(asked.reason)}。\n{APPEAL.format(no=asked.order_no)}"
    lines = [_place(one) for one in asked.places]
    appeal = APPEAL.format(no=asked.order_no)
    ends = [*_when(asked), *(["有退款，以上按退款后的金额算。"] if asked.refunded else []), appeal]
    opening = f"{head}你的佣金 {yuan(asked.fen)}"
    room = MOST - len(opening) - sum(len(line) + 1 for line in ends) - 12
    kept: list[str] = []
    while lines and room >= len(lines[0]) + 1:
        room -= len(lines[0]) + 1
        kept.append(lines.pop(0))
    more = [f"另有 {len(lines)} 处"] if lines else []
    return "\n".join([opening, *kept, *more, *ends])


def _find(ctx: Context, order_no: str) -> Asked | None:
    return why_not.of_person(ctx.session, order_no, ctx.distributor_id)


def _place(one: Explanation) -> str:
    goods = f"{one.goods[:16]}，{seat(one.kind)}"
    if one.reason is None:
        return f"· {goods} {yuan(one.fen)}：{sum_in_words(one.facts)}，{_MONEY.get(one.state or '', '待结算')}"
    sums = sum_in_words(one.facts) if one.reason in ("order_cap", "line_cap", "less_than_a_fen") else ""
    return f"· {goods} {yuan(one.fen)}：{nothing(one.reason)}" + (f"（{sums}）" if sums else "")


def _when(asked: Asked) -> list[str]:
    if not any(one.state == "pending" and one.fen for one in asked.places):
        return []
    if asked.due_at:
        return [f"{shown_time(asked.due_at)} 起可结算到可提现。"]
    return [f"客户确认收货满 {asked.freeze_days} 天转为可提现。"]
