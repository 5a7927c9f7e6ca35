"""The first rule that applies decides alone (R24-R28)."""

import pytest

from distribution.policy import Policy
from distribution.policy_parts import Band
from distribution.rules import rates
from distribution.rules.goods import Line
from distribution.rules.rates import Person, Rate

POLICY = Policy(
    store_rate_bp={"l1": 100, "l2": 50, "l3": 25},
    level_rate_bp={"金": {"l1": 200}},
    category_rate_bp={"糕": {"l1": 300, "l2": 30}, "赠": {"disabled": True}},
)
BAND = Band(from_fen=5000, l1=400, l2=40)
ANN, GOLD, OWN = Person(1), Person(2, "金"), Person(3, "金", {"l1": 900})
MATRIX = {"level_rate_bp": {"金": {"l1": 800, "l2": 80}}}


def line(category=None, rule=None):
    return Line(1, 1, 1000, category=category, rule=rule)


@pytest.mark.parametrize(
    ("line", "person", "kind", "band", "found"),
    [
        (line("糕", {"disabled": True}), OWN, "l1", BAND, Rate("product_disabled")),
        (line("糕", {"rate_bp": {"l1": 7}}), OWN, "l1", BAND, Rate("personal", 900)),
        (line(), OWN, "l2", BAND, Rate("personal", 0)),
        (line(), Person(4, None, {}), "l1", None, Rate("personal", 0)),
        (line("糕", {"rate_bp": {"l1": 7}}), GOLD, "l1", BAND, Rate("product", 7)),
        (line("糕", {"rate_bp": {"l1": 7}}), GOLD, "l2", BAND, Rate("product", 0)),
        (line("糕", {"fixed_fen": {"l1": 7}}), GOLD, "l1", BAND, Rate("product_fixed", fixed_fen=7)),
        (line("糕", {"fixed_fen": {"l1": 7}}), GOLD, "l2", BAND, Rate("product_fixed", fixed_fen=0)),
        (line("糕", {"disabled": False}), GOLD, "l1", BAND, Rate("product", 0)),
        (line("糕", MATRIX), GOLD, "l2", BAND, Rate("product_level", 80, facts={"level": "金"})),
        (line("糕", MATRIX), GOLD, "l3", BAND, Rate("product_level", 0, facts={"level": "金"})),
        (line("糕", MATRIX), ANN, "l1", BAND, Rate("product_level", 0, facts={"level": None})),
        (line("糕"), GOLD, "l2", BAND, Rate("category", 30, facts={"category": "糕"})),
        (line("糕"), GOLD, "l3", BAND, Rate("category", 0, facts={"category": "糕"})),
        (line("赠"), GOLD, "l1", BAND, Rate("category_disabled", facts={"category": "赠"})),
        (line("茶"), GOLD, "l1", BAND, Rate("level", 200, facts={"level": "金"})),
        (line("茶"), GOLD, "l2", BAND, Rate("level", 0, facts={"level": "金"})),
        (line("茶"), ANN, "l2", BAND, Rate("band", 40, facts={"from_fen": 5000})),
        (line(), Person(5, "银"), "l1", BAND, Rate("band", 400, facts={"from_fen": 5000})),
        (line(), ANN, "l3", None, Rate("store", 25)),
    ],
)
def test_the_nearest_rule_decides_alone(line, person, kind, band, found):
    assert rates.rate(POLICY, line, kind, person, band=band) == found


@pytest.mark.parametrize(
    ("line", "pays"),
    [
        (line(), True),
        (line("糕"), True),
        (line("赠"), False),
        (line("赠", {"rate_bp": {"l1": 7}}), True),
        (line("糕", {"disabled": True}), False),
    ],
)
def test_a_products_own_rule_stands_before_its_category(line, pays):
    assert rates.pays_commission(POLICY, line) is pays


@pytest.mark.parametrize(("goods_fen", "from_fen"), [(99, None), (100, 100), (499, 100), (500, 500), (9999, 500)])
def test_a_band_begins_at_its_own_fen(goods_fen, from_fen):
    policy = Policy(amount_bands=(Band(from_fen=500), Band(from_fen=100)))
    found = rates.band_of(policy, goods_fen)

    assert (found.from_fen if found else None) == from_fen
