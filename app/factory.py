"""create_app: the blueprints, the error pages, the headers; nothing else."""

from collections.abc import Iterable, Mapping

from flask import Blueprint, Flask, abort, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from app.config import Settings
from app.error_pages import add_error_pages
from app.headers import add_headers
from app.health import Probe, health
from app.metrics import Measures, add_measures

_LARGEST_BODY = 3 * 1024 * 1024


def create_app(
    settings: Settings, blueprints: Iterable[Blueprint], *, probes: Mapping[str, Probe], measures: Measures
) -> Flask:
    """The web application of these settings around these blueprints."""
    app = Flask("fenxiao", static_folder=None, template_folder=None)
    app.config.update(_flask_settings(settings))
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.url_map.converters["int"] = _RowNumber
    add_error_pages(app)
    app.before_request(_refuse_nul)
    add_headers(app, framed=settings.demo.enabled, https=settings.public_url.startswith("https://"))
    app.register_blueprint(add_measures(app, measures))
    app.register_blueprint(health(probes))
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    if settings.server.proxies:
        hops = settings.server.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    return app


class _RowNumber(IntegerConverter):
    """A number in an address that a column can hold; anything longer is no page."""

    regex = r"\d{1,18}"


def _refuse_nul() -> None:
    """No row is named so, and PostgreSQL takes none in a text."""
    if "\x00" in request.path or b"%00" in request.query_string:
        abort(404)


def _flask_settings(settings: Settings) -> dict[str, object]:
    https = settings.public_url.startswith("https://")
    return {
        "SECRET_KEY": settings.console.secret_key.get_secret_value(),
        "MAX_CONTENT_LENGTH": _LARGEST_BODY,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "MAX_FORM_PARTS": 200,
        "SESSION_COOKIE_NAME": "__Host-fenxiao" if https else "fenxiao",
        "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "BOOTSTRAP_SERVE_LOCAL": True,
        "WTF_CSRF_TIME_LIMIT": None,
        "PROPAGATE_EXCEPTIONS": False,
    }
