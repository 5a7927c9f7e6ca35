"""The one line to the outside: fixed hosts, time-outs, no redirects, no proxies, no cookies."""

import logging
import ssl
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from .errors import Action, Outside

WECHAT = "https://api.weixin.qq.com"
PAGES = "https://mp.weixin.qq.com"
TIMEOUTS = (3.0, 10.0)
_POOL = 100


class RefusedAddress(requests.RequestException):
    """The address is not one of the two we may call; nothing was sent."""


class _Line(HTTPAdapter):
    def __init__(self, bases: tuple[str, ...], moves: Mapping[str, str], timeouts: tuple[float, float]) -> None:
        super().__init__(pool_connections=len(bases) + 1, pool_maxsize=_POOL, max_retries=0)
        self._bases = bases
        self._moves = moves
        self._timeouts = timeouts

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        request.url = self._moved(request.url or "")
        if not any(_within(base, request.url) for base in self._bases):
            raise RefusedAddress(f"{urlsplit(request.url).hostname} is not on the list of hosts")
        kwargs["timeout"] = kwargs.get("timeout") or self._timeouts
        return super().send(request, *args, **kwargs)

    def _moved(self, url: str) -> str:
        for old, new in self._moves.items():
            if _within(old, url) and not _within(new, url):
                return new + url.removeprefix(old)
        return url


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


def open_session(api_base: str, pay_base: str = "", *, timeouts: tuple[float, float] = TIMEOUTS) -> requests.Session:
    """A session, safe for many threads, that reaches these two addresses (a path prefix may be part) and no other.

    `timeouts` are seconds to connect and seconds of silence.
    """
    session = _Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    bases = tuple(base.rstrip("/") for base in (api_base, pay_base) if base)
    line = _Line(bases, {WECHAT: bases[0], PAGES: bases[0]}, timeouts)
    session.mount("https://", line)
    session.mount("http://", line)
    # At debug level the library would write addresses, and with them tokens.
    logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)
    return session


def broken_line(call: str, error: requests.RequestException) -> Outside:
    """What a failure below HTTP means: `STOP` for a refused address, `RETRY` if nothing was sent, else `UNKNOWN`."""
    if isinstance(error, RefusedAddress | requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return Outside(Action.STOP, call, "ADDRESS", message="the address is not allowed")
    action = Action.RETRY if _never_sent(error) else Action.UNKNOWN
    return Outside(action, call, "TRANSPORT", message=type(error).__name__)


def _never_sent(error: requests.RequestException) -> bool:
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    if isinstance(reason, NewConnectionError | ConnectTimeoutError):
        return True
    return isinstance(reason, Exception) and any(isinstance(arg, ssl.SSLCertVerificationError) for arg in reason.args)


def _within(base: str, url: str) -> bool:
    wanted, given = urlsplit(base), urlsplit(url)
    same_host = (wanted.scheme, wanted.hostname, _port(base)) == (given.scheme, given.hostname, _port(url))
    below = given.path == wanted.path or given.path.startswith(wanted.path.rstrip("/") + "/")
    return same_host and below and given.username is None and "/../" not in given.path + "/"


def _port(url: str) -> int | None:
    parts = urlsplit(url)
    return parts.port or {"https": 443, "http": 80}.get(parts.scheme)
