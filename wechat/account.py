"""wechatpy's client on our own line and token, and one way for its every failure to become `Outside`."""

import unicodedata
from collections.abc import Callable
from typing import Any, TypeVar

import requests
import structlog
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

from .answers import harmless, json_object, object_in, refusal_in
from .errors import Action, Outside
from .http import broken_line
from .tokens import AccessTokens

log = structlog.get_logger()

T = TypeVar("T")

_PIECE = 64 * 1024
_REFUSED_TOKEN = frozenset((40001, 40014, 41001, 42001))


class Account(WeChatClient):
    """wechatpy's calls with the shared token, which is renewed at most once a call."""

    def __init__(self, app_id: str, http: requests.Session, tokens: AccessTokens) -> None:
        super().__init__(app_id, "", auto_retry=False)
        self._http = http
        self._tokens = tokens

    @property
    def access_token(self) -> str:
        """The shared token; wechatpy asks for it here."""
        return self._tokens.current()

    def download(self, media_id: str, *, most: int) -> bytes | None:
        """The bytes of a temporary medium; None when they are more than ``most``."""
        token = self._tokens.current()
        try:
            return self._bytes(media_id, token, most)
        except Outside as error:
            if error.code not in _REFUSED_TOKEN:
                raise
        return self._bytes(media_id, self._tokens.renew(token), most)

    def _bytes(self, media_id: str, token: str, most: int) -> bytes | None:
        call, query = "media/get", {"access_token": token, "media_id": media_id}
        with self._http.get(f"{self.API_BASE_URL}{call}", params=query, stream=True) as answer:
            content = b""
            for piece in answer.iter_content(_PIECE):
                content += piece
                if len(content) > most:
                    return None
            if answer.status_code != requests.codes.ok:
                raise refusal_in(None, call, answer.status_code)
            if not content or content.startswith(b"{"):
                raise refusal_in(object_in(content), call)
            return content

    def _request(self, method: str, url_or_endpoint: str, **how: Any) -> dict[str, Any]:
        token = self._tokens.current()
        how["params"] = {**(how.get("params") or {}), "access_token": token}
        if isinstance(how.get("data"), dict):
            how["data"] = clean(how["data"])
        try:
            return self._once(method, url_or_endpoint, how)
        except WeChatClientException as error:
            if error.errcode not in _REFUSED_TOKEN:
                raise
        how["params"]["access_token"] = self._tokens.renew(token)
        return self._once(method, url_or_endpoint, how)

    def _once(self, method: str, url: str, how: dict[str, Any]) -> dict[str, Any]:
        answer = super()._request(method, url, **how)
        if not isinstance(answer, dict):
            raise TypeError("not a JSON object")
        return answer


def ask(call: str, doing: Callable[[], T], *, repeatable: bool = False, guarded: bool = False) -> T:
    """What `doing` gives; `repeatable` calls harm nobody twice, `guarded` ones carry an id WeChat knows again.

    Both are repeated once when WeChat is busy. Every failure is `Outside`; of a repeatable call never `UNKNOWN`.
    """
    failure = None
    for _ in range(2 if repeatable or guarded else 1):
        try:
            return doing()
        except Exception as error:
            failure = _outside(call, error)
        if failure.code != -1:
            break
    assert failure is not None
    log.warning("wechat.refused", call=call, action=failure.action, code=failure.code, message=failure.message)
    raise harmless(failure) if repeatable else failure


def _outside(call: str, error: Exception) -> Outside:
    if isinstance(error, Outside):
        return error
    if isinstance(error, WeChatClientException):
        answer = None if error.response is None else json_object(error.response)
        return refusal_in(answer, call, 200 if error.response is None else error.response.status_code)
    if isinstance(error, requests.RequestException):
        return broken_line(call, error)
    if isinstance(error, KeyError | TypeError | ValueError | AttributeError | RecursionError):
        return Outside(Action.UNKNOWN, call, "ANSWER", message="the answer lacks what it should hold")
    raise error


def clean(value: Any) -> Any:
    """The same value with everything WeChat cannot take removed from its texts: control characters, lone surrogates."""
    if isinstance(value, dict):
        return {key: clean(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [clean(inner) for inner in value]
    return "".join(c for c in value if c in "\n\t" or _is_sendable(c)) if isinstance(value, str) else value


def _is_sendable(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cs")
