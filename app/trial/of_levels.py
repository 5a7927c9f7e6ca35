"""Cases of the type ``level``: levels with conditions, one person's figures, the level the daily run gives (R50)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal, cast

from sqlalchemy.orm import Session

from app.trial.cases import Case, TrialError, whole
from app.trial.desk import Desk
from distribution import levels, members
from models import Level

_NOW = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


def run(session: Session, case: Case) -> dict[str, Any]:
    """``{"level"}``: what the person has after the run over the figures of the case."""
    desk = Desk(session, case.settings)
    made = {row.name: row for row in (_made(desk, told) for told in case.part("levels"))}
    person = desk.distributor("本人")
    current = case.document.get("current")
    if current is not None:
        if current not in made:
            raise TrialError(f"没有等级 {current!r}")
        levels.set_level(session, person, made[current].id, by="trial", now=_NOW)
    told = case.document.get("metrics") or {}
    levels.promote(session, {person: {name: whole(told, name) for name in told}}, now=_NOW)
    session.expire_all()
    held = members.get_distributor(session, person).level_id
    return {"level": next((name for name, row in made.items() if row.id == held), None)}


def _made(desk: Desk, told: Mapping[str, Any]) -> Level:
    row = levels.make_level(desk.session, str(told.get("name", "")), whole(told, "rank"), by="trial", now=_NOW)
    need = told.get("need") or {}
    return levels.shape_level(
        desk.session,
        row.id,
        mode=cast(Literal["any", "all"], told.get("mode", "any")),
        need={name: whole(need, name) for name in need},
        keep={},
        permissions={},
        by="trial",
        now=_NOW,
    )
