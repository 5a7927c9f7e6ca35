"""Monthly statements: what came and went in words that add up, and the page with every row."""

import datetime as dt

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import Reply
from bot.router import Router, Who
from distribution import statements
from distribution.rules.calendar import day_of
from distribution.rules.money import yuan
from distribution.statements import WORDS, Statement

router = Router()

_MONTH = r"(?:(?P<year>20\d\d)年)?(?P<month>1[0-2]|[1-9])月(?:份)?的?"
_PAPER = r"(?:对账单|月结单|账单|明细单)"


@router.text(
    "对账单",
    "月结单",
    "账单",
    "明细单",
    "本月对账单",
    "这个月对账单",
    "这个月的对账单",
    only=Who.DISTRIBUTOR,
    reads=True,
)
def this_month(ctx: Context) -> Reply:
    """对账单"""
    return _told(ctx, day_of(ctx.now).replace(day=1))


@router.text("上月对账单", "上个月对账单", "上个月的对账单", "上月账单", "上个月账单", only=Who.DISTRIBUTOR, reads=True)
def last_month(ctx: Context) -> Reply:
    """上个月的对账单"""
    return _told(ctx, _before(day_of(ctx.now)))


@router.match(rf"(?:看|查|要|我的|给我|看看)?\s*{_MONTH}{_PAPER}", only=Who.DISTRIBUTOR, reads=True)
def of_month(ctx: Context) -> Reply:
    today = day_of(ctx.now)
    month = int(ctx.groups["month"] or 1)
    year = int(ctx.groups["year"] or (today.year if month <= today.month else today.year - 1))
    asked = dt.date(year, month, 1)
    return _told(ctx, asked) if asked <= today else this_month(ctx)


def _told(ctx: Context, month: dt.date) -> Reply:
    found = statements.month(ctx.session, ctx.distributor_id, month)
    address = ctx.links.statement(ctx.distributor_id, f"{month:%Y-%m}")
    before = _before(month)
    name = f"{month.month} 月" if month.year == day_of(ctx.now).year else f"{month.year} 年 {month.month} 月"
    return offer(
        "\n".join(
            [
                f"{name}对账单，{len(found.rows)} 笔：",
                *_lines(found),
                f'<a href="{address}">看每一笔</a>（24 小时内有效）',
            ]
        ),
        Way("上一个月", say=f"{before.year}年{before.month}月对账单"),
        "提现记录",
    )


def _lines(found: Statement) -> list[str]:
    sums = [f"{WORDS[kind]} {_signed(fen)}" for kind, fen in found.sums.items() if fen]
    return [f"期初 {yuan(found.opening_fen)}", *(sums or ["没有变动"]), f"期末 {yuan(found.closing_fen)}"]


def _signed(fen: int) -> str:
    return f"+{yuan(fen)}" if fen > 0 else yuan(fen)


def _before(day: dt.date) -> dt.date:
    return (day.replace(day=1) - dt.timedelta(days=1)).replace(day=1)
