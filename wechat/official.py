"""The official account: QR scenes, media, customer messages, templates, mass sends, the menu and the web log-in."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import requests
from wechatpy.exceptions import WeChatClientException

from .account import Account, ask, clean
from .answers import answer_of, json_object
from .clock import Clock
from .errors import Action, Outside
from .http import WECHAT
from .settings import WechatSettings
from .tokens import AccessTokens
from .wording import legal, pieces

T = TypeVar("T")

_BEIJING = timezone(timedelta(hours=8))
_MONTHLY = 45040
_ALREADY_SENT = 45065
_LONGEST_SCENE = 30 * 86400


@dataclass(frozen=True)
class SceneCode:
    """A QR scene: draw `url` as the code; it works for `expires_in` seconds, for ever if that is None."""

    ticket: str
    url: str
    expires_in: int | None


class Official:
    """Calls to the account API; every method raises `Outside` and nothing else."""

    def __init__(self, settings: WechatSettings, http: requests.Session, tokens: AccessTokens, *, clock: Clock) -> None:
        self._settings = settings
        self._http = http
        self._clock = clock
        self._account = Account(settings.app_id, http, tokens)

    def create_scene(self, scene: str, *, seconds: int | None) -> SceneCode:
        """A code for this scene (1–64 characters), living `seconds` (at most 30 days) or, with None, for ever."""
        body: dict[str, Any] = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": scene}}}
        if seconds is not None:
            body |= {"action_name": "QR_STR_SCENE", "expire_seconds": min(seconds, _LONGEST_SCENE)}
        return self._ask(
            "qrcode/create", lambda: _scene_code(self._account.qrcode.create(body), seconds), repeatable=True
        )

    # Media

    def upload_image(self, data: bytes, filename: str = "poster.jpg") -> str:
        """The media_id of a picture (JPEG or PNG, at most 2 MB) that lives three days."""
        part = _part(data, filename)
        return self._text("media/upload", "media_id", lambda: self._account.media.upload("image", part))

    def upload_video(self, data: bytes) -> str:
        """The media_id of a film (MP4, at most 10 MB) that lives three days."""
        part = _part(data, "film.mp4")
        return self._text("media/upload", "media_id", lambda: self._account.media.upload("video", part))

    def upload_thumb(self, data: bytes) -> str:
        """The media_id of the picture in front of a film (JPEG, at most 64 KB) that lives three days."""
        part = _part(data, "thumb.jpg")
        return self._text("media/upload", "thumb_media_id", lambda: self._account.media.upload("thumb", part))

    def upload_article_image(self, data: bytes) -> str:
        """The address of a picture (at most 1 MB) that may stand in an article."""
        part = _part(data, "article.jpg")
        return self._text(
            "media/uploadimg", "url", lambda: self._account.post("media/uploadimg", files={"media": part})
        )

    def add_permanent_image(self, data: bytes) -> str:
        """The media_id of a picture kept for ever; it counts towards the account's total."""
        part = _part(data, "cover.jpg")
        return self._text("material/add_material", "media_id", lambda: self._account.material.add("image", part))

    def download_image(self, media_id: str, *, most: int) -> bytes | None:
        """The bytes of a picture that a person sent within three days; None when they are more than `most`."""
        return self._ask("media/get", lambda: self._account.download(media_id, most=most), repeatable=True)

    def add_draft(self, title: str, author: str, html: str, *, thumb_media_id: str, digest: str) -> str:
        """The media_id of a draft with this one article."""
        article = {"title": title, "author": author, "digest": digest, "content": html}
        article |= {"thumb_media_id": thumb_media_id, "content_source_url": ""}
        body = {"articles": [{**article, "need_open_comment": 0, "only_fans_can_comment": 0}]}
        return self._text("draft/add", "media_id", lambda: self._account.post("draft/add", data=body))

    # Customer messages: only while the person's window is open (`ELSEWHERE` when it is not)

    def send_text(self, openid: str, text: str) -> None:
        """Sends a text; a long one as several messages, `UNKNOWN` if only the first of them got through."""
        for sent, piece in enumerate(pieces(clean(text))):
            try:
                self._send(openid, "text", {"content": piece})
            except Outside as error:
                if not sent:
                    raise
                raise Outside(Action.UNKNOWN, error.call, error.code, message="sent in part") from None

    def send_image(self, openid: str, media_id: str) -> None:
        """Sends a picture uploaded before; code 40007 means it has to be uploaded again."""
        self._send(openid, "image", {"media_id": media_id})

    def send_video(self, openid: str, media_id: str, thumb_media_id: str, *, title: str, text: str) -> None:
        """Sends a film uploaded before, with the picture in front of it; code 40007 as for pictures."""
        film = {"media_id": media_id, "thumb_media_id": thumb_media_id, "title": clean(title)}
        self._send(openid, "video", {**film, "description": clean(text)})

    def _send(self, openid: str, kind: str, content: dict[str, Any]) -> None:
        call, body = "message/custom/send", {"touser": openid, "msgtype": kind, kind: content}
        self._ask(call, lambda: _told(self._account.post(call, data=body), "errcode"))

    # Messages that need no window

    def send_template(
        self, openid: str, template_id: str, fields: Mapping[str, str], *, url: str | None, client_msg_id: str
    ) -> str:
        """The msgid of an accepted notice; the same `client_msg_id` within ten minutes is sent once only."""
        body: dict[str, Any] = {
            "touser": openid,
            "template_id": template_id,
            "client_msg_id": _at_most(client_msg_id, 32),
        }
        body |= {"url": url} if url else {}
        body["data"] = {key: {"value": legal(key, value)} for key, value in fields.items()}
        call = "message/template/send"
        return self._text(call, "msgid", lambda: self._account.post(call, data=body), guarded=True)

    def mass_send(self, openids: Sequence[str], draft_media_id: str, *, client_id: str) -> str:
        """The msg_id of a mass send of this draft to 2–10,000 people; a repeat within 24 hours gives the first's."""
        if not 2 <= len(openids) <= 10_000:
            raise Outside(Action.ELSEWHERE, "message/mass/send", 40130, message="2 to 10000 people")
        key = _at_most(client_id, 64)

        def send() -> Any:
            message = self._account.message
            try:
                return message.send_mass_article(list(openids), draft_media_id, client_msg_id=key)
            except WeChatClientException as error:
                if error.errcode != _ALREADY_SENT:
                    raise
                return json_object(error.response)

        return self._text("message/mass/send", "msg_id", send, guarded=True)

    # The account itself

    def create_menu(self, buttons: list[dict[str, Any]]) -> None:
        """Replaces the custom menu."""
        self._ask("menu/create", lambda: self._account.menu.create({"button": buttons}), repeatable=True)

    def user_follows(self, openid: str) -> bool:
        """Whether this person follows the account now; an openid WeChat does not know does not."""
        try:
            answer = self._ask("user/info", lambda: self._account.user.get(openid), repeatable=True)
        except Outside as error:
            if error.action is Action.GONE:
                return False
            raise
        return bool(answer.get("subscribe") == 1)

    def oauth_url(self, redirect: str, state: str) -> str:
        """Where to send a browser inside WeChat so that it comes back to `redirect` with a code, silently."""
        host = urlsplit(self._settings.api_base).hostname or ""
        pages = "https://open.weixin.qq.com" if host.endswith(".weixin.qq.com") else self._settings.api_base
        query = {"appid": self._settings.app_id, "redirect_uri": redirect, "response_type": "code"}
        query |= {"scope": "snsapi_base", "state": state}
        return f"{pages}/connect/oauth2/authorize?{urlencode(query)}#wechat_redirect"

    def oauth_openid(self, code: str) -> str:
        """The openid behind a code; `PERMANENT` for a bad, used or expired one: begin the log-in again."""
        secret = self._settings.app_secret.get_secret_value()
        query = {"appid": self._settings.app_id, "secret": secret, "code": code, "grant_type": "authorization_code"}
        call = "sns/oauth2/access_token"
        answer = answer_of(self._http, "GET", f"{WECHAT}/{call}", call=call, params=query)
        openid = answer.get("openid")
        if not isinstance(openid, str) or not openid:
            raise Outside(Action.RETRY, call, "ANSWER", message="no openid in the answer")
        return openid

    def _text(self, call: str, name: str, doing: Callable[[], Any], *, guarded: bool = False) -> str:
        return self._ask(call, lambda: _told(doing(), name), repeatable=not guarded, guarded=guarded)

    def _ask(self, call: str, doing: Callable[[], T], *, repeatable: bool = False, guarded: bool = False) -> T:
        try:
            return ask(call, doing, repeatable=repeatable, guarded=guarded)
        except Outside as error:
            if error.action is Action.DAY:
                error.retry_after = _until_quota(self._clock.now(), monthly=error.code == _MONTHLY)
            raise


def _scene_code(answer: dict[str, Any], seconds: int | None) -> SceneCode:
    life = None if seconds is None else int(answer.get("expire_seconds", seconds))
    return SceneCode(_told(answer, "ticket"), _told(answer, "url"), life)


def _told(answer: dict[str, Any], name: str) -> str:
    told = answer[name]
    if not isinstance(told, str | int):
        raise TypeError(f"{name} is neither text nor number")
    return str(told)


def _part(data: bytes, filename: str) -> tuple[str, bytes, str]:
    # WeChat cannot read a filename that is not ASCII.
    name = re.sub(r"[^A-Za-z0-9._-]", "_", filename) or "image.jpg"
    kind = "video/mp4" if name.endswith(".mp4") else "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
    return name, data, kind


def _at_most(key: str, length: int) -> str:
    return key if len(key.encode()) <= length else hashlib.sha256(key.encode()).hexdigest()[:length]


def _until_quota(now: datetime, *, monthly: bool) -> int:
    day = now.astimezone(_BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    fresh = (day.replace(day=1) + timedelta(days=32)).replace(day=1) if monthly else day + timedelta(days=1)
    return int((fresh.astimezone(UTC) - now).total_seconds()) + 1
