"""Several at once: one balance, one order, one settlement, on both databases."""

import random
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from distribution import (
    bindings,
    customer_claims,
    earnings,
    hand_overs,
    orders,
    policy,
    settlement,
    tickets,
    withdrawals,
)
from distribution.refusals import Refusal
from distribution.shapes import LineReport, OrderReport
from models.database import DatabaseDown

APPID = "wx0123456789abcdef"


def at_once(connect, work, times, workers=8):
    """Run ``work(database, number)`` ``times`` times on as many connections as there are workers."""
    databases = [connect() for _ in range(workers)]

    def one(number):
        try:
            return work(databases[number % workers], number)
        except (Refusal, DatabaseDown) as error:
            return error

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(one, range(times)))


@pytest.fixture
def rich(shop):
    alice = shop.distributor("爱丽丝")
    lines = (LineReport(1, "AJ250", "即食阿胶糕", 1, 100_000),)
    shop.order("E1", "received", 1, distributor_code=alice.code, lines=lines)
    shop.clock.advance(days=7)
    shop.write(lambda s: settlement.settle_due(s, now=shop.now))
    return alice


def test_many_requests_for_one_balance_take_what_is_there_and_no_more(shop, rich, another_connection):
    def ask(database, number):
        return database.write(
            lambda s: withdrawals.request(
                s, rich.id, 3000, request_key=f"k{number}", policy=policy.Policy(), now=shop.now
            )
        )

    outcomes = at_once(another_connection, ask, 24)

    assert sum(not isinstance(each, Exception) for each in outcomes) == 3
    assert shop.ask(lambda s: earnings.purse(s, rich.id)).available_fen == 1000


def test_the_same_order_from_many_sides_earns_once(shop, another_connection):
    alice = shop.distributor("爱丽丝")
    lines = (LineReport(1, "AJ250", "即食阿胶糕", 1, 10_000),)
    report = OrderReport("E1", "paid", 1, shop.now, lines, buyer_openid="obuyer", distributor_code=alice.code)

    def post(database, _):
        return database.write(lambda s: orders.record(s, 1, report, appid=APPID, now=shop.now))

    outcomes = at_once(another_connection, post, 16)
    assert sum(each.applied for each in outcomes) == 1
    assert shop.ask(lambda s: earnings.purse(s, alice.id)).pending_fen == 1000


def test_four_settlements_at_once_settle_as_one(shop, another_connection):
    people = [shop.distributor(name) for name in ("爱丽丝", "鲍勃", "卡罗尔")]
    for number, person in zip(count(1), people * 6, strict=False):
        shop.order(f"E{number}", "received", 1, distributor_code=person.code)
    shop.clock.advance(days=7)

    outcomes = at_once(
        another_connection, lambda database, _: database.write(lambda s: settlement.settle_due(s, now=shop.now)), 8, 4
    )
    assert sum(each for each in outcomes if isinstance(each, int)) == 18
    for person in people:
        assert shop.ask(lambda s, person=person: earnings.purse(s, person.id)).available_fen == 6000


def test_rules_published_at_once_become_versions_in_turn(shop, another_connection):
    def publish(database, number):
        return database.write(
            lambda s: policy.publish(
                s, merchant_id=1, document={"freeze_days": number}, effective_from=shop.now, by="boss", now=shop.now
            )
        )

    outcomes = at_once(another_connection, publish, 8)
    assert sorted(each.version for each in outcomes) == list(range(1, 9))


def test_a_claim_that_is_sent_many_times_at_once_is_taken_once(shop, another_connection):
    alice, bob = shop.distributor("爱丽丝"), shop.distributor("鲍勃")
    member = shop.member("obuyer")
    for person in (alice, bob):
        how = {"policy": policy.Policy(), "channel": "link", "at": shop.now, "now": shop.now}
        shop.write(lambda s, person=person, how=how: bindings.click(s, member, person.id, **how))

    def claims(database, _):
        return database.write(lambda s: customer_claims.claim(s, member, bob.id, words="我先聊的", now=shop.now))

    answers = at_once(another_connection, claims, 8)

    assert [isinstance(each, Refusal) for each in answers].count(False) == 1


def test_tickets_of_one_member_taken_at_once_leave_one_that_is_taken(shop, another_connection):
    member = shop.member("obuyer")
    numbers = [
        shop.write(lambda s, kind=kind: tickets.open_ticket(s, member, kind=kind, text="在吗", now=shop.now).no)
        for kind in ("human", "complaint", "appeal")
    ]

    def take(database, number):
        return database.write(lambda s: hand_overs.take(s, numbers[number % 3], by=f"客服{number}", now=shop.now).no)

    outcomes = at_once(another_connection, take, 12)

    assert set(outcomes) == set(numbers)
    held = shop.ask(lambda s: [tickets.find(s, no).taken_by for no in numbers])
    assert len([each for each in held if each]) == 1


def test_tickets_that_draw_the_same_number_at_once_are_all_opened(shop, another_connection, monkeypatch):
    monkeypatch.setattr(tickets.secrets, "randbelow", lambda _: random.randrange(40))
    members = [shop.member(f"oasks{number}") for number in range(16)]

    def ask(database, number):
        opened = database.write(
            lambda s: tickets.open_ticket(s, members[number], kind="human", text="在吗", now=shop.now)
        )
        return opened.no

    assert len(set(at_once(another_connection, ask, 16))) == 16
