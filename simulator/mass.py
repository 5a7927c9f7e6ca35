"""Drafts and sending to many: taken in at once, delivered a moment later, counted per month."""

import hashlib
import json
import secrets
from sqlite3 import Row
from typing import Any

from simulator import agenda, media, phone, push
from simulator.answers import news_body
from simulator.ask import ApiError, Ask, ok
from simulator.desk import Desk
from simulator.instants import DAY, SECOND, beijing_day, beijing_month

_PER_MONTH = 4
_MOST_OPENIDS = 10_000
_KINDS = ("mpnews", "text", "image", "images", "voice")


def add_draft(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/draft/add: one to eight articles with a title picture that stays."""
    articles = ask.body.get("articles")
    if not isinstance(articles, list) or not 1 <= len(articles) <= 8:
        raise ApiError(44003, "empty news data")
    for article in articles:
        _check_article(ask.desk, article)
    media_id = secrets.token_urlsafe(48)
    sql = "INSERT INTO draft(media_id, articles, born) VALUES (?, ?, ?)"
    ask.desk.store.run(sql, media_id, json.dumps(articles, ensure_ascii=False), ask.desk.now())
    return {"media_id": media_id}


def _check_article(desk: Desk, article: Any) -> None:
    if not isinstance(article, dict) or not article.get("title") or not article.get("content"):
        raise ApiError(44003, "empty news data")
    if len(str(article["title"])) > 64:
        raise ApiError(45003, "title size out of limit")
    if len(str(article.get("digest") or "")) > 120:
        raise ApiError(45004, "description size out of limit")
    row = media.find_live(desk, str(article.get("thumb_media_id") or ""))
    if row is None or row["dies"] is not None:
        raise ApiError(40007, "invalid media_id")


def draft(desk: Desk, media_id: Any) -> list[dict[str, Any]]:
    """The articles of a draft; ApiError 40007 if there is none."""
    row = desk.store.one("SELECT articles FROM draft WHERE media_id = ?", str(media_id))
    if row is None:
        raise ApiError(40007, "invalid media_id")
    articles: list[dict[str, Any]] = json.loads(row["articles"])
    return articles


def get_draft(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/draft/get."""
    return {"news_item": draft(ask.desk, ask.body.get("media_id"))}


def delete_draft(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/draft/delete."""
    ask.desk.store.run("DELETE FROM draft WHERE media_id = ?", ask.text("media_id", errcode=40007))
    return ok()


def send(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/message/mass/send: to 2 to 10000 openids."""
    openids = ask.body.get("touser")
    if not isinstance(openids, list) or len(set(map(str, openids))) < 2:
        raise ApiError(40130, "at least two openids are needed")
    if len(openids) > _MOST_OPENIDS:
        raise ApiError(40035, "too many openids")
    return _submitted(ask, [str(openid) for openid in openids], whom=json.dumps(sorted(map(str, openids))))


def send_all(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/message/mass/sendall: to all followers once a day, or to a tag."""
    audience = ask.body.get("filter")
    if not isinstance(audience, dict):
        raise ApiError(40035, "invalid filter")
    desk = ask.desk
    if audience.get("is_to_all"):
        rows = desk.store.all("SELECT openid FROM person WHERE follows = 1")
        if desk.store.number(f"mass to all {beijing_day(desk.now())}"):
            raise ApiError(45028, "has no masssend quota")
        desk.store.next_number(f"mass to all {beijing_day(desk.now())}")
    else:
        if desk.store.one("SELECT 1 FROM tag WHERE id = ?", audience.get("tag_id")) is None:
            raise ApiError(45159, "invalid tag id")
        rows = desk.store.all("SELECT openid FROM tagging WHERE tag_id = ?", audience.get("tag_id"))
    return _submitted(ask, [row["openid"] for row in rows], whom=json.dumps(audience, sort_keys=True))


def _submitted(ask: Ask, openids: list[str], *, whom: str) -> dict[str, Any]:
    desk, kind = ask.desk, str(ask.body.get("msgtype"))
    line = _line(desk, kind, ask.body.get(kind), ask.base_url)
    client_id = str(ask.body.get("clientmsgid") or _digest(whom, kind, json.dumps(ask.body.get(kind), sort_keys=True)))
    if len(client_id.encode()) > 64:
        raise ApiError(45067, "clientmsgid size out of limit")
    with desk.store.together():
        sql = "SELECT msg_id FROM mass WHERE client_id = ? AND at > ?"
        earlier = desk.store.one(sql, client_id, desk.now() - DAY)
        if earlier:
            raise ApiError(45065, "clientmsgid exist", {"msg_id": earlier["msg_id"]})
        msg_id = 1_000_000_000 + desk.store.next_number("mass")
        body = json.dumps({"openids": openids, "kind": kind, "line": line}, ensure_ascii=False)
        sql = "INSERT INTO mass(msg_id, client_id, at, body, state) VALUES (?, ?, ?, ?, 'SENDING')"
        desk.store.run(sql, msg_id, client_id, desk.now(), body)
        agenda.put(desk, desk.now(), "mass", {"msg_id": msg_id})
    more = {"msg_data_id": msg_id + 1_000_000_000} if kind == "mpnews" else {}
    return {"errcode": 0, "errmsg": "send job submission success", "msg_id": msg_id, **more}


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _line(desk: Desk, kind: str, inner: Any, base_url: str) -> dict[str, Any]:
    if kind not in _KINDS or not isinstance(inner, dict):
        raise ApiError(40008, "invalid message type")
    if kind == "text":
        if not inner.get("content"):
            raise ApiError(44004, "empty content")
        return {"text": str(inner["content"])}
    if kind == "mpnews":
        return _articles(desk, str(inner.get("media_id")), base_url)
    first = (inner.get("media_ids") or [None])[0] if kind == "images" else inner.get("media_id")
    return {"media": media.must_live(desk, first)}


def _articles(desk: Desk, media_id: str, base_url: str) -> dict[str, Any]:
    articles = [
        {
            "title": str(article["title"]),
            "description": str(article.get("digest") or ""),
            "url": f"{base_url}/articles/{media_id}/{number}",
            "picurl": f"{base_url}/media/{article['thumb_media_id']}",
        }
        for number, article in enumerate(draft(desk, media_id))
    ]
    return news_body(articles)


def run_mass(desk: Desk, body: dict[str, Any], tries: int) -> int | None:
    """Due work: deliver a job to everyone who may still have one this month, then report it."""
    job = desk.store.one("SELECT * FROM mass WHERE msg_id = ?", body["msg_id"])
    if job is None:
        return None
    sent = _deliver(desk, job) if job["state"] == "SENDING" else job["served"]
    total = len(json.loads(job["body"])["openids"])
    fields = push.fields_of(desk, _reporter(desk, job), desk.now() // SECOND, "event")
    fields |= {
        "Event": "MASSSENDJOBFINISH",
        "MsgID": job["msg_id"],
        "Status": "send success" if sent else "send fail",
        "TotalCount": total,
        "FilterCount": sent,
        "SentCount": sent,
        "ErrorCount": 0,
        "CopyrightCheckResult": {"Count": 0, "ResultList": "", "CheckState": 0},
    }
    push.push(desk, fields, shown=False)
    return None


def _reporter(desk: Desk, job: Row) -> str:
    row = desk.store.one("SELECT openid FROM person ORDER BY born LIMIT 1")
    return str(row["openid"]) if row else "o" + "0" * 27


def _deliver(desk: Desk, job: Row) -> int:
    body = json.loads(job["body"])
    kind = {"mpnews": "news", "images": "image"}.get(body["kind"], body["kind"])
    with desk.store.together():
        served = [openid for openid in dict.fromkeys(body["openids"]) if _may_receive(desk, openid)]
        for openid in served:
            phone.put(desk, openid, kind, dict(body["line"]))
        sql = "UPDATE mass SET state = 'SEND_SUCCESS', served = ? WHERE msg_id = ?"
        desk.store.run(sql, len(served), job["msg_id"])
    return len(served)


def _may_receive(desk: Desk, openid: str) -> bool:
    sql = "SELECT 1 FROM person WHERE openid = ? AND follows = 1 AND refuses = 0 AND blocked = 0"
    if desk.store.one(sql, openid) is None:
        return False
    month = beijing_month(desk.now())
    sql = (
        "INSERT INTO mass_count(openid, month, received) VALUES (?, ?, 1) "
        "ON CONFLICT(openid, month) DO UPDATE SET received = received + 1 WHERE received < ?"
    )
    return desk.store.run(sql, openid, month, _PER_MONTH) > 0


def preview(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/message/mass/preview: one person sees it at once."""
    kind = str(ask.body.get("msgtype"))
    line = _line(ask.desk, kind, ask.body.get(kind), ask.base_url)
    openid = ask.text("touser", errcode=40003)
    if ask.desk.store.one("SELECT 1 FROM person WHERE openid = ? AND follows = 1", openid) is None:
        raise ApiError(40003, "invalid openid")
    phone.put(ask.desk, openid, "news" if kind == "mpnews" else kind, line)
    return ok(msg_id=1_000_000_000 + ask.desk.store.next_number("mass"))


def state(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/message/mass/get: how far a job is."""
    row = ask.desk.store.one("SELECT * FROM mass WHERE msg_id = ?", ask.body.get("msg_id"))
    if row is None:
        raise ApiError(40035, "invalid msg_id")
    return {"msg_id": row["msg_id"], "msg_status": row["state"]}


def delete(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/message/mass/delete."""
    ask.desk.store.run("UPDATE mass SET state = 'DELETE' WHERE msg_id = ?", ask.body.get("msg_id"))
    return ok()
