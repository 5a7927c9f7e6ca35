"""The account's API refuses and grants what WeChat refuses and grants."""

import base64
import io
from typing import Any

import pytest
import requests
from desk_bench import APP_ID, Desktop, dumps, wait_for
from PIL import Image
from test_desk_push import opened


def picture(size: tuple[int, int] = (40, 40), form: str = "PNG") -> bytes:
    """The bytes of a small picture."""
    file = io.BytesIO()
    Image.new("RGB", size, "green").save(file, form)
    return file.getvalue()


def text_to(desktop: Desktop, openid: str, content: str = "你好") -> Any:
    """The answer to a customer message."""
    body = {"touser": openid, "msgtype": "text", "text": {"content": content}}
    return desktop.wechat("/cgi-bin/message/custom/send", body)


def paid_to(desktop: Desktop, openid: str, **more: Any) -> Any:
    """The answer to a template notice."""
    values = {"amount1": "¥12.00", "thing2": "推广佣金"} | more.pop("values", {})
    fields = {key: {"value": value} for key, value in values.items()}
    return desktop.wechat(
        "/cgi-bin/message/template/send", {"touser": openid, "template_id": "T_PAID", "data": fields, **more}
    )


def token_call(desktop: Desktop, **more: Any) -> str:
    """A token by the stable call."""
    asked = {"grant_type": "client_credential", "appid": APP_ID, "secret": "secret"} | more
    return str(
        requests.post(f"{desktop.url}/sim/wechat/cgi-bin/stable_token", json=asked, timeout=9).json()["access_token"]
    )


def test_the_stable_token_stays_until_five_minutes_before_its_end(desktop: Desktop) -> None:
    first = token_call(desktop)
    assert token_call(desktop) == first
    desktop.post("/clock", advance_seconds=7200 - 290)
    second = token_call(desktop)
    assert second != first
    works = requests.get(
        f"{desktop.url}/sim/wechat/cgi-bin/getcallbackip", params={"access_token": first}, timeout=9
    ).json()
    assert "ip_list" in works


def test_a_forced_refresh_kills_the_last_token_but_not_within_thirty_seconds(desktop: Desktop) -> None:
    first = token_call(desktop)
    second = token_call(desktop, force_refresh=True)
    assert (second != first, token_call(desktop, force_refresh=True)) == (True, second)
    desktop.token = first
    assert desktop.wechat("/cgi-bin/getcallbackip")["errcode"] == 40001


def test_an_old_token_is_expired_a_wrong_secret_invalid(desktop: Desktop) -> None:
    desktop.wechat("/cgi-bin/getcallbackip")
    desktop.post("/clock", advance_seconds=7201)
    answer = desktop.wechat("/cgi-bin/getcallbackip")
    assert answer["errcode"] == 42001
    assert " rid: " in answer["errmsg"]
    address = f"{desktop.url}/sim/wechat/cgi-bin/token?grant_type=client_credential&appid={APP_ID}&secret=no"
    assert requests.get(address, timeout=9).json()["errcode"] == 40125


def test_a_used_up_quota_says_so_until_beijings_next_day(desktop: Desktop) -> None:
    openid = desktop.person()
    codes = [desktop.wechat("/cgi-bin/user/get").get("errcode", 0) for _ in range(501)]
    assert (codes[499], codes[500]) == (0, 45009)
    desktop.post("/clock", advance_seconds=86400)
    desktop.token = ""
    assert desktop.wechat("/cgi-bin/user/get")["data"]["openid"] == [openid]


def test_escaped_or_broken_json_and_unknown_paths_are_refused(desktop: Desktop) -> None:
    desktop.wechat("/cgi-bin/getcallbackip")
    address = f"{desktop.url}/sim/wechat/cgi-bin/message/custom/send?access_token={desktop.token}"
    codes = [requests.post(address, data=raw, timeout=9).json()["errcode"] for raw in (b'{"a": "\\u4f60"}', b"{", b"")]
    assert codes == [40033, 47001, 44002]
    assert desktop.wechat("/cgi-bin/no/such")["errcode"] == 40066
    assert desktop.wechat("/cgi-bin/menu/create")["errcode"] == 43002


def test_a_message_opens_five_for_two_days(desktop: Desktop) -> None:
    openid = desktop.person()
    assert text_to(desktop, openid)["errcode"] == 45015
    desktop.post(f"/people/{openid}/say", text="你好")
    assert [text_to(desktop, openid)["errcode"] for _ in range(6)] == [0, 0, 0, 0, 0, 45047]
    desktop.post(f"/people/{openid}/say", text="还在吗")
    assert text_to(desktop, openid)["errcode"] == 0
    desktop.post("/clock", advance_seconds=48 * 3600)
    desktop.token = ""
    assert text_to(desktop, openid)["errcode"] == 45015


def test_a_tap_opens_three_for_a_minute(desktop: Desktop) -> None:
    openid = desktop.person()
    desktop.post(f"/people/{openid}/tap", key="k")
    assert [text_to(desktop, openid)["errcode"] for _ in range(4)] == [0, 0, 0, 45047]
    desktop.post("/clock", advance_seconds=61)
    assert text_to(desktop, openid)["errcode"] == 45015


def test_strangers_refusers_and_the_blocked_get_nothing(desktop: Desktop) -> None:
    openid = desktop.person()
    assert text_to(desktop, "o" + "x" * 27)["errcode"] == 40003
    desktop.post(f"/people/{openid}", refuses=True)
    assert text_to(desktop, openid)["errcode"] == 48002
    desktop.post(f"/people/{openid}", blocked=True)
    assert text_to(desktop, openid)["errcode"] == 43019


def test_an_uploaded_picture_reaches_the_phone_and_dies_after_three_days(desktop: Desktop) -> None:
    openid, content = desktop.person(), picture()
    media_id = desktop.upload(content)["media_id"]
    desktop.post(f"/people/{openid}/say", text="海报")
    body = {"touser": openid, "msgtype": "image", "image": {"media_id": media_id}}
    assert desktop.wechat("/cgi-bin/message/custom/send", body)["errcode"] == 0
    address = desktop.phone(openid)[-1]["image_url"]
    assert requests.get(desktop.url + address, timeout=9).content == content
    desktop.post("/clock", advance_seconds=3 * 86400)
    desktop.token = ""
    assert desktop.wechat("/cgi-bin/message/custom/send", body)["errcode"] == 40007


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [(b"not a picture", "p.png", 40005), (b"", "p.png", 44001), (picture(), "海报.png", 41005)],
)
def test_what_is_no_picture_is_not_taken(desktop: Desktop, content: bytes, name: str, code: int) -> None:
    assert desktop.upload(content, name=name)["errcode"] == code


def test_a_scanned_code_makes_a_follower_then_a_scan(desktop: Desktop) -> None:
    made = desktop.wechat(
        "/cgi-bin/qrcode/create",
        {"expire_seconds": 600, "action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "C8F3Q"}}},
    )
    shown = requests.get(f"{desktop.url}/sim/wechat/cgi-bin/showqrcode", params={"ticket": made["ticket"]}, timeout=9)
    image, openid = base64.b64encode(shown.content).decode(), desktop.post("/people")["openid"]
    for _ in range(2):
        assert desktop.post(f"/people/{openid}/scan", image_base64=image)["decoded"] == made["url"]
    xml = [opened(*push) for push in desktop.service.pushes]
    assert "qrscene_C8F3Q" in xml[0]
    assert "<EventKey><![CDATA[C8F3Q]]>" in xml[1]
    desktop.post("/clock", advance_seconds=601)
    assert desktop.post(f"/people/{openid}/scan", image_base64=image)["deliveries"] == []


def test_a_bad_ticket_is_404_and_a_bad_scene_40053(desktop: Desktop) -> None:
    assert requests.get(f"{desktop.url}/sim/wechat/cgi-bin/showqrcode?ticket=no", timeout=9).status_code == 404
    body = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "x" * 65}}}
    assert desktop.wechat("/cgi-bin/qrcode/create", body)["errcode"] == 40053


def test_a_notice_is_shown_once_and_its_result_pushed(desktop: Desktop) -> None:
    openid = desktop.person()
    first, second = (paid_to(desktop, openid, client_msg_id="n1", url="/h5") for _ in range(2))
    assert (first["errcode"], second["msgid"]) == (0, first["msgid"])
    lines = desktop.phone(openid)
    assert [(line["type"], line["data"]["fields"]["amount1"]) for line in lines] == [("template", "¥12.00")]
    assert lines[0]["text"] == "到账通知\n金额：¥12.00\n说明：推广佣金"
    xml = opened(*wait_for(lambda: desktop.service.pushes)[0])
    assert f"<MsgID>{first['msgid']}</MsgID><Status><![CDATA[success]]>" in xml


def test_a_refuser_gets_no_notice_and_the_event_says_so(desktop: Desktop) -> None:
    openid = desktop.person()
    desktop.post(f"/people/{openid}", refuses=True)
    assert paid_to(desktop, openid)["errcode"] == 0
    assert "failed:user block" in opened(*wait_for(lambda: desktop.service.pushes)[0])
    assert desktop.phone(openid) == []


@pytest.mark.parametrize("values", [{"thing2": "字" * 21}, {"amount1": "很多"}, {"thing2": ""}])
def test_a_value_against_its_rule_is_refused(desktop: Desktop, values: dict[str, str]) -> None:
    assert paid_to(desktop, desktop.person(), values=values)["errcode"] == 47003


def test_a_subscription_buys_one_notice(desktop: Desktop) -> None:
    openid = desktop.person()
    desktop.post(f"/people/{openid}/accept", template_id="T_PAID")
    body = {"touser": openid, "template_id": "T_PAID", "data": {"amount1": {"value": "¥1"}, "thing2": {"value": "a"}}}
    codes = [desktop.wechat("/cgi-bin/message/subscribe/bizsend", body)["errcode"] for _ in range(2)]
    assert codes == [0, 43101]
    assert desktop.phone(openid)[0]["type"] == "subscribe"


def test_the_menu_is_kept_and_its_sizes_guarded(desktop: Desktop) -> None:
    buttons = [{"name": "推广赚钱", "type": "click", "key": "earn"}]
    assert desktop.wechat("/cgi-bin/menu/create", {"button": buttons})["errcode"] == 0
    assert desktop.wechat("/cgi-bin/menu/get")["menu"]["button"] == buttons
    long = [{"name": "推广赚钱真好", "type": "click", "key": "earn"}]
    assert desktop.wechat("/cgi-bin/menu/create", {"button": long})["errcode"] == 40018


def test_a_login_code_works_once_for_five_minutes(desktop: Desktop) -> None:
    openid = desktop.person()
    query = {
        "appid": APP_ID,
        "redirect_uri": "http://x/",
        "response_type": "code",
        "scope": "snsapi_base",
        "as": openid,
    }
    address = f"{desktop.url}/sim/wechat/connect/oauth2/authorize"
    location = requests.get(address, params=query, timeout=9, allow_redirects=False).headers["Location"]
    code = location.split("code=")[1].split("&")[0]
    asked = {"appid": APP_ID, "secret": "secret", "code": code, "grant_type": "authorization_code"}
    address = f"{desktop.url}/sim/wechat/sns/oauth2/access_token"
    answers = [requests.get(address, params=asked, timeout=9).json() for _ in range(2)]
    assert (answers[0]["openid"], answers[1]["errcode"]) == (openid, 40163)


def test_typing_needs_something_said_just_now(desktop: Desktop) -> None:
    openid = desktop.person()
    body = {"touser": openid, "command": "Typing"}
    assert desktop.wechat("/cgi-bin/message/custom/typing", body)["errcode"] == 45080
    desktop.post(f"/people/{openid}/say", text="a")
    assert desktop.wechat("/cgi-bin/message/custom/typing", body)["errcode"] == 0


def test_the_calls_of_the_service_are_on_record(desktop: Desktop) -> None:
    text_to(desktop, desktop.person())
    found = [(each["path"], each["code"]) for each in desktop.get("/calls")]
    assert found[-1] == ("/cgi-bin/message/custom/send", "45015")


def test_bodies_are_read_as_utf8(desktop: Desktop) -> None:
    assert "你" in dumps({"a": "你"}).decode()
    openid = desktop.person()
    desktop.post(f"/people/{openid}/say", text="a")
    text_to(desktop, openid, "你好😀")
    assert desktop.phone(openid)[-1]["text"] == "你好😀"
