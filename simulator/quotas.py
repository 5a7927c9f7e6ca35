"""How often a day each call may be made, counted by Beijing's day."""

from typing import Any

from simulator.ask import ApiError, Ask, ok
from simulator.desk import Desk
from simulator.instants import MINUTE, beijing_day, beijing_month
from simulator.tokens import check_app

LIMITS = {
    "/cgi-bin/token": 2000,
    "/cgi-bin/stable_token": 500_000,
    "/cgi-bin/menu/create": 1000,
    "/cgi-bin/menu/delete": 1000,
    "/cgi-bin/menu/get": 10_000,
    "/cgi-bin/media/upload": 100_000,
    "/cgi-bin/media/get": 200_000,
    "/cgi-bin/message/custom/send": 500_000,
    "/cgi-bin/message/mass/send": 100,
    "/cgi-bin/message/mass/sendall": 100,
    "/cgi-bin/message/mass/preview": 100,
    "/cgi-bin/qrcode/create": 100_000,
    "/cgi-bin/user/get": 500,
    "/cgi-bin/user/info": 5_000_000,
    "/cgi-bin/user/info/updateremark": 10_000,
    "/cgi-bin/draft/add": 1000,
    "/cgi-bin/draft/get": 500,
    "/cgi-bin/message/template/send": 100_000,
}
_PER_MINUTE = {"/cgi-bin/message/mass/send": 60, "/cgi-bin/message/mass/sendall": 60, "/cgi-bin/stable_token": 10_000}
_OTHERWISE = 1_000_000
_CLEARS_PER_MONTH = 10


def limit_of(desk: Desk, path: str) -> int:
    """The daily limit of a call; the desk may have been told another one."""
    return desk.store.number(f"limit {path}", LIMITS.get(path, _OTHERWISE))


def spend(desk: Desk, path: str) -> None:
    """Count one call; ApiError 45009 or 45011 once there are too many."""
    with desk.store.together():
        if _counted(desk, path, beijing_day(desk.now())) > limit_of(desk, path):
            raise ApiError(45009, "reach max api daily quota limit")
        per_minute = _PER_MINUTE.get(path)
        if per_minute and _counted(desk, f"{path} minute", str(desk.now() // MINUTE)) > per_minute:
            raise ApiError(45011, "api minute-quota reach limit must slower retry next minute")


def _counted(desk: Desk, path: str, day: str) -> int:
    sql = "INSERT INTO quota(path, day, used) VALUES (?, ?, 1) ON CONFLICT(path, day) DO UPDATE SET used = used + 1"
    desk.store.run(sql, path, day)
    return _used(desk, path, day)


def _used(desk: Desk, path: str, day: str) -> int:
    row = desk.store.one("SELECT used FROM quota WHERE path = ? AND day = ?", path, day)
    return 0 if row is None else int(row["used"])


def clear(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/clear_quota: all counters at 0, ten times a month."""
    desk = ask.desk
    if ask.body.get("appid") != desk.settings.app_id:
        raise ApiError(40013, "invalid appid")
    if desk.store.next_number(f"clears {beijing_month(desk.now())}") > _CLEARS_PER_MONTH:
        raise ApiError(48006, "forbid to clear quota because of reaching the limit")
    desk.store.run("DELETE FROM quota")
    return ok()


def clear_by_secret(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/clear_quota/v2: the same, with the secret for a token."""
    check_app(ask.desk, {"appid": ask.body.get("appid"), "secret": ask.body.get("appsecret")})
    return clear(ask)


def show(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/openapi/quota/get: limit, used and remaining of one call."""
    path = ask.text("cgi_path")
    limit, used = limit_of(ask.desk, path), _used(ask.desk, path, beijing_day(ask.desk.now()))
    return ok(quota={"daily_limit": limit, "used": used, "remain": max(limit - used, 0)})


def clear_one(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/openapi/quota/clear: one call's counter at 0."""
    ask.desk.store.run("DELETE FROM quota WHERE path = ?", ask.text("cgi_path"))
    return ok()
