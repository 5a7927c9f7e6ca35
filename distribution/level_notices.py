"""What people hear when their level rises: from what to what, since when, and what new orders pay."""

import datetime as dt

from sqlalchemy.orm import Session

from distribution import notices, policy
from distribution.rules.calendar import shown_full, shown_time
from distribution.rules.money import percent
from models import Level


def lifted(session: Session, person: int, held: Level | None, level: Level, *, now: dt.datetime) -> None:
    """Tell somebody who came from ``held`` (None: no level) to ``level`` now."""
    change = f"{held.name}→{level.name}" if held else level.name
    rate = percent(policy.level_bp(policy.for_distributors(session, now), level.name))
    text = (
        f"恭喜升级🎉 {change}，{shown_time(now)} 生效。\n新订单按 {rate} 计佣，之前的订单按原比例。\n"
        f"回复“{level.name}有什么权益”看全部，“我的等级”看下一级还差多少。"
    )
    facts = {"thing": f"等级变更：{change}", "status": level.name, "time": shown_full(now)}
    facts["note"] = f"新订单按 {rate} 计佣"
    once = f"level:{person}:{level.id}:{int(now.timestamp())}"
    notices.tell(session, person, "level", text, once=once, facts=facts, now=now)
