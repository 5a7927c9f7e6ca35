"""How control calls read a request and write an answer."""

import json
from typing import Any

from flask import Response, request

from simulator.problems import Problem


def body() -> dict[str, Any]:
    """The JSON object of the request, empty without a body; Problem 400 otherwise."""
    if not request.get_data():
        return {}
    given = posted()
    if not isinstance(given, dict):
        raise Problem(400, "the body must be a JSON object")
    return given


def posted() -> Any:
    """The JSON of the request, None when it is none or nested without end."""
    try:
        return request.get_json(force=True, silent=True)
    except RecursionError:
        return None


def text(given: dict[str, Any], name: str) -> str:
    """A text that must be there; Problem 400 otherwise."""
    value = given.get(name)
    if not isinstance(value, str) or not value:
        raise Problem(400, f"{name} must be a text")
    return value


def number(name: str) -> int:
    """A whole number of the query, 0 without it; Problem 400 otherwise."""
    value = request.args.get(name, "0")
    if not value.lstrip("-").isdecimal() or len(value) > 18:
        raise Problem(400, f"{name} must be a whole number")
    return int(value)


def answer(content: Any, status: int = 200) -> Response:
    """JSON in UTF-8."""
    raw = json.dumps(content, ensure_ascii=False)
    return Response(raw, status=status, content_type="application/json; charset=utf-8")
