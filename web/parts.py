"""What the pages and doors are given: one frozen value, built by the composition root."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from distribution.links import Clock, Links
from distribution.refusals import Refusal
from models.database import Database
from wechat.pay import Notice


class NoticeParser(Protocol):
    """Proves a notice of WeChat Pay; raises BadNotice."""

    def __call__(self, headers: Mapping[str, str], body: bytes, *, now: dt.datetime) -> Notice: ...


class SilentLogin(Protocol):
    """Tells who opens a page inside WeChat; raises Outside."""

    def oauth_url(self, redirect: str, state: str) -> str: ...

    def oauth_openid(self, code: str) -> str: ...


@dataclass(frozen=True, slots=True)
class WebParts:
    """Everything the web folder needs; ``api_secrets`` are the first merchant's, None switches a part off."""

    database: Database
    clock: Clock
    links: Links
    wording: Callable[[Refusal], str]
    app_id: str
    mch_id: str = ""
    api_secrets: tuple[str, ...] = ()
    parse_notice: NoticeParser | None = None
    oauth: SilentLogin | None = None
    #: The demo's clock jumps: console sessions do not end by it.
    demo: bool = False
