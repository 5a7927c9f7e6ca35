"""Why an order or a customer is not somebody's: the time line with names masked, and a claim the merchant decides."""

from dataclasses import replace

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import Again, Ask, Reply, Text
from bot.router import Router, Who, plain
from distribution import customer_claims, customer_words
from distribution.customer_claims import Case
from distribution.customers import Moment
from distribution.refusals import Code, Refusal
from distribution.rules import masking
from distribution.rules.calendar import shown_day, shown_time
from handlers.choices import choice
from handlers.order_words import customer

router = Router()

_NO = r"(?=[^\s]*\d)(?P<order_no>[A-Za-z0-9][A-Za-z0-9_\-]{5,63})"
_SHOWN = 7
_LONGEST_WORDS = 200
_SELF = "这是你自己的微信：自己不能成为自己的客户，不用裁定。"


@router.match(rf"(?:归属|归属时间线|时间线|绑定记录)\s*[:：]?\s*(?:订单)?\s*{_NO}", only=Who.DISTRIBUTOR, reads=True)
def of_order(ctx: Context) -> Reply:
    """归属 + 订单号：这一单为什么不是我的"""
    no = ctx.groups["order_no"] or ""
    return case_of_order(ctx, no) or Text(
        f"没有找到和你有关的订单 {no[:40]}：单号可能不对，或者这位客户没有扫过你的码、点过你的链接。"
    )


@router.match(
    r"(?:归属|归属时间线|时间线|绑定记录)\s*[:：]?\s*客户\s*(?P<member>\d{1,12})", only=Who.DISTRIBUTOR, reads=True
)
def of_customer(ctx: Context) -> Reply:
    """归属 + 客户编号"""
    case = customer_claims.of_customer(ctx.session, int(ctx.groups["member"] or 0), ctx.distributor_id, now=ctx.now)
    return _told(ctx, case) if case else Text("没有和你有关的这位客户。\n回复“我的客户”看现在的客户。")


@router.match(
    r"[^0-9A-Za-z]{0,12}客户[^0-9A-Za-z]{0,8}(?:不是我的|不归我|变成别人|变别人|被抢|被撬|不见了)[^0-9A-Za-z]{0,6}",
    only=Who.DISTRIBUTOR,
    reads=True,
)
@router.text(
    "归属", "归属时间线", "客户归属", "客户被抢了", "我的客户被抢了", "归属争议", only=Who.DISTRIBUTOR, reads=True
)
def which(ctx: Context) -> Reply:
    """客户归属有疑问"""
    since = ctx.now - customer_claims.SETTLED_FOR
    found = customer_claims.lost(ctx.session, ctx.distributor_id, since=since)
    lines = ["别急，先看归属记录：回复“归属”加订单号，我把扫码、点链接和下单的经过列给你。"]
    if found:
        lines.append("近 30 天不再归你的客户：")
    lines += [f"{number} {customer(who)}，{shown_day(at)}" for number, (who, at) in enumerate(found, 1)]
    if not found:
        return offer("\n".join(lines), Way("客户怎么算我的", intent="rules", slots={"topic": "bind"}), "人工")
    return offer("\n".join(lines), *(Way(customer(who), say=f"归属 {customer(who)}") for who, _ in found), listed=False)


@router.text("争议进度", "我的争议", only=Who.DISTRIBUTOR, reads=True)
def progress(ctx: Context) -> Reply:
    """争议进度"""
    rows = customer_claims.of_distributor(ctx.session, ctx.distributor_id)
    if not rows:
        return Text("没有和你有关的归属争议。\n对哪一单有疑问，回复“归属”加订单号。")
    lines = []
    for row in rows:
        said = "店铺在核对" if row.decided_at is None else "归你" if row.winner_id == ctx.distributor_id else "不归你"
        why = f"，理由：{row.reason[:60]}" if row.reason else ""
        lines.append(f"· {customer(row.member_id)}（{shown_day(row.opened_at)}提出）：{said}{why}")
    return Text("\n".join(["归属争议：", *lines, "之前的订单都不变。"]))


def case_of_order(ctx: Context, order_no: str) -> Reply | None:
    """The time line of an order that is somebody else's; None for one this person may hear nothing of."""
    case = customer_claims.of_order(ctx.session, order_no, ctx.distributor_id)
    return _told(ctx, case) if case else None


@router.step("belonging.claim", only=Who.ACTIVE)
def claimed(ctx: Context, said: str, *, member: int) -> Reply:
    words = (ctx.said or said).strip()
    if choice(plain(words)) is not None or len(plain(words)) < 4:
        return Again("请用一句话说说为什么该归你，例如“她 11 月 1 日先扫了我的海报”；回复“0”退出。")
    try:
        customer_claims.claim(ctx.session, member, ctx.distributor_id, words=words[:_LONGEST_WORDS], now=ctx.now)
    except Refusal as refusal:
        return _refused(refusal)
    return Text(
        f"已交给店铺裁定：{customer(member)}归谁。双方都会收到通知，通常 1 个工作日内有结果和理由。\n"
        "已有的订单不变；裁定归你的话，以后的订单算你的。回复“争议进度”随时查，有截图可以回复“申诉”补充。"
    )


@router.match(r"归属有异议\s*客户\s*(?P<member>\d{1,12})", only=Who.ACTIVE, reads=True)
def object_to(ctx: Context) -> Reply:
    member = int(ctx.groups["member"] or 0)
    if not customer_claims.tied(ctx.session, member, ctx.distributor_id):
        return Text("没有和你有关的这位客户。")
    if member == ctx.member_id:
        return Text(_SELF)
    return Ask(
        "belonging.claim",
        f"请用一句话说说{customer(member)}为什么该归你（谁先联系、哪天扫的码）；店铺会和系统记录一起看。\n0 不用了",
        {"member": member},
    )


def _refused(refusal: Refusal) -> Reply:
    if refusal.code == Code.SELF:
        return Text(_SELF)
    if refusal.code == Code.ALREADY_BOUND:
        return Text("这位客户现在就归你，不用裁定。")
    if refusal.code == Code.TOO_MANY and refusal.facts.get("decided"):
        return Text(
            f"店铺已经裁定过这位客户的归属，理由：{refusal.facts.get('reason') or ''}\n还有新的情况请回复“人工”。"
        )
    if refusal.code == Code.TOO_MANY:
        return Text("你提过的争议店铺还在核对，不用重复提交。\n回复“争议进度”随时查。")
    if refusal.code == Code.ILLEGAL_STATE:
        return Text("这位客户已经有两位在争，店铺正在裁定。\n有新的情况请回复“人工”。")
    raise refusal


def _told(ctx: Context, case: Case) -> Reply:
    mine = case.holder is not None and case.holder[0] == ctx.person.code
    rows = case.line[-_SHOWN:]
    earlier = len(case.line) - len(rows)
    lines = [
        _answer(ctx, case, mine=mine),
        f"{customer(case.member_id)}的归属经过：",
        *([f"（更早还有 {earlier} 条）"] if earlier else []),
        *(_line(ctx, row) for row in rows),
        "归属在下单那一刻定下，以后不变。",
    ]
    ways = [Way("客户归属的规则", intent="rules", slots={"topic": "bind"})]
    if not mine and ctx.person.state == "active" and case.member_id != ctx.member_id:
        ways.insert(0, Way("我有异议，请店铺裁定", say=f"归属有异议 {customer(case.member_id)}"))
    return offer("\n".join(lines), *ways)


def _answer(ctx: Context, case: Case, *, mine: bool) -> str:
    who = "你" if mine else masking.name(case.holder[1]) if case.holder else ""
    if case.order_no is None:
        return f"{customer(case.member_id)}现在归{who}。" if who else f"{customer(case.member_id)}现在没有归属。"
    at = shown_time(case.at)
    if not who:
        return f"订单 {case.order_no} 没有计给任何人：{at} 下单时客户没有归属。"
    how = "下单时带的是" + f"{who}的推广码" if case.by_code else f"{at} 下单时客户归{who}"
    return f"订单 {case.order_no} 计给{who}：{how}。"


def _line(ctx: Context, row: Moment) -> str:
    mine = row.who is not None and row.who[0] == ctx.person.code
    # A merchant's reason may name people: it is for whom it speaks of.
    word, why, _ = customer_words.told(row if mine else replace(row, reason=None))
    who = "" if row.who is None else "你" if mine else masking.name(row.who[1])
    return f"· {shown_time(row.at)} {f'{who}：' if who else ''}{word}{f'（{why}）' if why else ''}"
