"""How somebody stood at a moment: state and level."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import tables as t

_d, _level = t.distributor.c, t.level.c


@dataclass(frozen=True, slots=True)
class Standing:
    """A distributor's state, and his level's name or None."""

    state: str
    level_name: str | None


def at(session: Session, distributor_ids: Collection[int], moment: dt.datetime) -> dict[int, Standing]:
    """The standing of each of them at ``moment``."""
    found = (
        select(_d.id, _d.state, _level.name)
        .join(t.level, _level.id == _d.level_id, isouter=True)
        .where(_d.id.in_(distributor_ids))
    )
    return {row[0]: Standing(row[1], row[2]) for row in session.execute(found)}
