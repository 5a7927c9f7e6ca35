"""The bank's book: every transfer to a person, from created to paid, failed or cancelled."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from sqlite3 import Row
from typing import Any

from simulator import agenda, pay_notices, people
from simulator.desk import Desk
from simulator.instants import DAY, SECOND, beijing_day, beijing_text
from simulator.problems import Problem

_TO_CONFIRM = DAY
_BALANCE = "balance fen"
FINAL = ("SUCCESS", "FAIL", "CANCELLED")


@dataclass(frozen=True, slots=True)
class Request:
    """A transfer as the merchant asked for it, checked; `user_name` is opened."""

    out_bill_no: str
    openid: str
    fen: int
    remark: str
    scene: str
    report: str
    user_name: str | None
    notify_url: str

    def digest(self) -> str:
        """The same for the same request, whatever the sealing."""
        facts = [self.openid, self.fen, self.remark, self.scene, self.report, self.user_name, self.notify_url]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


class NotEnough(Exception):
    """The merchant's account holds less than the transfer."""


class Differs(Exception):
    """The number exists with other facts."""


def create(desk: Desk, request: Request) -> Row:
    """The transfer of that number, made if new; Differs or NotEnough otherwise."""
    with desk.store.together():
        earlier = find(desk, request.out_bill_no)
        if earlier is not None:
            if earlier["digest"] != request.digest():
                raise Differs
            return earlier
        if balance(desk) < request.fen:
            raise NotEnough
        _move(desk, -request.fen)
        _insert(desk, request)
        slow = slowness(desk)
        if slow:
            _plan(desk, request.out_bill_no, "offer", slow)
        _plan(desk, request.out_bill_no, "expire", _TO_CONFIRM)
        return get(desk, request.out_bill_no)


def _insert(desk: Desk, request: Request) -> None:
    now = desk.now()
    sql = (
        "INSERT INTO transfer(out_bill_no, bill_no, openid, fen, remark, user_name, state, package, notify_url, "
        "digest, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    )
    desk.store.run(
        sql,
        request.out_bill_no,
        f"1330{beijing_day(now)}{desk.store.next_number('bill'):016d}",
        request.openid,
        request.fen,
        request.remark,
        request.user_name,
        "ACCEPTED" if slowness(desk) else "WAIT_USER_CONFIRM",
        secrets.token_urlsafe(48),
        request.notify_url,
        request.digest(),
        now,
        now,
    )


def find(desk: Desk, out_bill_no: str) -> Row | None:
    """The transfer of that number, or None."""
    return desk.store.one("SELECT * FROM transfer WHERE out_bill_no = ?", out_bill_no)


def find_by_bill(desk: Desk, bill_no: str) -> Row | None:
    """The transfer of WeChat's own number, or None."""
    return desk.store.one("SELECT * FROM transfer WHERE bill_no = ?", bill_no)


def find_by_package(desk: Desk, package: str) -> Row | None:
    """The transfer whose confirmation page this package opens, or None."""
    return desk.store.one("SELECT * FROM transfer WHERE package = ?", package)


def get(desk: Desk, out_bill_no: str) -> Row:
    """The transfer of that number; Problem 404 if there is none."""
    row = find(desk, out_bill_no)
    if row is None:
        raise Problem(404, "no transfer of this number")
    return row


def book(desk: Desk) -> list[dict[str, Any]]:
    """Every transfer, the oldest first, in WeChat's states."""
    rows = desk.store.all("SELECT * FROM transfer ORDER BY created_at, rowid")
    return [
        {
            "out_bill_no": row["out_bill_no"],
            "openid": row["openid"],
            "transfer_amount": row["fen"],
            "state": row["state"],
            "transfer_bill_no": row["bill_no"],
            "transfer_remark": row["remark"],
            "fail_reason": row["fail_reason"],
            "create_time": beijing_text(row["created_at"]),
            "update_time": beijing_text(row["updated_at"]),
        }
        for row in rows
    ]


def confirm(desk: Desk, out_bill_no: str) -> Row:
    """The person confirms the receipt; a second time changes nothing, Problem 409 when it is closed."""
    with desk.store.together():
        row = get(desk, out_bill_no)
        if row["state"] in ("SUCCESS", "TRANSFERING"):
            return row
        if row["state"] != "WAIT_USER_CONFIRM":
            raise Problem(409, f"the transfer is {row['state']}")
        _enter(desk, out_bill_no, "TRANSFERING")
        if slowness(desk):
            _plan(desk, out_bill_no, "pay", slowness(desk))
        else:
            _pay(desk, out_bill_no)
        return get(desk, out_bill_no)


def cancel(desk: Desk, out_bill_no: str) -> Row | None:
    """The merchant takes it back before the person confirms; None when that is too late."""
    with desk.store.together():
        row = get(desk, out_bill_no)
        if row["state"] in ("ACCEPTED", "PROCESSING", "WAIT_USER_CONFIRM"):
            _enter(desk, out_bill_no, "CANCELING")
            _plan(desk, out_bill_no, "cancel", slowness(desk))
        elif row["state"] not in ("CANCELING", "CANCELLED"):
            return None
        return get(desk, out_bill_no)


def fail(desk: Desk, out_bill_no: str, reason: str) -> Row:
    """The bank gives up a transfer that is not final, for this reason; Problem 409 when it is."""
    with desk.store.together():
        row = get(desk, out_bill_no)
        if row["state"] in FINAL:
            raise Problem(409, f"the transfer is {row['state']}")
        _close(desk, row, "FAIL", reason)
        return get(desk, out_bill_no)


def run_step(desk: Desk, body: dict[str, Any], tries: int) -> int | None:
    """Due work: a transfer's next step, if it still stands where the step begins."""
    with desk.store.together():
        row, step = get(desk, body["no"]), body["step"]
        if step == "offer" and row["state"] == "ACCEPTED":
            _enter(desk, row["out_bill_no"], "WAIT_USER_CONFIRM")
        elif step == "pay" and row["state"] == "TRANSFERING":
            _pay(desk, row["out_bill_no"])
        elif step == "cancel" and row["state"] == "CANCELING":
            _close(desk, row, "CANCELLED", "MCH_CANCEL")
        elif step == "expire" and row["state"] in ("ACCEPTED", "PROCESSING", "WAIT_USER_CONFIRM"):
            _close(desk, row, "FAIL", "OVERDUE_CLOSE")
    return None


def _pay(desk: Desk, out_bill_no: str) -> None:
    row = get(desk, out_bill_no)
    person = people.find(desk, row["openid"])
    real_name = person["real_name"] if person else None
    if row["user_name"] and real_name and row["user_name"] != real_name:
        return _close(desk, row, "FAIL", "NAME_NOT_CORRECT")
    _enter(desk, out_bill_no, "SUCCESS")
    pay_notices.plan(desk, get(desk, out_bill_no))
    return None


def _close(desk: Desk, row: Row, state: str, reason: str) -> None:
    _move(desk, row["fen"])
    _enter(desk, row["out_bill_no"], state, reason)
    pay_notices.plan(desk, get(desk, row["out_bill_no"]))


def _enter(desk: Desk, out_bill_no: str, state: str, reason: str | None = None) -> None:
    sql = "UPDATE transfer SET state = ?, fail_reason = ?, updated_at = ? WHERE out_bill_no = ?"
    desk.store.run(sql, state, reason, desk.now(), out_bill_no)


def _plan(desk: Desk, out_bill_no: str, step: str, delay: int) -> None:
    agenda.put(desk, desk.now() + delay, "transfer", {"no": out_bill_no, "step": step})


def slowness(desk: Desk) -> int:
    """How long the bank takes for each step, in milliseconds; 0 at first."""
    return desk.store.number("bank slowness")


def balance(desk: Desk) -> int:
    """What the merchant's account holds, in fen."""
    return desk.store.number(_BALANCE, desk.settings.balance_fen)


def set_bank(desk: Desk, facts: dict[str, Any]) -> dict[str, int]:
    """Set `balance_fen` or `slow_seconds`, both whole and not negative; how the bank stands now."""
    for key, name, unit in (("balance_fen", _BALANCE, 1), ("slow_seconds", "bank slowness", SECOND)):
        value = facts.get(key)
        if value is None:
            continue
        if type(value) is not int or value < 0:
            raise Problem(400, f"{key} must be a whole number from 0")
        desk.store.set_number(name, value * unit)
    return {"balance_fen": balance(desk), "slow_seconds": slowness(desk) // SECOND}


def _move(desk: Desk, fen: int) -> None:
    desk.store.set_number(_BALANCE, balance(desk) + fen)
