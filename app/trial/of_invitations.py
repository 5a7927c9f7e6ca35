"""Type ``invite``: who asks to stand under whom, one request after the other (R6)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.trial.cases import Case, TrialError, inviter_of
from app.trial.desk import Desk
from distribution import team
from distribution.refusals import Code, Refusal

_ANSWERS = (Code.SELF, Code.CYCLE, Code.ALREADY_BOUND)


def run(session: Session, case: Case) -> dict[str, Any]:
    """``bound``, or why not, for every request."""
    desk = Desk(session, case.settings)
    people = case.part("people")
    for name in people:
        _seat(desk, people, name)
    return {"answers": [_answer(desk, each) for each in case.part("requests")]}


def _seat(desk: Desk, people: Mapping[str, Any], name: str, *, above: tuple[str, ...] = ()) -> None:
    """Whoever stands above takes the place first."""
    if name in above:
        raise TrialError("people 里的邀请关系绕成了圈")
    inviter = inviter_of(people, name)
    if inviter is not None:
        _seat(desk, people, inviter, above=(*above, name))
    desk.distributor(name, inviter=inviter)


def _answer(desk: Desk, request: Mapping[str, Any]) -> str:
    if not isinstance(request.get("child"), str) or not isinstance(request.get("parent"), str):
        raise TrialError("每个请求要写 child 和 parent")
    child, parent = (desk.known(request[role], f"requests 的 {role}") for role in ("child", "parent"))
    try:
        team.join(desk.session, child, parent)
    except Refusal as refusal:
        if refusal.code not in _ANSWERS:
            raise
        return refusal.code.value
    return "bound"
