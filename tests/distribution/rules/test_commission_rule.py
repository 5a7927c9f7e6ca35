"""Places, offers and amounts of an order, fen by fen (R16-R34)."""

import pytest

from distribution.policy import Policy
from distribution.policy_parts import Band
from distribution.rules import commission
from distribution.rules.commission import Outcome, Place, Remains, Share
from distribution.rules.goods import Line
from distribution.rules.rates import Person
from distribution.rules.regions import Agent

ANN, BEN, CAT, DAN = 1, 2, 3, 4


def remains(*offers, base=10_000, first=None, quantity=1, pieces=None, left=None, no=1):
    first = base if first is None else first
    pieces = quantity if pieces is None else pieces
    return Remains(no, offers, quantity, pieces, base if left is None else left, base, first)


def offer(kind="l1", who=ANN, source="store", **amount):
    return {"kind": kind, "who": who, "source": source, **amount}


def fens(policy, *lines):
    return [(one.kind, one.fen, one.reason) for one in commission.outcomes(policy, lines)]


def one(given, policy=None, **line):
    (found,) = commission.outcomes(policy or Policy(), [remains(given, **line)])
    return found


def places(buyer=None, attributed=ANN, uplines=(BEN, CAT), **terms):
    found = commission.positions(Policy(**terms), attributed=attributed, uplines=uplines, buyer=buyer)
    return [who or none for _, who, none in found]


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({}, [ANN, BEN]),
        ({"depth": 1}, [ANN]),
        ({"depth": 3}, [ANN, BEN, CAT]),
        ({"attributed": None}, ["no_distributor", "no_distributor"]),
        ({"uplines": ()}, [ANN, "no_inviter"]),
        ({"uplines": (BEN,), "depth": 3}, [ANN, BEN, "no_inviter"]),
        ({"buyer": DAN}, [ANN, BEN]),
        ({"buyer": ANN}, [BEN, CAT]),
        ({"buyer": ANN, "uplines": ()}, ["no_inviter", "no_inviter"]),
        ({"buyer": ANN, "self_purchase": "self"}, [ANN, BEN]),
        ({"buyer": ANN, "self_purchase": "none"}, ["self_purchase", "self_purchase"]),
        ({"buyer": BEN}, [ANN, "buyer"]),
        ({"buyer": CAT, "depth": 3}, [ANN, BEN, "buyer"]),
        ({"buyer": BEN, "self_purchase": "self"}, [ANN, "buyer"]),
        ({"buyer": BEN, "self_purchase": "none"}, [ANN, "buyer"]),
    ],
)
def test_who_stands_where(asked, wanted):
    assert places(**asked) == wanted


def test_positions_are_named_in_their_order():
    found = commission.positions(Policy(depth=3), attributed=ANN, uplines=(BEN,), buyer=None)

    assert found == [("l1", ANN, None), ("l2", BEN, None), ("l3", None, "no_inviter")]


def test_offers_are_frozen_with_their_reasons_and_the_regions_come_last():
    chain = [Place("l1", Person(ANN)), Place("l2", None, "buyer")]
    agents = [Agent(7, "city"), Agent(8, "city"), Agent(9, "province")]
    made = commission.offers(Policy(), Line(1, 1, 1000), chain, agents=agents, band=None)

    assert made == [
        {"kind": "l1", "who": ANN, "source": "store", "bp": 1000},
        {"kind": "l2", "who": None, "none": "buyer"},
        {"kind": "region_city", "who": 7, "bp": 200, "source": "region", "part": [0, 2]},
        {"kind": "region_city", "who": 8, "bp": 200, "source": "region", "part": [1, 2]},
        {"kind": "region_province", "who": 9, "bp": 100, "source": "region"},
    ]


def test_an_empty_place_leaves_the_next_one_its_offer_by_the_band():
    chain = [Place("l1", None, "left"), Place("l2", Person(BEN))]
    made = commission.offers(Policy(), Line(1, 1, 1000), chain, agents=[], band=Band(from_fen=5, l2=77))

    assert made[1:] == [{"kind": "l2", "who": BEN, "source": "band", "from_fen": 5, "bp": 77}]


def test_nested_regions_take_off_what_the_chain_was_offered_and_no_fixed_sum():
    policy = Policy(store_rate_bp={"l1": 100, "l2": 50}, region={"stack": "nested", "mode": "parallel"})
    chain, agents = [Place("l1", Person(ANN)), Place("l2", Person(BEN))], [Agent(9, "province")]
    rated = commission.offers(policy, Line(1, 1, 1000), chain, agents=agents, band=None)
    fixed = Line(1, 1, 1000, rule={"fixed_fen": {"l1": 5, "l2": 0}})

    assert rated[-1]["bp"] == 150
    made = commission.offers(policy, fixed, chain, agents=agents, band=None)
    assert made[0] == {"kind": "l1", "who": ANN, "source": "product_fixed", "fixed_fen": 5}
    assert (made[1]["fixed_fen"], made[2]["bp"]) == (0, 300)


def test_a_line_that_takes_no_part_offers_no_region_anything():
    line, agents = Line(1, 1, 1000, rule={"disabled": True}), [Agent(9, "province")]
    made = commission.offers(Policy(), line, [Place("l1", Person(ANN))], agents=agents, band=None)

    assert made == [{"kind": "l1", "who": ANN, "source": "product_disabled", "bp": 0}]


@pytest.mark.parametrize(
    ("base", "bp", "floor", "half_up"),
    [
        (9_999, 1, 0, 1),
        (10_000, 1, 1, 1),
        (4_999, 1, 0, 0),
        (5_000, 1, 0, 1),
        (14_999, 1, 1, 1),
        (15_000, 1, 1, 2),
        (0, 10_000, 0, 0),
        (1, 9_999, 0, 1),
        (1, 10_000, 1, 1),
    ],
)
def test_half_a_fen_goes_down_or_up(base, bp, floor, half_up):
    assert commission.rounded(base, bp, "floor") == floor
    assert commission.rounded(base, bp, "half_up") == half_up


def test_the_example_is_a_hundred_yuan():
    assert commission.example(Policy()) == (1000, 500)
    assert commission.example(Policy(depth=1)) == (1000, 0)
    assert commission.example(Policy(depth=2, store_rate_bp={"l1": 1, "l2": 7})) == (1, 7)


def test_a_row_tells_why():
    found = one(offer(bp=1000, level="金"), base=1234, quantity=2)

    why = {"base_fen": 1234, "source": "store", "level": "金", "rate_bp": 1000, "rounding": "floor"}
    assert found == Outcome(1, "l1", ANN, 123, why)


def test_an_empty_place_tells_why():
    nobody = {"kind": "l1", "who": None, "none": "buyer"}

    assert fens(Policy(), remains(nobody, offer("l2", BEN, bp=10))) == [("l1", 0, "buyer"), ("l2", 10, None)]
    assert one({"kind": "l2", "who": None, "none": "buyer"}) == Outcome(1, "l2", None, 0, {}, "buyer")


def test_a_fixed_sum_counts_units_and_shrinks_with_the_base():
    assert one(offer(fixed_fen=100), quantity=3).fen == 300
    assert one(offer(fixed_fen=100), quantity=3, base=3333, first=10_000).fen == 99
    assert one(offer(fixed_fen=100), quantity=3, base=0, first=10_000).fen == 0
    assert one(offer(fixed_fen=100), quantity=3, base=0, first=0).fen == 0
    assert "cap" not in one(offer(fixed_fen=100), quantity=3, base=0, first=0).why
    told = one(offer(fixed_fen=7, source="product_fixed"), quantity=3, base=900, first=1000).why
    assert told == {
        "base_fen": 900, "source": "product_fixed", "fixed_fen": 7, "quantity": 3, "of_base_fen": 1000,
    }  # fmt: skip


def test_a_dealers_difference_counts_pieces_until_nothing_is_left():
    diff = offer("dealer_diff", source="dealer", each_fen=30)

    assert one(diff, quantity=3, pieces=2).fen == 60
    assert one(diff, quantity=3, pieces=2).why["pieces"] == 2
    assert one(diff, quantity=3, pieces=2, left=0).fen == 0
    assert one(diff, quantity=3, pieces=2, left=1).fen == 60


def test_a_retail_margin_is_what_is_left_over_the_own_price():
    margin = offer("dealer_retail", source="dealer", own_fen=30)

    assert one(margin, quantity=3, pieces=2, left=61).fen == 1
    assert one(margin, quantity=3, pieces=2, left=60).fen == 0
    assert one(margin, quantity=3, pieces=2, left=59).fen == 0
    assert one(margin, quantity=3, pieces=2, left=61).why["pieces"] == 2


def test_agents_of_one_region_share_its_sum():
    lines = remains(*(offer("region_city", who, "region", bp=100, part=[who - 1, 2]) for who in (1, 2)), base=300)

    assert fens(Policy(), lines) == [("region_city", 2, None), ("region_city", 1, None)]


@pytest.mark.parametrize(
    ("cap_bp", "found"),
    [
        (1500, [("l1", 1000, None), ("l2", 500, None)]),
        (1499, [("l1", 1000, None), ("l2", 499, None)]),
        (1000, [("l1", 1000, None), ("l2", 0, "line_cap")]),
        (999, [("l1", 999, None), ("l2", 0, "line_cap")]),
        (0, [("l1", 0, "line_cap"), ("l2", 0, "line_cap")]),
    ],
)
def test_the_lines_cap_is_shared_out_in_order(cap_bp, found):
    lines = remains(offer(bp=1000), offer("l2", BEN, bp=500))

    assert fens(Policy(line_cap_bp=cap_bp), lines) == found


def test_the_cap_of_a_line_is_floored_and_told():
    capped = one(offer(bp=10_000), Policy(line_cap_bp=9999), base=9999)

    assert capped.fen == 9998
    assert (capped.why["capped_from_fen"], capped.why["cap"]) == (9999, "line")
    assert "cap" not in one(offer(bp=9999), Policy(line_cap_bp=9999)).why


def test_what_dealers_earn_is_no_part_of_the_lines_cap():
    diff = offer("dealer_diff", BEN, "dealer", each_fen=900)
    lines = remains(diff, offer(bp=1000), base=1000)

    assert fens(Policy(line_cap_bp=1000), lines) == [("dealer_diff", 900, None), ("l1", 100, None)]
    assert fens(Policy(line_cap_bp=0, order_cap_fen=1), remains(diff)) == [("dealer_diff", 900, None)]


@pytest.mark.parametrize(
    ("cap", "found"),
    [
        (1500, [("l1", 1000, None), ("l1", 500, None)]),
        (1499, [("l1", 1000, None), ("l1", 499, None)]),
        (1000, [("l1", 1000, None), ("l1", 0, "order_cap")]),
        (999, [("l1", 999, None), ("l1", 0, "order_cap")]),
        (0, [("l1", 0, "order_cap"), ("l1", 0, "order_cap")]),
    ],
)
def test_a_persons_cap_goes_over_all_lines(cap, found):
    policy = Policy(order_cap_fen=cap)

    assert fens(policy, remains(offer(bp=1000)), remains(offer(bp=1000), base=5000, no=2)) == found


def test_everybody_has_a_cap_of_his_own_and_regions_have_none():
    lines = remains(offer(bp=1000), offer("l2", BEN, bp=1000), offer("region_city", ANN, "region", bp=100))

    assert [fen for _, fen, _ in fens(Policy(order_cap_fen=600), lines)] == [600, 600, 100]
    capped = commission.outcomes(Policy(order_cap_fen=600), [lines])[0].why
    assert (capped["capped_from_fen"], capped["cap"]) == (1000, "order")


def test_what_just_fits_is_not_called_cut():
    assert "cap" not in one(offer(bp=1000), Policy(order_cap_fen=1000)).why
    cut = one(offer(bp=1000), Policy(order_cap_fen=999, rounding="half_up")).why
    assert cut == {
        "base_fen": 10_000, "source": "store", "rate_bp": 1000, "rounding": "half_up", "capped_from_fen": 1000,
        "cap": "order",
    }  # fmt: skip


def test_the_policys_rounding_counts_for_every_row():
    assert one(offer(bp=1), Policy(rounding="half_up"), base=5000).fen == 1
    assert one(offer(bp=1), base=5000).fen == 0


def test_a_line_cap_after_an_order_cap_is_the_one_that_is_told():
    policy = Policy(order_cap_fen=600, line_cap_bp=500)
    first, second = remains(offer(bp=1000)), remains(offer(bp=1000), no=2)
    found = commission.outcomes(policy, [first, second])

    assert [(each.fen, each.why["cap"]) for each in found] == [(500, "line"), (100, "order")]


@pytest.mark.parametrize(
    ("given", "line", "reason"),
    [
        (offer(bp=0, source="category_disabled"), {}, "category_disabled"),
        (offer(bp=0, source="product_disabled"), {"base": 0}, "product_disabled"),
        (offer(bp=1000), {"base": 0, "first": 1}, "nothing_left"),
        (offer(bp=1000), {"base": 0, "first": 0}, "nothing_paid"),
        (offer(bp=1), {"base": 9999}, "less_than_a_fen"),
        (offer(bp=0), {}, "rate_zero"),
        (offer(fixed_fen=0), {}, "rate_zero"),
        (offer(fixed_fen=1), {"base": 1, "first": 2}, "less_than_a_fen"),
        (offer("dealer_diff", each_fen=0), {}, "rate_zero"),
        (offer("dealer_retail", own_fen=99), {"base": 99}, "less_than_a_fen"),
    ],
)
def test_nothing_is_never_without_a_reason(given, line, reason):
    found = one(given, **line)

    assert (found.fen, found.reason) == (0, reason)


def test_rows_are_what_is_earned():
    found = commission.outcomes(
        Policy(), [remains(offer(bp=1), offer("l2", BEN, bp=0), {"kind": "l3", "who": None, "none": "x"}, no=5)]
    )

    assert commission.shares(found) == [Share(5, "l1", ANN, 1, found[0].why)]
