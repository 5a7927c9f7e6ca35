"""Becoming a distributor: phone, real name, consent to the written rules; given in any order."""

from bot.context import Context
from bot.replies import Again, Ask, Reply, Text
from bot.router import Router, plain
from bot.wording import sentence
from distribution import drafts, members
from distribution.refusals import Code, Refusal
from distribution.rules import identity, masking
from distribution.rules.calendar import shown_time
from handlers.choices import choice

router = Router()

_BACK = {"返回", "上一步", "返回上一步", "back"}
_AGREE = {"同意", "同意并提交", "我同意", "确认", "是", "好的", "好", "agree"}
_DISAGREE = {"不同意", "不", "否", "算了"}


@router.text("我要成为分销员", "申请分销员", "成为分销员", "我要当分销员", "申请成为分销员", "注册", "加入")
@router.intent("register")
def begin(ctx: Context) -> Reply:
    """申请成为分销员"""
    members.may_join(ctx.session, ctx.member_id, ctx.policy, ctx.now)
    drafts.save(ctx.session, ctx.member_id, now=ctx.now)
    return _ask_missing(ctx, "太好了！一共 3 步，约 1 分钟，不收任何费用，只按真实成交给佣金。")


@router.match(r"(?:我要|我有|用|填)?邀请码(?:是|为|[:：])?\s*(?P<code>[A-Za-z0-9]{4,9})\s*(?:注册|申请|加入|报名)?")
@router.match(r"(?:注册|申请|加入|报名)\s*邀请码(?:是|为|[:：])?\s*(?P<code>[A-Za-z0-9]{4,9})")
def invited(ctx: Context) -> Reply:
    code = (ctx.groups["code"] or "").upper()
    members.may_join(ctx.session, ctx.member_id, ctx.policy, ctx.now)
    inviter = members.find_by_code(ctx.session, code)
    if inviter is None or inviter.state != "active":
        raise Refusal(Code.UNKNOWN_INVITE_CODE, invite_code=code)
    drafts.save(ctx.session, ctx.member_id, invite_code=code, now=ctx.now)
    return _ask_missing(ctx, f"邀请码 {code} 已记下。")


@router.step("registration.details")
def details(ctx: Context, said: str) -> Reply:
    if plain(said) in _BACK:
        return _ask_phone("好，回到手机号，直接发新的就行。")
    name, phone = identity.split_name_and_phone(said)
    draft = drafts.save(ctx.session, ctx.member_id, name=name, phone=phone, now=ctx.now)
    if name is None and phone is None:
        return Again(_complaint(said, wanted="phone" if draft.phone is None else "name"))
    opening = f"收到 {masking.phone(phone)}。" if phone else f"你好，{name}。"
    return _ask_missing(ctx, opening)


@router.step("registration.consent")
def consent(ctx: Context, said: str) -> Reply:
    word = plain(said)
    picked = choice(word)
    if picked == 1 or word in _AGREE:
        return _submit(ctx)
    if picked == 2 or word in _DISAGREE:
        drafts.drop(ctx.session, ctx.member_id)
        return Text("没关系，没有提交，刚才填的也不会保存。\n想好了随时回复“我要成为分销员”；对协议有疑问回复“人工”。")
    if word in _BACK:
        return Ask("registration.details", "好，回到上一步：请发真实姓名，或新的手机号。")
    phone = identity.parse_phone(said)
    if phone:
        drafts.save(ctx.session, ctx.member_id, phone=phone, now=ctx.now)
        return _ask_missing(ctx, f"改好了：{masking.phone(phone)}。")
    return Again("请回复数字：\n1 同意并提交\n2 不同意\n0 退出")


def _submit(ctx: Context) -> Reply:
    draft = drafts.find(ctx.session, ctx.member_id)
    if draft is None or not draft.name or not draft.phone:
        return _ask_missing(ctx, "刚才填的没有留住，请再填一次。")
    row = members.apply(
        ctx.session,
        ctx.member_id,
        name=draft.name,
        phone=draft.phone,
        invite_code=draft.invite_code,
        terms_version=ctx.policy.terms_version,
        policy=ctx.policy,
        now=ctx.now,
    )
    if row.state == "active":
        return Text(f"欢迎加入🎉\n你的邀请码 {row.code}\n1 生成海报\n2 推广链接\n回复“菜单”看全部。")
    return Text(
        "提交成功！店铺会在 1 个工作日内审核，结果我会通知你。\n"
        f"{masking.name(row.name)}，{masking.phone(row.phone)}，{shown_time(ctx.now)}"
    )


def _ask_missing(ctx: Context, opening: str) -> Reply:
    draft = drafts.find(ctx.session, ctx.member_id)
    if draft is None or not draft.phone:
        return _ask_phone(opening)
    if not draft.name:
        return Ask(
            "registration.details",
            f"{opening}\n第 2 步：请发真实姓名。要和微信实名一致，不然以后提现会失败。",
        )
    points = "\n".join(f"· {sentence_}" for sentence_ in ctx.policy.terms)
    link = ctx.links.agreement()
    return Ask(
        "registration.consent",
        f'{opening}\n第 3 步：请看<a href="{link}">《分销员协议》</a>（{ctx.policy.terms_version} 版），要点：\n'
        f"{points}\n1 同意并提交\n2 不同意",
    )


def _ask_phone(opening: str) -> Reply:
    return Ask(
        "registration.details",
        f"{opening}\n第 1 步：请发你的手机号。\n（随时可回复“返回”改上一步，“取消”退出）",
    )


def _complaint(said: str, *, wanted: str) -> str:
    digits = identity.digits_in(said)
    if wanted == "phone" and 6 <= len(digits) != 11:
        off = 11 - len(digits)
        how = f"少了 {off} 位" if off > 0 else f"多了 {-off} 位"
        return f"这个号有 {len(digits)} 位，{how}。请再发一次，例如 13800138000。"
    return sentence(Refusal(Code.INVALID_PHONE if wanted == "phone" else Code.INVALID_NAME))
