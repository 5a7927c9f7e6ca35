"""The account's access tokens: two families that leave each other alone."""

import secrets
from typing import Any

from simulator.ask import ApiError, Ask
from simulator.desk import Desk
from simulator.instants import MINUTE, SECOND, beijing_day

_LIFE = 7200 * SECOND
_OVERLAP = 5 * MINUTE
_FORCED_PER_DAY = 20
_FORCED_APART = 30 * SECOND


def check(desk: Desk, value: str) -> None:
    """Nothing for a token that works; ApiError 41001, 40001 or 42001 otherwise."""
    if not value:
        raise ApiError(41001, "access_token missing")
    row = desk.store.one("SELECT dies FROM token WHERE value = ?", value)
    if row is None:
        raise ApiError(40001, "invalid credential, access_token is invalid or not latest")
    if row["dies"] <= desk.now():
        raise ApiError(42001, "access_token expired")


def revoke_all(desk: Desk) -> None:
    """Every token is invalid from now on."""
    desk.store.run("DELETE FROM token")


def plain_token(ask: Ask) -> dict[str, Any]:
    """GET /cgi-bin/token: a new one each time, the last one lives five minutes more."""
    _check_credentials(ask.desk, ask.args)
    desk = ask.desk
    with desk.store.together():
        sql = "UPDATE token SET dies = min(dies, ?) WHERE family = 'plain'"
        desk.store.run(sql, desk.now() + _OVERLAP)
        return _minted(desk, "plain")


def stable_token(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/stable_token: the same one until five minutes before its end."""
    _check_credentials(ask.desk, ask.body)
    with ask.desk.store.together():
        if ask.body.get("force_refresh") is True and _may_force(ask.desk):
            ask.desk.store.run("DELETE FROM token WHERE family = 'stable'")
        return _current(ask.desk) or _minted(ask.desk, "stable")


def _may_force(desk: Desk) -> bool:
    if desk.now() - desk.store.number("forced at") < _FORCED_APART:
        return False
    if desk.store.next_number(f"forced {beijing_day(desk.now())}") > _FORCED_PER_DAY:
        raise ApiError(45009, "reach max api daily quota limit")
    desk.store.set_number("forced at", desk.now())
    return True


def _current(desk: Desk) -> dict[str, Any] | None:
    sql = "SELECT * FROM token WHERE family = 'stable' AND dies > ? ORDER BY dies DESC"
    row = desk.store.one(sql, desk.now() + _OVERLAP)
    return None if row is None else {"access_token": row["value"], "expires_in": (row["dies"] - desk.now()) // SECOND}


def _minted(desk: Desk, family: str) -> dict[str, Any]:
    now = desk.now()
    value = f"{now % 90 + 10}_{secrets.token_urlsafe(96)}"
    desk.store.run("DELETE FROM token WHERE dies < ?", now - 10 * _LIFE)
    desk.store.run("INSERT INTO token(value, family, born, dies) VALUES (?, ?, ?, ?)", value, family, now, now + _LIFE)
    return {"access_token": value, "expires_in": _LIFE // SECOND}


def _check_credentials(desk: Desk, given: Any) -> None:
    if given.get("grant_type") != "client_credential":
        raise ApiError(40002, "invalid grant_type")
    check_app(desk, given)


def check_app(desk: Desk, given: Any) -> None:
    """Nothing for the account's own appid and secret; ApiError otherwise."""
    if not given.get("appid"):
        raise ApiError(41002, "appid missing")
    if not given.get("secret"):
        raise ApiError(41004, "appsecret missing")
    if given.get("appid") != desk.settings.app_id:
        raise ApiError(40013, "invalid appid")
    if given.get("secret") != desk.settings.app_secret:
        raise ApiError(40125, "invalid appsecret")
