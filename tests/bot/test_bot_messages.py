import datetime as dt

import pytest
from bot_pushes import OPENID, ORIGINAL, event_xml, fields_xml, said_xml

from bot.markup import read
from bot.messages import Clicked, Followed, Left, Message, Said, Scanned, Sent, Told, Unknown, Viewed, Voice
from bot.parsing import message_from


def heard(xml: bytes) -> Message:
    return message_from(read(xml))


def test_everybody_of_a_message_is_told() -> None:
    message = heard(said_xml("你好", bizmsgmenuid="101"))

    assert message == Said(
        text="你好",
        menu_id="101",
        openid=OPENID,
        account=ORIGINAL,
        at=dt.datetime(2023, 11, 14, 22, 13, 20, tzinfo=dt.UTC),
        key=f"{OPENID}:1700000000:7000000001",
    )


@pytest.mark.parametrize(
    "text", ["]]>", "<b>&amp;</b>", "{{ 7*7 }} %s", "'; drop table", "🎉👨‍👩‍👧", "２００", "‮abc", "a\nb", "a\tb"]
)
def test_text_stays_literal(text: str) -> None:
    message = heard(said_xml(text.replace("]]>", "]]]]><![CDATA[>")))

    assert isinstance(message, Said)
    assert message.text == text


def test_control_characters_are_dropped() -> None:
    message = heard(said_xml("收\x1d益\x08"))

    assert isinstance(message, Said)
    assert message.text == "收益"


@pytest.mark.parametrize(
    ("xml", "kind", "facts"),
    [
        (event_xml("CLICK", EventKey="EARNINGS"), Clicked, {"button": "EARNINGS"}),
        (event_xml("VIEW", EventKey="https://shop.test/a"), Viewed, {"url": "https://shop.test/a"}),
        (event_xml("view_miniprogram", EventKey="pages/index"), Viewed, {"url": "pages/index"}),
        (event_xml("subscribe", EventKey=""), Followed, {"scene": None}),
        (event_xml("subscribe"), Followed, {"scene": None}),
        (event_xml("subscribe", EventKey="qrscene_d7f3", Ticket="t"), Followed, {"scene": "d7f3"}),
        (event_xml("subscribe", EventKey="last_trade_no_42"), Followed, {"scene": None}),
        (event_xml("subscribe", EventKey="qrscene_" + "x" * 65), Followed, {"scene": None}),
        (event_xml("unsubscribe", EventKey=""), Left, {}),
        (event_xml("SCAN", EventKey="d7f3", Ticket="t"), Scanned, {"scene": "d7f3"}),
        (event_xml("scan", EventKey="qrscene_d7f3"), Scanned, {"scene": "d7f3"}),
        (event_xml("SCAN", EventKey=""), Told, {"name": "scan"}),
        (event_xml("LOCATION", Latitude="1"), Told, {"name": "location"}),
        (event_xml("kf_create_session"), Told, {"name": "kf_create_session"}),
    ],
)
def test_events_have_their_kind(xml: bytes, kind: type[Message], facts: dict[str, object]) -> None:
    message = heard(xml)

    assert type(message) is kind
    assert {name: getattr(message, name) for name in facts} == facts


def media_xml(kind: str, **fields: str) -> bytes:
    head = {"ToUserName": ORIGINAL, "FromUserName": OPENID, "CreateTime": "1700000000", "MsgType": kind, "MsgId": "9"}
    return fields_xml(**(head | fields))


def test_media_tell_what_they_are() -> None:
    picture = heard(media_xml("image", MediaId="m1", PicUrl="https://x.test/1"))
    place = heard(media_xml("location", Location_X="30.1", Label="杭州"))

    assert isinstance(picture, Sent)
    assert (picture.kind, picture.media_id, picture.facts) == ("image", "m1", {"PicUrl": "https://x.test/1"})
    assert isinstance(place, Sent)
    assert (place.media_id, place.facts["Label"]) == (None, "杭州")


def test_speech_is_text_when_wechat_heard_it() -> None:
    heard_it = heard(media_xml("voice", MediaId="m1", Recognition="我的收益。"))
    silent = heard(media_xml("voice", MediaId="m1", Recognition=""))

    assert isinstance(heard_it, Voice)
    assert isinstance(silent, Voice)
    assert (heard_it.recognition, silent.recognition) == ("我的收益。", None)


def test_a_kind_of_tomorrow_is_unknown_and_nothing_else() -> None:
    message = heard(media_xml("hologram", Depth="3").replace(b"</xml>", b"<Mesh><Point>1</Point></Mesh></xml>"))

    assert isinstance(message, Unknown)
    assert message.kind == "hologram"


def test_nested_facts_of_events_are_kept() -> None:
    articles = "<ArticleUrlResult><Count>2</Count><ResultList><item><ArticleIdx>1</ArticleIdx></item>"
    articles += "<item><ArticleIdx>2</ArticleIdx></item></ResultList></ArticleUrlResult>"
    mass = heard(event_xml("MASSSENDJOBFINISH", articles, MsgID="77", Status="send success"))
    popup = "<SubscribeMsgPopupEvent><List><TemplateId>a</TemplateId></List></SubscribeMsgPopupEvent>"
    asked = heard(event_xml("subscribe_msg_popup_event", popup))

    assert isinstance(mass, Told)
    assert isinstance(asked, Told)
    assert mass.facts["ArticleUrlResult"]["ResultList"]["item"] == [{"ArticleIdx": "1"}, {"ArticleIdx": "2"}]
    assert asked.facts == {"SubscribeMsgPopupEvent": {"List": [{"TemplateId": "a"}]}}


def test_two_events_of_one_second_have_two_keys() -> None:
    followed, scanned = heard(event_xml("subscribe", EventKey="qrscene_a")), heard(event_xml("SCAN", EventKey="a"))
    other = heard(event_xml("SCAN", EventKey="b"))

    assert len({followed.key, scanned.key, other.key}) == 3


def test_one_number_of_two_people_is_two_messages() -> None:
    assert heard(said_xml("x")).key != heard(said_xml("x", FromUserName="oSomebodyElse")).key


def test_a_job_is_known_by_its_number() -> None:
    first = heard(event_xml("TEMPLATESENDJOBFINISH", MsgID="5", Status="success"))
    again = heard(event_xml("TEMPLATESENDJOBFINISH", MsgID="5", Status="success", CreateTime="1700000009"))

    assert first.key == again.key == "templatesendjobfinish:5"


def test_a_long_key_is_cut_short_but_stays_its_own() -> None:
    one, two = (heard(event_xml("VIEW", EventKey="https://x.test/" + "a" * 900 + end)) for end in "bc")

    assert one.key != two.key
    assert len(one.key) < 100
