"""How distributors stood at a moment, now or in the past: every change of state and level is an event for ever."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models import tables as t
from models.states import DistributorState

_e = t.distributor_event.c
#: A change of a person: the moment, ``state`` or ``level``, and to what.
Event = tuple[Any, str, str]
#: How far the clocks of malls may differ from ours.
SKEW = dt.timedelta(minutes=5)
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
    """The standing of each of these people at ``at``, changes of that very moment included (``stood``)."""
    if not distributor_ids:
        return {}
    found = select(_e.distributor_id, _e.kind, _e.value, _e.at).where(_e.distributor_id.in_(set(distributor_ids)))
    events: dict[int, list[Event]] = {person: [] for person in distributor_ids}
    for person, kind, value, when in session.execute(found.order_by(_e.at, _e.id)):
        events[person].append((when, kind, value))
    levels = _level_names(session, {value for each in events.values() for _, kind, value in each if kind == "level"})
    return {person: stood(told, at, at + SKEW, levels) for person, told in events.items()}


def stood(events: Sequence[Event], at: Any, soon: Any, levels: Mapping[str, str]) -> Standing:
    """How somebody stood at ``at``, from all his changes, the oldest first.

    Malls may tell orders that are older than our knowledge of a person: before that, the first decision counts. Their
    clocks differ from ours too: whoever waits and is decided upon by ``soon`` stands as decided.
    """
    last = {"state": "", "level": ""}
    for when, kind, value in events:
        if when > at:
            break
        last[kind] = value
    state = last["state"]
    if state in ("", DistributorState.PENDING):
        decided = (
            (when, value) for when, kind, value in events if kind == "state" and value != DistributorState.PENDING
        )
        first = next(decided, None)
        if first is not None and (not state or first[0] <= soon):
            state = first[1]
    return Standing(state or ABSENT, levels.get(last["level"]))


def history(session: Session, distributor_id: int) -> list[tuple[dt.datetime, str, str, str, str | None]]:
    """Every change of state, the oldest first: moment, kind, value, who, why."""
    found = select(_e.at, _e.kind, _e.value, _e.actor, _e.reason).where(_e.distributor_id == distributor_id)
    return [(when, kind, value, who, why) for when, kind, value, who, why in session.execute(found.order_by(_e.id))]


def _note(
    session: Session, distributor_id: int, kind: str, value: str, *, by: str, reason: str | None, now: dt.datetime
) -> None:
    values = {"distributor_id": distributor_id, "kind": kind, "value": value, "actor": by, "reason": reason, "at": now}
    session.execute(insert(t.distributor_event).values(values))


def _level_names(session: Session, ids: set[str]) -> dict[str, str]:
    ids = ids - {""}
    if not ids:
        return {}
    level = t.level.c
    rows = session.execute(select(level.id, level.name).where(level.id.in_([int(each) for each in ids])))
    return {str(level_id): name for level_id, name in rows}
