"""What people say is wrong: a commission a refund took back is explained first, anything else goes to people."""

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import Reply
from bot.router import Router, plain
from distribution import standing_facts, taken_back
from distribution.rules.calendar import day_of, local, shown_time
from distribution.rules.money import yuan
from handlers import belonging, tickets

router = Router()

_PURSES = {"available": "可提现", "pending": "待结算"}


@router.intent("complaint")
def complaint(ctx: Context) -> Reply:
    """反映问题"""
    order_no = ctx.slots.get("order_no")
    if ctx.person.state == "frozen":
        return _suspended(ctx)
    stolen = "complaint.stolen" in ctx.why and ctx.person.state == "active"
    if stolen and (told := belonging.case_of_order(ctx, str(order_no)) if order_no else belonging.which(ctx)):
        return told
    if order_no:
        kind = "appeal" if ctx.slots.get("taken_back") else "complaint"
        return tickets.opened(ctx, tickets.file(ctx, kind, ctx.said, str(order_no)))
    found = _taken_back(ctx)
    if found is not None:
        return found
    if len(plain(ctx.said)) < 6:
        return tickets.objection(ctx)
    return tickets.opened(ctx, tickets.file(ctx, "complaint", ctx.said, None))


def objecting(order_no: str) -> Way:
    """What a complaint means while an order that was taken back is spoken of."""
    return Way("我有异议", intent="complaint", slots={"order_no": order_no, "taken_back": True})


def _suspended(ctx: Context) -> Reply:
    told = standing_facts.of_person(ctx.session, ctx.person.distributor_id, ctx.person.state)
    about = f"核查的是：{told['reason']}。\n" if told.get("reason") else ""
    return offer(
        f"明白你着急。{about}写清情况、附上聊天或收货截图会快很多；查清没问题就恢复，暂停期间的钱一分不动。",
        "提交说明",
        Way("转人工", say="人工"),
    )


def _taken_back(ctx: Context) -> Reply | None:
    """What a refund took back lately, when commissions are said to be short."""
    if ctx.person.distributor_id is None or "complaint.short" not in ctx.why:
        return None
    found = taken_back.latest(ctx.session, ctx.person.distributor_id, now=ctx.now)
    if found is None:
        return None
    row, change = found.row, found.change
    when = f"今天 {local(row.at):%H:%M}" if day_of(row.at) == day_of(ctx.now) else shown_time(row.at)
    what = "退货退款" if found.goods_back else "退款" if row.cause.startswith("refund:") else "的订单取消了"
    lines = [
        f"查到了：{when} 扣回 {yuan(row.fen)}。",
        f"订单 {row.order_no}（{row.goods[:16]} {yuan(found.paid_fen)}）客户{what}，这单佣金按退款一并收回。",
        *([f"{_PURSES[change.purse]}由 {yuan(change.before_fen)} 变成 {yuan(change.after_fen)}，"] if change else []),
    ]
    text = "\n".join(lines) + ("" if change else "\n") + "其他订单不受影响。"
    objection = objecting(row.order_no)
    rule = Way("扣回规则", intent="rules", slots={"topic": "refund", "order_no": row.order_no})
    return offer(text, rule, Way("我有异议", say=f"申诉 {row.order_no}"), about=objection)
