"""What was really paid for a line, to the last fen (R21, R22, R31, R74)."""

import pytest

from distribution.rules import goods
from distribution.rules.goods import Deductions, Line


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], [33, 33, 34]),
        (-100, [1, 1, 1], [-33, -33, -34]),
        (1, [1, 1], [0, 1]),
        (-1, [1, 1], [0, -1]),
        (0, [5, 5], [0, 0]),
        (10, [0, 5], [0, 10]),
        (10, [5, 0], [10, 0]),
        (10, [0, 0, 0], [0, 0, 10]),
        (10, [0], [10]),
        (10, [1, 0, 0], [10, 0, 0]),
        (3, [], []),
        (7, [9], [7]),
    ],
)
def test_a_sum_is_split_by_weight_and_the_last_takes_the_rest(total, weights, parts):
    assert goods.split(total, weights) == parts


def test_a_line_is_units_less_its_own_discount():
    assert Line(1, 3, 500, 20).amount_fen == 1480


def test_everything_the_order_takes_off_is_split_over_its_lines():
    lines = [Line(1, 1, 1000), Line(2, 2, 1000)]
    off = Deductions(coupon_fen=100, points_fen=10, freight_fen=8)

    assert goods.paid_amounts(lines, off, kind="paid_goods") == [1000 - 33 - 3, 2000 - 67 - 7]
    assert goods.paid_amounts(lines, off, kind="paid_with_freight") == [1000 - 33 - 3 + 2, 2000 - 67 - 7 + 6]
    assert goods.paid_amounts([], off, kind="paid_goods") == []


def test_nothing_is_paid_less_than_nothing():
    assert goods.paid_amounts([Line(1, 1, 100)], Deductions(coupon_fen=101), kind="paid_goods") == [0]
    assert goods.paid_amounts([Line(1, 1, 100)], Deductions(coupon_fen=99), kind="paid_goods") == [1]


@pytest.mark.parametrize(
    ("left", "pieces", "returned", "fen"),
    [(100, 3, 1, 33), (100, 3, 2, 66), (100, 3, 3, 100), (9, 1, 1, 9), (5, 0, 0, 0)],
)
def test_the_last_piece_takes_what_is_left(left, pieces, returned, fen):
    assert goods.returned_fen(left, pieces, returned) == fen


@pytest.mark.parametrize(
    ("kind", "left", "pieces", "base"),
    [
        ("paid_goods", 700, 2, 700),
        ("paid_with_freight", 700, 2, 700),
        ("list_price", 900, 3, 3000),
        ("list_price", 700, 2, 2333),
        ("list_price", 0, 0, 0),
        ("profit", 900, 3, 600),
        ("profit", 300, 3, 0),
        ("profit", 301, 3, 1),
        ("profit", 299, 3, 0),
        ("profit", 500, 1, 400),
    ],
)
def test_the_base_is_what_the_merchant_chose(kind, left, pieces, base):
    line = Line(1, 3, 1000, cost_fen=100)

    assert goods.commission_base(line, kind=kind, paid_fen=900, left_fen=left, pieces=pieces) == base


def test_nothing_paid_has_no_base_and_an_unknown_cost_is_none():
    line = Line(1, 3, 1000)

    assert goods.commission_base(line, kind="list_price", paid_fen=0, left_fen=0, pieces=3) == 0
    assert goods.commission_base(line, kind="list_price", paid_fen=1, left_fen=1, pieces=3) == 3000
    assert goods.commission_base(line, kind="profit", paid_fen=900, left_fen=900, pieces=3) == 900
