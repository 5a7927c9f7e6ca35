"""What a person does reaches the service as WeChat would send it, and the answer is judged."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from desk_bench import AES_KEY, APP_ID, TOKEN, Desktop
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto

Make = Callable[..., Desktop]
CRYPTO = WeChatCrypto(TOKEN, AES_KEY, APP_ID)


def opened(query: dict[str, str], body: bytes) -> str:
    """The XML of a push as another library opens it."""
    return str(CRYPTO.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"]))


def reply(query: dict[str, str], body: bytes, inner: str) -> Any:
    """A sealed answer with these elements, as another library seals it."""
    asked = parse_message(opened(query, body))
    head = f"<ToUserName>{asked.source}</ToUserName><FromUserName>{asked.target}</FromUserName>"
    xml = f"<xml>{head}<CreateTime>1</CreateTime>{inner}</xml>"
    return CRYPTO.encrypt_message(xml, "nonce", "1")


def text(content: str) -> str:
    """The elements of a text answer."""
    return f"<MsgType>text</MsgType><Content><![CDATA[{content}]]></Content>"


def test_a_text_is_sealed_and_signed_and_its_answer_shown(desktop: Desktop) -> None:
    desktop.service.answer = lambda query, body: reply(query, body, text("好的"))
    openid = desktop.person()
    said = desktop.post(f"/people/{openid}/say", text="你好]]>&<b>")
    message = parse_message(opened(*desktop.service.pushes[0]))
    assert (message.content, message.source, message.target) == ("你好]]>&<b>", openid, "gh_0123456789ab")
    assert desktop.service.pushes[0][0]["openid"] == openid
    assert [each["status"] for each in said["deliveries"]] == [200]
    assert (said["passive"]["text"], said["passive"]["from"]) == ("好的", "account")
    assert [(line["from"], line["text"]) for line in desktop.phone(openid)] == [
        ("person", "你好]]>&<b>"),
        ("account", "好的"),
    ]


def test_plain_and_compatible_mode_show_the_fields(make_desktop: Make) -> None:
    desktop = make_desktop(mode="compatible")
    desktop.post(f"/people/{desktop.person()}/say", text="你好")
    query, body = desktop.service.pushes[0]
    assert parse_message(body).content == "你好"
    assert parse_message(opened(query, body)).content == "你好"
    assert query["encrypt_type"] == "aes"


def test_plain_mode_encrypts_nothing(make_desktop: Make) -> None:
    desktop = make_desktop(mode="plain")
    openid = desktop.person()
    desktop.service.answer = lambda query, body: (
        f"<xml><ToUserName>{openid}</ToUserName><FromUserName>gh_0123456789ab</FromUserName>"
        f"<CreateTime>1</CreateTime>{text('好')}</xml>"
    )
    assert desktop.post(f"/people/{openid}/say", text="你好")["passive"]["text"] == "好"
    assert "msg_signature" not in desktop.service.pushes[0][0]


def test_a_late_service_is_asked_three_times_with_one_id(desktop: Desktop) -> None:
    desktop.service.answer = lambda query, body: time.sleep(0.8) or "success"
    openid = desktop.person()
    said = desktop.post(f"/people/{openid}/say", text="在吗")
    ids = {parse_message(opened(*push)).id for push in desktop.service.pushes}
    assert [each["status"] for each in said["deliveries"]] == [None, None, None]
    assert len(desktop.service.pushes) == 3
    assert len(ids) == 1
    assert desktop.phone(openid)[-1]["type"] == "system"


def test_the_second_delivery_may_answer(desktop: Desktop) -> None:
    answers = iter([("", 500), ("success", 200)])
    desktop.service.answer = lambda query, body: next(answers)
    said = desktop.post(f"/people/{desktop.person()}/say", text="在吗")
    assert [each["status"] for each in said["deliveries"]] == [500, 200]


@pytest.mark.parametrize("silent", ["", "success"])
def test_silence_shows_nothing(desktop: Desktop, silent: str) -> None:
    desktop.service.answer = lambda query, body: silent
    openid = desktop.person()
    assert desktop.post(f"/people/{openid}/say", text="你好")["passive"] is None
    assert len(desktop.phone(openid)) == 1


@pytest.mark.parametrize(
    "inner",
    [
        text("字" * 683),
        text(""),
        "<MsgType>image</MsgType><Image><MediaId>unknown</MediaId></Image>",
        "<MsgType>news</MsgType><ArticleCount>2</ArticleCount><Articles><item><Title>a</Title></item>"
        "<item><Title>b</Title></item></Articles>",
        "<MsgType>riddle</MsgType>",
    ],
)
def test_what_wechat_would_not_show_becomes_the_system_line(desktop: Desktop, inner: str) -> None:
    desktop.service.answer = lambda query, body: reply(query, body, inner)
    openid = desktop.person()
    said = desktop.post(f"/people/{openid}/say", text="你好")
    assert said["passive"] is None
    assert said["verdict"].startswith("bad")
    assert desktop.phone(openid)[-1]["text"] == "该公众号提供的服务出现故障，请稍后再试"


def test_json_or_a_plain_answer_in_safe_mode_is_a_fault(desktop: Desktop) -> None:
    desktop.service.answer = lambda query, body: '{"text": "hi"}'
    assert desktop.post(f"/people/{desktop.person()}/say", text="a")["verdict"] == "bad: not XML"
    desktop.service.answer = lambda query, body: "<xml><Content>a</Content></xml>"
    assert desktop.post(f"/people/{desktop.person()}/say", text="a")["verdict"] == "bad: not encrypted"


def test_following_by_a_scene_carries_scene_and_ticket(desktop: Desktop) -> None:
    ticket = desktop.wechat(
        "/cgi-bin/qrcode/create",
        {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "p-1"}}},
    )["ticket"]
    openid = desktop.post("/people")["openid"]
    for _ in range(2):
        desktop.post(f"/people/{openid}/follow", scene="p-1")
    xml = [opened(*push) for push in desktop.service.pushes]
    assert "qrscene_p-1" in xml[0]
    assert "subscribe" in xml[0]
    assert ticket in xml[0]
    assert "<Event><![CDATA[SCAN]]>" in xml[1]
    assert "<EventKey><![CDATA[p-1]]>" in xml[1]


def test_like_events_never_share_a_second(desktop: Desktop, noon: Any) -> None:
    desktop.clock.freeze(noon)
    openid = desktop.person()
    for _ in range(3):
        desktop.post(f"/people/{openid}/tap", key="earnings")
    times = [parse_message(opened(*push)).create_time for push in desktop.service.pushes]
    assert len(set(times)) == 3


def test_leaving_shows_nothing_and_ends_customer_messages(desktop: Desktop) -> None:
    openid = desktop.person()
    desktop.post(f"/people/{openid}/unfollow")
    assert "unsubscribe" in opened(*desktop.service.pushes[0])
    sent = desktop.wechat(
        "/cgi-bin/message/custom/send", {"touser": openid, "msgtype": "text", "text": {"content": "a"}}
    )
    assert sent["errcode"] == 43004


def test_voice_may_be_recognised(desktop: Desktop) -> None:
    desktop.post(f"/people/{desktop.person()}/send_voice", recognition="提现")
    assert parse_message(opened(*desktop.service.pushes[0])).recognition == "提现"


@pytest.mark.parametrize("wrong", ["signature", "key", "app_id", "timestamp", "plain"])
def test_hostile_pushes_can_be_made(desktop: Desktop, wrong: str) -> None:
    openid = desktop.person()
    desktop.post(f"/people/{openid}/raw", wrong=wrong)
    query, body = desktop.service.pushes[0]
    if wrong == "timestamp":
        assert desktop.clock.now().timestamp() - int(query["timestamp"]) > 86400
        return
    with pytest.raises(Exception):  # noqa: B017, PT011
        opened(query, body)
