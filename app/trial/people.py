"""How a case moves its people: levels by hand, states."""

import datetime as dt

from app.trial.cases import TrialError
from app.trial.desk import Desk
from distribution import levels, members


def give_level(desk: Desk, name: str, level: str, *, now: dt.datetime) -> None:
    """Give somebody a level by hand, making the level when it is first named."""
    known = {row.name: row for row in levels.all_levels(desk.session)}
    row = known.get(level) or levels.make_level(desk.session, level, len(known) + 1, by="trial", now=now)
    levels.set_level(desk.session, desk.distributor(name), row.id, by="trial", now=now)


def set_status(desk: Desk, name: str, status: str, *, now: dt.datetime) -> None:
    """Bring somebody to a status (R2, R3); who waits or is switched off earns nothing, like a frozen one."""
    person = members.get_distributor(desk.session, desk.distributor(name))
    if status == "terminated":
        if person.state != "terminated":
            members.terminate(desk.session, person.id, by="trial", reason="试算", now=now)
    elif status in ("frozen", "disabled", "pending"):
        if person.state == "active":
            members.freeze(desk.session, person.id, by="trial", reason="试算", now=now)
    elif status == "active":
        if person.state == "frozen":
            members.resume(desk.session, person.id, by="trial", reason="试算", now=now)
    else:
        raise TrialError(f"没有 {status} 这种状态")
