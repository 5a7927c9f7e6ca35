"""Which notices somebody wants: everything, money alone, or each group by its own switch."""

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import Reply, Text
from bot.router import Router
from distribution import arrivals, notice_choices, reminders
from distribution.notice_choices import GROUPS

router = Router()

_BY_WORD = {word: group for group, (word, _) in GROUPS.items()}
_ALWAYS = "提现进度和账号的事总会告诉你。"


@router.text("退订", "关闭提醒", "不要通知")
@router.intent("unsubscribe")
def quiet(ctx: Context) -> Reply:
    """退订提醒"""
    notice_choices.switch_all(ctx.session, ctx.member_id, False)
    reminders.forget(ctx.session, ctx.person.distributor_id)
    arrivals.forget(ctx.session, ctx.person.distributor_id)
    return Text("提醒关好了；提现和申请的结果仍会告诉你。\n回复“恢复提醒”随时打开，“提醒设置”一项一项选。")


@router.text("恢复提醒", "恢复通知", "订阅")
@router.intent("subscribe")
def loud(ctx: Context) -> Reply:
    """恢复提醒"""
    notice_choices.switch_all(ctx.session, ctx.member_id, True)
    said = "提醒开好了。以后会提醒：出单、结算、提现进度，不发广告。"
    return offer(said, Way("只要提现进度"), Way("全部都要"), Way("一项一项选", say="提醒设置"))


@router.text("只要提现进度", "只提醒提现")
def money_only(ctx: Context) -> Reply:
    """只要提现进度"""
    notice_choices.switch_all(ctx.session, ctx.member_id, False)
    return Text("好，只提醒提现进度（和账号的事）。\n回复“退订”随时关掉，“恢复提醒”全部打开。")


@router.text("全部都要", "全部提醒")
def everything(ctx: Context) -> Reply:
    """全部都提醒"""
    notice_choices.switch_all(ctx.session, ctx.member_id, True)
    return Text("好，出单、结算、提现进度都提醒你。\n回复“退订”随时关掉。")


@router.text("提醒设置", "通知设置", "设置提醒")
def settings(ctx: Context) -> Reply:
    """提醒设置"""
    return _shown(notice_choices.off(ctx.session, ctx.member_id))


@router.match(rf"(?P<how>关掉|关闭|不要|打开|开启|恢复)(?P<word>{'|'.join(_BY_WORD)})(?:的?提醒|的?通知)?")
def switched(ctx: Context) -> Reply:
    group = _BY_WORD[ctx.groups["word"] or ""]
    on = ctx.groups["how"] in ("打开", "开启", "恢复")
    left = notice_choices.switch(ctx.session, ctx.member_id, group, on)
    return _shown(left, f"{GROUPS[group][0]}{'开好了' if on else '关好了'}。")


def _shown(off: set[str], opening: str = "") -> Reply:
    states = [f"{word} {'关' if group in off else '开'}" for group, (word, _) in GROUPS.items()]
    ways = [Way(f"{'打开' if group in off else '关掉'}{word}") for group, (word, _) in GROUPS.items()]
    lines = [*([opening] if opening else []), f"提醒：{'，'.join(states)}。", _ALWAYS]
    return offer("\n".join(lines), *ways)
