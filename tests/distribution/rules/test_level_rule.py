"""Which level somebody's figures reach (R50)."""

import pytest

from distribution.rules import level
from distribution.rules.level import Rung

HAND = Rung("钻", 0)
ONE = Rung("铜", 1, "any", {"sales": 100, "orders": 5})
TWO = Rung("银", 2, "all", {"sales": 200, "orders": 5}, {"sales": 50, "orders": 1})
TOP = Rung("金", 9, "any", {"sales": 900})
RUNGS = [TWO, HAND, TOP, ONE]


@pytest.mark.parametrize(
    ("rung", "metrics", "met"),
    [
        (ONE, {"sales": 100}, True),
        (ONE, {"sales": 99, "orders": 4}, False),
        (ONE, {"orders": 5}, True),
        (TWO, {"sales": 200, "orders": 5}, True),
        (TWO, {"sales": 200}, False),
        (TWO, {"sales": 199, "orders": 5}, False),
        (HAND, {"sales": 10**9}, False),
        (Rung("零", 1, "all", {"sales": 0}), {}, True),
        (Rung("一", 1, "all", {"sales": 1}), {}, False),
    ],
)
def test_a_level_begins_at_its_figure(rung, metrics, met):
    assert level.reached(rung, metrics) is met


@pytest.mark.parametrize(
    ("metrics", "current", "best"),
    [
        ({}, None, None),
        ({}, ONE, ONE),
        ({"sales": 100}, None, ONE),
        ({"sales": 900}, ONE, TOP),
        ({"sales": 900}, TOP, TOP),
        ({"sales": 100}, TWO, TWO),
        ({"sales": 100}, HAND, ONE),
    ],
)
def test_nobody_falls_by_earning(metrics, current, best):
    assert level.earned(RUNGS, metrics, current) is best


def test_of_equal_ranks_the_one_that_is_held_stays():
    twin = Rung("铁", 1, "any", {"sales": 1})

    assert level.earned([twin], {"sales": 1}, ONE) is ONE


@pytest.mark.parametrize(
    ("metrics", "stays"),
    [({"sales": 50, "orders": 1}, True), ({"sales": 49, "orders": 1}, False), ({"sales": 50}, False)],
)
def test_a_quarter_must_have_everything_that_is_to_be_kept(metrics, stays):
    assert level.keeps(TWO, metrics) is stays
    assert level.keeps(ONE, {})
    assert not level.keeps(Rung("一", 1, keep={"sales": 1}), {})


def test_who_loses_a_level_cannot_fall_to_the_same_one():
    assert level.lowered(RUNGS, {"sales": 900, "orders": 9}, TWO) is ONE


@pytest.mark.parametrize(("sales", "left"), [(900, ONE), (100, ONE), (99, None)])
def test_who_loses_a_level_falls_to_the_highest_lower_one(sales, left):
    assert level.lowered(RUNGS, {"sales": sales}, TWO) is left


@pytest.mark.parametrize(("current", "above"), [(None, ONE), (HAND, ONE), (ONE, TWO), (TWO, TOP), (TOP, None)])
def test_the_next_level_is_one_that_can_be_earned(current, above):
    assert level.following(RUNGS, current) is above
    assert level.following([Rung("零", 0, need={"sales": 1})], None).rank == 0


@pytest.mark.parametrize(
    ("metrics", "wanting"),
    [
        ({}, {"sales": 200, "orders": 5}),
        ({"sales": 199, "orders": 5}, {"sales": 1}),
        ({"sales": 200, "orders": 4}, {"orders": 1}),
        ({"sales": 200, "orders": 5}, {}),
    ],
)
def test_what_is_missing_is_told_by_metric(metrics, wanting):
    assert level.missing(TWO, metrics) == wanting
    assert level.missing(ONE, {"sales": 100}) == {}
    assert level.missing(Rung("一", 1, need={"sales": 1}), {}) == {"sales": 1}
