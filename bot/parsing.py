"""Fields of a pushed message become a value of bot/messages.py."""

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.markup import Fields
from bot.messages import Clicked, Followed, Left, Message, Said, Scanned, Sent, Told, Unknown, Viewed, Voice

_NAME = re.compile(r"[A-Za-z0-9_@.\-]{1,64}")
_NUMBER = re.compile(r"[0-9]{1,20}")
_LATEST = 253_402_300_799
_LONGEST_SCENE = 64
_LONGEST_KEY = 200
_COMMON = frozenset({"ToUserName", "FromUserName", "CreateTime", "MsgType", "MsgId", "Event", "Encrypt"})
_MEDIA = frozenset({"image", "video", "shortvideo", "location", "link", "miniprogrampage", "file"})
_VIEWS = frozenset({"view", "view_miniprogram"})
_QR = "qrscene_"


class BadMessage(Exception):
    """A message without what every message has; the reason is for logs."""


def message_from(fields: Fields) -> Message:
    """The value these fields stand for; kinds we do not know become Unknown. BadMessage if the common part is wrong."""
    kind = _text(fields, "MsgType").lower()
    if kind == "event":
        return _event(fields)
    if kind in _MEDIA or kind in _KINDS:
        return _KINDS.get(kind, _media)(fields, _common(fields, _message_key(fields)))
    known = {name: value for name, value in fields.items() if isinstance(value, str)}
    return Unknown(kind=kind[:32], **_common(fields, _key(fields, known.get("MsgId", ""), kind)))


def _said(fields: Fields, common: dict[str, Any]) -> Message:
    return Said(text=_text(fields, "Content"), menu_id=_text(fields, "bizmsgmenuid", "") or None, **common)


def _voice(fields: Fields, common: dict[str, Any]) -> Message:
    heard = _text(fields, "Recognition", "").strip()
    return Voice(media_id=_text(fields, "MediaId", "") or None, recognition=heard or None, **common)


def _media(fields: Fields, common: dict[str, Any]) -> Message:
    facts = {name: _text(fields, name) for name in fields if name not in _COMMON}
    return Sent(kind=_text(fields, "MsgType").lower(), media_id=facts.pop("MediaId", None), facts=facts, **common)


_KINDS: Mapping[str, Callable[[Fields, dict[str, Any]], Message]] = {"text": _said, "voice": _voice}


def _event(fields: Fields) -> Message:
    name = _text(fields, "Event").strip().lower()
    job = fields.get("MsgID")
    event_key = _text(fields, "EventKey", "")
    # Jobs of ours report with their own number; everything else is known by who, when and what.
    key = f"{name}:{job}" if isinstance(job, str) and job else _key(fields, name, event_key)
    common = _common(fields, key)
    if name == "click":
        return Clicked(button=event_key, **common)
    if name in _VIEWS:
        return Viewed(url=event_key, **common)
    if name == "subscribe":
        return Followed(scene=_scene(event_key.removeprefix(_QR)) if event_key.startswith(_QR) else None, **common)
    if name == "unsubscribe":
        return Left(**common)
    if name == "scan" and _scene(event_key.removeprefix(_QR)):
        return Scanned(scene=event_key.removeprefix(_QR), **common)
    return Told(name=name, facts={key: value for key, value in fields.items() if key not in _COMMON}, **common)


def _scene(text: str) -> str | None:
    return text if 0 < len(text) <= _LONGEST_SCENE and text.isprintable() else None


def _common(fields: Fields, key: str) -> dict[str, Any]:
    return {
        "openid": _name(fields, "FromUserName"),
        "account": _name(fields, "ToUserName"),
        "at": dt.datetime.fromtimestamp(_created(fields), dt.UTC),
        "key": key if len(key) <= _LONGEST_KEY else f"sha256:{hashlib.sha256(key.encode()).hexdigest()}",
    }


def _message_key(fields: Fields) -> str:
    number = _text(fields, "MsgId").strip()
    if not _NUMBER.fullmatch(number):
        raise BadMessage("MsgId is not a number")
    # MsgId alone was seen equal for different users at the same time.
    return _key(fields, number)


def _key(fields: Fields, *parts: str) -> str:
    return ":".join((_name(fields, "FromUserName"), str(_created(fields)), *parts))


def _created(fields: Fields) -> int:
    text = _text(fields, "CreateTime").strip()
    if not _NUMBER.fullmatch(text) or int(text) > _LATEST:
        raise BadMessage("CreateTime is not a moment")
    return int(text)


def _name(fields: Fields, field: str) -> str:
    name = _text(fields, field)
    if not _NAME.fullmatch(name):
        raise BadMessage(f"{field} is not a name")
    return name


def _text(fields: Fields, field: str, default: str | None = None) -> str:
    value = fields.get(field, default)
    if not isinstance(value, str):
        raise BadMessage(f"{field} is missing or not a text")
    return value
