"""The console: every door behind one gate, reading pages in reading(), changes in one transaction each."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from flask import Blueprint, Flask, Response, abort, flash, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_bootstrap import Bootstrap5

from distribution.refusals import Code, Refusal
from models.database import Session
from web.console.filters import FILTERS
from web.console.forms import Wrong
from web.console.gate import Gate, check_form, token
from web.console.navigation import navigation
from web.console.sheets import Sheet, download
from web.console.subjects import SUBJECTS
from web.console.visit import Door, Seat, Visit
from web.filters import add_filters
from web.parts import WebParts

_CONFLICTS = {Code.STALE_VERSION, Code.ILLEGAL_STATE, Code.GAVE_WAY}


def console(parts: WebParts) -> Blueprint:
    """The merchant's pages under /console."""
    pages = Blueprint("console", "web", url_prefix="/console", template_folder="templates", static_folder="static")
    gate = Gate(parts)
    gate.open(pages)
    for subject in SUBJECTS:
        for door in subject.doors:
            opened = _act(parts, gate, door) if door.writes else _page(parts, gate, door)
            pages.add_url_rule(door.rule, door.name, opened, methods=["POST"] if door.writes else ["GET"])
    add_filters(pages)
    pages.record(lambda state: _prepare(state, parts))
    pages.after_request(_private)
    return pages


def _page(parts: WebParts, gate: Gate, door: Door) -> Callable[..., ResponseReturnValue]:
    def opened(**names: Any) -> ResponseReturnValue:
        with parts.database.reading() as session:
            seat = gate.seat(session)
            if seat is None:
                return _to_login()
            _admit(door, seat)
            try:
                page: str = door.view(Visit(session, seat, parts.clock.now(), parts), **names)
            except Refusal:
                abort(404)
        gate.keep()
        return page

    return opened


def _act(parts: WebParts, gate: Gate, door: Door) -> Callable[..., ResponseReturnValue]:
    def sent(**names: Any) -> ResponseReturnValue:
        with parts.database.reading() as session:
            seat = gate.seat(session)
        if seat is None:
            return _to_login()
        _admit(door, seat)
        if door.largest is not None:
            request.max_content_length = door.largest
        check_form(parts)
        try:
            done = parts.database.write(lambda db: door.view(_visit(parts, seat, db), **names))
        except Wrong as wrong:
            return _again(parts, door, seat, names, errors=wrong.errors, status=422)
        except Refusal as refusal:
            if refusal.code == Code.NOT_FOUND:
                abort(404)
            status = 409 if refusal.code in _CONFLICTS else 422
            return _again(parts, door, seat, names, errors={"": parts.wording(refusal)}, status=status)
        if isinstance(done, Sheet):
            return download(done)
        flash(done.said)
        return redirect(done.to, 303)

    return sent


def _visit(parts: WebParts, seat: Seat, session: Session) -> Visit:
    return Visit(session, seat, parts.clock.now(), parts, given=request.form)


def _again(
    parts: WebParts, door: Door, seat: Seat, names: dict[str, Any], *, errors: dict[str, str], status: int
) -> ResponseReturnValue:
    """The page the form came from, with what was wrong; nothing was changed."""
    if door.again is None:
        abort(status)
    with parts.database.reading() as session:
        visit = replace(_visit(parts, seat, session), errors=errors)
        try:
            return door.again(visit, **names), status
        except Refusal:
            abort(404)


def _admit(door: Door, seat: Seat) -> None:
    if not door.admits(seat):
        abort(403)


def _to_login() -> ResponseReturnValue:
    onward = request.full_path.rstrip("?") if request.method == "GET" else ""
    return redirect(url_for("console.login", next=onward or None), 303)


def _prepare(state: BlueprintSetupState, parts: WebParts) -> None:
    app = cast(Flask, state.app)
    _serve_bootstrap(app)
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(csrf_token=token, navigation=navigation, demo=parts.demo)


def _serve_bootstrap(app: Flask) -> None:
    if "bootstrap" not in app.extensions:
        app.static_url_path = app.static_url_path or "/static"
        Bootstrap5().init_app(app)


def _private(response: Response) -> Response:
    if request.endpoint != "console.static":
        response.headers["Cache-Control"] = "no-store"
    return response
