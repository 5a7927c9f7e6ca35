"""Customer messages: inside an open window only, one line on the phone each."""

from collections.abc import Callable
from sqlite3 import Row
from typing import Any

from simulator import media, people, phone
from simulator.answers import news_body
from simulator.ask import ApiError, Ask, ok
from simulator.desk import Desk

_MOST_BYTES = 2048
_TYPING_ROOM = 30


def receiver(desk: Desk, openid: Any) -> Row:
    """The follower of that openid; ApiError 40003 unknown, 43004 not following, 43019 blocked, 48002 refusing."""
    person = people.find(desk, openid) if isinstance(openid, str) else None
    if person is None:
        raise ApiError(40003, "invalid openid")
    if not person["follows"]:
        raise ApiError(43004, "require subscribe")
    if person["blocked"]:
        raise ApiError(43019, "require remove blacklist")
    if person["refuses"]:
        raise ApiError(48002, "api forbidden: user refuses messages")
    return person


def send(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/message/custom/send: shown at once, or refused with the reason."""
    kind = ask.body.get("msgtype")
    form = _FORMS.get(kind) if isinstance(kind, str) else None
    if form is None:
        raise ApiError(40008, "invalid message type")
    openid = receiver(ask.desk, ask.body.get("touser"))["openid"]
    inner = ask.body.get(str(kind))
    if not isinstance(inner, dict):
        raise ApiError(44004, "empty content")
    line = form(ask.desk, inner)
    _spend_window(ask.desk, openid)
    shown = {"msgmenu": "menu", "mpnewsarticle": "news"}.get(str(kind), str(kind))
    phone.put(ask.desk, openid, shown, line)
    return ok()


def _spend_window(desk: Desk, openid: str) -> None:
    refusal = people.use_window(desk, openid)
    if refusal == 45015:
        raise ApiError(45015, "response out of time limit or subscription is canceled")
    if refusal:
        raise ApiError(refusal, "out of response count limit")


def _text(desk: Desk, inner: dict[str, Any]) -> dict[str, Any]:
    content = inner.get("content")
    if not isinstance(content, str) or not content:
        raise ApiError(44004, "empty content")
    if len(content.encode()) > _MOST_BYTES:
        raise ApiError(45002, "content size out of limit")
    return {"text": content}


def _medium(desk: Desk, inner: dict[str, Any]) -> dict[str, Any]:
    return {"media": media.must_live(desk, inner.get("media_id"))}


def _video(desk: Desk, inner: dict[str, Any]) -> dict[str, Any]:
    media.must_live(desk, inner.get("media_id"))
    return {"text": str(inner.get("title") or "视频")}


def _music(desk: Desk, inner: dict[str, Any]) -> dict[str, Any]:
    return {"text": str(inner.get("title") or "音乐"), "data": inner}


def _news(desk: Desk, inner: dict[str, Any]) -> dict[str, Any]:
    articles = inner.get("articles")
    if not isinstance(articles, list) or len(articles) != 1 or not isinstance(articles[0], dict):
        raise ApiError(45008, "article size out of limit")
    article = {key: str(articles[0].get(key) or "") for key in ("title", "description", "url", "picurl")}
    if not article["title"]:
        raise ApiError(44003, "empty news data")
    return news_body([article])


def _menu(desk: Desk, inner: dict[str, Any]) -> dict[str, Any]:
    items = inner.get("list")
    if not isinstance(items, list) or not all(isinstance(item, dict) and item.get("content") for item in items):
        raise ApiError(45098, "invalid msgmenu list")
    parts = [inner.get("head_content"), *(item["content"] for item in items), inner.get("tail_content")]
    return {"text": "\n".join(str(part) for part in parts if part), "data": inner}


def _card(desk: Desk, inner: dict[str, Any]) -> dict[str, Any]:
    return {"text": str(inner.get("title") or "小程序"), "data": inner}


def _article(desk: Desk, inner: dict[str, Any]) -> dict[str, Any]:
    if not inner.get("article_id"):
        raise ApiError(40007, "invalid media_id")
    return {"text": "图文消息", "data": inner}


_FORMS: dict[str, Callable[[Desk, dict[str, Any]], dict[str, Any]]] = {
    "text": _text,
    "image": _medium,
    "voice": _medium,
    "video": _video,
    "music": _music,
    "news": _news,
    "msgmenu": _menu,
    "miniprogrampage": _card,
    "mpnewsarticle": _article,
}


def typing(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/message/custom/typing: only within 30 seconds of something the person sent."""
    person = receiver(ask.desk, ask.body.get("touser"))
    if ask.body.get("command") not in ("Typing", "CancelTyping"):
        raise ApiError(45072, "invalid command")
    sql = "SELECT max(at) AS at FROM phone WHERE openid = ? AND sender = 'person'"
    row = ask.desk.store.one(sql, person["openid"])
    if row is None or row["at"] is None or ask.desk.now() - row["at"] > _TYPING_ROOM * 1000:
        raise ApiError(45080, "need interaction in 30 seconds")
    return ok()
