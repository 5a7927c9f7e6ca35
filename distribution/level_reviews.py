"""The quarterly look at levels that must be kept: a warning first, fourteen days later the loss (R50)."""

import datetime as dt

from sqlalchemy import String, cast, func, literal, select
from sqlalchemy.orm import Session

from distribution import levels, metrics, notices
from distribution.rules import level as rule
from distribution.rules.calendar import day_of, quarter_bounds, shown_day, shown_full
from models import Level, LevelWarning
from models import tables as t
from models.states import DistributorState

_d, _w = t.distributor.c, t.level_warning.c
NOTICE = dt.timedelta(days=14)


def warn(session: Session, *, now: dt.datetime) -> int:
    """Warn everybody whose level was not kept in the quarter before, once a quarter; how many. A level is never
    judged by a quarter in which it was not held from the beginning."""
    kept = {row.id: row for row in levels.all_levels(session) if row.keep}
    if not kept:
        return 0
    quarter = quarter_bounds(day_of(quarter_bounds(day_of(now))[0] - dt.timedelta(days=1)))
    people = _holders(session, list(kept), quarter[0])
    figures = metrics.of_everyone(session, quarter) if people else {}
    failed = [
        (person, kept[level_id])
        for person, level_id in people
        if not rule.keeps(levels.rung(kept[level_id]), figures.get(person, {}))
    ]
    known = _known(session, day_of(quarter[0]))
    fresh = [(person, level) for person, level in failed if (person, level.id) not in known]
    for person, level in fresh:
        _warn(session, person, level, day_of(quarter[0]), now=now)
    return len(fresh)


def judge(session: Session, *, now: dt.datetime) -> int:
    """End every warning that is due: made good since, or the level is lost; how many."""
    rows = session.scalars(
        select(LevelWarning).where(_w.ended_at.is_(None), _w.due_at <= now).order_by(_w.id).with_for_update()
    ).all()
    for row in rows:
        row.outcome, row.ended_at = _outcome(session, row, now=now), now
    session.flush()
    return len(rows)


def next_due(session: Session) -> dt.datetime | None:
    """When the next warning ends."""
    found: dt.datetime | None = session.scalar(select(func.min(_w.due_at)).where(_w.ended_at.is_(None)))
    return found


def _outcome(session: Session, row: LevelWarning, *, now: dt.datetime) -> str:
    level = session.get_one(Level, row.level_id)
    held = session.scalar(select(_d.level_id).where(_d.id == row.distributor_id))
    if held != row.level_id:
        return "moved"
    # What came in during the notice counts too.
    since = quarter_bounds(row.quarter_on)[0]
    if rule.keeps(levels.rung(level), metrics.of_one(session, row.distributor_id, (since, now))):
        return "kept"
    below = levels.lowered(session, level, metrics.of_one(session, row.distributor_id))
    levels.set_level(session, row.distributor_id, below.id if below else None, by="clock", now=now)
    where = f"现在是“{below.name}”" if below else "现在没有等级"
    text = f"“{level.name}”没有保住，{where}。\n以后的订单按新等级算，之前的不变。"
    _tell(session, row, text, "ended", now=now)
    return "lost"


def _warn(session: Session, person: int, level: Level, quarter_on: dt.date, *, now: dt.datetime) -> None:
    row = LevelWarning(
        distributor_id=person, level_id=level.id, quarter_on=quarter_on, warned_at=now, due_at=now + NOTICE
    )
    session.add(row)
    session.flush()
    text = f"上个季度没有达到“{level.name}”的保级要求。\n{shown_day(row.due_at)}前补上就不变；回复“我的等级”看差多少。"
    _tell(session, row, text, "warned", now=now)


def _tell(session: Session, row: LevelWarning, text: str, what: str, *, now: dt.datetime) -> None:
    facts = {"thing": "等级提醒", "status": "保级提醒" if what == "warned" else "等级变化", "time": shown_full(now)}
    notices.tell(session, row.distributor_id, "level", text, once=f"level:{what}:{row.id}", facts=facts, now=now)


def _holders(session: Session, level_ids: list[int], since: dt.datetime) -> list[tuple[int, int]]:
    """Who holds one of these levels, and was given none since the quarter began."""
    given = select(t.audit_entry.c.subject).where(
        t.audit_entry.c.action == "distributor.level", t.audit_entry.c.at > since
    )
    rows = session.execute(
        select(_d.id, _d.level_id)
        .where(_d.level_id.in_(level_ids), _d.state == DistributorState.ACTIVE)
        .where((literal("distributor:") + cast(_d.id, String)).not_in(given))
        .order_by(_d.id)
    )
    return [(person, level_id) for person, level_id in rows]


def _known(session: Session, quarter_on: dt.date) -> set[tuple[int, int]]:
    rows = session.execute(select(_w.distributor_id, _w.level_id).where(_w.quarter_on == quarter_on))
    return {(person, level_id) for person, level_id in rows}
