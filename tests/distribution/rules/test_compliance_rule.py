"""Words, trees, incomes and circles that must be looked at, at their limits."""

import datetime as dt

import pytest

from distribution.rules import compliance
from distribution.rules.compliance import Limits, Word

LIMITS = Limits()
WORDS = [Word("躺赚", "a"), Word("稳赚不赔", "b"), Word("稳赚", "c"), Word("VIP", "d")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("每天躺赚", "a"),
        ("躺 - 赚", "a"),
        ("躺_赚", "a"),
        ("稳赚不赔", "b"),
        ("稳赚", "c"),
        ("ｖｉｐ 会员", "d"),
        ("躺着", ""),
        ("稳赚不赔，躺赚", "ab"),
    ],
)
def test_words_are_found_however_they_are_spaced_and_the_longest_counts(text, found):
    assert "".join(word.why for word in compliance.found(text, WORDS)) == found


def test_a_word_does_not_hide_itself():
    twice = [Word("躺赚", "a"), Word("躺赚", "b")]

    assert compliance.found("躺赚", twice) == twice
    assert compliance.plain("Ａ b_C！") == "abc"


@pytest.mark.parametrize(
    ("people", "generations", "large"), [(30, 3, True), (29, 3, False), (30, 2, False), (99, 9, True)]
)
def test_a_tree_is_large_where_both_limits_are_reached(people, generations, large):
    assert compliance.tree_is_large(people, generations, LIMITS) is large


@pytest.mark.parametrize(
    ("invited", "of", "too_much"),
    [
        (50_000, 100_000, False),
        (50_001, 100_000, True),
        (99_999, 99_999, False),
        (50_001, 100_001, True),
        (50_000, 100_001, False),
        (0, 0, False),
    ],
)
def test_more_than_half_of_a_real_income_is_too_much(invited, of, too_much):
    assert compliance.recruits_too_much(invited, of, LIMITS) is too_much


@pytest.mark.parametrize(
    ("bought", "rings"),
    [
        ({}, []),
        ({1: [2], 2: [3]}, []),
        ({1: [2], 2: [3], 3: [1]}, [{1, 2, 3}]),
        ({3: [2], 2: [1], 1: [3]}, [{1, 2, 3}]),
        ({1: [2], 2: [1]}, []),
        ({1: [2, 5], 2: [3], 3: [1, 4], 4: [5], 5: [6], 6: [4]}, [{4, 5, 6}, {1, 2, 3}]),
        ({1: [2], 2: [3], 3: [2, 4], 4: [2]}, [{2, 3, 4}]),
        ({1: [1], 2: [1]}, []),
        ({1: [2], 2: [3, 4], 3: [1], 4: [2]}, [{1, 2, 3, 4}]),
        ({1: [3], 2: [4], 3: [2], 4: [1, 9]}, [{1, 2, 3, 4}]),
        ({5: [1], 1: [2], 2: [3], 3: [1], 6: [5, 3]}, [{1, 2, 3}]),
        ({1: [2, 3], 2: [4], 3: [4], 4: [5], 5: [2]}, [{2, 4, 5}]),
    ],
)
def test_people_who_buy_in_a_ring_are_one_group(bought, rings):
    assert [set(ring) for ring in compliance.circles(bought, 3)] == rings


def test_a_ring_as_small_as_asked_for_counts():
    assert compliance.circles({1: [2], 2: [1]}, 2) == [frozenset({1, 2})]
    assert compliance.circles({1: [2], 2: [1]}, 1) == [frozenset({1, 2})]


def test_marks_that_enough_people_share_are_listed():
    marks = {1: ["p", "q"], 2: ["p"], 3: ["q", "p"], 4: ["r"]}

    assert compliance.sharing(marks, 2) == [("p", frozenset({1, 2, 3})), ("q", frozenset({1, 3}))]
    assert compliance.sharing(marks, 3) == [("p", frozenset({1, 2, 3}))]


@pytest.mark.parametrize(
    ("sold", "returned", "too_much"),
    [
        (200_000, 60_000, False),
        (200_000, 60_001, True),
        (100_000, 49_999, False),
        (100_000, 50_000, True),
        (0, 0, False),
    ],
)
def test_what_comes_back_is_too_much_above_both_limits(sold, returned, too_much):
    assert compliance.returns_too_much(sold, returned, LIMITS) is too_much


DAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("orders", "found"),
    [
        ({0: 29}, None),
        ({0: 30}, 0),
        ({0: 30, -1: 10, -2: 10}, 0),
        ({0: 30, -1: 11}, None),
        ({0: 30, -30: 11}, None),
        ({0: 30, -31: 999}, 0),
        ({0: 30, 1: 90}, 1),
        ({0: 30, 1: 89}, 0),
        ({-1: 30}, None),
    ],
)
def test_a_rush_is_many_orders_and_many_more_than_before(orders, found):
    told = {DAY + dt.timedelta(days=at): number for at, number in orders.items()}

    assert compliance.rush(told, DAY, LIMITS) == (None if found is None else DAY + dt.timedelta(days=found))
