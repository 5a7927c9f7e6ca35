"""Who sits at the console: logging in and out, and what every form must carry."""

import datetime as dt
import hashlib
import secrets
from urllib.parse import urlsplit

import structlog
from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf, validate_csrf
from werkzeug.security import check_password_hash, generate_password_hash
from wtforms.validators import ValidationError

from distribution import merchants, staff
from distribution.staff import SessionTerms
from models import Operator
from models.database import Session
from models.states import Role
from web.console.visit import Seat
from web.parts import WebParts
from web.throttle import Throttle

log = structlog.get_logger()

_TOKEN = "console"
_NEVER = dt.timedelta(days=36500)
_REFUSED = "名字或密码不对。连续输错要等一会儿才能再试。"
#: Checked when there is no such account, so that it takes as long.
_NOBODY = generate_password_hash(secrets.token_hex(16))


class Gate:
    """Knows the operators by their cookies."""

    def __init__(self, parts: WebParts) -> None:
        self._parts = parts
        self._throttle = Throttle()
        self._terms = SessionTerms(_NEVER, _NEVER) if parts.demo else SessionTerms()

    def open(self, pages: Blueprint) -> None:
        """Add the pages for logging in and out."""
        pages.add_url_rule("/login", "login", self._login_page)
        pages.add_url_rule("/login", "login_sent", self._login, methods=["POST"])
        pages.add_url_rule("/logout", "logout", self._logout, methods=["POST"])

    def seat(self, db: Session) -> Seat | None:
        """Who this browser belongs to; None when nobody is logged in."""
        token = session.get(_TOKEN)
        if not isinstance(token, str):
            return None
        row = staff.session_operator(db, _hash(token), self._parts.clock.now(), self._terms)
        if row is None:
            return None
        own, first = merchants.find(db, row.merchant_id), merchants.first(db)
        runs = first is not None and first.id == row.merchant_id
        return Seat(row.id, row.name, Role(row.role), row.merchant_id, own.name if own else "", runs)

    def keep(self) -> None:
        """Note that the session is in use, at most once a minute."""
        token, now = _hash(str(session.get(_TOKEN, ""))), self._parts.clock.now()
        with self._parts.database.reading() as db:
            stale = staff.is_stale(db, token, now)
        if stale:
            self._parts.database.write(lambda db: staff.touch(db, token, now))

    def _login_page(self) -> ResponseReturnValue:
        with self._parts.database.reading() as db:
            if self.seat(db) is not None:
                return redirect(url_for("console.home"))
            shop = merchants.first(db)
        return render_template("console/login.html", shop=shop, said="", name="", onward=_onward())

    def _login(self) -> ResponseReturnValue:
        check_form(self._parts)
        name, password = request.form.get("name", "").strip()[:100], request.form.get("password", "")[:1000]
        row = self._known(name, password)
        if row is None:
            log.warning("console.login_refused")
            with self._parts.database.reading() as db:
                shop = merchants.first(db)
            return render_template("console/login.html", shop=shop, said=_REFUSED, name=name, onward=_onward()), 401
        self._enter(row.id, self._parts.clock.now())
        return redirect(_onward() or url_for("console.home"), 303)

    def _known(self, name: str, password: str) -> Operator | None:
        """The operator with this password; None takes as long, and says as little, whatever was wrong."""
        address, now = request.remote_addr or "", self._parts.clock.now()
        admitted = self._throttle.admit(address, now)
        with self._parts.database.reading() as db:
            row = staff.find_operator(db, name)
        if row is not None and admitted:
            operator_id = row.id
            admitted = self._parts.database.write(lambda db: staff.try_login(db, operator_id, now))
        right = check_password_hash(row.password_hash if row else _NOBODY, password)
        if row is None or not admitted or not right or not row.active:
            return None
        self._throttle.forgive(address)
        return row

    def _enter(self, operator_id: int, now: dt.datetime) -> None:
        token = secrets.token_urlsafe(32)

        def once(db: Session) -> None:
            staff.record_success(db, operator_id)
            staff.open_session(db, operator_id, _hash(token), now)

        self._parts.database.write(once)
        session.clear()
        session[_TOKEN] = token

    def _logout(self) -> ResponseReturnValue:
        check_form(self._parts)
        token = session.pop(_TOKEN, "")
        self._parts.database.write(lambda db: staff.close_session(db, _hash(str(token))))
        session.clear()
        flash("已退出登录。")
        return redirect(url_for("console.login"), 303)


def check_form(parts: WebParts) -> None:
    """Abort unless the form carries this browser's token, was sent from a page of ours, and holds what rows can."""
    origin = request.headers.get("Origin")
    own = {request.host, urlsplit(parts.links.base_url).netloc}
    if (origin is not None and urlsplit(origin).netloc not in own) or _from_elsewhere():
        log.warning("console.foreign_form", origin=origin)
        abort(403)
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        abort(400, description="页面放得太久了，请返回刷新后再试")
    if any("\x00" in value for _, values in request.form.lists() for value in values):
        abort(400)


def token() -> str:
    """The token every form carries."""
    made: str = generate_csrf()
    return made


def _from_elsewhere() -> bool:
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")


def _onward() -> str:
    """The console page to go on to after logging in; empty when none of ours was asked for."""
    wanted = request.values.get("next", "")
    parts = urlsplit(wanted)
    own = not parts.scheme and not parts.netloc and wanted.startswith("/console/") and "\\" not in wanted
    return wanted if own else ""


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
