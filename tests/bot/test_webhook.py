"""The door itself: statuses, headers, bodies; over WSGI and over a socket that sends slowly."""

import io
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from bot_parts import dispatcher_of
from bot_pushes import KEY, codec, event_xml, push, query, said_xml
from flask import Flask
from flask.testing import FlaskClient
from little_shop import noted, router
from werkzeug.serving import make_server

from bot.cipher import Envelope
from bot.markup import read
from bot.webhook import Door, fast_lane, webhook
from models.database import Database, DatabaseDown


@pytest.fixture
def turned_away() -> list[str]:
    return []


@pytest.fixture(params=["blueprint", "fast lane"])
def app(sqlite_database: Database, clock: Any, turned_away: list[str], request: pytest.FixtureRequest) -> Flask:
    """The two ways to hang the door behave alike."""
    app = Flask("door")
    dispatcher, count = dispatcher_of(sqlite_database, clock, [router]), turned_away.append
    app.register_blueprint(webhook(dispatcher, codec(), clock, "/wechat", refused=count))
    if request.param == "fast lane":
        app.wsgi_app = fast_lane(app.wsgi_app, Door(dispatcher, codec(), clock, refused=count))  # type: ignore[method-assign]
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def said(answer: bytes) -> str:
    xml = Envelope("wx0123456789abcdef", [KEY]).open(read(answer)["Encrypt"])
    return str(read(xml)["Content"])


def posted(client: FlaskClient, text: bytes, body: bytes, **more: Any) -> Any:
    return client.post("/wechat?" + text.decode(), data=body, **more)


def test_the_address_is_proven_in_plain_text(client: FlaskClient) -> None:
    answer = client.get("/wechat?" + query(echostr="<script>42</script>").decode())

    assert (answer.status_code, answer.get_data(as_text=True)) == (200, "<script>42</script>")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_message_is_answered_under_seal(client: FlaskClient) -> None:
    answer = posted(client, *push(said_xml("规则")))

    assert answer.status_code == 200
    assert said(answer.data) == "佣金 10%"


def test_what_is_not_shown_is_success(client: FlaskClient) -> None:
    assert posted(client, *push(event_xml("VIEW", EventKey="https://x.test"))).data == b"success"


def test_a_stranger_hears_nothing(client: FlaskClient, turned_away: list[str]) -> None:
    answer = posted(client, query(signature="0" * 40), push(said_xml("写"))[1])

    assert (answer.status_code, answer.data) == (403, b"")
    assert turned_away == ["wrong signature"]


@pytest.mark.parametrize("size", [64 * 1024 + 1, 5_000_000])
def test_a_large_body_is_refused_unread(client: FlaskClient, size: int) -> None:
    assert posted(client, push(said_xml("x"))[0], b"x" * size).status_code == 413


def test_other_methods_are_not_allowed(client: FlaskClient) -> None:
    assert client.put("/wechat?" + query().decode()).status_code == 405


def test_a_body_without_a_length_is_read_if_the_server_ends_it(client: FlaskClient) -> None:
    text, body = push(said_xml("规则"))
    environ = {"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True, "CONTENT_LENGTH": ""}

    answer = client.post("/wechat?" + text.decode(), environ_overrides=environ)

    assert said(answer.data) == "佣金 10%"


def test_a_lost_database_is_503_and_the_repeat_is_answered(
    client: FlaskClient, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, body = push(said_xml("写"))

    def down() -> None:
        raise DatabaseDown("gone")

    with monkeypatch.context() as patch:
        patch.setattr(sqlite_database, "transaction", down)
        assert posted(client, text, body).status_code == 503

    assert said(posted(client, text, body).data) == "第 1 次"


def test_every_repeat_gets_the_same_words(client: FlaskClient, sqlite_database: Database) -> None:
    text, body = push(said_xml("写"))

    answers = {said(posted(client, text, body).data) for _ in range(3)}

    assert answers == {"第 1 次"}
    assert noted(sqlite_database) == 1


def test_a_hundred_truncated_and_changed_pushes_never_break_it(client: FlaskClient) -> None:
    text, body = push(said_xml("规则"))
    for at in range(0, len(body), max(1, len(body) // 50)):
        assert posted(client, text, body[:at]).status_code in (400, 403)
        assert posted(client, text, body[:at] + b"\xff" + body[at + 1 :]).status_code in (400, 403)


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()


def test_the_fast_lane_measures_what_it_answers(sqlite_database: Database, clock: Any) -> None:
    seen: list[tuple[int, int]] = []
    door = Door(dispatcher_of(sqlite_database, clock, [router]), codec(), clock)
    app = Flask("door")
    app.wsgi_app = fast_lane(  # type: ignore[method-assign]
        app.wsgi_app, door, measured=lambda status, length, seconds: seen.append((status, length))
    )
    client = app.test_client()

    statuses = [posted(client, *push(said_xml("规则"))).status_code, posted(client, b"", b"").status_code]

    assert statuses == [200, 403]
    assert [status for status, _ in seen] == statuses
    assert client.get("/elsewhere").status_code == 404


def test_slow_senders_do_not_hold_up_an_honest_one(port: int) -> None:
    text, body = push(said_xml("规则"))
    head = f"POST /wechat?{text.decode()} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(40)]
    for each in slow:
        each.sendall(head + body[:10])

    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=3) as honest:
        honest.sendall(head + body)
        answer = honest.recv(65536)

    assert answer.startswith(b"HTTP/1.1 200")
    assert time.monotonic() - began < 2
    for each in slow:
        each.close()
