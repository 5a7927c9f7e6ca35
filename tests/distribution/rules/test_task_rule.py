"""What reached goals are worth (R52)."""

import pytest

from distribution.refusals import Code, Refusal
from distribution.rules import task
from distribution.rules.task import Tier

ONE, TWO, THREE = Tier(100, 30), Tier(200, 10), Tier(300, 90)


def test_tiers_are_put_in_order():
    assert task.clean([THREE, ONE, TWO]) == [ONE, TWO, THREE]
    assert task.clean([Tier(1, 0)]) == [Tier(1, 0)]


@pytest.mark.parametrize("tiers", [[], [Tier(0, 5)], [Tier(-1, 5), ONE], [ONE, Tier(100, 31)], [ONE, Tier(200, -1)]])
def test_goals_that_make_no_sense_are_refused(tiers):
    with pytest.raises(Refusal) as refused:
        task.clean(tiers)
    assert refused.value.code == Code.INVALID_TASK


@pytest.mark.parametrize(
    ("net", "highest", "cumulative", "following"),
    [
        (99, 0, 0, ONE),
        (100, 30, 30, TWO),
        (199, 30, 30, TWO),
        (200, 10, 40, THREE),
        (300, 90, 130, None),
        (-5, 0, 0, ONE),
    ],
)
def test_a_goal_is_reached_at_its_fen(net, highest, cumulative, following):
    tiers = [TWO, THREE, ONE]

    assert task.bonus(tiers, net, "highest") == highest
    assert task.bonus(tiers, net, "cumulative") == cumulative
    assert task.following(tiers, net) == following
