"""How long people wait for people: who is in front, and how soon an answer usually comes."""

import datetime as dt

from bot.context import Context
from distribution import tickets
from models import Ticket

_HOUR = dt.timedelta(hours=1)
_MINUTE = dt.timedelta(minutes=1)
#: Nobody is told a time of which nothing is known.
_UNKNOWN = "1 个工作日内"


def waiting(ctx: Context, row: Ticket | None = None) -> str:
    """Who is in front of a ticket (of a new one if none is told), and how long that usually takes."""
    usual = tickets.usual_wait(ctx.session)
    front = tickets.queue(ctx.session, row.id if row else None, now=ctx.now)
    people = "排队的人较多" if front is None else f"前面还有 {front} 位" if front else "前面没有人"
    return f"{people}，约 {_span(usual)}。" if usual is not None else f"{people}。"


def reply_time(ctx: Context, row: Ticket) -> str:
    """Who is in front of a ticket, and within what time it is usually answered."""
    usual, front = tickets.usual_wait(ctx.session), tickets.queue(ctx.session, row.id, now=ctx.now)
    queue = f"前面还有 {front} 件。" if front else ""
    within = f"通常 {_span(usual)}内" if usual is not None else f"一般 {_UNKNOWN}"
    return f"{queue}{within}在这里回复你。"


def _span(usual: dt.timedelta) -> str:
    if usual <= 90 * _MINUTE:
        return f"{max(-(-usual // _MINUTE), 1)} 分钟"
    if usual <= 8 * _HOUR:
        return f"{-(-usual // _HOUR)} 小时"
    return f"{max(-(-usual // (24 * _HOUR)), 1)} 天"
