"""Web login: who is the person that opens a page inside WeChat."""

import secrets
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from simulator import people
from simulator.ask import ApiError, Ask
from simulator.desk import Desk
from simulator.instants import DAY, MINUTE, SECOND
from simulator.problems import Problem
from simulator.tokens import check_app

_CODE_LIFE = 5 * MINUTE
_TOKEN_LIFE = 7200 * SECOND
_REFRESH_LIFE = 30 * DAY


def grant(desk: Desk, openid: str, query: dict[str, str]) -> str:
    """Where the authorize page sends this person: the redirect address with code and state."""
    people.get(desk, openid)
    if query.get("appid") != desk.settings.app_id:
        raise Problem(400, "appid is another account's")
    scope = query.get("scope", "")
    if query.get("response_type") != "code" or scope not in ("snsapi_base", "snsapi_userinfo"):
        raise Problem(400, "response_type or scope is wrong")
    target = urlsplit(query.get("redirect_uri", ""))
    if target.scheme not in ("http", "https") or len(query.get("state", "").encode()) > 128:
        raise Problem(400, "redirect_uri or state is wrong")
    code = "0" + secrets.token_hex(16)
    sql = "INSERT INTO oauth_code(code, openid, scope, dies, used) VALUES (?, ?, ?, ?, 0)"
    desk.store.run(sql, code, openid, scope, desk.now() + _CODE_LIFE)
    added = urlencode({"code": code, "state": query.get("state", "")})
    return urlunsplit(target._replace(query=f"{target.query}&{added}" if target.query else added, fragment=""))


def exchange(ask: Ask) -> dict[str, Any]:
    """GET /sns/oauth2/access_token: a code once, within five minutes, for an openid."""
    check_app(ask.desk, ask.args)
    if ask.args.get("grant_type") != "authorization_code":
        raise ApiError(40002, "invalid grant_type")
    store, code = ask.desk.store, ask.args.get("code", "")
    with store.together():
        row = store.one("SELECT * FROM oauth_code WHERE code = ?", code)
        if row is None:
            raise ApiError(40029, "invalid code")
        if row["used"]:
            raise ApiError(40163, "code been used")
        if row["dies"] <= ask.desk.now():
            raise ApiError(42003, "code expired")
        store.run("UPDATE oauth_code SET used = 1 WHERE code = ?", code)
        return _web_tokens(ask.desk, row["openid"], row["scope"])


def _web_tokens(desk: Desk, openid: str, scope: str) -> dict[str, Any]:
    values = {}
    for kind, life in (("access", _TOKEN_LIFE), ("refresh", _REFRESH_LIFE)):
        values[kind] = secrets.token_urlsafe(64)
        sql = "INSERT INTO web_token(value, openid, scope, dies, kind) VALUES (?, ?, ?, ?, ?)"
        desk.store.run(sql, values[kind], openid, scope, desk.now() + life, kind)
    return {
        "access_token": values["access"],
        "expires_in": _TOKEN_LIFE // SECOND,
        "refresh_token": values["refresh"],
        "openid": openid,
        "scope": scope,
    }


def refresh(ask: Ask) -> dict[str, Any]:
    """GET /sns/oauth2/refresh_token."""
    row = _web_token(ask, "refresh", ask.args.get("refresh_token", ""), otherwise=40030)
    return _web_tokens(ask.desk, row["openid"], row["scope"])


def show_person(ask: Ask) -> dict[str, Any]:
    """GET /sns/userinfo: the nickname, with consent only."""
    row = _web_token(ask, "access", ask.args.get("access_token", ""), otherwise=40001)
    if row["scope"] != "snsapi_userinfo":
        raise ApiError(48001, "api unauthorized")
    person = people.get(ask.desk, row["openid"])
    return {
        "openid": person["openid"],
        "nickname": person["name"],
        "sex": 0,
        "language": "",
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": "",
        "privilege": [],
    }


def check(ask: Ask) -> dict[str, Any]:
    """GET /sns/auth: whether a web token still works."""
    _web_token(ask, "access", ask.args.get("access_token", ""), otherwise=40001)
    return {"errcode": 0, "errmsg": "ok"}


def _web_token(ask: Ask, kind: str, value: str, *, otherwise: int) -> Any:
    row = ask.desk.store.one("SELECT * FROM web_token WHERE value = ? AND kind = ?", value, kind)
    if row is None or row["dies"] <= ask.desk.now():
        raise ApiError(otherwise, f"invalid {kind} token")
    return row


def jsapi_ticket(ask: Ask) -> dict[str, Any]:
    """GET /cgi-bin/ticket/getticket."""
    if ask.args.get("type") != "jsapi":
        raise ApiError(40035, "invalid type")
    return {"errcode": 0, "errmsg": "ok", "ticket": secrets.token_urlsafe(64), "expires_in": _TOKEN_LIFE // SECOND}
