"""One call to the account's API, as its handler sees it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Response
from werkzeug.datastructures import FileStorage, MultiDict

from simulator.desk import Desk


class ApiError(Exception):
    """A refusal with WeChat's code; `extra` joins the JSON."""

    def __init__(self, errcode: int, errmsg: str, extra: dict[str, Any] | None = None) -> None:
        super().__init__(errmsg)
        self.errcode = errcode
        self.errmsg = errmsg
        self.extra = extra or {}


@dataclass(frozen=True, slots=True)
class Ask:
    """The query, the JSON body (empty when none) and the files of a call; `base_url` is the desk's own address."""

    desk: Desk
    args: MultiDict[str, str]
    body: dict[str, Any]
    base_url: str
    files: MultiDict[str, FileStorage] = field(default_factory=MultiDict)

    def text(self, name: str, *, errcode: int = 40035) -> str:
        """A text of the body that must be there."""
        value = self.body.get(name)
        if not isinstance(value, str) or not value:
            raise ApiError(errcode, f"invalid {name}")
        return value


Handler = Callable[[Ask], dict[str, Any] | Response]


def ok(**more: Any) -> dict[str, Any]:
    """The JSON of success with errcode 0."""
    return {"errcode": 0, "errmsg": "ok", **more}


def rid() -> str:
    """The tail WeChat puts to an error text."""
    return "-".join(secrets.token_hex(4) for _ in range(3))
