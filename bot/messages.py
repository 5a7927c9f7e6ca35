"""What a follower did, as values: one class per kind of message or event."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Who did it, to which account, when (aware UTC); ``key`` is the same for every repeat of the same message."""

    openid: str
    account: str
    at: dt.datetime
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Message):
    """Typed, spoken or tapped text; ``menu_id`` names the tapped line of a menu message."""

    text: str
    menu_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clicked(Message):
    """Tapped a button of the account's menu."""

    button: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewed(Message):
    """Opened a page or mini program through the account's menu."""

    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned(Message):
    """A follower scanned one of our codes."""

    scene: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed(Message):
    """Somebody follows the account, by one of our codes if there is a scene."""

    scene: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Left(Message):
    """Somebody stopped following; nothing can be answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent(Message):
    """Sent a picture, video, place, link …; ``facts`` holds what WeChat told about it."""

    kind: str
    media_id: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice(Message):
    """Spoke; ``recognition`` is what WeChat heard, if it listens."""

    media_id: str | None = None
    recognition: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told(Message):
    """Any other event: its name in lower case and everything it said (texts, dicts, lists)."""

    name: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown(Message):
    """A kind of message that WeChat has and we do not know."""

    kind: str
