"""Parametric QR codes: a scene becomes a ticket, a link and a picture."""

import base64
import io
import secrets
from sqlite3 import Row
from typing import Any

import qrcode
from flask import Response

from simulator.ask import ApiError, Ask
from simulator.desk import Desk
from simulator.instants import SECOND

_LONGEST = 2_592_000
_FORGOTTEN = 60
_MOST_PERMANENT = 100_000


def create(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/qrcode/create: ticket, link and life of a code."""
    action = ask.body.get("action_name")
    if action not in ("QR_SCENE", "QR_STR_SCENE", "QR_LIMIT_SCENE", "QR_LIMIT_STR_SCENE"):
        raise ApiError(40053, "invalid action info")
    permanent = "LIMIT" in str(action)
    scene = _scene(ask.body, by_text="STR" in str(action), permanent=permanent)
    if permanent:
        return _permanent(ask.desk, scene)
    seconds = ask.body.get("expire_seconds", _FORGOTTEN)
    if type(seconds) is not int or not 1 <= seconds <= _LONGEST:
        raise ApiError(40035, "invalid expire_seconds")
    row = _added(ask.desk, scene, dies=ask.desk.now() + seconds * SECOND)
    return {"ticket": row["ticket"], "expire_seconds": seconds, "url": row["url"]}


def _scene(body: dict[str, Any], *, by_text: bool, permanent: bool) -> str:
    info = body.get("action_info")
    scene = info.get("scene") if isinstance(info, dict) else None
    given = scene.get("scene_str" if by_text else "scene_id") if isinstance(scene, dict) else None
    most = 100_000 if permanent else 2**32 - 1
    if by_text and isinstance(given, str) and 1 <= len(given) <= 64:
        return given
    if not by_text and type(given) is int and 1 <= given <= most:
        return str(given)
    raise ApiError(40053, "invalid action info")


def _permanent(desk: Desk, scene: str) -> dict[str, Any]:
    with desk.store.together():
        row = desk.store.one("SELECT * FROM qr WHERE scene = ? AND permanent = 1", scene)
        if row is None:
            count = desk.store.one("SELECT count(*) AS n FROM qr WHERE permanent = 1")
            if count and count["n"] >= desk.store.number("limit permanent codes", _MOST_PERMANENT):
                raise ApiError(45029, "qrcode count out of limit")
            row = _added(desk, scene, dies=None)
    return {"ticket": row["ticket"], "url": row["url"]}


def _added(desk: Desk, scene: str, *, dies: int | None) -> Row:
    ticket = "g" + base64.b64encode(secrets.token_bytes(70)).decode()
    url = "http://weixin.qq.com/q/02" + secrets.token_urlsafe(15)
    sql = "INSERT INTO qr(ticket, url, scene, permanent, dies) VALUES (?, ?, ?, ?, ?)"
    desk.store.run(sql, ticket, url, scene, int(dies is None), dies)
    row = desk.store.one("SELECT * FROM qr WHERE ticket = ?", ticket)
    assert row is not None
    return row


def find_by_url(desk: Desk, url: str) -> Row | None:
    """The code of that link if it still lives."""
    row = desk.store.one("SELECT * FROM qr WHERE url = ?", url.replace("https://", "http://", 1))
    return row if row is not None and (row["dies"] is None or row["dies"] > desk.now()) else None


def ticket_of(desk: Desk, scene: str) -> str:
    """The newest living ticket of a scene; one of its own if the account never made a code of it."""
    sql = "SELECT ticket FROM qr WHERE scene = ? AND (dies IS NULL OR dies > ?) ORDER BY rowid DESC"
    row = desk.store.one(sql, scene, desk.now())
    return str(row["ticket"]) if row else "g" + secrets.token_urlsafe(64)


def show(desk: Desk, ticket: str) -> Response:
    """GET /cgi-bin/showqrcode: the picture of a ticket as JPEG, 404 for a bad one."""
    row = desk.store.one("SELECT * FROM qr WHERE ticket = ?", ticket)
    if row is None or (row["dies"] is not None and row["dies"] <= desk.now()):
        return Response("", status=404)
    return Response(picture(row["url"]), content_type="image/jpg")


def picture(text: str) -> bytes:
    """A JPEG of 430 × 430 pixels with this text as a code."""
    code = qrcode.QRCode(border=4, box_size=10)
    code.add_data(text)
    image = code.make_image().get_image().convert("L").resize((430, 430))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=95)
    return file.getvalue()
