"""Refusals of the control calls, as RFC 9457 problems."""

import json

from flask import Response


class Problem(Exception):
    """A control call that cannot be done: an HTTP status and one sentence."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


_TITLES = {400: "Bad request", 403: "Forbidden", 404: "Not found", 409: "Conflict", 422: "Unprocessable"}


def problem_response(problem: Problem) -> Response:
    """The problem as `application/problem+json`."""
    body = {
        "type": "about:blank",
        "title": _TITLES.get(problem.status, "Error"),
        "status": problem.status,
        "detail": problem.detail,
    }
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, status=problem.status, content_type="application/problem+json; charset=utf-8")
