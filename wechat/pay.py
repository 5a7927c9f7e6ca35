"""WeChat Pay: create, query and cancel a merchant transfer, and believe a notice only if it is proven."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests
import structlog

from .clock import Clock
from .errors import Action, BadNotice, Outside
from .http import broken_line
from .pay_line import Calls, Unproven, open_line
from .settings import PaySettings
from .strict_json import strict_object
from .transfers import State, Transfer, TransferState, checked, checked_number, refusal_of, state_of

__all__ = ["Notice", "Pay", "State", "Transfer", "TransferState"]

log = structlog.get_logger()

_LARGEST_NOTICE = 64 * 1024
_NAMED_FROM_FEN = 30
_TRANSFER_FINISHED = "MCHTRANSFER.BILL.FINISHED"


@dataclass(frozen=True)
class Notice:
    """A proven notice; `event_id` is unique per event. `state` is set for finished transfers only: ignore others."""

    event_id: str
    event_type: str
    no: str
    state: State | None
    fen: int | None
    openid: str | None
    mch_id: str
    fail_reason: str | None


class Pay:
    """Calls to WeChat Pay; they raise `Outside` and nothing else. After `UNKNOWN`: query the same number first."""

    def __init__(self, settings: PaySettings, app_id: str, http: requests.Session, *, clock: Clock) -> None:
        """No network; `Outside` with `STOP` if payouts are not configured or a key cannot be read."""
        self._settings = settings
        self._line = open_line(settings, http, clock)
        self._pay = Calls(self._line, app_id=app_id, notify_url=settings.notify_url)

    def create_transfer(self, transfer: Transfer) -> TransferState:
        """Asks for the transfer; with the number and facts of an earlier one, the state of that one."""
        checked(transfer)
        infos = [{"info_type": kind, "info_content": text} for kind, text in self._settings.report_infos.items()]
        status, text = self._ask(
            "transfer-bills",
            lambda: self._pay.mch_transfer_bills(
                transfer.no,
                self._settings.scene_id,
                transfer.openid,
                transfer.fen,
                transfer.remark or self._settings.remark,
                user_name=transfer.name if transfer.fen >= _NAMED_FROM_FEN else None,
                transfer_scene_report_infos=infos,
                notify_url=transfer.notify_url,
            ),
        )
        return self._state("transfer-bills", status, text, transfer.no)

    def query_transfer(self, no: str) -> TransferState | None:
        """What WeChat Pay knows of this number, None if nothing; it knows the last 30 days only."""
        call = "transfer-bills/out-bill-no"
        checked_number(no)
        status, text = self._ask(call, lambda: self._pay.mch_transfer_bills_query(out_bill_no=no))
        if status == requests.codes.not_found and refusal_of(call, status, text).code == "NOT_FOUND":
            return None
        return self._state(call, status, text, no)

    def cancel_transfer(self, no: str) -> TransferState:
        """Asks to take the transfer back; that is only begun (CANCELING) until a query says CANCELLED."""
        call = "transfer-bills/out-bill-no/cancel"
        checked_number(no)
        status, text = self._ask(call, lambda: self._pay.mch_transfer_bills_cancel(no))
        return self._state(call, status, text, no)

    def parse_notice(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Notice:
        """The notice, if WeChat Pay signed it within five minutes of `now`; else `BadNotice`. Never any network."""
        if len(body) > _LARGEST_NOTICE:
            raise BadNotice("too large")
        try:
            self._line.prove(headers, body, now=now)
        except Unproven as error:
            raise BadNotice(str(error), probe=error.probe) from None
        try:
            return self._opened(body)
        except (KeyError, TypeError, ValueError) as error:
            reason = f"cannot be understood: {type(error).__name__}"
        raise BadNotice(reason)

    def _opened(self, body: bytes) -> Notice:
        envelope = strict_object(body.decode())
        facts = strict_object(self._line.opened(envelope))
        event_type, mch_id = _needed(envelope, "event_type"), facts.get("mch_id") or facts.get("mchid")
        if mch_id != self._settings.mch_id:
            raise ValueError("another merchant's")
        finished = event_type == _TRANSFER_FINISHED
        return Notice(
            event_id=_needed(envelope, "id"),
            event_type=event_type,
            no=_needed(facts, "out_bill_no") if finished else _first(facts, "out_refund_no", "out_trade_no"),
            state=State(_needed(facts, "state")) if finished else None,
            fen=_fen(facts) if finished else None,
            openid=_needed(facts, "openid") if finished else None,
            mch_id=mch_id,
            fail_reason=_first(facts, "fail_reason") or None,
        )

    def _ask(self, call: str, doing: Callable[[], tuple[int, str]]) -> tuple[int, str]:
        try:
            return doing()
        except Unproven as error:
            failure = Outside(Action.UNKNOWN, call, "SIGNATURE", message=str(error))
        except requests.RequestException as error:
            failure = broken_line(call, error)
        log.warning("pay.no_answer", call=call, action=failure.action, code=failure.code, message=failure.message)
        raise failure

    def _state(self, call: str, status: int, text: str, no: str) -> TransferState:
        if 200 <= status < 300:
            return state_of(call, text, no)
        failure = refusal_of(call, status, text)
        log.warning("pay.refused", call=call, no=no, action=failure.action, code=failure.code)
        raise failure


def _needed(facts: dict[str, Any], name: str) -> str:
    value = facts[name]
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} is not a text")
    return value


def _first(facts: dict[str, Any], *names: str) -> str:
    return next((value for name in names if isinstance(value := facts.get(name), str)), "")


def _fen(facts: dict[str, Any]) -> int:
    fen = facts["transfer_amount"]
    if isinstance(fen, bool) or not isinstance(fen, int) or fen <= 0:
        raise ValueError("the amount is not a whole number of fen")
    return fen
