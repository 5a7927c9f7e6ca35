"""Who opens a link and orders at once came by that link, though malls tell whole seconds only."""

import datetime as dt

import pytest

from distribution import proof, visits
from distribution.policy import Policy


def opens(shop, code):
    def arrive(session):
        sender = visits.sender_of(session, code)
        visits.arrive(session, sender, appid="wx0123456789abcdef", openid="o客", policy=Policy(), now=shop.now)

    shop.write(arrive)


@pytest.mark.parametrize(("seconds", "earns"), [(0, ["l1"]), (-1, [])])
def test_an_order_of_the_second_of_the_visit_counts_and_one_before_it_does_not(shop, seconds, earns):
    alice = shop.distributor("爱丽丝")
    shop.clock.advance(milliseconds=700)
    opens(shop, alice.code)
    shop.clock.advance(milliseconds=200)
    told = shop.now.replace(microsecond=0) + dt.timedelta(seconds=seconds)
    outcome = shop.order("E1", buyer="o客", occurred_at=told)

    assert [row["kind"] for row in outcome.commissions] == earns
    assert [each for each in shop.ask(lambda s: list(proof.prove(s))) if not each.ok] == []


def test_of_two_links_in_one_second_the_first_holds_and_nothing_overlaps(shop):
    codes = [shop.distributor(name).code for name in ("爱丽丝", "鲍勃")]
    for code in codes:
        shop.clock.advance(milliseconds=300)
        opens(shop, code)
    outcome = shop.order("E1", buyer="o客", occurred_at=shop.now.replace(microsecond=0))

    assert [row["who"] for row in outcome.commissions] == codes[:1]
    assert [each for each in shop.ask(lambda s: list(proof.prove(s))) if not each.ok] == []
