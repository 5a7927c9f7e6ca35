"""How distributors stood at a moment, now or in the past: every change of state and level is an event for ever."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from models import tables as t
from models.states import DistributorState

_e = t.distributor_event.c
#: Nobody had heard of the person yet.
ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody's state and the name of the level, both at one moment."""

    state: str = ABSENT
    level_name: str | None = None


def note_state(
    session: Session, distributor_id: int, state: str, *, by: str, reason: str | None, now: dt.datetime
) -> None:
    """Write down that somebody stands like this from ``now`` on."""
    _note(session, distributor_id, "state", str(state), by=by, reason=reason, now=now)


def note_level(session: Session, distributor_id: int, level_id: int | None, *, by: str, now: dt.datetime) -> None:
    """Write down that somebody has this level from ``now`` on; None: no level."""
    value = "" if level_id is None else str(level_id)
    _note(session, distributor_id, "level", value, by=by, reason=None, now=now)


def at(session: Session, distributor_ids: Collection[int], at: dt.datetime) -> dict[int, Standing]:
    """The standing of each of these people at ``at``, changes of that very moment included.

    Malls may tell orders that are older than our knowledge of a person: before that, the first decision counts.
    """
    if not distributor_ids:
        return {}
    newest = func.row_number().over(partition_by=(_e.distributor_id, _e.kind), order_by=(_e.at.desc(), _e.id.desc()))
    found = (
        select(_e.distributor_id, _e.kind, _e.value, newest.label("place"))
        .where(_e.distributor_id.in_(set(distributor_ids)), _e.at <= at)
        .subquery()
    )
    last = select(found.c.distributor_id, found.c.kind, found.c.value).where(found.c.place == 1)
    told = {(person, kind): value for person, kind, value in session.execute(last)}
    told |= _first_states(session, [person for person in distributor_ids if (person, "state") not in told])
    names = _level_names(session, {value for (_, kind), value in told.items() if kind == "level" and value})
    return {
        person: Standing(told.get((person, "state"), ABSENT), names.get(told.get((person, "level"), "")))
        for person in distributor_ids
    }


def history(session: Session, distributor_id: int) -> list[tuple[dt.datetime, str, str, str, str | None]]:
    """Every change of state, the oldest first: moment, kind, value, who, why."""
    found = select(_e.at, _e.kind, _e.value, _e.actor, _e.reason).where(_e.distributor_id == distributor_id)
    return [(when, kind, value, who, why) for when, kind, value, who, why in session.execute(found.order_by(_e.id))]


def _note(
    session: Session, distributor_id: int, kind: str, value: str, *, by: str, reason: str | None, now: dt.datetime
) -> None:
    values = {"distributor_id": distributor_id, "kind": kind, "value": value, "actor": by, "reason": reason, "at": now}
    session.execute(insert(t.distributor_event).values(values))


def _first_states(session: Session, people: Collection[int]) -> dict[tuple[int, str], str]:
    if not people:
        return {}
    decided = (_e.distributor_id.in_(people), _e.kind == "state", _e.value != DistributorState.PENDING)
    found = select(_e.distributor_id, _e.value).where(*decided).order_by(_e.id.desc())
    return {(person, "state"): value for person, value in session.execute(found)}


def _level_names(session: Session, ids: set[str]) -> dict[str, str]:
    level = t.level.c
    rows = session.execute(select(level.id, level.name).where(level.id.in_([int(each) for each in ids])))
    return {str(level_id): name for level_id, name in rows}
