"""The line reaches two addresses, waits a bounded time, and knows what surely was not sent."""

import socket

import pytest
import requests
from wechat_stand_in import Reply, StandIn, refused

from wechat.errors import Action, Outside
from wechat.http import RefusedAddress, open_session
from wechat.official import Official
from wechat.settings import WechatSettings
from wechat.tokens import AccessTokens


@pytest.mark.parametrize("path", ["/sim/wechatty/x", "/elsewhere", "/sim/wechat/../pay"])
def test_a_path_outside_the_base_is_refused_before_any_connection(server: StandIn, path: str) -> None:
    session = open_session(server.base + "/sim/wechat")
    request = requests.Request("GET", server.base).prepare()
    request.url = server.base + path

    with pytest.raises(RefusedAddress):
        session.send(request)
    assert server.heard == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x", "https://example.com/", "http://169.254.169.254/latest"])
def test_another_host_is_refused_before_any_connection(server: StandIn, url: str) -> None:
    with pytest.raises(RefusedAddress):
        open_session(server.base).get(url)


def test_a_host_that_only_looks_like_ours_is_refused(server: StandIn) -> None:
    disguised = server.base.replace("//", "//127.0.0.1@")

    with pytest.raises(RefusedAddress):
        open_session(server.base).get(disguised)
    assert server.heard == []


def test_wechats_fixed_hosts_are_moved_to_the_configured_base(server: StandIn) -> None:
    session = open_session(server.base + "/sim/wechat")

    session.get("https://api.weixin.qq.com/cgi-bin/menu/get")
    session.get("https://mp.weixin.qq.com/cgi-bin/showqrcode")

    assert [heard.path for heard in server.heard] == ["/sim/wechat/cgi-bin/menu/get", "/sim/wechat/cgi-bin/showqrcode"]


def test_a_redirect_is_not_followed(server: StandIn) -> None:
    server.play("/go", Reply(status=302, headers={"Location": server.base + "/there"}))

    answer = open_session(server.base).get(server.base + "/go")

    assert answer.status_code == 302
    assert len(server.heard) == 1


def test_cookies_are_not_kept(server: StandIn) -> None:
    server.play("/x", Reply(b"{}", headers={"Set-Cookie": "a=b"}))
    session = open_session(server.base)

    session.get(server.base + "/x")
    session.get(server.base + "/x")

    assert "Cookie" not in server.heard[1].headers


@pytest.mark.parametrize(
    "broken",
    [
        Reply(drop=True),
        Reply(b"{}", delay=1.5),
        Reply(b"{}", headers={"Content-Length": "9"}),
        Reply(b"<html>", headers={"Content-Type": "text/html"}),
        Reply(b'{"errcode": 0', status=200),
        Reply(b"[]"),
        Reply(b"{}"),
        Reply(b'{"errcode": "x"}'),
        Reply(b"Bad Gateway", status=502),
    ],
)
def test_a_send_without_a_usable_answer_is_unknown_and_not_repeated(
    server: StandIn, official: Official, broken: Reply
) -> None:
    server.play("custom/send", broken)

    with pytest.raises(Outside) as caught:
        official.send_text("o" * 28, "你好")
    assert caught.value.action is Action.UNKNOWN
    assert len(server.calls("custom/send")) == 1


def test_a_repeatable_call_without_a_usable_answer_may_be_repeated(server: StandIn, official: Official) -> None:
    server.play("qrcode/create", Reply(drop=True))

    with pytest.raises(Outside) as caught:
        official.create_scene("C8F3Q", seconds=60)
    assert caught.value.action is Action.RETRY


def test_a_refused_connection_means_nothing_was_sent(settings: WechatSettings, tokens: AccessTokens, clock) -> None:
    tokens.current()
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        http = open_session(f"http://127.0.0.1:{unused.getsockname()[1]}")

        with pytest.raises(Outside) as caught:
            Official(settings, http, tokens, clock=clock).send_text("o" * 28, "你好")
    assert caught.value.action is Action.RETRY


def test_no_token_secret_or_openid_reaches_logs_or_errors(
    server: StandIn, official: Official, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    server.play("custom/send", refused(40003, "invalid openid oCANARYCANARYCANARYCANARYCAN"), Reply(drop=True))
    server.play("user/info", Reply(b"<html>", status=500))
    told = ""
    for doing in (official.send_text, official.send_text, lambda openid, _: official.user_follows(openid)):
        with pytest.raises(Outside) as caught:
            doing("oCANARYCANARYCANARYCANARYCAN", "x")
        told += f"{caught.value} {caught.value!r} {vars(caught.value)}"
        assert caught.value.__context__ is None

    told += caplog.text + "".join(capsys.readouterr())
    assert not [secret for secret in ("canary", "CANARY") if secret in told]
