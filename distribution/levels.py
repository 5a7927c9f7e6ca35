"""Levels and tags: what people reach by what they sell, or are given by hand; a level counts for later orders (R51)."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from distribution import audit, level_notices, metrics, standing
from distribution.refusals import Code, Refusal
from distribution.rules import level as rule
from distribution.rules.calendar import day_of, quarter_bounds
from models import Level, Tag
from models import tables as t
from models.states import DistributorState

_d, _l, _w = t.distributor.c, t.level.c, t.level_warning.c
#: What a level may permit (R54), with what holds for people without a level.
PERMISSIONS: Mapping[str, Any] = {
    "may_invite": True,
    "max_team": None,
    "material_packs": True,
    "daily_broadcast": True,
    "direct_withdrawal_up_to_fen": 0,
    #: What else the shop gives, in its own words, parted by 、
    "perks": "",
}
_MOST = 10**15
_TEAM = (DistributorState.ACTIVE, DistributorState.FROZEN)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where somebody stands: ``missing`` says how much of each metric the next level still asks for."""

    current: Level | None
    next: Level | None
    missing: Mapping[str, int] = field(default_factory=dict)
    figures: Mapping[str, int] = field(default_factory=dict)
    #: When the current level ends unless its quarter is made good.
    ends_at: dt.datetime | None = None


def all_levels(session: Session) -> list[Level]:
    """Every level, the lowest first."""
    return list(session.scalars(select(Level).order_by(t.level.c.rank)))


def all_tags(session: Session) -> list[Tag]:
    """Every tag by name."""
    return list(session.scalars(select(Tag).order_by(t.tag.c.name)))


def make_level(session: Session, name: str, rank: int, *, by: str, now: dt.datetime) -> Level:
    """Add a level; Refusal name_taken."""
    name = name.strip()
    if not name or session.scalar(select(t.level.c.id).where(t.level.c.name == name)) is not None:
        raise Refusal(Code.NAME_TAKEN, name=name)
    row = Level(name=name, rank=rank)
    session.add(row)
    session.flush()
    audit.write(session, actor=by, action="level.made", subject=f"level:{row.id}", facts={"name": name}, now=now)
    return row


def shape_level(
    session: Session,
    level_id: int,
    *,
    mode: Literal["any", "all"],
    need: Mapping[str, int],
    keep: Mapping[str, int],
    permissions: Mapping[str, Any],
    by: str,
    now: dt.datetime,
) -> Level:
    """Say what a level asks for, what keeps it and what it permits; Refusal not_found, invalid_level."""
    row = session.get(Level, level_id)
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="level")
    whole = all(type(least) is int and 0 <= least < _MOST for least in (*need.values(), *keep.values()))
    if mode not in ("any", "all") or not whole or permissions.keys() - PERMISSIONS.keys():
        raise Refusal(Code.INVALID_LEVEL)
    row.mode, row.need, row.keep, row.permissions = mode, dict(need), dict(keep), dict(permissions)
    session.flush()
    facts = {"mode": mode, "need": dict(need), "keep": dict(keep), "permissions": dict(permissions)}
    audit.write(session, actor=by, action="level.shaped", subject=f"level:{row.id}", facts=facts, now=now)
    return row


def permits(session: Session, distributor_id: int) -> dict[str, Any]:
    """What somebody's level permits (R54); the defaults without one."""
    found = session.execute(
        select(_l.permissions).join(t.distributor, _d.level_id == _l.id).where(_d.id == distributor_id)
    ).scalar()
    return in_full(found or {})


def in_full(permissions: Mapping[str, Any]) -> dict[str, Any]:
    """A level's permissions as its row holds them, with the defaults for what it does not say."""
    return {**PERMISSIONS, **permissions}


def direct_up_to(session: Session, distributor_id: int) -> int:
    """Up to which amount in fen somebody's level lets a withdrawal pass without an operator."""
    return int(permits(session, distributor_id)["direct_withdrawal_up_to_fen"] or 0)


def may_use_material(session: Session, distributor_id: int) -> bool:
    """Whether somebody's level lets him have the shop's words, pictures and films (R54)."""
    return bool(permits(session, distributor_id)["material_packs"])


def permitting(session: Session, permission: str, *, above: int | None) -> list[str]:
    """The names of the levels above this one (None: of all) that permit what is called so, the lowest first."""
    rows = all_levels(session)
    rank = next((row.rank for row in rows if row.id == above), None)
    higher = [row for row in rows if rank is None or row.rank > rank]
    return [row.name for row in higher if in_full(row.permissions)[permission]]


def without_broadcast(session: Session) -> list[Level]:
    """The levels that get nothing of what is sent to everybody (R54)."""
    return [row for row in all_levels(session) if not in_full(row.permissions)["daily_broadcast"]]


def may_invite(session: Session, distributor_id: int) -> bool:
    """Whether somebody's level lets one more person join below (R54)."""
    permitted = permits(session, distributor_id)
    if not permitted["may_invite"]:
        return False
    most = permitted["max_team"]
    below = select(func.count()).where(_d.inviter_id == distributor_id, _d.state.in_(_TEAM))
    return most is None or (session.scalar(below) or 0) < int(most)


def progress(session: Session, distributor_id: int, now: dt.datetime) -> Progress:
    """Somebody's level, the next one and what is missing for it; one person's figures only are counted."""
    levels = {row.id: row for row in all_levels(session)}
    held = levels.get(session.scalar(select(_d.level_id).where(_d.id == distributor_id)) or 0)
    figures = metrics.of_one(session, distributor_id)
    onward = rule.following(map(rung, levels.values()), rung(held) if held else None)
    following = next((row for row in levels.values() if onward and row.name == onward.name), None)
    ends = select(_w.due_at).where(
        _w.distributor_id == distributor_id, _w.level_id == (held.id if held else 0), _w.ended_at.is_(None)
    )
    missing = rule.missing(onward, figures) if onward else {}
    return Progress(held, following, missing, figures, session.scalar(ends.limit(1)))


def before(session: Session, distributor_id: int) -> str | None:
    """The name of the level somebody had before the one held now; None for no level then, or nobody's change."""
    e = t.distributor_event.c
    told = select(e.value).where(e.distributor_id == distributor_id, e.kind == "level").order_by(e.id.desc()).limit(2)
    values = list(session.scalars(told))
    earlier = values[1] if len(values) > 1 else ""
    return session.scalar(select(_l.name).where(_l.id == int(earlier))) if earlier else None


def promote(
    session: Session, figures: Mapping[int, rule.Metrics], *, now: dt.datetime, limit: int | None = None
) -> int:
    """Lift everybody whose ``figures`` reach a higher level than theirs, and tell them; how many. Nobody is lowered.

    Who lost a level by not keeping it comes back when the running quarter is enough to keep it.
    """
    levels = {row.id: row for row in all_levels(session)}
    lost = _lost(session)
    lifted = 0
    for person, held in _people(session, figures):
        shut = {each for each in lost.get(person, ()) if not _regained(session, person, levels[each], now)}
        open_to = [row for row in levels.values() if row.id not in shut]
        earned = _earned(open_to, figures[person], levels.get(held or 0))
        if earned is None or earned.id == held:
            continue
        set_level(session, person, earned.id, by="clock", now=now)
        level_notices.lifted(session, person, levels.get(held or 0), earned, now=now)
        lifted += 1
        if lifted == limit:
            break
    return lifted


def lowered(session: Session, level: Level, figures: rule.Metrics) -> Level | None:
    """The level somebody with these figures comes to when ``level`` is lost."""
    rows = {row.name: row for row in all_levels(session)}
    found = rule.lowered(map(rung, rows.values()), figures, rung(level))
    return rows[found.name] if found else None


def set_level(session: Session, distributor_id: int, level_id: int | None, *, by: str, now: dt.datetime) -> None:
    """Give a level; None takes it away. Every change of anybody's level is made here."""
    if level_id is not None and session.get(Level, level_id) is None:
        raise Refusal(Code.NOT_FOUND, what="level")
    session.execute(update(t.distributor).where(t.distributor.c.id == distributor_id).values(level_id=level_id))
    standing.note_level(session, distributor_id, level_id, by=by, now=now)
    _note(session, distributor_id, "distributor.level", {"level_id": level_id}, by=by, now=now)


def give(session: Session, distributor_id: int, level_id: int | None, *, by: str, now: dt.datetime) -> None:
    """Give a level by hand, or take it away; who rises by it is told. Refusal not_found."""
    held = session.scalars(
        select(Level).join(t.distributor, _d.level_id == _l.id).where(_d.id == distributor_id)
    ).first()
    set_level(session, distributor_id, level_id, by=by, now=now)
    level = session.get(Level, level_id) if level_id is not None else None
    if level is not None and (held is None or level.rank > held.rank):
        level_notices.lifted(session, distributor_id, held, level, now=now)


def tag(session: Session, distributor_id: int, name: str, *, by: str, now: dt.datetime) -> None:
    """Put a tag on a distributor, making the tag where it is new."""
    name = name.strip()
    if not name or len(name) > 30:
        raise Refusal(Code.NAME_TAKEN, name=name)
    found = session.scalar(select(t.tag.c.id).where(t.tag.c.name == name))
    tag_id = found or session.scalar(insert(t.tag).values(name=name).returning(t.tag.c.id))
    pair = {"distributor_id": distributor_id, "tag_id": tag_id}
    if tag_id not in tag_ids(session, distributor_id):
        session.execute(insert(t.distributor_tag).values(**pair))
        _note(session, distributor_id, "distributor.tagged", {"tag": name}, by=by, now=now)


def untag(session: Session, distributor_id: int, tag_id: int, *, by: str, now: dt.datetime) -> None:
    """Take a tag off."""
    row = t.distributor_tag
    session.execute(delete(row).where(row.c.distributor_id == distributor_id, row.c.tag_id == tag_id))
    _note(session, distributor_id, "distributor.untagged", {"tag_id": tag_id}, by=by, now=now)


def untag_named(session: Session, distributor_id: int, name: str, *, by: str, now: dt.datetime) -> None:
    """Take a tag off by its name, if it is worn."""
    tag_id = session.scalar(select(t.tag.c.id).where(t.tag.c.name == name))
    if tag_id is not None and tag_id in tag_ids(session, distributor_id):
        untag(session, distributor_id, tag_id, by=by, now=now)


def wearers(session: Session, name: str, distributor_ids: Collection[int]) -> set[int]:
    """Who of these people wears the tag of this name."""
    row = t.distributor_tag
    worn = select(row.c.distributor_id).join(t.tag, t.tag.c.id == row.c.tag_id).where(t.tag.c.name == name)
    return set(session.scalars(worn.where(row.c.distributor_id.in_(distributor_ids))))


def tag_ids(session: Session, distributor_id: int) -> set[int]:
    """The tags somebody wears."""
    row = t.distributor_tag
    return set(session.scalars(select(row.c.tag_id).where(row.c.distributor_id == distributor_id)))


def rung(row: Level) -> rule.Rung:
    """A level as the rule sees it."""
    return rule.Rung(row.name, row.rank, cast(Literal["any", "all"], row.mode), row.need, row.keep)


def _earned(levels: Iterable[Level], figures: rule.Metrics, held: Level | None) -> Level | None:
    rows = {row.name: row for row in levels}
    found = rule.earned(map(rung, rows.values()), figures, rung(held) if held else None)
    return rows.get(found.name, held) if found else None


def _lost(session: Session) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for person, level_id in session.execute(select(_w.distributor_id, _w.level_id).where(_w.outcome == "lost")):
        found.setdefault(person, set()).add(level_id)
    return found


def _regained(session: Session, person: int, level: Level, now: dt.datetime) -> bool:
    quarter = quarter_bounds(day_of(now))
    return rule.keeps(rung(level), metrics.of_one(session, person, quarter))


def _people(session: Session, figures: Mapping[int, rule.Metrics]) -> list[tuple[int, int | None]]:
    rows = session.execute(select(_d.id, _d.level_id).where(_d.state == DistributorState.ACTIVE).order_by(_d.id))
    return [(person, held) for person, held in rows if person in figures]


def _note(
    session: Session, distributor_id: int, action: str, facts: dict[str, object], *, by: str, now: dt.datetime
) -> None:
    audit.write(session, actor=by, action=action, subject=f"distributor:{distributor_id}", facts=facts, now=now)
