import datetime as dt

import pytest
from bot_pushes import said_xml
from lxml import etree

from bot.markup import cdata, read
from bot.parsing import message_from
from bot.rendering import LONGEST_TEXT, cut, rendered
from bot.replies import Again, Articles, Ask, Elsewhere, Image, Offer, Reply, Silence, Text, from_json, shown, to_json

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
MESSAGE = message_from(read(said_xml("x")))
REPLIES: list[Reply] = [
    Text("好"),
    Image("m1"),
    Articles("标题", "说明", "https://x.test/p.jpg", "https://x.test"),
    Ask("withdrawal.amount", "多少？", {"fen": 2000}, minutes=5, again="多少？"),
    Offer("earnings.menu", "可提现 ¥1.00", "1 提现", {"a": [1, "二"]}),
    Again("再来"),
    Elsewhere(),
    Silence(),
]


@pytest.mark.parametrize("reply", REPLIES)
def test_a_stored_reply_comes_back_equal(reply: Reply) -> None:
    assert from_json(to_json(reply)) == reply


@pytest.mark.parametrize("stored", [{}, {"kind": "rocket"}, {"kind": "text"}, {"kind": "text", "text": "a", "b": 1}])
def test_something_else_is_no_stored_reply(stored: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not a stored reply"):
        from_json(stored)


@pytest.mark.parametrize("text", ["]]>", "]]>]]>", "]]]>", "<![CDATA[x]]>", "a]]", "</Content></xml>", "&lt;"])
def test_no_text_breaks_out_of_its_field(text: str) -> None:
    root = etree.fromstring(f"<a>{cdata(text)}</a>")

    assert root.text == text
    assert len(root) == 0


def test_characters_that_xml_cannot_carry_are_dropped() -> None:
    assert read(f"<xml><A>{cdata(chr(0) + 'a' + chr(0x1D) + chr(0xD800) + 'b' + chr(0xFFFF))}</A></xml>".encode()) == {
        "A": "ab"
    }


def test_a_picture_and_an_article_have_their_fields() -> None:
    picture = rendered(Image("m1"), MESSAGE, NOW)
    article = etree.fromstring(rendered(REPLIES[2], MESSAGE, NOW))

    assert "<MsgType><![CDATA[image]]></MsgType><Image><MediaId><![CDATA[m1]]></MediaId></Image>" in picture
    assert (article.findtext("MsgType"), article.findtext("ArticleCount")) == ("news", "1")
    assert article.findtext("Articles/item/Url") == "https://x.test"


def test_an_offer_shows_its_choices() -> None:
    assert shown(REPLIES[4]) == "可提现 ¥1.00\n\n1 提现"


def test_a_short_text_is_left_alone() -> None:
    text = "金" * 682

    assert cut(text) == text


@pytest.mark.parametrize("line", ["一行十二个字的文字吧好了", "x" * 40, "🎉" * 9])
@pytest.mark.parametrize("extra", range(4))
def test_a_long_text_ends_with_a_whole_line(line: str, extra: int) -> None:
    text = "\n".join(["y" * extra, *[line] * 200])

    short = cut(text)

    assert len(short.encode()) <= LONGEST_TEXT
    assert short.endswith(f"\n{line}\n…")
    assert len(short.encode()) + len(f"\n{line}".encode()) > LONGEST_TEXT


def test_one_endless_line_is_cut_between_characters() -> None:
    for character in "a金🎉":
        short = cut(character * 3000)

        assert len(short.encode()) <= LONGEST_TEXT
        assert short.rstrip("…") == character * (len(short) - 1)


def test_a_link_is_never_cut_in_two() -> None:
    link = '<a href="https://shop.test/w/8f3a">去确认收款\n在这里</a>'
    for before in range(1900, 2060, 3):
        short = cut("x" * before + "\n" + link + "\n尾巴" * 40)

        assert short.count("<a ") == short.count("</a>")
        assert len(short.encode()) <= LONGEST_TEXT
