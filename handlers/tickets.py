"""Asking people: complaints, a human, appeals with the explanation attached, one's own tickets."""

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import Again, Ask, Reply, Text
from bot.router import Router, Who, plain
from bot.understanding.names import order_number
from distribution import earning_lists, tickets, why_not
from distribution.rules.calendar import shown_time
from distribution.rules.money import yuan
from handlers import sent_things
from handlers.choices import choice
from handlers.why import told
from models import Ticket

router = Router()

_NO = r"(?=[^\s]*\d)(?P<order_no>[A-Za-z0-9][A-Za-z0-9_\-]{3,63})"
_STATES = {"open": "处理中", "answered": "已回复", "closed": "已结束"}
_KEEP_WAITING = frozenset(("继续等", "等着", "不用", "没有", "就这些"))


@router.text("人工", "客服", "人工客服", "转人工", "找人工", "真人", reads=True)
@router.intent("human", reads=True)
def human(ctx: Context) -> Reply:
    """找真人"""
    return _ask(
        "human", "好的，转人工。请把问题发来，客服看到就回；涉及订单或提现请带上单号。\n1 直接转，不留言\n0 不用了"
    )


@router.text("投诉", "反映问题", "我要投诉", "我有异议", "有异议", reads=True)
def objection(ctx: Context) -> Reply:
    """反映问题"""
    return _ask("complaint", "请说说哪里不对，带上订单号更快；我一起交给店铺。\n0 不用了")


@router.text("提交说明", "补充说明", reads=True)
def statement(ctx: Context) -> Reply:
    """提交说明"""
    return _ask("appeal", "请把情况写在一条消息里，有订单号请带上；提交后可以再发截图。\n0 不用了")


@router.intent("complaint")
def complaint(ctx: Context) -> Reply:
    order_no = ctx.slots.get("order_no")
    if ctx.person.state == "frozen":
        return offer(
            "明白你着急。写清情况、附上聊天或收货截图会快很多；核查期间钱一分不动。",
            "提交说明",
            Way("转人工", say="人工"),
        )
    if order_no:
        return _opened(ctx, _open(ctx, "complaint", ctx.said, str(order_no)))
    found = _taken_back(ctx)
    if found is not None:
        return found
    if len(plain(ctx.said)) < 6:
        return objection(ctx)
    return _opened(ctx, _open(ctx, "complaint", ctx.said, None))


@router.match(rf"申诉[:：，,\s]*(?:订单)?\s*{_NO}[，,。\s]*(?P<rest>.{{0,400}})", only=Who.DISTRIBUTOR)
@router.match(rf"(?:订单)?\s*{_NO}\s*(?:我要)?申诉[，,。\s]*(?P<rest>.{{0,400}})", only=Who.DISTRIBUTOR)
def appeal(ctx: Context) -> Reply:
    """申诉 + 订单号"""
    order_no = ctx.groups["order_no"] or ""
    return _opened(ctx, _open(ctx, "appeal", ctx.groups.get("rest") or f"对订单 {order_no} 的佣金有异议", order_no))


@router.text("申诉", "我要申诉", only=Who.DISTRIBUTOR, reads=True)
def which(ctx: Context) -> Reply:
    """申诉"""
    return _ask("appeal", "要申诉哪一单？请发订单号和理由；不是订单的事，直接写清情况。\n0 不用了")


@router.step("tickets.text")
def written(ctx: Context, said: str, *, kind: str, order_no: str | None = None) -> Reply:
    word = plain(said)
    if kind == "human" and (choice(word) == 1 or word in _KEEP_WAITING):
        return _opened(ctx, _open(ctx, kind, "（没有留言，请联系我）", order_no))
    meaning = ctx.understood.intent if ctx.understood else ""
    if choice(word) is not None or meaning in ("cancel", "deny", "confirm", "thanks", "greeting"):
        return Again("把问题写在一条消息里发来就行；回复“0”退出。")
    return _opened(ctx, _open(ctx, kind, ctx.said or said, order_no or _order_no(ctx, said)))


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
    facts = getattr(ctx.message, "facts", {})
    where = str(facts.get("PicUrl") or getattr(ctx.message, "media_id", "") or "")[:300]
    tickets.add_note(ctx.session, row, by=f"member:{ctx.member_id}", text=f"【图片】{where}", now=ctx.now)
    return Text(f"图片已附到 {row.no}，客服能看到。\n还有要补充的接着发，或回复“我的工单”。")


def _ask(kind: str, text: str) -> Reply:
    return Ask("tickets.text", text, {"kind": kind}, minutes=10)


def _open(ctx: Context, kind: str, text: str, order_no: str | None) -> Ticket:
    facts = {"explanation": explained} if order_no and (explained := _explanation(ctx, order_no)) else {}
    return tickets.open_ticket(
        ctx.session, ctx.member_id, kind=kind, text=text, order_no=order_no, facts=facts,
        distributor_id=ctx.person.distributor_id, now=ctx.now,
    )  # fmt: skip


def _opened(ctx: Context, row: Ticket) -> Reply:
    waiting = tickets.queue(ctx.session)
    queue = f"前面还有 {waiting - 1} 件。" if waiting is not None and waiting > 1 else ""
    order = f"订单 {row.order_no} 和佣金的算法我已附上，你不用再说一遍。" if row.order_no else ""
    return offer(
        f"记下了，交给店铺客服，受理号 {row.no}。{order}\n{queue}一般 1 个工作日内在这里回复你。",
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


def _taken_back(ctx: Context) -> Reply | None:
    """What a refund took back lately, when commissions are said to be short."""
    if ctx.person.distributor_id is None or "complaint.short" not in ctx.why:
        return None
    found = earning_lists.last_taken_back(ctx.session, ctx.person.distributor_id, 1)
    if not found or (ctx.now - found[0].at).days >= 7:
        return None
    last = found[0]
    return offer(
        f"查到了：{shown_time(last.at)} 扣回 {yuan(abs(last.fen))}。\n订单 {last.order_no} 退款，佣金按退款一并收回。\n"
        "其他订单不受影响。",
        Way("扣回规则", intent="rules", slots={"topic": "refund"}),
        Way("我有异议", say=f"申诉 {last.order_no}"),
    )


def _line(ctx: Context, row: Ticket) -> str:
    head = f"· {row.no} {tickets.KINDS[row.kind]}（{_STATES[row.state]}）：{row.text[:30]}"
    answer = tickets.last_answer(ctx.session, row) if row.state != "open" else None
    return f"{head}\n  回复：{answer[:80]}" if answer else head
