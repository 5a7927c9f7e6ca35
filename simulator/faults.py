"""Faults on demand: the next calls of the service to WeChat or the bank go wrong as ordered."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Response

from simulator.desk import Desk
from simulator.problems import Problem

_PROMISED_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one call; without code, status or loss it is only late."""

    call: str
    errcode: int | str | None = None
    http: int | None = None
    lost: str | None = None
    delay_ms: int = 0
    signtest: bool = False

    @property
    def name(self) -> str:
        """A short text for the record."""
        facts = (self.lost and f"lost {self.lost}", self.errcode, self.http, self.delay_ms and f"{self.delay_ms} ms")
        return " ".join(str(fact) for fact in (*facts, self.signtest and "signtest") if fact)


def order(desk: Desk, facts: dict[str, Any]) -> None:
    """Plan a fault for the next `times` calls; Problem 400 names what is wrong."""
    fault, times = _checked(facts)
    body = json.dumps({key: facts[key] for key in Fault.__slots__ if facts.get(key) is not None}, ensure_ascii=False)
    desk.store.run("INSERT INTO fault(call, body, room) VALUES (?, ?, ?)", fault.call, body, times)


def _checked(facts: dict[str, Any]) -> tuple[Fault, int]:
    call, times, http, delay = facts.get("call"), facts.get("times", 1), facts.get("http"), facts.get("delay_ms", 0)
    if not isinstance(call, str) or not call:
        raise Problem(400, "call must be a part of a path")
    if type(times) is not int or times < 1:
        raise Problem(400, "times must be a whole number from 1")
    if facts.get("lost") not in (None, "before", "after"):
        raise Problem(400, "lost must be before or after")
    if http is not None and (type(http) is not int or not 100 <= http <= 599):
        raise Problem(400, "http must be a status")
    if type(delay) is not int or not 0 <= delay <= 600_000:
        raise Problem(400, "delay_ms must be 0 to 600000")
    if not isinstance(facts.get("errcode"), int | str | None):
        raise Problem(400, "errcode must be a number or a text")
    return Fault(call), times


def clear(desk: Desk) -> None:
    """Forget every fault still planned."""
    desk.store.run("DELETE FROM fault")


def planned(desk: Desk) -> list[dict[str, Any]]:
    """The faults still to come, with how often."""
    rows = desk.store.all("SELECT * FROM fault ORDER BY id")
    return [json.loads(row["body"]) | {"times": row["room"]} for row in rows]


def take(desk: Desk, path: str) -> Fault | None:
    """The oldest fault planned for this path, used up by one; None when the call is to go well."""
    with desk.store.together():
        row = desk.store.one("SELECT * FROM fault WHERE instr(?, call) > 0 ORDER BY id LIMIT 1", path)
        if row is None:
            return None
        desk.store.run("UPDATE fault SET room = room - 1 WHERE id = ?", row["id"])
        desk.store.run("DELETE FROM fault WHERE id = ? AND room <= 0", row["id"])
    return Fault(**json.loads(row["body"]))


def suffer(
    fault: Fault | None, answer: Callable[[], Response], refuse: Callable[[Fault], Response]
) -> tuple[Response, bool]:
    """The response to the call and whether it was lost on the way."""
    if fault is None:
        return answer(), False
    if fault.delay_ms:
        time.sleep(fault.delay_ms / 1000)
    if fault.lost == "before":
        return _broken(), True
    refused = fault.errcode is not None or fault.http is not None
    response = refuse(fault) if refused else answer()
    return (_broken(), True) if fault.lost == "after" else (response, False)


def _broken() -> Response:
    response = Response(_cut_off(), content_type="application/json; charset=utf-8")
    response.content_length = _PROMISED_BYTES
    return response


def _cut_off() -> Iterator[bytes]:
    yield b'{"'
