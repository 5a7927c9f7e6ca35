"""What joining asks for, at the very fen (R1)."""

import pytest

from distribution.policy_parts import JoinTerms
from distribution.refusals import Code, Refusal
from distribution.rules import joining
from distribution.rules.joining import Bought

BOUGHT = Bought(1000, 2, frozenset({"A", "B"}))


@pytest.mark.parametrize(
    "terms",
    [
        {"spend_fen": 1000},
        {"orders": 2},
        {"skus": ("A",)},
        {"skus": ("A", "C")},
        {"spend_fen": 1001, "orders": 2},
        {"match": "all", "spend_fen": 1000, "orders": 2, "skus": ("A", "B")},
        {"spend_fen": 0},
    ],
)
def test_what_is_asked_for_is_there(terms):
    joining.check(JoinTerms(**terms), BOUGHT)


@pytest.mark.parametrize(
    "terms",
    [
        {},
        {"match": "all"},
        {"spend_fen": 1001},
        {"orders": 3},
        {"skus": ("C",)},
        {"match": "all", "spend_fen": 1000, "orders": 3},
        {"match": "all", "orders": 2, "skus": ("A", "C")},
    ],
)
def test_what_is_missing_is_told(terms):
    asked = JoinTerms(**terms)
    with pytest.raises(Refusal) as refused:
        joining.check(asked, BOUGHT)

    assert refused.value.code == Code.CONDITION_NOT_MET
    assert refused.value.facts == {
        "match": asked.match,
        "spend_fen": asked.spend_fen,
        "orders": asked.orders,
        "skus": asked.skus,
        "spent_fen": 1000,
        "ordered": 2,
    }
