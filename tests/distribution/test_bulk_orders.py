"""A thousand orders at once are what they would have been one by one; a stumble of one leaves nothing of all."""

import random

import pytest
from sqlalchemy import text
from two_shops import APPID, HERE, HOUR, ONE, balances, open_with_people, told

from distribution import orders, policy, proof, refunds
from distribution.refusals import Code, Refusal
from distribution.shapes import LineReport, OrderReport, RefundLine, RefundReport


@pytest.fixture
def people(shop):
    return open_with_people(shop)


def some_reports(people, start, number=60):
    dice = random.Random(7)
    alice, bob = people
    for at in range(number):
        lines = tuple(
            LineReport(place, f"S{dice.randrange(4)}", f"货{place}", dice.randint(1, 3), dice.randint(0, 20_000))
            for place in range(1, dice.randint(2, 4))
        )
        buyer = dice.choice([None, "o熟客", f"o{dice.randrange(12)}", "o鲍勃", "o爱丽丝"])
        code = dice.choice([None, None, bob.code, alice.code, "NOBODY"])
        moment = start + dice.choice([0, 1, 2, 30, 800]) * HOUR
        yield OrderReport(
            f"B{at}", dice.choice(["paid", "shipped", "received", "unpaid", "closed"]), dice.randint(1, 3), moment,
            lines, buyer_openid=buyer, buyer_external_id=f"u{at}", distributor_code=code,
            created_at=dice.choice([None, moment - HOUR]), coupon_fen=0, freight_fen=dice.randint(0, 900),
            address=dice.choice([None, HERE]),
        )  # fmt: skip


def test_many_at_once_are_what_they_would_be_one_by_one(shop, people, other):
    other_people = open_with_people(other)
    answers = shop.write(
        lambda s: orders.record_all(s, 1, list(some_reports(people, shop.now)), appid=APPID, now=shop.now)
    )
    singly = [
        other.write(lambda s, each=each: orders.record(s, 1, each, appid=APPID, now=shop.now))
        for each in some_reports(other_people, shop.now)
    ]

    assert [repr(each.commissions).replace(people[0].code, "A").replace(people[1].code, "B") for each in answers] == [
        repr(each.commissions).replace(other_people[0].code, "A").replace(other_people[1].code, "B") for each in singly
    ]
    ours, theirs = told(shop), told(other)
    assert ours == theirs
    assert balances(shop) == balances(other)
    assert len(ours[0]) == 60
    assert all(finding.ok for finding in shop.ask(proof.prove))


def test_each_of_many_moments_finds_the_rules_it_would_alone(shop):
    for hour in (1, 5, 5, 9):
        facts = {
            "merchant_id": 1,
            "document": {},
            "effective_from": shop.now + hour * HOUR,
            "by": "boss",
            "now": shop.now,
        }
        shop.write(lambda s, facts=facts: policy.publish(s, **facts))
    moments = [shop.now + hour * HOUR for hour in range(12)]
    together = shop.ask(lambda s: policy.in_force_at(s, 1, moments))

    assert together == {at: shop.ask(lambda s, at=at: policy.in_force(s, 1, at)) for at in moments}
    assert [together[at].version for at in moments] == [0, 1, 1, 1, 1, 3, 3, 3, 3, 4, 4, 4]


def test_a_repeat_among_many_changes_nothing(shop, people):
    some = list(some_reports(people, shop.now, 8))
    first = shop.write(lambda s: orders.record_all(s, 1, some, appid=APPID, now=shop.now))
    again = shop.write(lambda s: orders.record_all(s, 1, [*some, *some], appid=APPID, now=shop.now))

    assert all(each.applied for each in first)
    assert not any(each.applied for each in again)
    assert [each.commissions for each in again[:8]] == [each.commissions for each in first]


def test_a_refund_that_came_before_its_order_is_applied_at_once(shop, people):
    report = RefundReport("R1", "E1", "refunded", shop.now, (RefundLine(1, 0, 4000),))
    shop.write(lambda s: refunds.record(s, 1, report, now=shop.now))
    order = OrderReport("E1", "paid", 1, shop.now, ONE, distributor_code=people[1].code)
    (answer,) = shop.write(lambda s: orders.record_all(s, 1, [order], appid=APPID, now=shop.now))

    assert [row["fen"] for row in answer.commissions] == [1000, 500, -400, -200]


def test_one_bad_order_leaves_nothing_of_all(shop, people):
    good = OrderReport("E1", "paid", 1, shop.now, ONE, distributor_code=people[1].code)
    bad = OrderReport("E2", "paid", 1, shop.now, (LineReport(1, "S", "货", 1, 100, discount_fen=200),))
    with pytest.raises(Refusal) as refused:
        shop.write(lambda s: orders.record_all(s, 1, [good, bad], appid=APPID, now=shop.now))

    assert refused.value.code == Code.INVALID_ORDER
    assert shop.ask(lambda s: s.scalar(text('select count(*) from "order"'))) == 0


def test_orders_of_the_past_are_told_to_nobody(shop, people):
    order = OrderReport("E1", "paid", 1, shop.now, ONE, distributor_code=people[1].code)
    before = shop.ask(lambda s: s.scalar(text("select count(*) from outbox")))
    shop.write(lambda s: orders.record_all(s, 1, [order], appid=APPID, now=shop.now, tell=False))

    assert shop.ask(lambda s: s.scalar(text("select count(*) from outbox"))) == before
