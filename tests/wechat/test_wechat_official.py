"""What is sent to the account API, and what comes of the answers."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from wechat_stand_in import TOKEN_CALL, HandClock, Reply, StandIn, refused, token

from wechat.errors import Action, Outside
from wechat.official import Official, SceneCode

OPENID = "oABCDEFGHIJKLMNOPQRSTUVWXYZ_"
JPEG = b"\xff\xd8\xff\xe0picture"


def test_json_goes_out_as_plain_utf8_without_control_characters(server: StandIn, official: Official) -> None:
    official.send_text(OPENID, "佣金到账\x1d 😀 \ud800")

    heard = server.calls("custom/send")[0]
    assert "佣金到账 😀 ".encode() in heard.body
    assert heard.json == {"touser": OPENID, "msgtype": "text", "text": {"content": "佣金到账 😀 "}}
    assert heard.path == "/sim/wechat/cgi-bin/message/custom/send"


def test_a_refused_token_is_renewed_and_the_call_repeated_once(server: StandIn, official: Official) -> None:
    server.play(TOKEN_CALL, token("one"), token("two"))
    server.play("custom/send", refused(42001), {"errcode": 0, "errmsg": "ok"})

    official.send_text(OPENID, "x")

    assert [heard.query["access_token"] for heard in server.calls("custom/send")] == ["one", "two"]


def test_a_token_refused_for_good_ends_after_one_renewal(server: StandIn, official: Official) -> None:
    server.play("custom/send", refused(40001))

    with pytest.raises(Outside) as caught:
        official.send_text(OPENID, "x")
    assert (caught.value.action, caught.value.alarm) == (Action.RETRY, True)
    assert (len(server.calls("custom/send")), len(server.calls(TOKEN_CALL))) == (2, 2)


def test_no_token_means_nothing_was_sent(server: StandIn, official: Official) -> None:
    server.play(TOKEN_CALL, refused(-1))

    with pytest.raises(Outside) as caught:
        official.send_text(OPENID, "x")
    assert caught.value.action is Action.RETRY
    assert server.calls("custom/send") == []


@pytest.mark.parametrize(
    ("seconds", "asked", "life"),
    [
        (3600, {"action_name": "QR_STR_SCENE", "expire_seconds": 3600}, 3600),
        (9_999_999, {"action_name": "QR_STR_SCENE", "expire_seconds": 2592000}, 3600),
        (None, {"action_name": "QR_LIMIT_STR_SCENE"}, None),
    ],
)
def test_a_scene_is_made_for_a_while_or_for_ever(
    server: StandIn, official: Official, seconds: int | None, asked: dict[str, Any], life: int | None
) -> None:
    server.play("qrcode/create", {"ticket": "gQH+=", "expire_seconds": 3600, "url": "http://weixin.qq.com/q/02"})

    assert official.create_scene("C8F3Q", seconds=seconds) == SceneCode("gQH+=", "http://weixin.qq.com/q/02", life)
    assert server.calls("qrcode")[0].json == {**asked, "action_info": {"scene": {"scene_str": "C8F3Q"}}}


@pytest.mark.parametrize(
    ("path", "answer", "upload"),
    [
        ("media/upload", {"media_id": "m1", "type": "image"}, lambda it: it.upload_image(JPEG, "海报.jpg")),
        ("media/uploadimg", {"url": "m1"}, lambda it: it.upload_article_image(JPEG)),
        ("material/add_material", {"media_id": "m1", "url": "u"}, lambda it: it.add_permanent_image(JPEG)),
    ],
)
def test_a_picture_is_uploaded_under_an_ascii_name(
    server: StandIn, official: Official, path: str, answer: Any, upload: Callable[[Official], str]
) -> None:
    server.play(path, answer)

    assert upload(official) == "m1"
    body = server.calls(path)[0].body
    assert JPEG in body
    assert body.split(b"\r\n\r\n")[0].isascii()
    assert b'name="media"; filename="' in body


def test_an_upload_survives_a_renewed_token(server: StandIn, official: Official) -> None:
    server.play("media/upload", refused(40001), {"media_id": "m1"})

    assert official.upload_image(JPEG) == "m1"
    assert JPEG in server.calls("media/upload")[1].body


def test_a_draft_carries_its_article(server: StandIn, official: Official) -> None:
    server.play("draft/add", {"media_id": "d1"})

    assert official.add_draft("新品", "小店", "<p>好</p>", thumb_media_id="t1", digest="摘要") == "d1"
    article = server.calls("draft/add")[0].json["articles"][0]
    assert (article["title"], article["content"], article["thumb_media_id"]) == ("新品", "<p>好</p>", "t1")


def test_a_customer_message_has_wechats_form(server: StandIn, official: Official) -> None:
    official.send_image(OPENID, "m")

    assert server.calls("custom/send")[0].json == {"touser": OPENID, "msgtype": "image", "image": {"media_id": "m"}}


def test_a_film_is_uploaded_with_its_picture_and_sent_in_wechats_form(server: StandIn, official: Official) -> None:
    server.play("media/upload", {"media_id": "v"}, {"thumb_media_id": "t"})
    film, thumb = official.upload_video(b"\0\0\0\x18ftypmp42"), official.upload_thumb(b"\xff\xd8")
    official.send_video(OPENID, film, thumb, title="开箱", text="一天\n一包")

    assert [call.query["type"] for call in server.calls("media/upload")] == ["video", "thumb"]
    sent = server.calls("custom/send")[0].json
    assert sent["video"] == {"media_id": "v", "thumb_media_id": "t", "title": "开箱", "description": "一天\n一包"}


def test_a_long_text_broken_off_in_the_middle_is_unknown(server: StandIn, official: Official) -> None:
    server.play("custom/send", {"errcode": 0}, refused(45047))

    with pytest.raises(Outside) as caught:
        official.send_text(OPENID, "字" * 1000)
    assert (caught.value.action, caught.value.code) == (Action.UNKNOWN, 45047)


def test_a_busy_answer_to_a_message_is_unknown_and_not_repeated(server: StandIn, official: Official) -> None:
    server.play("custom/send", refused(-1))

    with pytest.raises(Outside) as caught:
        official.send_text(OPENID, "x")
    assert caught.value.action is Action.UNKNOWN
    assert len(server.calls("custom/send")) == 1


def test_a_busy_answer_to_a_template_is_repeated_once_under_the_same_id(server: StandIn, official: Official) -> None:
    server.play("template/send", refused(-1), {"errcode": 0, "errmsg": "ok", "msgid": 200163836})

    told = official.send_template(OPENID, "t", {"thing1": "到账\n了"}, url="https://a", client_msg_id="n" * 40)

    first, second = (heard.json for heard in server.calls("template/send"))
    assert told == "200163836"
    assert first == second
    assert len(first["client_msg_id"]) == 32
    assert first["data"] == {"thing1": {"value": "到账 了"}}


def test_a_lost_answer_to_a_template_is_unknown_and_left_to_the_caller(server: StandIn, official: Official) -> None:
    server.play("template/send", Reply(drop=True))

    with pytest.raises(Outside) as caught:
        official.send_template(OPENID, "t", {"thing1": "x"}, url=None, client_msg_id="n1")
    assert caught.value.action is Action.UNKNOWN
    assert len(server.calls("template/send")) == 1


def test_a_mass_send_repeated_gives_the_first_number(server: StandIn, official: Official) -> None:
    server.play("mass/send", {**refused(45065), "msg_id": 34182})

    assert official.mass_send([OPENID, "o2"], "d1", client_id="campaign-7-1") == "34182"
    sent = server.calls("mass/send")[0].json
    assert (sent["touser"], sent["mpnews"], sent["clientmsgid"]) == (
        [OPENID, "o2"],
        {"media_id": "d1"},
        "campaign-7-1",
    )


def test_a_mass_send_to_one_person_goes_elsewhere_without_a_call(server: StandIn, official: Official) -> None:
    with pytest.raises(Outside) as caught:
        official.mass_send([OPENID], "d1", client_id="c")
    assert caught.value.action is Action.ELSEWHERE
    assert server.heard == []


def test_a_used_up_quota_waits_until_midnight_in_beijing(server: StandIn, official: Official, clock: HandClock) -> None:
    server.play("custom/send", refused(45009))

    with pytest.raises(Outside) as caught:
        official.send_text(OPENID, "x")
    assert clock.now().isoformat() == "2026-11-24T04:00:00+00:00"
    assert caught.value.retry_after == 12 * 3600 + 1


@pytest.mark.parametrize(
    ("answer", "follows"),
    [({"subscribe": 1, "openid": OPENID}, True), ({"subscribe": 0}, False), (refused(40003), False)],
)
def test_following_is_asked_of_wechat(server: StandIn, official: Official, answer: Any, follows: bool) -> None:
    server.play("user/info", answer)

    assert official.user_follows(OPENID) is follows


def test_the_menu_is_replaced(server: StandIn, official: Official) -> None:
    official.create_menu([{"type": "click", "name": "我的海报", "key": "poster"}])

    assert server.calls("menu/create")[0].json == {
        "button": [{"type": "click", "name": "我的海报", "key": "poster"}],
    }


def test_the_log_in_address_keeps_wechats_order(official: Official, server: StandIn) -> None:
    url = official.oauth_url("https://shop.example/h5?a=1&b=2", "s1")

    assert url.startswith(f"{server.base}/sim/wechat/connect/oauth2/authorize?appid=")
    assert url.endswith("#wechat_redirect")
    names = list(parse_qs(urlsplit(url).query))
    assert names == ["appid", "redirect_uri", "response_type", "scope", "state"]


def test_a_code_is_exchanged_for_the_openid_without_the_api_token(server: StandIn, official: Official) -> None:
    server.play("sns/oauth2", {"access_token": "other", "expires_in": 7200, "openid": OPENID, "scope": "snsapi_base"})

    assert official.oauth_openid("code1") == OPENID
    assert "access_token" not in server.heard[0].query


def test_a_used_code_begins_the_log_in_again(server: StandIn, official: Official) -> None:
    server.play("sns/oauth2", refused(40163))

    with pytest.raises(Outside) as caught:
        official.oauth_openid("code1")
    assert caught.value.action is Action.PERMANENT


def test_a_picture_that_a_person_sent_is_fetched_with_a_renewed_token(server: StandIn, official: Official) -> None:
    server.play("media/get", refused(40001), Reply(JPEG))

    assert official.download_image("m1", most=1000) == JPEG
    assert [heard.query["media_id"] for heard in server.calls("media/get")] == ["m1", "m1"]


def test_a_picture_larger_than_asked_for_is_left(server: StandIn, official: Official) -> None:
    server.play("media/get", Reply(JPEG + b"0" * 3_000_000))

    assert official.download_image("m1", most=2_000_000) is None


@pytest.mark.parametrize("answer", [refused(40007), Reply(b""), Reply(b"<html>busy</html>", status=502), Reply(b"{")])
def test_what_is_no_picture_is_refused_and_may_be_asked_again(server: StandIn, official: Official, answer: Any) -> None:
    server.play("media/get", answer)

    with pytest.raises(Outside) as caught:
        official.download_image("m1", most=1000)
    assert caught.value.action is not Action.UNKNOWN
