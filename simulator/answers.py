"""Judges what the service answered to a push, as strictly as WeChat does."""

import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from typing import Any

from simulator import codec, media
from simulator.desk import Desk

_MOST_BYTES = 2048
_ONE_ARTICLE_FOR = {"text", "image", "video", "shortvideo", "link", "location", "voice"}
_MOST_ARTICLES = 8


class BadAnswer(Exception):
    """An answer WeChat would not show; the text says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the phone shows: a type and its body."""

    kind: str
    body: dict[str, Any]


def read(desk: Desk, raw: bytes, asked: dict[str, Any]) -> Answer | None:
    """The answer to the push with the fields `asked`, None when it is silent; BadAnswer otherwise."""
    if raw.strip() in (b"", b"success"):
        return None
    try:
        root = codec.read_xml(raw)
        if root.find("Encrypt") is not None and desk.settings.mode != "plain":
            root = codec.read_xml(_opened(desk, root))
        elif desk.settings.mode == "safe":
            raise BadAnswer("not encrypted")
    except codec.BadEnvelope as error:
        raise BadAnswer(str(error)) from error
    return _judged(desk, root, asked)


def _opened(desk: Desk, root: ElementTree.Element) -> bytes:
    sealed = _text(root, "Encrypt")
    expected = codec.sign(desk.settings.token, _text(root, "TimeStamp"), _text(root, "Nonce"), sealed)
    if _text(root, "MsgSignature") != expected:
        raise BadAnswer("wrong MsgSignature")
    return codec.unseal(sealed, desk.settings.encoding_aes_key, desk.settings.app_id)


def _judged(desk: Desk, root: ElementTree.Element, asked: dict[str, Any]) -> Answer | None:
    if _text(root, "ToUserName") != asked["FromUserName"] or _text(root, "FromUserName") != asked["ToUserName"]:
        raise BadAnswer("wrong ToUserName or FromUserName")
    if not _text(root, "CreateTime").isdigit():
        raise BadAnswer("CreateTime is not a number")
    kind = _text(root, "MsgType")
    if kind == "text":
        return Answer("text", {"text": _content(root)})
    if kind == "image":
        return Answer("image", {"media": _live_media(desk, _text(root, "Image/MediaId"))})
    if kind == "voice":
        return Answer("voice", {"media": _live_media(desk, _text(root, "Voice/MediaId"))})
    if kind == "video":
        _live_media(desk, _text(root, "Video/MediaId"))
        return Answer("video", {"text": _text(root, "Video/Title", needed=False)})
    if kind == "music":
        return Answer("music", {"text": _text(root, "Music/Title", needed=False)})
    if kind == "news":
        return _news(root, asked)
    if kind == "transfer_customer_service":
        return None
    raise BadAnswer(f"unknown MsgType {kind!r}")


def _content(root: ElementTree.Element) -> str:
    text = _text(root, "Content")
    if len(text.encode()) > _MOST_BYTES:
        raise BadAnswer(f"Content has {len(text.encode())} bytes, {_MOST_BYTES} are allowed")
    return text


def _news(root: ElementTree.Element, asked: dict[str, Any]) -> Answer:
    items = root.findall("Articles/item")
    most = 1 if asked["MsgType"] in _ONE_ARTICLE_FOR else _MOST_ARTICLES
    if not 1 <= len(items) <= most or _text(root, "ArticleCount") != str(len(items)):
        raise BadAnswer(f"{len(items)} articles where 1 to {most} are allowed")
    articles = [
        {
            "title": _text(item, "Title"),
            "description": _text(item, "Description", needed=False),
            "url": _text(item, "Url", needed=False),
            "picurl": _text(item, "PicUrl", needed=False),
        }
        for item in items
    ]
    return Answer("news", news_body(articles))


def news_body(articles: list[dict[str, str]]) -> dict[str, Any]:
    """How a phone line holds articles."""
    first = articles[0]
    text = "\n".join(part for part in (first["title"], first["description"]) if part)
    body: dict[str, Any] = {"text": text, "data": {**first, "articles": articles}}
    if first["picurl"]:
        body["image_url"] = first["picurl"]
    return body


def _live_media(desk: Desk, media_id: str) -> str:
    if media.find_live(desk, media_id) is None:
        raise BadAnswer("unknown or expired MediaId")
    return media_id


def _text(root: ElementTree.Element, path: str, *, needed: bool = True) -> str:
    found = root.findall(path)
    if len(found) > 1:
        raise BadAnswer(f"{path} is there twice")
    text = (found[0].text or "") if found else ""
    if needed and not text:
        raise BadAnswer(f"{path} is missing or empty")
    return text
