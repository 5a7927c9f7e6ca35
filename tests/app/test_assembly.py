"""The whole web service of a configuration, as granian serves it."""

import base64
import hashlib
import json
import struct
import time

import pytest
import structlog
from app_settings import AES_KEY, APP_ID, SETTINGS, TOKEN
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from app.assembly import web_application
from app.commands.db import prepare
from app.config import Settings
from app.container import Container
from app.logging import configure

OPENID = "oCANARYcanaryCANARYcanary_12"


@pytest.fixture
def container(tmp_path):
    place = f"sqlite:///{tmp_path / 'deep' / 'down' / 'fenxiao.sqlite3'}"
    settings = Settings(**SETTINGS, database={"url": place})
    built = Container(settings)
    prepare(built)
    yield built
    built.close()


@pytest.fixture
def client(container):
    return web_application(container).test_client()


def pushed(text: str) -> tuple[str, bytes]:
    """A push as WeChat makes it in safe mode: the query and the body."""
    inner = (
        f"<xml><ToUserName><![CDATA[gh_0123456789ab]]></ToUserName><FromUserName><![CDATA[{OPENID}]]></FromUserName>"
        f"<CreateTime>{int(time.time())}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{text}]]></Content><MsgId>24000000001</MsgId></xml>"
    ).encode()
    key = base64.b64decode(AES_KEY + "=")
    plain = b"0123456789abcdef" + struct.pack(">I", len(inner)) + inner + APP_ID.encode()
    plain += bytes([32 - len(plain) % 32]) * (32 - len(plain) % 32)
    sealer = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    sealed = base64.b64encode(sealer.update(plain) + sealer.finalize()).decode()
    stamp, nonce = str(int(time.time())), "nonce12345"
    signed = hashlib.sha1("".join(sorted([TOKEN, stamp, nonce, sealed])).encode()).hexdigest()
    bare = hashlib.sha1("".join(sorted([TOKEN, stamp, nonce])).encode()).hexdigest()
    query = f"signature={bare}&timestamp={stamp}&nonce={nonce}&openid={OPENID}&encrypt_type=aes&msg_signature={signed}"
    body = f"<xml><ToUserName><![CDATA[gh_0123456789ab]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    return query, body.encode()


def test_a_push_is_answered_sealed_and_counted(client) -> None:
    query, body = pushed("菜单")

    answer = client.post(f"/wechat?{query}", data=body)

    assert answer.status_code == 200
    assert b"<Encrypt>" in answer.data
    assert "菜单" not in answer.text
    assert 'fenxiao_messages_total{outcome="answered"} 1.0' in client.get("/metrics").text


def test_a_forged_push_is_refused_without_a_word(client) -> None:
    answer = client.post("/wechat?signature=x&timestamp=1&nonce=2", data=b"<xml/>")

    assert (answer.status_code, answer.data) == (403, b"")


def test_a_messages_log_lines_carry_its_key_and_nobodys_openid(container, capsys) -> None:
    configure(container.settings.log)
    try:
        query, body = pushed("我的收益")
        web_application(container).test_client().post(f"/wechat?{query}", data=body)
        lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    finally:
        structlog.reset_defaults()

    assert lines
    assert all("24000000001" in line["message"] for line in lines)
    assert OPENID not in json.dumps(lines)


def test_the_doors_of_the_demo_are_not_there(client) -> None:
    assert client.post("/demo/run").status_code == 404
    assert client.get("/demo/trace").status_code == 404
    assert client.get("/sim/config").status_code == 404


def test_console_pages_and_api_stand_at_their_places(client) -> None:
    assert client.get("/console/", follow_redirects=True).status_code == 200
    assert client.post("/api/v1/orders", data=b"{}").status_code == 401
    assert client.get("/api/v1/openapi.json").get_json()["openapi"].startswith("3.1")
    assert client.get("/s/NOBODY").status_code == 404
    assert client.post("/pay/notify", data=b"{}").status_code >= 400


def test_it_is_ready_and_says_what_waits(client) -> None:
    assert client.get("/readyz").get_json() == {"status": "ok", "database": "ok", "clock": "ok"}
    assert "fenxiao_outbox_waiting 0.0" in client.get("/metrics").text
