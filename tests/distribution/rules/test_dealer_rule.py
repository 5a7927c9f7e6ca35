"""Prices and differences up a chain of dealers (R70-R75)."""

import pytest

from distribution.rules import dealer
from distribution.rules.dealer import Link, Price


def link(number, bp=5000, none=None):
    return Link(number, number * 10, f"G{number}", bp, none)


def chain(*units, **nobody):
    return [Price(link(n, none=nobody.get(f"d{n}")), unit) for n, unit in enumerate(units, 1)]


@pytest.mark.parametrize(
    ("list_fen", "bp", "unit"), [(1, 5000, 1), (1, 4999, 0), (3, 5000, 2), (10_000, 6789, 6789), (99, 10_000, 99)]
)
def test_half_a_fen_is_rounded_up(list_fen, bp, unit):
    assert dealer.unit_price(list_fen, bp) == unit


def test_everybody_of_the_chain_has_a_price():
    links = [link(1, 6000), link(2, 4500)]

    assert dealer.prices(101, links) == [Price(links[0], 61), Price(links[1], 45)]


@pytest.mark.parametrize(
    ("units", "each"),
    [
        ((60, 50, 40), [10, 10]),
        ((60, 60, 40), [0, 20]),
        ((60, 70, 40), [0, 20]),
        ((60, 40, 50, 39), [20, 0, 1]),
        ((60,), []),
    ],
)
def test_only_who_is_cheaper_than_the_best_so_far_earns(units, each):
    assert [made["each_fen"] for made in dealer.offers(dealer.PURCHASE, chain(*units))] == each


def test_a_retail_sale_earns_the_seller_his_margin_first():
    assert dealer.offers(dealer.RETAIL, chain(60, 50)) == [
        {"kind": "dealer_retail", "who": 10, "source": "dealer", "grade": "G1", "own_fen": 60},
        {"kind": "dealer_diff", "who": 20, "source": "dealer", "grade": "G2", "each_fen": 10},
    ]


def test_who_may_not_earn_leaves_his_difference_to_headquarters():
    made = dealer.offers(dealer.RETAIL, chain(60, 50, 40, d1="frozen", d2="ended"))

    assert made[:2] == [
        {"kind": "dealer_retail", "who": None, "none": "frozen"},
        {"kind": "dealer_diff", "who": None, "none": "ended"},
    ]
    assert made[2]["each_fen"] == 10


@pytest.mark.parametrize(
    ("paid", "quantity", "split"), [(100, 3, (34, 2)), (99, 3, (33, 0)), (1, 2, (1, 1)), (0, 2, (0, 0))]
)
def test_odd_fen_of_a_line_are_a_discount(paid, quantity, split):
    assert dealer.split_paid(paid, quantity) == split


def test_prices_are_kept_with_their_chain():
    assert dealer.told(3, 100, [Price(link(1), 60)]) == {
        "line_no": 3,
        "list_fen": 100,
        "chain": [{"dealer": 1, "who": 10, "grade": "G1", "bp": 5000, "unit_fen": 60}],
    }
