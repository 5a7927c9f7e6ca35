"""Cases of the type ``withdraw``: requests, then what becomes of them (R40-R44)."""

import datetime as dt
from collections.abc import Callable
from typing import Any, cast

from sqlalchemy.orm import Session

from app.trial import earning
from app.trial.cases import Case, Document, TrialError, moment, whole
from app.trial.desk import Desk
from distribution import transfers, withdrawals
from distribution.policy import Policy
from distribution.refusals import Code, Refusal
from distribution.rules.withdrawal import Channel
from distribution.transfers import TransferNews
from models import Withdrawal
from models.states import WithdrawalState as State

_WHO, _BY, _CHECKER = "本人", "trial", "trial-second"
_CHANNELS = ("bank", "wechat", "balance")
_EARNED = moment("2020-01-01T00:00:00")
_ASKED = "2025-03-01"
_FREELY = Policy.model_validate({"withdraw": {"min_fen": 0, "wechat_min_fen": 0, "name_required_from_fen": 10**12}})


def run(session: Session, case: Case) -> dict[str, Any]:
    """``{"requests", "actions", "available_fen"}``."""
    desk = Desk(session, case.settings)
    _have(desk, whole(case.part("account"), "available_fen"))
    asked = [ask(desk, _WHO, told, now=asked_at(told)) for told in case.part("requests")]
    ended = max((asked_at(told) for told in case.part("requests")), default=_EARNED)
    acted = [act(desk, str(told["id"]), told["do"], now=ended) for told in case.document.get("actions") or []]
    return {"requests": asked, "actions": acted, "available_fen": earning.available(desk, _WHO)}


def ask(desk: Desk, who: str, told: Document, *, now: dt.datetime) -> dict[str, Any]:
    """Request what the case tells: the answer, fee, tax and net (0 unless accepted)."""
    fen, channel = whole(told, "fen"), told.get("channel", "bank")
    if channel not in _CHANNELS:
        raise TrialError(f"没有 {channel} 这种提现方式")
    key = _key(told["id"])
    if find(desk, key) is not None:
        return _answer("duplicate")
    try:
        row = withdrawals.request(
            desk.session, desk.distributor(who), fen, request_key=key, policy=desk.policy, now=now,
            channel=cast(Channel, channel), real_name="试算甲" if told.get("real_name") else None,
        )  # fmt: skip
    except Refusal as refusal:
        return _answer(refusal.code)
    return _answer("accepted", row)


def act(desk: Desk, name: str, action: object, *, now: dt.datetime) -> str:
    """The state after an action on the withdrawal a case names, or ``illegal_state``; nothing is changed then."""
    if action not in _ACTIONS:
        raise TrialError(f"没有 {action} 这个动作")
    row = find(desk, _key(name))
    if row is None:
        return Code.ILLEGAL_STATE.value
    try:
        return str(_ACTIONS[str(action)](desk, row, now))
    except Refusal as refusal:
        return refusal.code.value


def pay(desk: Desk, who: str, fen: int, *, now: dt.datetime) -> None:
    """A withdrawal from request to payment in one step."""
    person, key = desk.distributor(who), f"trial:paid:{next(desk.numbers)}"
    row = withdrawals.request(desk.session, person, fen, request_key=key, policy=_FREELY, now=now)
    for action in (_approve, _tell("SUCCESS")):
        action(desk, row, now)


def _have(desk: Desk, fen: int) -> None:
    """Let the person have ``fen``; below zero: earned, paid out, and taken back."""
    desk.distributor(_WHO)
    if not fen:
        return
    number = earning.earn(desk, _WHO, abs(fen), due=_EARNED)
    earning.settle(desk, at=_EARNED)
    if fen < 0:
        pay(desk, _WHO, -fen, now=_EARNED)
        earning.take_back(desk, _WHO, -fen, number, at=_EARNED)


def _approve(desk: Desk, row: Withdrawal, now: dt.datetime) -> str:
    row = withdrawals.approve(desk.session, row.no, by=_BY, version=row.version, now=now)
    if row.state == State.REQUESTED:
        row = withdrawals.approve(desk.session, row.no, by=_CHECKER, version=row.version, now=now)
    return row.state


def _reject(desk: Desk, row: Withdrawal, now: dt.datetime) -> str:
    return withdrawals.reject(desk.session, row.no, by=_BY, reason="试算", version=row.version, now=now).state


def _cancel(desk: Desk, row: Withdrawal, now: dt.datetime) -> str:
    return withdrawals.cancel(desk.session, row.no, by="distributor", now=now).state


def _unknown(desk: Desk, row: Withdrawal, now: dt.datetime) -> str:
    _on_its_way(row, State.PAYING)
    transfers.begin(desk.session, row.no, now=now)
    transfers.record_unknown(desk.session, row.no, tries=0, now=now)
    return withdrawals.get_locked(desk.session, row.no).state


def _tell(state: str) -> Callable[[Desk, Withdrawal, dt.datetime], str]:
    def act(desk: Desk, row: Withdrawal, now: dt.datetime) -> str:
        # News of a withdrawal that was never sent, or has ended, is an alarm for a person and moves nothing.
        _on_its_way(row, state)
        return transfers.record(desk.session, row.no, TransferNews(state), source="query", now=now)

    return act


def _on_its_way(row: Withdrawal, wanted: str) -> None:
    if row.state not in (State.APPROVED, State.PAYING):
        raise Refusal(Code.ILLEGAL_STATE, state=row.state, wanted=wanted)


_ACTIONS: dict[str, Callable[[Desk, Withdrawal, dt.datetime], str]] = {
    "approve": _approve,
    "reject": _reject,
    "cancel": _cancel,
    "transfer_unknown": _unknown,
    "transfer_paid": _tell("SUCCESS"),
    "transfer_failed": _tell("FAIL"),
}


def find(desk: Desk, key: str) -> Withdrawal | None:
    """The withdrawal that was made under a request key."""
    return withdrawals.find_by_key(desk.session, key)


def asked_at(told: Document) -> dt.datetime:
    """The moment of a request that tells its day, its month, or neither."""
    month = told.get("month")
    return moment(f"{told.get('day') or (f'{month}-01' if month else _ASKED)}T10:00:00")


def _key(name: object) -> str:
    return f"trial:{name}"


def _answer(answer: str, row: Withdrawal | None = None) -> dict[str, Any]:
    fees = (row.fee_fen, row.tax_fen, row.net_fen) if row else (0, 0, 0)
    return {"answer": str(answer), **dict(zip(("fee_fen", "tax_fen", "net_fen"), fees, strict=True))}
