"""Reading the account API's answers where wechatpy is not in between."""

import json
from typing import Any

import requests

from .errors import Action, Outside, refusal
from .http import broken_line


def answer_of(http: requests.Session, method: str, url: str, *, call: str, **how: Any) -> dict[str, Any]:
    """The JSON object of a call that harms nobody when repeated; `Outside` otherwise, never with `UNKNOWN`."""
    try:
        response = http.request(method, url, **how)
    except requests.RequestException as error:
        failure = broken_line(call, error)
    else:
        answer = json_object(response)
        if answer is not None and not answer.get("errcode"):
            return answer
        failure = refusal_in(answer, call, response.status_code)
    raise harmless(failure)


def json_object(response: requests.Response) -> dict[str, Any] | None:
    """The JSON object of a 200 answer, control characters tolerated; None for anything else."""
    return object_in(response.content) if response.status_code == requests.codes.ok else None


def object_in(content: bytes) -> dict[str, Any] | None:
    """The JSON object of these bytes, control characters tolerated; None for anything else."""
    try:
        answer = json.loads(content.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def refusal_in(answer: dict[str, Any] | None, call: str, status: int = 200) -> Outside:
    """The `Outside` an answer without success stands for; `UNKNOWN` if it cannot be read."""
    if answer is None:
        return Outside(Action.UNKNOWN, call, "ANSWER" if status == requests.codes.ok else f"HTTP {status}")
    try:
        code = int(answer["errcode"])
    except (KeyError, TypeError, ValueError):
        return Outside(Action.UNKNOWN, call, "ANSWER", message="the answer lacks what it should hold")
    return refusal(call, code, str(answer.get("errmsg", "")))


def harmless(failure: Outside) -> Outside:
    """The same failure of a call that may simply be repeated: what is `UNKNOWN` becomes `RETRY`."""
    if failure.action is not Action.UNKNOWN:
        return failure
    return Outside(Action.RETRY, failure.call, failure.code, message=failure.message)
