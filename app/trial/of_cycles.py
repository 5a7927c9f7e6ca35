"""Cases of the type ``cycle``: what each run of the settlement settles (R38)."""

from typing import Any

from sqlalchemy.orm import Session

from app.trial import earning
from app.trial.cases import Case, moment, whole
from app.trial.desk import Desk

_WHO = "本人"


def run(session: Session, case: Case) -> dict[str, Any]:
    """``{"settled_fen": […]}``, one a run."""
    desk = Desk(session, case.settings)
    for told in sorted(case.part("dues"), key=lambda each: str(each.get("due"))):
        earning.earn(desk, _WHO, whole(told, "fen"), due=moment(told.get("due")))
    return {"settled_fen": [_settled(desk, told) for told in case.part("runs")]}


def _settled(desk: Desk, told: dict[str, Any]) -> int:
    before = earning.available(desk, _WHO)
    earning.settle(desk, at=moment(told.get("at")))
    return earning.available(desk, _WHO) - before
