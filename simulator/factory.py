"""Puts the desk together as a Flask application, to be mounted at any prefix."""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, request

from simulator import account_api, control, control_people, jumps, page, pay_api, window
from simulator.clock import SharedClock
from simulator.desk import Desk
from simulator.problems import Problem, problem_response
from simulator.settings import SimulatorSettings
from simulator.store import Store


def create_simulator(settings: SimulatorSettings, clock: SharedClock) -> Flask:
    """WeChat and WeChat Pay over what `data_dir` holds; loopback callers only. A jump that a kill cut short is over."""
    app = Flask(__name__)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    desk = Desk(settings, clock, Store(settings.data_dir / "simulator.sqlite3"))
    clock.resume()
    app.extensions["desk"] = desk
    app.before_request(_refuse_strangers)
    app.register_error_handler(Problem, problem_response)
    for part in (account_api, pay_api, control, control_people, page, window):
        app.register_blueprint(part.blueprint)
    pacemaker = jumps.Pacemaker(desk)
    app.extensions["pacemaker"] = pacemaker
    pacemaker.start()
    return app


def close_simulator(app: Flask) -> None:
    """End the background thread and close the store; the application is not used again."""
    app.extensions["pacemaker"].stop()
    app.extensions["desk"].store.close()


def _refuse_strangers() -> Response | None:
    # A page elsewhere may call by a name of its own that it lets point here: then the name gives it away.
    named = _is_here(urlsplit(f"//{request.host}").hostname)
    if named and _is_loopback(request.remote_addr) and request.headers.get("Sec-Fetch-Site") != "cross-site":
        return None
    return problem_response(Problem(403, "only this machine may call"))


def _is_here(name: str | None) -> bool:
    return name == "localhost" or _is_loopback(name)


def _is_loopback(address: Any) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
