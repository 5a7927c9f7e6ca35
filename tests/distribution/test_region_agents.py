"""Regional agents and personal agreements: terms never overlap, and an address finds who is in office."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distribution import agents, agreements, members, policy, proof
from distribution.refusals import Code, Refusal
from distribution.rules.region_code import scope_of
from distribution.rules.terms import Term
from models import tables as t

HANGZHOU = {"province": "330000", "city": "330100", "district": "330106"}
DAY = dt.timedelta(days=1)


@pytest.fixture
def ann(shop):
    return shop.distributor("安然")


@pytest.fixture
def ben(shop):
    return shop.distributor("贝安")


def appoint(shop, who, code="330106", scope="district", **term):
    return shop.write(
        lambda s: agents.appoint(s, 1, who.id, scope=scope, code=code, place="西湖区", by="boss", now=shop.now, **term)
    )


def agree(shop, who, l1=2000, **term):
    return shop.write(lambda s: agreements.make(s, 1, who.id, rates={"l1": l1}, by="boss", now=shop.now, **term))


def refused(act) -> Code:
    with pytest.raises(Refusal) as refusal:
        act()
    return refusal.value.code


def in_office(shop, at, address=HANGZHOU):
    return [(a.scope, a.distributor_id) for a in shop.ask(lambda s: agents.for_address(s, 1, address, at))]


def share_regions(shop):
    document = {"region": {"tenure": "shared"}}
    shop.write(
        lambda s: policy.publish(s, merchant_id=1, document=document, effective_from=shop.now, by="boss", now=shop.now)
    )


def test_a_taken_region_is_refused_for_the_time_it_is_taken(shop, ann, ben):
    appoint(shop, ann, valid_from=shop.now, valid_until=shop.now + DAY)

    assert refused(lambda: appoint(shop, ben, valid_from=shop.now + DAY / 2)) == Code.REGION_TAKEN
    assert refused(lambda: appoint(shop, ben)) == Code.REGION_TAKEN
    appoint(shop, ben, valid_from=shop.now + DAY)


def test_a_region_is_free_again_when_its_agent_was_ended(shop, ann, ben):
    row = appoint(shop, ann)
    shop.clock.advance(days=1)
    shop.write(lambda s: agents.end(s, 1, row.id, reason="不做了", by="boss", now=shop.now))
    appoint(shop, ben, valid_from=shop.now)

    assert in_office(shop, shop.now - DAY / 2) == [("district", ann.id)]
    assert in_office(shop, shop.now) == [("district", ben.id)]
    assert refused(lambda: shop.write(lambda s: agents.end(s, 1, row.id, reason="", by="b", now=shop.now))) == (
        Code.ILLEGAL_STATE
    )


def test_a_shared_region_has_several_agents_the_earliest_first(shop, ann, ben):
    share_regions(shop)
    appoint(shop, ann, valid_from=shop.now)
    appoint(shop, ben)

    assert in_office(shop, shop.now) == [("district", ben.id), ("district", ann.id)]
    assert refused(lambda: appoint(shop, ben)) == Code.REGION_TAKEN


def test_an_address_finds_district_city_and_province_in_this_order(shop, ann, ben):
    appoint(shop, ann, code="330000", scope="province")
    appoint(shop, ben, code="330100", scope="city")
    appoint(shop, ann, code="330106", scope="district")
    appoint(shop, ben, code="330105", scope="district")

    assert in_office(shop, shop.now) == [("district", ann.id), ("city", ben.id), ("province", ann.id)]
    assert in_office(shop, shop.now, {"province": "330000"}) == [("province", ann.id)]
    assert in_office(shop, shop.now, {}) == []


def test_an_agent_who_is_frozen_is_not_in_office(shop, ann):
    appoint(shop, ann)
    shop.write(lambda s: members.freeze(s, ann.id, by="boss", reason="核实", now=shop.now))
    shop.clock.advance(seconds=1)

    assert in_office(shop, shop.now) == []


@pytest.mark.parametrize(
    ("code", "scope"),
    [("330100", "district"), ("330000", "city"), ("330106", "province"), ("33010", "district"), ("990106", "district")],
)
def test_a_code_of_another_scope_is_refused(shop, ann, code, scope):
    assert refused(lambda: appoint(shop, ann, code=code, scope=scope)) == Code.INVALID_REGION


def test_six_digits_say_what_kind_of_region_they_are():
    assert [scope_of(code) for code in ("330000", "330100", "330106", "３３０１０６", "000000")] == [
        "province",
        "city",
        "district",
        None,
        None,
    ]


def test_a_person_has_one_agreement_at_a_time(shop, ann, ben):
    row = agree(shop, ann, valid_until=shop.now + 10 * DAY)

    assert refused(lambda: agree(shop, ann, valid_from=shop.now)) == Code.AGREEMENT_OVERLAPS
    agree(shop, ben)
    shop.clock.advance(days=1)
    shop.write(lambda s: agreements.end(s, 1, row.id, by="boss", now=shop.now))
    agree(shop, ann, l1=3000, valid_from=shop.now)
    assert shop.ask(lambda s: agreements.of(s, 1, [ann.id], shop.now)) == {ann.id: {"l1": 3000, "l2": 0, "l3": 0}}
    assert shop.ask(lambda s: agreements.of(s, 1, [ann.id], shop.now - DAY / 2))[ann.id]["l1"] == 2000


def test_an_agreement_holds_inside_its_term_only(shop, ann):
    agree(shop, ann, valid_from=shop.now, valid_until=shop.now + DAY)

    held = [bool(shop.ask(lambda s, at=at: agreements.of(s, 1, [ann.id], at))) for at in (shop.now, shop.now + DAY)]
    assert held == [True, False]
    assert refused(lambda: agree(shop, ann, valid_from=shop.now + 9 * DAY, valid_until=shop.now)) == Code.INVALID_TERM
    assert refused(lambda: agree(shop, ann, l1=10_001)) == Code.INVALID_RATE


@pytest.mark.parametrize("table", ["region_agent", "agreement"])
def test_the_proof_finds_terms_that_overlap(shop, ann, table):
    make = appoint if table == "region_agent" else agree
    make(shop, ann, valid_until=shop.now)
    row = make(shop, ann, valid_from=shop.now)
    rows = t.region_agent if table == "region_agent" else t.agreement
    spoil = rows.update().where(rows.c.id == row.id).values(valid_from=shop.now - DAY)
    shop.write(lambda s: s.execute(spoil))

    assert [f.name for f in shop.ask(proof.prove) if not f.ok and ("agent" in f.name or "agreement" in f.name)]
    shop.write(lambda s: s.execute(rows.update().where(rows.c.id == row.id).values(valid_from=shop.now)))


moments = st.one_of(st.none(), st.integers(0, 20).map(lambda n: dt.datetime(2026, 1, 1, n, tzinfo=dt.UTC)))


@given(st.builds(Term, moments, moments, moments), st.builds(Term, moments, moments, moments))
def test_terms_overlap_exactly_when_some_moment_lies_in_both(one, other):
    hours = [dt.datetime(2025, 12, 31, 23, tzinfo=dt.UTC) + dt.timedelta(hours=n) for n in range(23)]

    assert one.overlaps(other) == other.overlaps(one) == any(one.covers(at) and other.covers(at) for at in hours)
