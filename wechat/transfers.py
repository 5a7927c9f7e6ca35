"""What we ask WeChat Pay to transfer, what it tells about a transfer, and what its refusals mean."""

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .errors import Action, Outside

_LEAST_FEN = 10
_NAMED_FROM_FEN = 200_000
_NUMBER = re.compile(r"[A-Za-z0-9]{1,32}")


class State(StrEnum):
    """WeChat Pay's states of a transfer (one R is missing in theirs, too)."""

    ACCEPTED = "ACCEPTED"
    PROCESSING = "PROCESSING"
    WAIT_USER_CONFIRM = "WAIT_USER_CONFIRM"
    TRANSFERING = "TRANSFERING"
    SUCCESS = "SUCCESS"
    FAIL = "FAIL"
    CANCELING = "CANCELING"
    CANCELLED = "CANCELLED"

    @property
    def final(self) -> bool:
        """Whether it never changes again."""
        return self in (State.SUCCESS, State.FAIL, State.CANCELLED)


@dataclass(frozen=True)
class Transfer:
    """One payout: `no` (letters and digits, at most 32) is the key that makes a repeat harmless; `fen` is at least 10.

    The payee's name is needed from 2,000 yuan and not sent below 0.30 yuan.
    """

    no: str
    openid: str
    fen: int
    remark: str = ""
    name: str | None = None
    notify_url: str | None = None


@dataclass(frozen=True)
class TransferState:
    """What WeChat Pay says of a transfer; `package` opens the confirmation page and is a secret of the payee."""

    no: str
    state: State
    bill_no: str
    package: str | None = None
    fail_reason: str | None = None
    fen: int | None = None
    openid: str | None = None

    def __repr__(self) -> str:
        return f"TransferState({self.no}, {self.state}, {self.fail_reason or ''})"


_MEANINGS: dict[tuple[int, str], Action] = {
    (400, "PARAM_ERROR"): Action.STOP,
    (400, "INVALID_REQUEST"): Action.UNKNOWN,
    (401, "SIGN_ERROR"): Action.STOP,
    (403, "NO_AUTH"): Action.STOP,
    (403, "NOT_ENOUGH"): Action.RETRY,
    (429, "FREQUENCY_LIMITED"): Action.RETRY,
    (429, "FREQUENCY_LIMIT_EXCEED"): Action.RETRY,
    (429, "RATELIMIT_EXCEEDED"): Action.RETRY,
}
"""Only these answers prove that a transfer was not taken in; anything else is `UNKNOWN`."""


def checked(transfer: Transfer) -> Transfer:
    """The transfer; `Outside` with `STOP`, before anything is sent, if WeChat Pay could not take it."""
    checked_number(transfer.no)
    whole = isinstance(transfer.fen, int) and not isinstance(transfer.fen, bool)
    faults = [
        (not transfer.openid, "no openid"),
        (not whole or transfer.fen < _LEAST_FEN, f"the amount is whole fen, at least {_LEAST_FEN}"),
        (whole and transfer.fen >= _NAMED_FROM_FEN and not transfer.name, "from 200000 fen with the payee's name"),
        (len(transfer.name or "") > 50, "a name has at most 50 characters"),
        (len(transfer.remark) > 32, "a remark has at most 32 characters"),
    ]
    for wrong, reason in faults:
        if wrong:
            raise Outside(Action.STOP, "transfer-bills", "PARAM_ERROR", message=reason)
    return transfer


def checked_number(no: str) -> str:
    """The number; `Outside` with `STOP` unless it is 1 to 32 letters and digits."""
    if not _NUMBER.fullmatch(no):
        raise Outside(Action.STOP, "transfer-bills", "PARAM_ERROR", message="a number is 1 to 32 letters and digits")
    return no


def refusal_of(call: str, status: int, text: str) -> Outside:
    """The `Outside` a non-2xx answer of WeChat Pay stands for: `UNKNOWN` unless the table says otherwise."""
    answer = _object(text)
    code = answer.get("code") if isinstance(answer.get("code"), str) else None
    action = _MEANINGS.get((status, code or ""), Action.UNKNOWN)
    return Outside(action, call, code or f"HTTP {status}", message=str(answer.get("message", "")))


def state_of(call: str, text: str, no: str) -> TransferState:
    """What a 2xx answer says of transfer `no`; `UNKNOWN` if it is of another or cannot be understood."""
    answer = _object(text)
    said = answer.get("state")
    if answer.get("out_bill_no") != no or said not in list(State):
        raise Outside(Action.UNKNOWN, call, "ANSWER", message="an answer that does not fit the question")
    fen = answer.get("transfer_amount")
    if fen is not None and (isinstance(fen, bool) or not isinstance(fen, int)):
        raise Outside(Action.UNKNOWN, call, "ANSWER", message="an amount that is no whole number")
    return TransferState(
        no=no,
        state=State(said),
        bill_no=str(answer.get("transfer_bill_no", "")),
        package=_text(answer, "package_info"),
        fail_reason=_text(answer, "fail_reason"),
        fen=fen,
        openid=_text(answer, "openid"),
    )


def _text(answer: dict[str, Any], name: str) -> str | None:
    value = answer.get(name)
    return value if isinstance(value, str) and value else None


def _object(text: str) -> dict[str, Any]:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}
