"""Texts leave in the form WeChat takes."""

import pytest

from wechat.wording import legal, pieces


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("thing1", "即食阿胶糕 250g", "即食阿胶糕 250g"),
        ("thing1", "一二三四五六七八九十一二三四五六七八九十多", "一二三四五六七八九十一二三四五六七八九…"),
        ("thing2", "小红❤️\n花👩‍👧\x1d", "小红 花"),
        ("thing3", "🎉", "无"),
        ("amount2", "¥1,234.50", "¥1234.50"),
        ("amount2", "60.00元", "60.00元"),
        ("amount9", "", "0元"),
        ("phrase3", "已到账!很快的哦", "已到账很快"),
        ("character_string1", "单号 W202611240001", "W202611240001"),
        ("character_string1", "单号", "-"),
        ("time4", "2026年11月24日 12:00", "2026年11月24日 12:00"),
        ("name1", "欧阳娜娜欧阳娜娜欧阳娜娜", "欧阳娜娜欧阳娜娜欧阳"),
        ("name1", "Christopher Alexander", "Christopher Alexande"),
        ("number5", "12 单", "12"),
        ("phone_number1", "138 0013 8000", "13800138000"),
        ("letter1", "a1b2", "ab"),
        ("keyword1", "任意内容", "任意内容"),
    ],
)
def test_a_template_value_obeys_its_type(key: str, value: str, expected: str) -> None:
    assert legal(key, value) == expected


def test_a_short_text_stays_one_message() -> None:
    assert pieces("可提现 ¥60.00\n回复金额") == ["可提现 ¥60.00\n回复金额"]


def test_a_long_text_is_cut_at_line_ends_and_loses_no_line() -> None:
    text = "\n".join(f"第{n}单 佣金 ¥{n}.00" for n in range(200))

    found = pieces(text)

    assert "\n".join(found) == text
    assert all(len(piece) <= 600 and len(piece.encode()) <= 2000 for piece in found)


@pytest.mark.parametrize("text", ["好" * 2500, "😀" * 1001, "a" * 601, "a\n" + "b" * 700])
def test_a_text_without_line_ends_is_cut_within_both_limits(text: str) -> None:
    found = pieces(text)

    assert "".join(found).replace("\n", "") == text.replace("\n", "")
    assert all(len(piece) <= 600 and len(piece.encode()) <= 2000 for piece in found)
