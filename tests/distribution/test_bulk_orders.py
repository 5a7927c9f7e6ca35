"""A thousand orders at once are what they would have been one by one; a stumble of one leaves nothing of all."""

import dataclasses
import datetime as dt
import json
import random
import shutil
from itertools import count

import pytest
from sqlalchemy import select, text

from distribution import agents, bindings, levels, orders, policy, proof, refunds
from distribution.refusals import Code, Refusal
from distribution.shapes import LineReport, OrderReport, RefundLine, RefundReport
from models import Merchant
from models import tables as t
from models.database import Database

APPID = "wx0123456789abcdef"
HERE = {"province": "330000", "city": "330100", "district": "330106"}
HOUR = dt.timedelta(hours=1)
ONE = (LineReport(1, "S", "货", 1, 10_000),)


def open_with_people(shop):
    """Alice invited Bob, who has a level; Alice is the agent of a city, Bob has a customer; the store pays by level."""
    alice = shop.distributor("爱丽丝")
    bob = shop.distributor("鲍勃", invited_by=alice.code)
    document = {"level_rate_bp": {"金牌": {"l1": 1500, "l2": 700}}, "order_cap_fen": 3000}
    facts = {"merchant_id": 1, "document": document, "effective_from": shop.now, "by": "boss", "now": shop.now}
    shop.write(lambda s: policy.publish(s, **facts))
    gold = shop.write(lambda s: levels.make_level(s, "金牌", 1, by="boss", now=shop.now)).id
    shop.write(lambda s: levels.set_level(s, bob.id, gold, by="boss", now=shop.now + HOUR))
    office = {"scope": "city", "code": HERE["city"], "by": "boss", "now": shop.now}
    shop.write(lambda s: agents.appoint(s, 1, alice.id, **office))
    bound, terms = shop.member("o熟客"), policy.Policy()
    shop.write(lambda s: bindings.click(s, bound, bob.id, policy=terms, channel="link", at=shop.now, now=shop.now))
    return alice, bob


@pytest.fixture
def people(shop):
    return open_with_people(shop)


@pytest.fixture
def other(shop, sqlite_template, tmp_path):
    """A second shop beside the first, on SQLite."""
    shutil.copy(sqlite_template, tmp_path / "other.sqlite3")
    database = Database(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    made = dataclasses.replace(shop, database=database, numbers=count(1))
    made.write(lambda s: s.add(Merchant(name="另一家", created_at=made.now)))
    yield made
    database.close()


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


def told(shop):
    """Everything that orders leave, without the numbers of rows."""
    c, o, e, a, m = t.commission.c, t.order.c, t.binding_event.c, t.account.c, t.member.c
    asked = (
        select(
            o.order_no,
            o.state,
            o.version,
            o.l1_id,
            o.l2_id,
            o.parties,
            o.created_at,
            o.created_known,
            o.paid_at,
            o.shipped_at,
            o.received_at,
            o.closed_at,
            o.address,
        ),
        select(o.order_no, c.kind, c.distributor_id, c.cause, c.fen, c.state, c.due_at, c.why).join(
            t.order, o.id == c.order_id
        ),
        select(m.openid, e.distributor_id, e.act, e.kind, e.channel, e.facts, e.at).join(t.member, m.id == e.member_id),
        select(a.name, a.balance_fen).where(a.balance_fen != 0),
        select(t.order_line.c.sku, t.order_line.c.paid_fen, t.order_line.c.base_fen, t.order_line.c.offers),
    )
    return [
        sorted(
            json.dumps(list(row), sort_keys=True, default=lambda at: at.astimezone(dt.UTC).isoformat())
            for row in shop.ask(lambda s, each=each: s.execute(each).all())
        )
        for each in asked
    ]


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
    assert len(ours[0]) == 60
    assert all(finding.ok for finding in shop.ask(proof.prove))


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
