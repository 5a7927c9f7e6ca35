"""Becoming a distributor: phone, real name, consent to the written rules; given in any order, corrected at any step."""

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import Again, Ask, Reply, Text
from bot.router import Router, plain
from bot.wording import sentence
from distribution import drafts, members
from distribution.refusals import Code, Refusal
from distribution.rules import identity, masking
from distribution.rules.calendar import shown_time
from handlers.choices import choice
from handlers.joining import answer, asks
from handlers.profile import NAME_WORDS, PHONE_WORDS
from handlers.registration_words import Told, told

router = Router()

_BACK = {"返回", "上一步", "返回上一步", "back", "上一级"}
_AFRESH = {"重新开始", "重来", "重新填", "重新填写"}
_AGREE = {"同意", "同意并提交", "我同意", "确认", "提交", "是", "好的", "好", "agree", "1同意并提交"}
_DISAGREE = {"不同意", "不", "否", "算了", "我不同意", "2不同意"}
_CODE = r"(?P<code>[A-Za-z0-9]{4,9})"
#: Inside an application these are about the application.
_WORDS = frozenset((*_BACK, *_AFRESH, *_AGREE, *_DISAGREE, *PHONE_WORDS, *NAME_WORDS))


@router.text(
    "我要成为分销员", "申请分销员", "成为分销员", "我要当分销员", "申请成为分销员", "注册", "加入", "现在申请", "接着填"
)
@router.intent("register")
def begin(ctx: Context) -> Reply:
    """申请成为分销员"""
    said = told(ctx, ctx.said)
    members.may_join(ctx.session, ctx.member_id, ctx.policy, ctx.now)
    if said.nothing and asks(ctx.said):
        return offer(answer(ctx, ctx.said), Way("现在申请"), Way("先逛逛", say="0"))
    before = drafts.find(ctx.session, ctx.member_id)
    opening = "太好了！一共 3 步，约 1 分钟，不收任何费用，只按真实成交给佣金。"
    if before is not None and before.phone:
        opening = f"接着上次的：手机 {masking.phone(before.phone)} 已填好。"
    return _taken(ctx, said, opening)


@router.text("我也想分享赚佣金", "加入条件")
def introduced(ctx: Context) -> Reply:
    """先了解怎么加入"""
    members.may_join(ctx.session, ctx.member_id, ctx.policy, ctx.now)
    said = "好呀！申请免费，不用囤货，约 1 分钟。\n只按真实成交给佣金，拉人没有奖励。"
    return offer(said, Way("现在申请"), Way("先逛逛", say="0"))


@router.text("重新开始", "重新填写")
def afresh(ctx: Context) -> Reply:
    """从头填起"""
    members.may_join(ctx.session, ctx.member_id, ctx.policy, ctx.now)
    drafts.drop(ctx.session, ctx.member_id)
    return _ask_phone("好，重新开始。")


@router.match(rf"(?:我要|我有|用|填)?邀请码(?:是|为|[:：])?\s*{_CODE}\s*(?:注册|申请|加入|报名)?")
@router.match(rf"(?:注册|申请|加入|报名)\s*邀请码(?:是|为|[:：])?\s*{_CODE}")
def invited(ctx: Context) -> Reply:
    members.may_join(ctx.session, ctx.member_id, ctx.policy, ctx.now)
    return _taken(ctx, Told(code=(ctx.groups["code"] or "").upper()), "")


@router.step("registration.details", words=_WORDS)
def details(ctx: Context, said: str) -> Reply:
    word = plain(said)
    if word in _AFRESH:
        drafts.drop(ctx.session, ctx.member_id)
        return _ask_phone("好，重新开始。")
    if word in _BACK:
        return _back(ctx)
    heard = told(ctx, said)
    if not heard.nothing:
        return _taken(ctx, heard, "")
    if asks(said):
        return _ask_missing(ctx, answer(ctx, said), short=True)
    if heard.wrong:
        return _ask_again(ctx, heard.wrong)
    draft = drafts.find(ctx.session, ctx.member_id)
    return Again(_complaint(said, wanted="phone" if draft is None or not draft.phone else "name"))


@router.step("registration.consent", words=_WORDS)
def consent(ctx: Context, said: str) -> Reply:
    word = plain(said)
    picked = choice(word)
    if picked == 1 or word.replace(" ", "") in _AGREE:
        return _submit(ctx)
    if picked == 2 or word.replace(" ", "") in _DISAGREE:
        drafts.drop(ctx.session, ctx.member_id)
        return Text("没关系，没有提交，刚才填的也不会保存。\n想好了随时回复“我要成为分销员”；对协议有疑问回复“人工”。")
    if word in _BACK:
        return Ask("registration.details", "好，回到上一步：请发真实姓名，或新的手机号。")
    heard = told(ctx, said)
    if not heard.nothing:
        return _taken(ctx, heard, "")
    if asks(said):
        return _ask_missing(ctx, answer(ctx, said), short=True)
    return (
        _ask_again(ctx, heard.wrong)
        if heard.wrong
        else Again("还没有提交。请回复数字：\n1 同意并提交\n2 不同意\n0 退出")
    )


@router.lapsed("registration.details")
@router.lapsed("registration.consent")
def too_late(ctx: Context, said: str) -> Reply:
    """What was told is kept; nothing was handed in."""
    return offer(
        "刚才那一步已过期，没有提交；填过的都留着。",
        Way("接着填", say="我要成为分销员"),
        Way("先不申请", say="0"),
    )


@router.cancelled("registration.details")
@router.cancelled("registration.consent")
def left(ctx: Context, said: str) -> Reply:
    return Text("好的，已退出，没有提交。\n想接着填随时回复“我要成为分销员”，看全部回复“0”。")


def _taken(ctx: Context, said: Told, opening: str) -> Reply:
    """Keep what was told and ask for what is missing."""
    known = drafts.find(ctx.session, ctx.member_id)
    if said.code:
        inviter = members.find_by_code(ctx.session, said.code)
        if inviter is None or inviter.state != "active" or inviter.member_id == ctx.member_id:
            return _unknown_code(ctx, said.code, begun=known is not None)
    changed = known is not None and bool((said.phone and known.phone) or (said.name and known.name))
    drafts.save(ctx.session, ctx.member_id, name=said.name, phone=said.phone, invite_code=said.code, now=ctx.now)
    parts = [f"邀请码 {said.code} 已记下。"] if said.code else []
    parts += [f"{'改好了：' if changed else '收到 '}{masking.phone(said.phone)}。"] if said.phone else []
    parts += [f"{'改好了，' if changed and not said.phone else '你好，'}{said.name}。"] if said.name else []
    return _ask_missing(ctx, "".join(parts) or opening)


def _unknown_code(ctx: Context, code: str, *, begun: bool) -> Reply:
    refusal = Refusal(Code.UNKNOWN_INVITE_CODE, invite_code=code)
    if not begun:
        raise refusal
    return _ask_missing(ctx, sentence(refusal).splitlines()[0] + "请核对，没有邀请码也能申请。", short=True)


def _back(ctx: Context) -> Reply:
    draft = drafts.find(ctx.session, ctx.member_id)
    filled = f"现在填的是 {masking.phone(draft.phone)}，" if draft and draft.phone else ""
    return Ask("registration.details", f"好，回到手机号。{filled}直接发新的就行。", again="第 1 步：请发你的手机号。")


def _ask_again(ctx: Context, wrong: str) -> Reply:
    word = "手机号" if wrong == "phone" else "真实姓名"
    return Ask("registration.details", f"好，请发正确的{word}，之前填的会换掉。", again=f"请发正确的{word}。")


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
    # No numbers here: those of the notice of passing may come any minute.
    return Text(
        "提交成功！店铺会在 1 个工作日内审核，结果我会通知你。\n"
        f"{masking.name(row.name)}，{masking.phone(row.phone)}，{shown_time(ctx.now)}\n"
        "等的时候可以先看看爆款，回复“爆款”就行。"
    )


def _ask_missing(ctx: Context, opening: str, *, short: bool = False) -> Reply:
    draft = drafts.find(ctx.session, ctx.member_id)
    lead = "回到申请，" if short else ""
    if draft is None or not draft.phone:
        return _ask_phone(opening, lead)
    if not draft.name:
        ask = "第 2 步：请发真实姓名。要和微信实名一致，不然以后提现会失败。"
        return Ask("registration.details", f"{opening}\n{lead}{ask}", again=ask)
    link = ctx.links.agreement()
    ask = f'第 3 步：请看<a href="{link}">《分销员协议》</a>'
    choices = "1 同意并提交\n2 不同意"
    if short:
        return Ask("registration.consent", f"{opening}\n{lead}{ask}\n{choices}", again=f"{ask}\n{choices}")
    points = "\n".join(f"· {each}" for each in ctx.policy.terms)
    whole = f"{opening}\n{ask}（{ctx.policy.terms_version} 版），要点：\n{points}\n{choices}"
    return Ask("registration.consent", whole, again=f"{ask}\n{choices}")


def _ask_phone(opening: str, lead: str = "") -> Reply:
    ask = f"{lead}第 1 步：请发你的手机号。\n（随时可回复“返回”改上一步，“取消”退出）"
    return Ask("registration.details", f"{opening}\n{ask}", again="第 1 步：请发你的手机号。")


def _complaint(said: str, *, wanted: str) -> str:
    digits = identity.digits_in(said)
    if wanted == "phone" and 6 <= len(digits) != 11:
        off = 11 - len(digits)
        how = f"少了 {off} 位" if off > 0 else f"多了 {-off} 位"
        return f"这个号有 {len(digits)} 位，{how}。请再发一次，例如 13800138000。"
    return sentence(Refusal(Code.INVALID_PHONE if wanted == "phone" else Code.INVALID_NAME))
