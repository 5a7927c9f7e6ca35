"""One's own data: phone, name (the payee's), real name, closing the account; each change asked before it is made."""

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import Again, Ask, Reply, Text
from bot.router import Router, Who
from bot.wording import sentence
from distribution import earnings, members, profiles, real_names, tickets
from distribution.refusals import Code, Refusal
from distribution.rules import identity, masking
from distribution.rules.money import yuan
from handlers.choices import choice
from handlers.withdrawal_words import agreed

router = Router()

PHONE_WORDS = ("改手机号", "换手机号", "修改手机号")
NAME_WORDS = ("改姓名", "改名字", "改收款人", "名字打错了", "名字写错了")
_KEPT = "好，没有改动。\n回复“0”看菜单。"


@router.text("我的资料", "个人资料", "改资料", "修改资料", only=Who.DISTRIBUTOR, reads=True)
@router.intent("profile", only=Who.DISTRIBUTOR, reads=True)
def begin(ctx: Context) -> Reply:
    """我的资料"""
    match ctx.slots.get("field"):
        case "phone":
            return _phone(ctx, ctx.slots.get("phone"))
        case "name" | "payee":
            return _name(ctx, ctx.slots.get("name"))
        case "close":
            return close(ctx)
        case "realname":
            return real_name(ctx)
        case "avatar":
            return Text("海报上用的是你的名字，不用头像。\n回复“生成海报”看看效果。")
    row = members.get_distributor(ctx.session, ctx.distributor_id)
    return offer(
        f"你的资料：{masking.name(row.name)}，{masking.phone(row.phone)}，邀请码 {row.code}。\n要改哪一项？",
        Way("改手机号", intent="profile", slots={"field": "phone"}),
        Way("改姓名（收款人）", intent="profile", slots={"field": "name"}),
        Way("注销账号", intent="profile", slots={"field": "close"}),
    )


@router.text(*PHONE_WORDS, only=Who.DISTRIBUTOR, reads=True)
def phone(ctx: Context) -> Reply:
    """改手机号"""
    return _phone(ctx, ctx.slots.get("phone"))


@router.text(*NAME_WORDS, only=Who.DISTRIBUTOR, reads=True)
def name(ctx: Context) -> Reply:
    """改姓名（收款人）"""
    return _name(ctx, ctx.slots.get("name"))


@router.text("实名", "实名认证", "实名核对", only=Who.DISTRIBUTOR, reads=True)
def real_name(ctx: Context) -> Reply:
    """实名是怎么核对的"""
    payee = masking.name(ctx.person.name or "")
    if ctx.policy.withdraw.verify_name:
        return _real_name_page(ctx, payee)
    least = yuan(ctx.policy.withdraw.name_required_from_fen)
    return offer(
        f"不用拍照，也不用身份证号。登记的收款人是 {payee}，{least} 起由微信和你的实名比对，不一致会退回，钱不会丢。\n"
        "请不要在聊天里发身份证号。",
        Way("改姓名（收款人）", intent="profile", slots={"field": "name"}),
        "提现",
    )


def _real_name_page(ctx: Context, payee: str) -> Reply:
    row = members.get_distributor(ctx.session, ctx.distributor_id)
    if real_names.passed(ctx.session, row):
        return offer(f"实名已通过（{payee}），以后提现不用再核对。", "提现", "我的资料")
    return offer(
        "不用拍照，填姓名和身份证号，只用来核对一次；姓名由微信付款时比对，店铺看不到完整号码。\n"
        f'请不要在聊天里发身份证号。\n<a href="{ctx.links.real_name(row.id)}">去实名核对</a>（1 小时内有效）',
        "提现",
        Way("改姓名（收款人）", intent="profile", slots={"field": "name"}),
    )


@router.step("profile.phone", only=Who.DISTRIBUTOR, reads=True)
def phone_said(ctx: Context, said: str) -> Reply:
    number = identity.parse_phone(said)
    return _phone(ctx, number) if number else Again(sentence(Refusal(Code.INVALID_PHONE)) + "\n回复“0”退出。")


@router.step("profile.phone_sure", only=Who.DISTRIBUTOR)
def phone_sure(ctx: Context, said: str, *, phone: str) -> Reply:
    if agreed(said):
        row = profiles.set_phone(ctx.session, ctx.distributor_id, phone, by=_self(ctx), now=ctx.now)
        return Text(f"改好了：{masking.phone(row.phone)}。\n不是你本人操作请马上回复“人工”。")
    return _otherwise(ctx, said, "1 确定改\n2 不改", again=lambda: phone_said(ctx, said))


@router.step("profile.name", only=Who.DISTRIBUTOR, reads=True)
def name_said(ctx: Context, said: str) -> Reply:
    told = ctx.slots.get("name") or identity.parse_name(said)
    return _name(ctx, told) if told else Again(sentence(Refusal(Code.INVALID_NAME)) + "\n回复“0”退出。")


@router.step("profile.name_sure", only=Who.DISTRIBUTOR)
def name_sure(ctx: Context, said: str, *, name: str) -> Reply:
    if not agreed(said):
        return _otherwise(ctx, said, "1 确定改\n2 不改", again=lambda: name_said(ctx, said))
    if profiles.has_open_withdrawal(ctx.session, ctx.distributor_id):
        return _not_now()
    if not profiles.was_paid(ctx.session, ctx.distributor_id):
        row = profiles.rename(ctx.session, ctx.distributor_id, name, by=_self(ctx), now=ctx.now)
        return Text(f"改好了：收款人 {masking.name(row.name)}。\n提现时由微信和你的实名比对。")
    ticket = tickets.open_ticket(
        ctx.session, ctx.member_id, kind="profile", text="申请改姓名（收款人）", distributor_id=ctx.distributor_id,
        facts={"name": name}, now=ctx.now,
    )  # fmt: skip
    return Text(
        f"收到。之前已经给原来的名字打过款，为资金安全要店铺核对一下，受理号 {ticket.no}，通常 1 个工作日内。\n"
        "结果我会通知你；在那之前照原来的名字办。"
    )


@router.text("注销", "注销账号", "注销账户", "退出分销", "不做分销了", only=Who.DISTRIBUTOR, reads=True)
def close(ctx: Context) -> Reply:
    """注销账号"""
    purse = earnings.purse(ctx.session, ctx.distributor_id)
    if ctx.person.state == "terminated":
        return Text("你的分销资格已经终止了，不用再注销。\n已结算的佣金仍可提现，回复“提现”。")
    return Ask(
        "profile.close",
        f"注销以后：待结算 {yuan(purse.pending_fen)} 作废，客户不再归你，海报和链接失效，不能再申请。\n"
        f"可提现 {yuan(purse.available_fen)} 仍会付给你。店铺核对后办理，办好之前都可以反悔。\n确定申请注销吗？\n"
        "1 申请注销\n2 不注销",
        minutes=5,
    )


@router.step("profile.close", only=Who.DISTRIBUTOR, words=("申请注销", "注销"))
def close_sure(ctx: Context, said: str) -> Reply:
    if not (agreed(said) or said in ("申请注销", "注销")):
        return _otherwise(ctx, said, "1 申请注销\n2 不注销")
    row = tickets.open_ticket(
        ctx.session, ctx.member_id, kind="close", text="申请注销账号", distributor_id=ctx.distributor_id, now=ctx.now
    )
    return Text(
        f"已收到注销申请，受理号 {row.no}，店铺 1 个工作日内联系你；现在什么都没有改动。\n反悔就回复“撤销注销”。"
    )


@router.text("撤销注销", "不注销了", "取消注销", only=Who.DISTRIBUTOR)
def keep(ctx: Context) -> Reply:
    """撤销注销申请"""
    found = [each for each in tickets.of_member(ctx.session, ctx.member_id) if each.kind == "close"]
    waiting = next((each for each in found if each.state != "closed"), None)
    if waiting is None:
        return Text("没有在办的注销申请，账号一切照常。\n回复“0”看菜单。")
    tickets.close(ctx.session, waiting.no, by=f"member:{ctx.member_id}", now=ctx.now)
    return Text("好，注销申请撤销了，账号一切照常。\n回复“0”看菜单。")


@router.cancelled("profile.phone")
@router.cancelled("profile.phone_sure")
@router.cancelled("profile.name")
@router.cancelled("profile.name_sure")
@router.cancelled("profile.close")
def left(ctx: Context, said: str, **_: object) -> Reply:
    return Text(_KEPT)


def _phone(ctx: Context, number: str | None) -> Reply:
    row = members.get_distributor(ctx.session, ctx.distributor_id)
    if not number or not identity.parse_phone(number):
        return Ask("profile.phone", f"现在登记的是 {masking.phone(row.phone)}。请发新的手机号；回复“0”退出。")
    text = f"手机号从 {masking.phone(row.phone)} 改成 {masking.phone(number)}，对吗？\n1 确定改\n2 不改"
    return Ask("profile.phone_sure", text, {"phone": identity.parse_phone(number)}, minutes=5)


def _name(ctx: Context, told: str | None) -> Reply:
    row = members.get_distributor(ctx.session, ctx.distributor_id)
    if profiles.has_open_withdrawal(ctx.session, ctx.distributor_id):
        return _not_now()
    fresh = identity.parse_name(told) if told else None
    if fresh is None:
        return Ask(
            "profile.name",
            f"现在登记的收款人是 {masking.name(row.name)}。请发身份证上的姓名，要和微信实名一致；回复“0”退出。",
        )
    text = f"收款人从 {masking.name(row.name)} 改成 {fresh}，要和微信实名一致，不然提现会退回。对吗？\n1 确定改\n2 不改"
    return Ask("profile.name_sure", text, {"name": fresh}, minutes=5)


def _not_now() -> Reply:
    return offer("有一笔提现还在路上，收款人要等它办完再改，钱不会丢。", "提现进度", "撤回提现")


def _otherwise(ctx: Context, said: str, choices: str, *, again: object = None) -> Reply:
    """A no, another value, or the question once more."""
    meaning = ctx.understood.intent if ctx.understood else ""
    if choice(said) == 2 or meaning == "deny":
        return Text(_KEPT)
    fresh = again() if callable(again) else None
    return fresh if isinstance(fresh, Ask) else Again(f"还没有改。请回复数字：\n{choices}")


def _self(ctx: Context) -> str:
    return f"member:{ctx.member_id}"
