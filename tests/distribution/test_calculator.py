"""Random orders under random rules: the product and a second calculator agree to the fen, before and after refunds."""

from calculator import band_of, bases, paid_of
from calculator import rows as second
from hypothesis import given, settings
from hypothesis import strategies as st
from spoken import policy_of, rule_of

from distribution.rules import commission, goods, rates
from distribution.rules.commission import Place, Remains
from distribution.rules.goods import Deductions, Line
from distribution.rules.rates import Person
from distribution.rules.regions import Agent

BP = st.integers(0, 4000)
FEN = st.integers(0, 50_000)
TABLE = st.dictionaries(st.sampled_from(("l1", "l2", "l3")), BP)
LEVEL = st.sampled_from((None, "gold", "silver"))
RULE = st.one_of(
    st.none(),
    st.none(),
    st.just("disabled"),
    st.tuples(st.just("own"), TABLE),
    st.tuples(st.just("fixed"), st.dictionaries(st.sampled_from(("l1", "l2", "l3")), st.integers(0, 3000))),
    st.tuples(st.just("matrix"), st.dictionaries(st.sampled_from(("gold", "silver")), TABLE)),
)
CONFIG = st.fixed_dictionaries(
    {
        "rounding": st.sampled_from(("floor", "half_up")),
        "base": st.sampled_from(("paid_goods", "paid_with_freight", "list_price", "profit")),
        "store": TABLE,
        "levels": st.dictionaries(st.sampled_from(("gold", "silver")), TABLE),
        "categories": st.dictionaries(st.sampled_from(("tea", "toys")), st.one_of(TABLE, st.just("disabled"))),
        "bands": st.lists(st.tuples(st.integers(0, 100_000), TABLE), max_size=3, unique_by=lambda each: each[0]),
        "line_cap": st.sampled_from((10_000, 3000, 800)),
        "order_cap": st.one_of(st.none(), st.integers(0, 8000)),
        "mode": st.sampled_from(("differential", "parallel", "nearest")),
        "stack": st.sampled_from(("additive", "nested")),
        "region": st.fixed_dictionaries({scope: BP for scope in ("district", "city", "province")}),
        "depth": st.sampled_from((1, 2, 3)),
    }
)


@st.composite
def sold_line(draw):
    unit, qty = draw(FEN), draw(st.integers(1, 4))
    return {
        "unit": unit, "qty": qty, "off": draw(st.integers(0, unit * qty)), "cost": draw(st.integers(0, 30_000)),
        "category": draw(st.sampled_from((None, "tea", "toys"))), "rule": draw(RULE),
    }  # fmt: skip


@st.composite
def sold_order(draw):
    lines = draw(st.lists(sold_line(), min_size=1, max_size=4))
    whole = sum(line["unit"] * line["qty"] - line["off"] for line in lines)
    coupon = draw(st.integers(0, whole))
    order = {"coupon": coupon, "points": draw(st.integers(0, whole - coupon)), "freight": draw(FEN)}
    people = draw(
        st.lists(st.one_of(st.none(), st.tuples(LEVEL, st.one_of(st.none(), st.none(), TABLE))), min_size=3, max_size=3)
    )
    agents = {scope: draw(st.integers(0, 3)) for scope in ("district", "city", "province")}
    back = {
        number: (draw(st.integers(0, 60_000)), draw(st.integers(0, 5)))
        for number in range(len(lines)) if draw(st.booleans())
    }  # fmt: skip
    return order, lines, people, agents, back


def product_rows(config, order, lines, people, agents, back):
    """What the product's own rules give."""
    terms = policy_of(config)
    sold = [
        Line(number, each["qty"], each["unit"], each["off"], each["category"], each["cost"], rule_of(each["rule"]))
        for number, each in enumerate(lines)
    ]
    paid = goods.paid_amounts(sold, Deductions(order["coupon"], order["points"], order["freight"]), kind=terms.base)
    first = [
        goods.commission_base(line, kind=terms.base, paid_fen=fen, left_fen=fen, pieces=line.quantity)
        for line, fen in zip(sold, paid, strict=True)
    ]
    assert first == bases(config, order, lines, {})
    places = [
        Place(kind, Person(person["id"], person["level"], person["personal"]) if person else None, "no_inviter")
        for kind, person in zip(rates.KINDS, people, strict=False)
    ]
    office = [Agent(who, scope) for scope, ids in agents.items() for who in ids]
    band = rates.band_of(terms, sum(first))
    stands = []
    for line, fen, base in zip(sold, paid, first, strict=True):
        gone, pieces = back.get(line.line_no, (0, 0))
        left, there = max(0, fen - gone), line.quantity - min(pieces, line.quantity)
        now = goods.commission_base(line, kind=terms.base, paid_fen=fen, left_fen=left, pieces=there)
        offers = commission.offers(terms, line, places, agents=office, band=band)
        stands.append(Remains(line.line_no, offers, line.quantity, there, left, now, base))
    outcomes = commission.outcomes(terms, stands)
    return {(one.line_no, one.kind, one.distributor_id): one.fen for one in commission.shares(outcomes)}, outcomes


@settings(max_examples=500, deadline=None, derandomize=True)
@given(CONFIG, sold_order())
def test_two_calculators_agree_to_the_fen(config, sale):
    order, lines, told, counts, back = sale
    people = [
        {"id": number, "level": each[0], "personal": each[1]} if each else None
        for number, each in enumerate(told[: config["depth"]], 1)
    ]
    agents, ids = {}, iter(range(11, 30))
    for scope, count in counts.items():
        agents[scope] = [next(ids) for _ in range(count)]

    for left in ({}, back):
        ours, outcomes = product_rows(config, order, lines, people, agents, left)
        assert ours == second(config, order, lines, people, agents, left)
        # Whoever is offered something and gets nothing can be told why.
        assert all(bool(one.fen) != bool(one.reason) for one in outcomes)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(CONFIG, sold_order())
def test_nobody_is_promised_more_than_was_paid(config, sale):
    order, lines, told, counts, _ = sale
    config = config | {"base": "paid_goods"}
    people = [{"id": number, "level": None, "personal": None} for number, _ in enumerate(told[: config["depth"]], 1)]
    agents = {
        scope: list(range(20 * place, 20 * place + count)) for place, (scope, count) in enumerate(counts.items(), 1)
    }
    ours, _ = product_rows(config, order, lines, people, agents, {})

    for number in range(len(lines)):
        earned = sum(fen for (line, _, _), fen in ours.items() if line == number)
        assert 0 <= earned <= paid_of(config, order, lines, number) * config["line_cap"] // 10_000


def test_a_band_begins_at_its_own_edge():
    config = {"bands": [(0, {"l1": 1}), (600, {"l1": 2})]}

    assert [band_of(config, fen)["l1"] for fen in (0, 599, 600)] == [1, 1, 2]
