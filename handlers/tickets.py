"""Asking people: a human, appeals with the explanation attached, one's own tickets."""

import re

from bot.context import Context
from bot.messages import Sent
from bot.next_steps import Way, offer
from bot.replies import Again, Ask, Reply, Text
from bot.router import Router, Who, plain
from bot.understanding.names import order_number
from distribution import tickets, why_not
from handlers import sent_things, ticket_words
from handlers.choices import choice
from handlers.why import told
from models import Ticket

router = Router()

_NO = r"(?=[^\s]*\d)(?P<order_no>[A-Za-z0-9][A-Za-z0-9_\-]{3,63})"
_STATES = {"open": "处理中", "answered": "已回复", "closed": "已结束"}
_KEEP_WAITING = frozenset(("继续等", "等着", "不用", "没有", "就这些"))
_UPSET = re.compile("听不懂|没用|不行|不会|看不懂|不明白|笨|蠢|什么机器人|老板|经理|负责人")


@router.text("人工", "客服", "人工客服", "转人工", "找人工", "真人", reads=True)
@router.intent("human", reads=True)
def human(ctx: Context) -> Reply:
    """找真人"""
    opening = "抱歉没帮上忙，这就转人工。" if _UPSET.search(ctx.said) else "好的，这就转人工。"
    own = tickets.open_of_member(ctx.session, ctx.person.member_id) if ctx.person.member_id else None
    return _ask(
        "human",
        f"{opening}{ticket_words.waiting(ctx, own)}\n"
        "可以先把问题发来，客服接入就能看到；涉及订单或提现请带上单号。\n1 继续等\n2 留言，晚点回复我\n0 不用了",
    )


@router.text("投诉", "反映问题", "我要投诉", "我有异议", "有异议", reads=True)
def objection(ctx: Context) -> Reply:
    """反映问题"""
    return _ask("complaint", "请说说哪里不对，带上订单号更快；我一起交给店铺。\n0 不用了")


@router.text("提交说明", "补充说明", reads=True)
def statement(ctx: Context) -> Reply:
    """提交说明"""
    return _ask("appeal", "请把情况写在一条消息里，有订单号请带上；提交后可以再发截图。\n0 不用了")


@router.match(rf"申诉[:：，,\s]*(?:订单)?\s*{_NO}[，,。\s]*(?P<rest>.{{0,400}})", only=Who.DISTRIBUTOR)
@router.match(rf"(?:订单)?\s*{_NO}\s*(?:我要)?申诉[，,。\s]*(?P<rest>.{{0,400}})", only=Who.DISTRIBUTOR)
def appeal(ctx: Context) -> Reply:
    """申诉 + 订单号"""
    order_no = ctx.groups["order_no"] or ""
    return opened(ctx, file(ctx, "appeal", ctx.groups.get("rest") or f"对订单 {order_no} 的佣金有异议", order_no))


@router.text("申诉", "我要申诉", only=Who.DISTRIBUTOR, reads=True)
def which(ctx: Context) -> Reply:
    """申诉"""
    return _ask("appeal", "要申诉哪一单？请发订单号和理由；不是订单的事，直接写清情况。\n0 不用了")


@router.step("tickets.text")
def written(ctx: Context, said: str, *, kind: str, order_no: str | None = None) -> Reply:
    word = plain(said)
    if kind == "human" and (choice(word) == 1 or word in _KEEP_WAITING):
        return _queued(ctx, file(ctx, kind, "（在等人工，没有留言）", order_no))
    if kind == "human" and (choice(word) == 2 or word in ("留言", "我留言")):
        return _ask("note", "好，请把问题写在一条消息里，客服晚点在这里回复你。\n0 不用了")
    if kind == "note":
        kind = "human"
    meaning = ctx.understood.intent if ctx.understood else ""
    if choice(word) is not None or meaning in ("cancel", "deny", "confirm", "thanks", "greeting"):
        return Again("把问题写在一条消息里发来就行；回复“0”退出。")
    return opened(ctx, file(ctx, kind, ctx.said or said, order_no or _order_no(ctx, said)))


@router.step("tickets.more", words=("0",))
def more(ctx: Context, said: str, *, no: str) -> Reply:
    row = tickets.find(ctx.session, no)
    if row is None or row.member_id != ctx.member_id or row.state == "closed":
        return Text("这张工单已经结束了。还有问题回复“人工”。")
    tickets.add_note(ctx.session, row, by=f"member:{ctx.member_id}", text=ctx.said or said, now=ctx.now)
    return Text(f"已补充到 {row.no}，客服能看到。\n回复“我的工单”随时查。")


@router.text("补充", "补充截图或说明", "补充截图", reads=True)
def add(ctx: Context) -> Reply:
    """补充工单"""
    row = tickets.open_of_member(ctx.session, ctx.person.member_id) if ctx.person.member_id else None
    if row is None:
        return Text("现在没有在处理的工单。\n有问题回复“人工”。")
    return Ask("tickets.more", f"请发要补充到 {row.no} 的文字；截图直接发图就行。\n0 不用了", {"no": row.no})


@router.text("我的工单", "工单", "工单进度", "受理进度", reads=True)
def mine(ctx: Context) -> Reply:
    """我的工单"""
    rows = tickets.of_member(ctx.session, ctx.person.member_id, 3) if ctx.person.member_id else []
    if not rows:
        return Text("你还没有工单。\n有问题回复“人工”，佣金有疑问回复“申诉”加订单号。")
    lines = [_line(ctx, row) for row in rows]
    ways = [Way("补充截图或说明", say="补充")] if any(row.state != "closed" for row in rows) else []
    return offer("\n".join(["你的工单：", *lines]), *ways, "人工")


@router.image()
def picture(ctx: Context) -> Reply:
    row = tickets.open_of_member(ctx.session, ctx.member_id)
    if row is None:
        return sent_things.picture(ctx)
    said = sent_things.as_line(ctx.message) if isinstance(ctx.message, Sent) else ""
    tickets.add_note(ctx.session, row, by=f"member:{ctx.member_id}", text=said, now=ctx.now)
    return Text(f"图片已附到 {row.no}，客服能看到。\n还有要补充的接着发，或回复“我的工单”。")


def _ask(kind: str, text: str) -> Reply:
    return Ask("tickets.text", text, {"kind": kind}, minutes=10)


def file(ctx: Context, kind: str, text: str, order_no: str | None) -> Ticket:
    """A ticket of what this person says, with the explanation of the order where there is one."""
    facts = {"explanation": explained} if order_no and (explained := _explanation(ctx, order_no)) else {}
    return tickets.open_ticket(
        ctx.session, ctx.member_id, kind=kind, text=text, order_no=order_no, facts=facts,
        distributor_id=ctx.person.distributor_id, now=ctx.now,
    )  # fmt: skip


def opened(ctx: Context, row: Ticket) -> Reply:
    """That it was written down, by which number, and when an answer comes."""
    attached = "和佣金的算法" if row.facts.get("explanation") else ""
    order = f"连同订单 {row.order_no} {attached}一起" if row.order_no else ""
    again = "订单号我已附上，你不用再说一遍。" if row.order_no else ""
    return offer(
        f"记下了，{order}交给店铺客服核对，受理号 {row.no}。\n{again}{ticket_words.reply_time(ctx, row)}",
        Way("补充截图或说明", say="补充"),
        Way("看工单", say="我的工单"),
    )


def _queued(ctx: Context, row: Ticket) -> Reply:
    return offer(
        f"好，帮你排上了，受理号 {row.no}。{ticket_words.waiting(ctx, row)}\n等的时候我还在，别的事照常说。",
        Way("补充截图或说明", say="补充"),
        Way("看工单", say="我的工单"),
    )


def _explanation(ctx: Context, order_no: str) -> str | None:
    if ctx.person.distributor_id is None:
        return None
    asked = why_not.of_person(ctx.session, order_no, ctx.person.distributor_id)
    return told(asked) if asked else None


def _order_no(ctx: Context, said: str) -> str | None:
    no = order_number(said)
    return str(no) if no else None


def _line(ctx: Context, row: Ticket) -> str:
    head = f"· {row.no} {tickets.KINDS[row.kind]}（{_STATES[row.state]}）：{tickets.last_said(ctx.session, row)[:30]}"
    answer = tickets.last_answer(ctx.session, row) if row.state != "open" else None
    return f"{head}\n  回复：{answer[:80]}" if answer else head
