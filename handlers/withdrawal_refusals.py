"""Why money cannot be taken out, where it is, and what can be done instead (R42), as questions or next steps."""

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import Ask, Reply, Text
from bot.wording import sentence
from distribution import earning_lists, earnings, members, reviews, withdrawals
from distribution.refusals import Code, Refusal
from distribution.rules.calendar import day_of, shown_time
from distribution.rules.money import yuan
from handlers import reminder_words
from handlers.spans import day
from models import Withdrawal

_OTHER = "2 提别的金额（直接发数字）\n0 不提了"


def refuse_early(ctx: Context) -> None:
    """Refusal for whoever may not take money out now, whatever the amount."""
    state = ctx.person.state
    if state == "pending":
        raise Refusal(Code.ALREADY_APPLIED)
    if state == "rejected":
        raise Refusal(Code.NOT_A_DISTRIBUTOR)
    if state == "frozen":
        row = members.get_distributor(ctx.session, ctx.distributor_id)
        raise Refusal(Code.FROZEN, reason=row.reason, since=row.decided_at)
    reviews.refuse_held(ctx.session, ctx.distributor_id)


def explained(ctx: Context, refusal: Refusal) -> Reply:
    """What to say to a refusal; raises it again when it is not about a withdrawal."""
    purse = earnings.purse(ctx.session, ctx.distributor_id)
    facts = refusal.facts
    match refusal.code:
        case Code.INSUFFICIENT:
            return _too_much(ctx, purse, int(facts.get("fen", 0)))
        case Code.BELOW_MINIMUM:
            return _too_little(ctx, purse, int(facts["fen"]))
        case Code.ABOVE_MAXIMUM:
            most = int(facts["maximum_fen"])
            opening = (
                f"单笔最高 {yuan(most)}，{yuan(facts['fen'])} 要分几次提。钱都在，可提现 {yuan(purse.available_fen)}。"
            )
            return _instead(ctx, opening, min(most, purse.available_fen))
        case Code.BELOW_CHANNEL_MINIMUM:
            least = yuan(facts["minimum_fen"])
            opening = (
                f"扣掉手续费和税以后到账不足 {least}，微信付不了，钱没动。"
                if "net_fen" in facts
                else f"微信一笔最少提 {least}，钱没动。"
            )
            return _instead(ctx, opening, purse.available_fen)
        case Code.TOO_MANY:
            return _one_at_a_time(ctx, purse) if "open" in facts else _tomorrow(purse, int(facts["per_day"]))
        case Code.REAL_NAME_REQUIRED if ctx.policy.withdraw.verify_name:
            return real_name_first(ctx, purse, int(facts["fen"]))
        case Code.REAL_NAME_REQUIRED:
            said = f"{yuan(facts['fen'])} 要先核对真实姓名（收款人要和微信实名一致），只做一次。钱都在，一分不少。"
            return offer(said, Way("补真实姓名", say="改姓名"), Way("提小一点的金额", say="提现"), "人工")
        case Code.FROZEN | Code.UNDER_REVIEW:
            return _held(purse, refusal)
    raise refusal


def real_name_first(ctx: Context, purse: earnings.Purse, fen: int) -> Ask:
    """Name and number are looked at once, on a page; the withdrawal of ``fen`` goes on afterwards."""
    link, then = ctx.links.real_name(ctx.distributor_id), "做完回来发“继续”，我接着帮你提。"
    opening = f"提现前要先核对一次实名，只做一次，约 30 秒。{yuan(purse.available_fen)} 都在，一分不少。"
    text = f'{opening}\n<a href="{link}">去实名核对</a>（1 小时内有效）\n{then}'
    return Ask("withdrawal.real_name", text, {"wanted": fen}, minutes=30, again=then)


def nothing_there(ctx: Context, purse: earnings.Purse) -> Reply:
    """The purse is empty: what is on its way."""
    owed = f"\n另有 {yuan(purse.owed_fen)} 待抵扣，从以后的佣金里抵。" if purse.owed_fen else ""
    return offer(
        f"可提现 ¥0.00，现在没有可以提的。\n待结算 {yuan(purse.pending_fen)}，客户收货满期后转为可提现。{owed}",
        Way("看待结算明细", intent="earnings", slots={"status": "pending"}),
        Way("推广赚佣金", say="生成海报"),
        reminder_words.way(ctx.policy.withdraw.min_fen, "够"),
    )


def not_enough(ctx: Context, purse: earnings.Purse, opening: str = "") -> Reply:
    """Less is there than may be withdrawn at once: how much is missing, what comes, and a word when it is there."""
    least = ctx.policy.withdraw.min_fen
    said = opening or f"单笔最低 {yuan(least)}，现在还提不了。"
    short = f"你可提现 {yuan(purse.available_fen)}，再有 {yuan(least - purse.available_fen)} 就够了。"
    return offer(
        f"{said}\n{short}\n{pending_words(ctx, purse)}".rstrip(),
        reminder_words.way(least, "够"),
        Way("看看推什么来钱快", intent="products", slots={"sort": "commission"}),
        Way("看待结算明细", intent="earnings", slots={"status": "pending"}),
    )


def pending_words(ctx: Context, purse: earnings.Purse) -> str:
    """What else will come, and when the first of it."""
    parts = [f"另有待结算 {yuan(purse.pending_fen)}{_soon(ctx)}"] if purse.pending_fen else []
    parts += [f"待抵扣 {yuan(purse.owed_fen)}"] if purse.owed_fen else []
    return f"{'，'.join(parts)}。\n" if parts else ""


def _soon(ctx: Context) -> str:
    """When the nearest part of what is pending is to come."""
    days, today = [part.day for part in earning_lists.pending(ctx.session, ctx.distributor_id)], day_of(ctx.now)
    if not days or days[0] is None:
        return ""
    if days[0] <= today:
        return "，今天起陆续转入"
    when = f"{day(days[0], today)}前后转入"
    return f"，预计 {when}" if len(days) == 1 else f"，最早 {when}一部分"


def _too_much(ctx: Context, purse: earnings.Purse, fen: int) -> Reply:
    if not purse.available_fen:
        return nothing_there(ctx, purse)
    opening = f"可提现只有 {yuan(purse.available_fen)}，提不了 {yuan(fen)}。\n{pending_words(ctx, purse)}".rstrip()
    return _instead(ctx, opening, purse.available_fen)


def _too_little(ctx: Context, purse: earnings.Purse, fen: int) -> Reply:
    least = ctx.policy.withdraw.min_fen
    opening = f"单笔最低 {yuan(least)}，{yuan(fen)} 提不了。"
    if purse.available_fen >= least:
        return _instead(ctx, f"{opening}\n你可提现 {yuan(purse.available_fen)}。", least)
    return not_enough(ctx, purse, opening)


def _instead(ctx: Context, opening: str, fen: int) -> Reply:
    """Another amount to choose, if one would do; ``fen`` is only asked about again."""
    least = ctx.policy.withdraw.min_fen
    most = ctx.policy.withdraw.max_fen
    fen = min(fen, most) if most is not None else fen
    purse = earnings.purse(ctx.session, ctx.distributor_id)
    if fen < least:
        ways = [reminder_words.way(least, "够")] if purse.available_fen < least else []
        return offer(f"{opening}\n单笔最低 {yuan(least)}，够了再来提。", *ways, "我的收益")
    word = "全部提出" if fen == purse.available_fen else "先提"
    text = f"{opening}\n1 {word} {yuan(fen)}\n{_OTHER}"
    return Ask("withdrawal.instead", text, {"first": fen}, minutes=5)


def _one_at_a_time(ctx: Context, purse: earnings.Purse) -> Reply:
    row = next((each for each in withdrawals.latest(ctx.session, ctx.distributor_id) if each.ended_at is None), None)
    opening = "上一笔提现还没办完，办完才能提下一笔。"
    if row is None:
        return Text(f"{opening}\n回复“提现进度”看进展。")
    back = withdrawals.to_take_back(ctx.session, ctx.distributor_id)
    ways = [Way("撤回这笔", say="撤回提现")] if back is not None and back.no == row.no else []
    return offer(
        f"你有一笔 {yuan(row.fen)}（{row.no}）还没办完，办完才能提下一笔。\n{_where(ctx, row)}\n"
        f"可提现还有 {yuan(purse.available_fen)}。",
        *ways,
        "提现进度",
    )


def _where(ctx: Context, row: Withdrawal) -> str:
    if row.state == "requested":
        return "它正在等店铺审核，通常 1 个工作日内。"
    if row.confirm_by is not None and row.package:
        link = ctx.links.confirm(row.no)
        return f'它已审核通过，就等你确认收款（{shown_time(row.confirm_by)} 前）：\n<a href="{link}">去确认收款</a>'
    return "它正在打款，有结果马上告诉你。"


def _tomorrow(purse: earnings.Purse, per_day: int) -> Reply:
    return offer(
        f"每天最多提现 {per_day} 次，今天的已用完，明天再来吧。\n钱都在，可提现 {yuan(purse.available_fen)}。",
        "提现进度",
        "我的收益",
    )


def _held(purse: earnings.Purse, refusal: Refusal) -> Reply:
    lines = [line for line in sentence(refusal).splitlines() if "人工" not in line]
    money = f"钱都在：可提现 {yuan(purse.available_fen)}，待结算 {yuan(purse.pending_fen)}。"
    return offer("\n".join([*lines, money]), "提交说明", Way("转人工", say="人工"))
