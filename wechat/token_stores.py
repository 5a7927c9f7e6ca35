"""Where the access token is kept: in this process, or in Redis for all of them."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

import redis
import structlog
from redis.exceptions import LockError, RedisError

log = structlog.get_logger()

# Longer than a fetch can take, so that a slow holder is not overtaken.
_LOCK_LIFE = 15.0
_LOCK_PATIENCE = 14.0

_WRITE = """
local held = redis.call('HMGET', KEYS[1], 'value', 'expires_at')
if held[1] and held[1] ~= ARGV[3] and held[1] ~= ARGV[1] and tonumber(held[2]) > tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], 'value', ARGV[1], 'expires_at', ARGV[2])
redis.call('EXPIRE', KEYS[1], 7200)
return 1
"""


@dataclass(frozen=True)
class Token:
    """An access token and the moment it stops working."""

    value: str = field(repr=False)
    expires_at: datetime


class TokenStore(Protocol):
    """Keeps one token; `write` leaves a token that lives longer in place, unless it is the one being replaced."""

    def read(self) -> Token | None: ...

    def write(self, token: Token, *, replacing: str | None = None) -> None: ...

    def lock(self) -> AbstractContextManager[object]: ...


class MemoryStore:
    """Keeps the token in this process."""

    def __init__(self) -> None:
        self._token: Token | None = None
        self._guard = threading.Lock()

    def read(self) -> Token | None:
        """The token held, valid or not."""
        return self._token

    def write(self, token: Token, *, replacing: str | None = None) -> None:
        """Keeps the token unless a newer one is held."""
        with self._guard:
            held = self._token
            if held and held.value not in (replacing, token.value) and held.expires_at > token.expires_at:
                return
            self._token = token

    def lock(self) -> AbstractContextManager[object]:
        """Nothing to lock between processes."""
        return nullcontext()


class RedisStore:
    """Keeps the token in Redis for every process of the account; without Redis each process keeps its own."""

    def __init__(self, client: "redis.Redis", app_id: str) -> None:
        self._redis: Any = client
        self._key = f"wechat:token:{app_id}"
        self._own = MemoryStore()

    def read(self) -> Token | None:
        """The token held by all, or this process's own while Redis does not answer."""
        try:
            value, expires_at = self._redis.hmget(self._key, "value", "expires_at")
        except RedisError as error:
            log.warning("wechat.token_store_lost", reason=type(error).__name__)
            return self._own.read()
        if value is None or expires_at is None:
            return None
        return Token(_text(value), datetime.fromtimestamp(float(expires_at), UTC))

    def write(self, token: Token, *, replacing: str | None = None) -> None:
        """Keeps the token for all unless a newer one is held, decided inside Redis."""
        self._own.write(token, replacing=replacing)
        try:
            self._redis.eval(_WRITE, 1, self._key, token.value, repr(token.expires_at.timestamp()), replacing or "")
        except RedisError as error:
            log.warning("wechat.token_store_lost", reason=type(error).__name__)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """One holder among all processes; after a while, or without Redis, goes on unlocked: a repeat is harmless."""
        lock = self._redis.lock(f"{self._key}:lock", timeout=_LOCK_LIFE, sleep=0.05, blocking_timeout=_LOCK_PATIENCE)
        held = False
        try:
            held = lock.acquire()
        except RedisError as error:
            log.warning("wechat.token_store_lost", reason=type(error).__name__)
        try:
            yield
        finally:
            if held:
                _release(lock)


def _release(lock: Any) -> None:
    try:
        lock.release()
    except (LockError, RedisError) as error:
        log.warning("wechat.token_lock_lost", reason=type(error).__name__)


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
