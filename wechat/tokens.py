"""The access token: one for all threads and processes, renewed before it ends and once when WeChat refuses it."""

import threading
from datetime import datetime, timedelta

import requests
import structlog

from .answers import answer_of
from .clock import Clock
from .errors import Action, Outside
from .http import WECHAT
from .token_stores import MemoryStore, RedisStore, Token, TokenStore

__all__ = ["AccessTokens", "MemoryStore", "RedisStore", "Token", "TokenStore"]

log = structlog.get_logger()

_CALL = "cgi-bin/stable_token"
_EARLY = timedelta(seconds=300)
_SHORT_HOLD = 5
_LONG_HOLD = 60
_SAME_TOKEN_HOLD = timedelta(minutes=10)
# On the token call these mean a wrong secret, not a stale token.
_WRONG_SECRET = frozenset((40001, 40014, 41001, 42001))


class AccessTokens:
    """Hands out the account's access token; every method raises `Outside` if none can be had."""

    def __init__(
        self, http: requests.Session, app_id: str, app_secret: str, store: TokenStore | None = None, *, clock: Clock
    ) -> None:
        self._http = http
        self._app_id = app_id
        self._app_secret = app_secret
        self._store: TokenStore = MemoryStore() if store is None else store
        self._clock = clock
        self._lock = threading.Lock()
        self._failure: tuple[Outside, datetime] | None = None
        self._confirmed: tuple[str, datetime] | None = None

    def current(self) -> str:
        """A token good for at least five more minutes, or the last minutes of the old one if none newer can be had."""
        held = self._store.read()
        return held.value if self._is_fresh(held) and held else self._obtain()

    def renew(self, rejected: str) -> str:
        """A token in place of one WeChat refused: what another thread fetched meanwhile, else WeChat's own answer."""
        return self._obtain(rejected)

    def _obtain(self, rejected: str | None = None) -> str:
        with self._lock, self._store.lock():
            held = self._store.read()
            if held and self._is_fresh(held) and (held.value != rejected or self._just_confirmed(held.value)):
                return held.value
            try:
                fresh = self._fetch()
            except Outside:
                if held and held.value != rejected and self._clock.now() < held.expires_at:
                    return held.value
                raise
            self._store.write(fresh, replacing=rejected)
            if fresh.value == rejected:
                self._confirmed = (fresh.value, self._clock.now() + _SAME_TOKEN_HOLD)
                log.warning("wechat.token_refused_but_current")
            return fresh.value

    def _is_fresh(self, token: Token | None) -> bool:
        return token is not None and self._clock.now() < token.expires_at - _EARLY

    def _just_confirmed(self, value: str) -> bool:
        return self._confirmed is not None and self._confirmed[0] == value and self._clock.now() < self._confirmed[1]

    def _fetch(self) -> Token:
        if self._failure and self._clock.now() < self._failure[1]:
            raise _again(self._failure[0])
        failure = None
        try:
            token = self._ask()
        except Outside as error:
            failure = _meant_for_tokens(error)
        if failure:
            self._failure = (failure, self._clock.now() + timedelta(seconds=failure.retry_after or _LONG_HOLD))
            raise failure
        self._failure = None
        return token

    def _ask(self) -> Token:
        # Counted from before the call: a late answer never looks longer-lived than it is.
        started = self._clock.now()
        body = {"grant_type": "client_credential", "appid": self._app_id, "secret": self._app_secret}
        answer = answer_of(self._http, "POST", f"{WECHAT}/{_CALL}", call=_CALL, json=body)
        value, life = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(value, str) or not value or not isinstance(life, int) or isinstance(life, bool) or life <= 0:
            raise Outside(Action.RETRY, _CALL, "ANSWER", message="no token in the answer")
        # An answer with less than five minutes left would be asked for again on every call.
        lives_until = started + max(timedelta(seconds=life), _EARLY + timedelta(seconds=30))
        log.info("wechat.token_fetched", seconds=life)
        return Token(value, lives_until)


def _meant_for_tokens(error: Outside) -> Outside:
    # No person and no message is at fault here, whatever a code means on other calls.
    if error.code in _WRONG_SECRET or error.action in (Action.GONE, Action.ELSEWHERE, Action.PERMANENT):
        return Outside(Action.STOP, _CALL, error.code, message=error.message)
    passing = error.action is Action.RETRY and (error.code == -1 or isinstance(error.code, str))
    return _again(error, _SHORT_HOLD) if passing else error


def _again(error: Outside, retry_after: int | None = None) -> Outside:
    wait = error.retry_after if retry_after is None else retry_after
    return Outside(error.action, error.call, error.code, retry_after=wait, message=error.message)
