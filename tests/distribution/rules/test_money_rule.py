"""Yuan as people read and write them, to the fen."""

import pytest

from distribution.rules import money


@pytest.mark.parametrize(
    ("fen", "shown", "plain"),
    [
        (0, "¥0.00", "0.00"),
        (1, "¥0.01", "0.01"),
        (99, "¥0.99", "0.99"),
        (100, "¥1.00", "1.00"),
        (-1, "-¥0.01", "-0.01"),
        (-199, "-¥1.99", "-1.99"),
        (123_456_789, "¥1,234,567.89", "1234567.89"),
    ],
)
def test_fen_are_shown_with_two_places(fen, shown, plain):
    assert (money.yuan(fen), money.plain_yuan(fen)) == (shown, plain)


@pytest.mark.parametrize(
    ("bp", "shown"),
    [
        (0, "0%"),
        (1, "0.01%"),
        (10, "0.1%"),
        (100, "1%"),
        (1000, "10%"),
        (1250, "12.5%"),
        (10_000, "100%"),
        (1234, "12.34%"),
    ],
)
def test_basis_points_are_shown_without_needless_zeros(bp, shown):
    assert money.percent(bp) == shown


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("200", 20_000),
        ("¥1,280.00", 128_000),
        ("￥12.5元", 1_250),
        ("0.01", 1),
        ("１２．５", 1_250),
        (" 1 000 块钱", 100_000),
        ("1.5w", 1_500_000),
        ("2K", 200_000),
        ("2k", 200_000),
        ("1.5W", 1_500_000),
        ("3千", 300_000),
        ("3万", 3_000_000),
        ("1.23万", 1_230_000),
        ("两百块", 20_000),
        ("三百五", 35_000),
        ("一千二", 120_000),
        ("一万二", 1_200_000),
        ("三百〇五", 30_500),
        ("一百万五", 100_500_000),
        ("一万五百", 1_050_000),
        ("十", 1_000),
        ("零", 0),
        ("三块五", 350),
        ("3块5毛", 350),
        ("3元2角5分", 325),
        ("三块五毛二分钱", 352),
        ("3块零5分", 305),
        ("一万零五", 1_000_500),
        ("十万五", 10_500_000),
        ("两百五十", 25_000),
        ("3块5分", 305),
        ("10000000", 1_000_000_000),
        ("10000000.01", None),
        ("1,28", None),
        ("12.345", None),
        ("1.5.5", None),
        ("-5", None),
        ("三块", 300),
        ("块五", None),
        ("猫块五", None),
        ("3块猫", None),
        ("3块5毛猫分", None),
        ("百百", None),
        ("", None),
        ("多少", None),
    ],
)
def test_yuan_are_understood_as_people_write_them(text, fen):
    assert money.parse_yuan(text) == fen
