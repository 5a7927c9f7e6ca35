"""A tiny bot whose handlers count what they did in the tag table, to see what was committed."""

from sqlalchemy import func, select

from bot.context import Context
from bot.replies import Again, Ask, Elsewhere, Offer, Reply, Silence, Text
from bot.router import Router, Who
from distribution import members
from distribution.refusals import Code, Refusal
from models import Tag
from models.database import Database
from models.tables import member, tag

router = Router()


def note(ctx: Context, what: str) -> None:
    """Leave a row that the message was worked on."""
    number = ctx.session.scalar(select(func.count()).select_from(tag)) or 0
    ctx.session.add(Tag(name=f"{what}:{number}"))
    ctx.session.flush()


def noted(database: Database, what: str = "") -> int:
    """How many such rows there are."""
    with database.reading() as session:
        return session.scalar(select(func.count()).where(tag.c.name.startswith(what))) or 0


def following(database: Database, openid: str) -> bool:
    """Whether the person is known to follow."""
    with database.reading() as session:
        return bool(session.scalar(select(member.c.following).where(member.c.openid == openid)))


@router.text("余额", reads=True)
@router.intent("earnings", reads=True)
@router.click("BALANCE", reads=True)
def balance(ctx: Context) -> Reply:
    """看余额"""
    return Offer("balance.menu", "可提现 ¥60.00", "1 提现\n2 明细")


@router.step("balance.menu", reads=True)
def balance_menu(ctx: Context, said: str) -> Reply:
    return {"1": Text("去提现"), "2": Text("明细在此")}.get(said, Elsewhere())


@router.text("规则", reads=True)
@router.intent("rules", reads=True)
def rules(ctx: Context) -> Reply:
    """看规则"""
    return Text("佣金 10%")


@router.text("提现")
@router.intent("withdraw")
def begin(ctx: Context) -> Reply:
    """申请提现"""
    note(ctx, "begun")
    return Ask("amount", "提多少？")


@router.step("amount", reads=True)
def amount(ctx: Context, said: str) -> Reply:
    if not said.isdigit():
        return Again("请发数字")
    if said == "5":
        raise Refusal(Code.BELOW_MINIMUM)
    return Ask("confirm", f"提 {said} 元？", {"yuan": int(said)}, minutes=5, again="还提吗？")


@router.step("confirm")
def confirm(ctx: Context, said: str, yuan: int) -> Reply:
    if said not in ("1", "确认"):
        return Again("回复 1 确认")
    note(ctx, "paid")
    return Text(f"已提交 {yuan} 元")


@router.cancelled("confirm")
def kept(ctx: Context, said: str, yuan: int) -> Reply:
    return Text(f"没有提 {yuan} 元")


@router.text("换地址", reads=True)
def move(ctx: Context) -> Reply:
    return Ask("address", "新地址？")


@router.step("address")
def address(ctx: Context, said: str) -> Reply:
    note(ctx, "moved")
    return Text(f"搬到 {said}")


@router.text("只给分销员", only=Who.ACTIVE, reads=True)
def members_only(ctx: Context) -> Reply:
    return Text("内部")


@router.text("写")
def write(ctx: Context) -> Reply:
    note(ctx, "written")
    return Text(f"第 {len(ctx.session.scalars(select(tag.c.name)).all())} 次")


@router.text("拒绝")
def refuse(ctx: Context) -> Reply:
    note(ctx, "refused")
    raise Refusal(Code.SOLD_OUT)


@router.text("坏")
def broken(ctx: Context) -> Reply:
    note(ctx, "broken")
    return Text(str(1 // 0))


@router.text("坏读", reads=True)
def broken_reading(ctx: Context) -> Reply:
    raise KeyError("x")


@router.text("空")
def nothing(ctx: Context) -> Reply:
    note(ctx, "nothing")
    return None  # type: ignore[return-value]


@router.text("坏事实", reads=True)
def bad_facts(ctx: Context) -> Reply:
    return Ask("amount", "?", {"when": ctx.now})


@router.match(r"订单\s*(?P<no>E\d+)", reads=True)
def order(ctx: Context) -> Reply:
    return Text(f"订单 {ctx.groups['no']}")


@router.follow()
def follow(ctx: Context) -> Reply:
    members.record_follow(ctx.session, ctx.member_id, at=ctx.message.at, now=ctx.now)
    return Text(f"欢迎 {ctx.scene or ''}".strip())


@router.leave()
def leave(ctx: Context) -> Reply:
    members.record_unfollow(ctx.session, ctx.member_id, at=ctx.message.at, now=ctx.now)
    return Text("不会有人看到")


@router.scan()
def scan(ctx: Context) -> Reply:
    note(ctx, "scanned")
    return Text(f"扫了 {ctx.scene}")


@router.told("MASSSENDJOBFINISH")
def mass_done(ctx: Context) -> Reply:
    note(ctx, "mass")
    return Silence()


@router.image(reads=True)
def image(ctx: Context) -> Reply:
    return Text("收到图片")


@router.otherwise()
def otherwise(ctx: Context) -> Reply:
    return Text("没看懂")
