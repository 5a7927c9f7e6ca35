"""Pictures and other media the account uploads or receives."""

import io
import secrets
from sqlite3 import Row
from typing import Any

from flask import Response
from PIL import Image
from werkzeug.datastructures import FileStorage

from simulator.ask import ApiError, Ask, ok
from simulator.desk import Desk
from simulator.instants import DAY, SECOND

_MIB = 1 << 20
_MOST_BYTES = {"image": 10 * _MIB, "voice": 2 * _MIB, "video": 10 * _MIB, "thumb": 64 * 1024}
_PICTURES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "BMP": "image/bmp"}
_ALLOWED = {"image": {"PNG", "JPEG", "GIF"}, "thumb": {"JPEG"}, "article": {"PNG", "JPEG"}}


def keep_bytes(desk: Desk, kind: str, content_type: str, content: bytes, *, days: int | None) -> str:
    """Keep any medium for so many days, for ever with None; its media id."""
    media_id = secrets.token_urlsafe(48)
    dies = None if days is None else desk.now() + days * DAY
    sql = "INSERT INTO media(media_id, kind, content_type, bytes, born, dies) VALUES (?, ?, ?, ?, ?, ?)"
    desk.store.run(sql, media_id, kind, content_type, content, desk.now(), dies)
    return media_id


def keep(desk: Desk, kind: str, content: bytes, *, days: int | None) -> str:
    """Keep a medium after looking at its content; ApiError 40005 or 40006 if it does not fit its kind."""
    if not content:
        raise ApiError(44001, "empty media data")
    limit = _MIB if kind == "article" else _MOST_BYTES[kind]
    if len(content) > limit:
        raise ApiError(40006, "invalid meida size")
    return keep_bytes(desk, kind, _content_type(kind, content), content, days=days)


def _content_type(kind: str, content: bytes) -> str:
    if kind in _ALLOWED:
        form = _picture_form(content)
        if form not in _ALLOWED[kind]:
            raise ApiError(40005, "invalid file type")
        return _PICTURES[form]
    if kind == "voice" and (content[:5] == b"#!AMR" or content[:3] == b"ID3" or content[:1] == b"\xff"):
        return "audio/amr" if content[:1] == b"#" else "audio/mpeg"
    if kind == "video" and content[4:8] == b"ftyp":
        return "video/mp4"
    raise ApiError(40005, "invalid file type")


def _picture_form(content: bytes) -> str:
    try:
        with Image.open(io.BytesIO(content)) as image:
            image.verify()
            return str(image.format)
    except Exception:
        return ""


def find_live(desk: Desk, media_id: str) -> Row | None:
    """The medium of that id unless its three days are over."""
    row = desk.store.one("SELECT * FROM media WHERE media_id = ?", media_id)
    return row if row is not None and (row["dies"] is None or row["dies"] > desk.now()) else None


def must_live(desk: Desk, media_id: Any) -> str:
    """The id itself; ApiError 40007 when unknown or expired."""
    if not isinstance(media_id, str) or find_live(desk, media_id) is None:
        raise ApiError(40007, "invalid media_id")
    return media_id


def shown(desk: Desk, media_id: str) -> Response:
    """The bytes as a phone sees them: what it has received stays."""
    row = desk.store.one("SELECT * FROM media WHERE media_id = ?", media_id)
    if row is None:
        return Response("", status=404)
    return Response(row["bytes"], content_type=row["content_type"], headers={"Cache-Control": "max-age=86400"})


def _sent(ask: Ask) -> FileStorage:
    file = ask.files.get("media")
    if file is None or not file.filename or not file.filename.isascii():
        raise ApiError(41005, "media data missing")
    return file


def upload(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/media/upload: a temporary medium for three days."""
    kind = ask.args.get("type", "")
    if kind not in _MOST_BYTES:
        raise ApiError(40004, "invalid media type")
    media_id = keep(ask.desk, kind, _sent(ask).read(), days=3)
    name = "thumb_media_id" if kind == "thumb" else "media_id"
    return {"type": kind, name: media_id, "created_at": ask.desk.now() // SECOND}


def download(ask: Ask) -> Response:
    """GET /cgi-bin/media/get: the bytes of a temporary medium."""
    row = find_live(ask.desk, ask.args.get("media_id", ""))
    if row is None or row["dies"] is None:
        raise ApiError(40007, "invalid media_id")
    return Response(row["bytes"], content_type=row["content_type"])


def upload_article_image(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/media/uploadimg: a picture for article bodies, by address."""
    media_id = keep(ask.desk, "article", _sent(ask).read(), days=None)
    return {"url": f"{ask.base_url}/media/{media_id}"}


def add_material(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/material/add_material: a medium that stays."""
    kind = ask.args.get("type", "")
    if kind not in _MOST_BYTES:
        raise ApiError(40004, "invalid media type")
    media_id = keep(ask.desk, kind, _sent(ask).read(), days=None)
    more = {"url": f"{ask.base_url}/media/{media_id}"} if kind in ("image", "thumb") else {}
    return {"media_id": media_id, **more}


def get_material(ask: Ask) -> Response:
    """POST /cgi-bin/material/get_material: the bytes of a medium that stays."""
    row = find_live(ask.desk, ask.text("media_id", errcode=40007))
    if row is None or row["dies"] is not None:
        raise ApiError(40007, "invalid media_id")
    return Response(row["bytes"], content_type=row["content_type"])


def delete_material(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/material/del_material."""
    sql = "UPDATE media SET dies = 0 WHERE media_id = ? AND dies IS NULL"
    if not ask.desk.store.run(sql, ask.text("media_id", errcode=40007)):
        raise ApiError(40007, "invalid media_id")
    return ok()


def count_material(ask: Ask) -> dict[str, Any]:
    """GET /cgi-bin/material/get_materialcount."""
    sql = "SELECT kind, count(*) AS n FROM media WHERE dies IS NULL GROUP BY kind"
    counts = {row["kind"]: row["n"] for row in ask.desk.store.all(sql)}
    return {f"{kind}_count": counts.get(kind, 0) for kind in ("voice", "video", "image", "news")}
