"""What district, city and province share, and codes of regions (R60-R67)."""

import pytest

from distribution.policy_parts import RegionTerms
from distribution.rules import region_code, regions
from distribution.rules.regions import Agent, RegionShare

D1, D2, C1, P1 = Agent(1, "district"), Agent(2, "district"), Agent(3, "city"), Agent(4, "province")
EVERYBODY = [P1, C1, D1, D2]


def shared(agents, given_bp=0, **terms):
    return [(s.agent.id, s.bp, s.place, s.of) for s in regions.region_shares(RegionTerms(**terms), agents, given_bp)]


@pytest.mark.parametrize(
    ("mode", "found"),
    [
        ("differential", [(1, 100, 0, 2), (2, 100, 1, 2), (3, 100, 0, 1), (4, 100, 0, 1)]),
        ("parallel", [(1, 100, 0, 2), (2, 100, 1, 2), (3, 200, 0, 1), (4, 300, 0, 1)]),
        ("nearest", [(1, 100, 0, 2), (2, 100, 1, 2)]),
    ],
)
def test_three_ways_to_share(mode, found):
    assert shared(EVERYBODY, mode=mode) == found


@pytest.mark.parametrize(
    ("mode", "found"),
    [("differential", [(3, 200), (4, 100)]), ("parallel", [(3, 200), (4, 300)]), ("nearest", [(3, 200)])],
)
def test_a_missing_district_is_not_filled(mode, found):
    assert [share[:2] for share in shared([C1, P1], mode=mode)] == found


def test_nobody_in_office_shares_nothing():
    assert shared([]) == shared([], mode="nearest") == []


@pytest.mark.parametrize(
    ("mode", "given", "found"),
    [
        ("differential", 150, [0, 50, 100]),
        ("differential", 100, [0, 100, 100]),
        ("differential", 99, [1, 100, 100]),
        ("differential", 300, [0, 0, 0]),
        ("parallel", 150, [0, 50, 150]),
        ("nearest", 60, [40]),
    ],
)
def test_nested_takes_what_the_team_was_given_off(mode, given, found):
    assert [share[1] for share in shared([D1, C1, P1], given, mode=mode, stack="nested")] == found


def test_additive_takes_nothing_off():
    assert [share[1] for share in shared([D1, C1, P1], 150)] == [100, 100, 100]


def test_a_higher_region_that_is_paid_less_adds_nothing():
    rates = {"district": 300, "city": 200, "province": 350}

    assert [share[1] for share in shared([D1, C1, P1], rates_bp=rates)] == [300, 0, 50]


def test_shares_are_plain_values():
    assert regions.region_shares(RegionTerms(), [D1], 0) == [RegionShare(D1, 100, 0, 1)]


@pytest.mark.parametrize(("fen", "parts"), [(10, [4, 3, 3]), (11, [5, 3, 3]), (9, [3, 3, 3]), (2, [2, 0, 0])])
def test_odd_fen_go_to_the_earliest(fen, parts):
    assert [regions.part_of(fen, place, 3) for place in range(3)] == parts
    assert regions.part_of(fen, 0, 1) == fen


@pytest.mark.parametrize(
    ("code", "scope"),
    [
        ("330000", "province"),
        ("330100", "city"),
        ("330106", "district"),
        ("330110", "district"),
        ("110000", "province"),
        ("150000", "province"),
        ("710000", "province"),
        ("820000", "province"),
        ("160000", None),
        ("100000", None),
        ("830000", None),
        ("33010", None),
        ("3301060", None),
        ("3301o6", None),
        ("33010²", None),
        ("３３０１０６", None),
        ("", None),
    ],
)
def test_a_code_tells_its_scope(code, scope):
    assert region_code.scope_of(code) == scope
