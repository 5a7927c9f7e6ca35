"""Heartbeats: when each worker and job last ran, and what it found."""

import datetime as dt
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import tables as t
from models.upsert import upsert

_h = t.heartbeat.c
_FORGOTTEN_AFTER = dt.timedelta(days=2)


def beat(session: Session, name: str, *, now: dt.datetime, facts: dict[str, Any] | None = None) -> None:
    """Note that ``name`` ran at ``now``."""
    told = {"at": now, "facts": facts or {}}
    statement = upsert(session, t.heartbeat).values(name=name, **told)
    session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=told))


def last(session: Session, name: str) -> tuple[dt.datetime, dict[str, Any]] | None:
    """(when, what it found) of the last run; None if it never ran."""
    row = session.execute(select(_h.at, _h.facts).where(_h.name == name)).first()
    return None if row is None else (row.at, row.facts)


def workers(session: Session) -> dict[str, dt.datetime]:
    """Every worker heard of lately and when."""
    rows = session.execute(select(_h.name, _h.at).where(_h.name.startswith("worker:")).order_by(_h.name))
    return {name.removeprefix("worker:"): at for name, at in rows}


def forget(session: Session, *, now: dt.datetime) -> int:
    """Drop workers that have been silent for two days; how many."""
    gone = _h.name.startswith("worker:") & (_h.at < now - _FORGOTTEN_AFTER)
    return len(session.execute(delete(t.heartbeat).where(gone).returning(_h.name)).all())
