"""Conversations that several processes share through Redis; without it they go on in memory: slower, never wrong."""

import hashlib
import time
import uuid
from collections.abc import Mapping
from typing import Any

import redis
import structlog
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, RedisError
from redis.retry import Retry

from bot.conversation import (
    ANSWER_SECONDS,
    KEEP,
    MOST_PER_MINUTE,
    MOST_WAITING,
    PATIENCE_SECONDS,
    QUESTION_SECONDS,
    Keep,
    MemoryConversations,
    Question,
    Turn,
)
from bot.gate import Gate, Late
from models.json_text import as_json, read_json

log = structlog.get_logger()

#: What a script is told.
Argument = str | bytes | int

#: A holder that died lets the person's next message in after this long.
_LOCK_SECONDS = 9.0
#: After a failure Redis is left alone for so long.
_REST_SECONDS = 2.0

_BEGIN = """
local said = redis.call('GET', KEYS[1])
if said then return {'answer', said} end
if tonumber(ARGV[2]) > 0 then
  local count = redis.call('INCR', KEYS[4])
  if count == 1 then redis.call('EXPIRE', KEYS[4], 60) end
  if count > tonumber(ARGV[2]) then return {'flooded', ''} end
end
if redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[3]) or redis.call('GET', KEYS[2]) == ARGV[1] then
  return {'turn', redis.call('GET', KEYS[3]) or ''}
end
return {'wait', redis.call('GET', KEYS[2]) or ''}
"""
_FINISH = """
if ARGV[2] ~= '' then redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[4]) end
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
if ARGV[3] == '' then redis.call('DEL', KEYS[3])
elseif ARGV[3] ~= '=' then redis.call('SET', KEYS[3], ARGV[3], 'EX', ARGV[5]) end
return 1
"""


def connect(url: str, *, seconds: float = 0.5) -> "redis.Redis":
    """A client that answers or gives up within ``seconds``: WeChat waits five."""
    return redis.Redis.from_url(
        url, socket_timeout=seconds, socket_connect_timeout=seconds, retry=Retry(NoBackoff(), 1), decode_responses=True
    )


class RedisConversations:
    """Conversations of many processes; two round trips a message."""

    def __init__(
        self,
        client: "redis.Redis",
        *,
        prefix: str = "fenxiao",
        seconds: float = PATIENCE_SECONDS,
        most_waiting: int = MOST_WAITING,
        most_per_minute: int = MOST_PER_MINUTE,
    ) -> None:
        self._prefix = prefix
        self._gate = Gate(seconds=seconds, most_waiting=most_waiting)
        self._most_per_minute = most_per_minute
        self._begin = _Script(client, _BEGIN)
        self._finish = _Script(client, _FINISH)
        self._spare = MemoryConversations(seconds=seconds, most_waiting=most_waiting, most_per_minute=most_per_minute)
        self._resting_until = 0.0

    def begin(self, openid: str, key: str, *, counted: bool = False) -> Turn:
        """See Conversations."""
        if time.monotonic() >= self._resting_until:
            try:
                return self._begin_shared(openid, key, counted)
            except RedisError as error:
                self._rest(error)
        return self._spare.begin(openid, key, counted=counted)

    def finish(self, turn: Turn, question: Question | Keep | None, answer: Mapping[str, Any] | None) -> None:
        """See Conversations."""
        if not turn.token:
            self._spare.finish(turn, question, answer)
            return
        try:
            self._finish(self._keys(turn.openid, turn.key)[:3], _told(turn, question, answer))
        except RedisError as error:
            self._rest(error)
            self._spare.remember(turn, question, answer)
        finally:
            self._gate.leave(turn.openid)

    def _begin_shared(self, openid: str, key: str, counted: bool) -> Turn:
        left = self._gate.enter(openid, key)
        turn = None
        try:
            turn = self._poll(openid, key, counted, left)
            return turn
        finally:
            if turn is None or not turn.held:
                self._gate.leave(openid)

    def _poll(self, openid: str, key: str, counted: bool, seconds: float) -> Turn:
        keys, token = self._keys(openid, key), f"{key}|{uuid.uuid4().hex}"
        until, pause, limit = time.monotonic() + seconds, 0.005, self._most_per_minute if counted else 0
        while True:
            verdict, told = map(_decoded, self._begin(keys, (token, limit, int(_LOCK_SECONDS * 1000))))
            if verdict == "answer":
                return Turn(openid, key, answer=_loaded(told) or {})
            if verdict == "flooded":
                return Turn(openid, key, flooded=True)
            if verdict == "turn":
                return Turn(openid, key, token, question=_question(told))
            if time.monotonic() + pause > until:
                raise Late(repeat=told.rpartition("|")[0] == key)
            time.sleep(pause)
            pause, limit = min(pause * 2, 0.08), 0

    def _keys(self, openid: str, key: str) -> tuple[str, str, str, str]:
        head = self._prefix
        return f"{head}:said:{key}", f"{head}:lock:{openid}", f"{head}:asked:{openid}", f"{head}:count:{openid}"

    def _rest(self, error: RedisError) -> None:
        self._resting_until = time.monotonic() + _REST_SECONDS
        log.warning("conversation.redis_lost", error=type(error).__name__)


class _Script:
    """A Lua script called by its digest, loaded again after a flush or restart."""

    def __init__(self, client: "redis.Redis", text: str) -> None:
        self._client = client
        self._text = text
        self._digest = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()

    def __call__(self, keys: tuple[str, ...], arguments: tuple[Argument, ...]) -> Any:
        try:
            return self._call(keys, arguments)
        except (NoScriptError, redis.ConnectionError, redis.TimeoutError):
            # The client's own way, with the whole text and on a fresh line; both scripts may run twice.
            return self._client.eval(self._text, len(keys), *keys, *arguments)

    def _call(self, keys: tuple[str, ...], arguments: tuple[Argument, ...]) -> Any:
        # A line of the pool without the client's ceremony: this runs twice for every message.
        pool = self._client.connection_pool
        line: Any = pool.get_connection()
        try:
            line.send_command("EVALSHA", self._digest, len(keys), *keys, *arguments)
            return line.read_response()
        except (redis.ConnectionError, redis.TimeoutError):
            line.disconnect()
            raise
        finally:
            pool.release(line)


def _told(turn: Turn, question: Question | Keep | None, answer: Mapping[str, Any] | None) -> tuple[Argument, ...]:
    answered = b"" if answer is None else as_json(answer)
    asked = b"="
    if question is not KEEP:
        asked = b"" if question is None else as_json(question.to_json())
    return turn.token, answered, asked, int(ANSWER_SECONDS), int(QUESTION_SECONDS)


def _decoded(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _question(text: str) -> Question | None:
    stored = _loaded(text)
    try:
        return Question.from_json(stored) if stored else None
    except (KeyError, TypeError, ValueError):
        # Asked by another release of ours: then it has lapsed.
        return None


def _loaded(text: str) -> dict[str, Any] | None:
    try:
        stored = read_json(text) if text else None
    except ValueError:
        return None
    return stored if isinstance(stored, dict) else None
