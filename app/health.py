"""Is it alive, and could it work?"""

from collections.abc import Callable, Mapping

import structlog
from flask import Blueprint, Response, jsonify

log = structlog.get_logger()

#: Raises when the thing does not answer.
Probe = Callable[[], object]


def health(probes: Mapping[str, Probe]) -> Blueprint:
    """/healthz says that the process answers; /readyz asks every probe and is 503 if one fails."""
    pages = Blueprint("health", __name__)

    @pages.get("/healthz")
    def alive() -> Response:
        return jsonify(status="ok")

    @pages.get("/readyz")
    def ready() -> tuple[Response, int]:
        found = {name: _ask(name, probe) for name, probe in probes.items()}
        good = all(answer == "ok" for answer in found.values())
        return jsonify(status="ok" if good else "not ready", **found), 200 if good else 503

    return pages


def _ask(name: str, probe: Probe) -> str:
    try:
        probe()
    except Exception as error:
        log.warning("health.failed", part=name, reason=str(error))
        return "does not answer"
    return "ok"
