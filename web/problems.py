"""Answers of /api/v1 that say no: RFC 9457 problem documents."""

import json
from collections.abc import Mapping

from flask import Response

TITLES = {
    400: "Malformed request",
    401: "Not signed by a known secret",
    404: "Not found",
    409: "Contradiction",
    413: "Too large",
    422: "Refused",
}


def problem(status: int, detail: str, *, code: str | None = None, errors: Mapping[str, str] | None = None) -> Response:
    """A problem document; ``errors`` maps a field's path to what is wrong with it."""
    facts: dict[str, object] = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": detail}
    if code is not None:
        facts["code"] = code
    if errors is not None:
        facts["errors"] = dict(errors)
    return Response(json.dumps(facts, ensure_ascii=False), status, content_type="application/problem+json")
