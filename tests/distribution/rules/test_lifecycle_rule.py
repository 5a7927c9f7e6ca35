"""Every allowed change of state, and every other one refused (R2, R40)."""

from itertools import product

import pytest

from distribution.refusals import Code, Refusal
from distribution.rules import lifecycle
from models.states import DistributorState, OrderState, WithdrawalState

DISTRIBUTOR = "pending>active pending>rejected rejected>pending rejected>active active>frozen active>terminated"
WITHDRAWAL = "requested>approved requested>released approved>paying approved>released paying>paid paying>released"
ORDERS = ("unpaid", "paid", "shipped", "received", "closed")


@pytest.mark.parametrize(
    ("table", "states", "allowed"),
    [
        (lifecycle.DISTRIBUTOR, DistributorState, f"{DISTRIBUTOR} frozen>active frozen>terminated"),
        (lifecycle.WITHDRAWAL, WithdrawalState, WITHDRAWAL),
    ],
)
def test_only_these_changes_exist(table, states, allowed):
    for old, new in product(states, states):
        if f"{old}>{new}" in allowed.split():
            assert lifecycle.move(table, old, new) == new
        else:
            with pytest.raises(Refusal) as refused:
                lifecycle.move(table, old, new)
            assert refused.value.code == Code.ILLEGAL_STATE
            assert refused.value.facts == {"state": old, "wanted": new}


def test_a_state_nobody_knows_goes_nowhere():
    with pytest.raises(Refusal):
        lifecycle.move(lifecycle.WITHDRAWAL, "wibble", "paid")


def test_an_order_goes_on_or_is_closed_for_good():
    for (place, old), (further, new) in product(enumerate(ORDERS), enumerate(ORDERS)):
        assert lifecycle.order_may_become(old, new) is (further >= place)


@pytest.mark.parametrize(
    ("state", "implied"),
    [
        ("unpaid", ()),
        ("paid", ("paid",)),
        ("shipped", ("paid", "shipped")),
        ("received", ("paid", "shipped", "received")),
        ("closed", ("closed",)),
    ],
)
def test_a_state_implies_those_before_it(state, implied):
    assert lifecycle.reached(OrderState(state)) == implied
    assert lifecycle.reached(state) == implied
