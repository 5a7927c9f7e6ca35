"""What stops a withdrawal from passing by itself: much returned, a rush of orders, an account others use too."""

import pytest

from distribution import doubts, settlement, tallies, withdrawals
from distribution.policy import Policy
from distribution.rules.compliance import Limits
from distribution.shapes import LineReport

TERMS = Policy(withdraw={"auto_approve_up_to_fen": 50_000, "to_bank": True})


@pytest.fixture
def alice(shop):
    return shop.distributor("爱丽丝")


def sell(shop, person, number, *, returned=0):
    """So many orders of ¥200.00, the first of them given back in whole; settled and added up."""
    for at in range(number):
        no = f"E{next(shop.numbers)}"
        line = LineReport(1, "AJ250", "即食阿胶糕", 1, 20_000)
        shop.order(no, "received", distributor_code=person.code, buyer=f"o客{at}", lines=(line,))
        if at < returned:
            shop.refund(f"R{no}", no, 20_000, quantity=1)
    shop.clock.advance(days=8)
    shop.write(lambda s: settlement.settle_due(s, now=shop.now))
    shop.write(lambda s: tallies.refresh(s))


def ask(shop, person, **more):
    key = f"{person.id}:{next(shop.numbers)}"
    return shop.write(
        lambda s: withdrawals.request(s, person.id, 1000, request_key=key, policy=TERMS, now=shop.now, **more)
    )


def told(shop, row, limits=None):
    return shop.ask(lambda s: doubts.about(s, row, now=shop.now, limits=limits))


@pytest.mark.parametrize(("returned", "state"), [(3, "approved"), (4, "requested")])
def test_a_person_looks_where_more_than_three_tenths_came_back(shop, alice, returned, state):
    sell(shop, alice, 10, returned=returned)

    assert ask(shop, alice).state == state


def test_what_came_back_is_told_in_figures(shop, alice):
    sell(shop, alice, 10, returned=4)

    assert told(shop, ask(shop, alice)) == ["近 90 天卖出 ¥2,000.00，退款 ¥800.00，占 40%。"]
    shop.clock.advance(days=90)
    assert told(shop, ask(shop, alice)) == []


def test_a_rush_is_looked_at_once(shop, alice):
    sell(shop, alice, 30)
    first = ask(shop, alice)
    assert first.state == "requested"
    assert told(shop, first) == ["11月23日成交 30 单，前 30 天没有成交。"]
    shop.write(lambda s: withdrawals.approve(s, first.no, by="老板", version=first.version, now=shop.now))

    assert ask(shop, alice).state == "approved"


def test_what_the_policy_let_pass_was_looked_at_by_nobody(shop, alice):
    sell(shop, alice, 2)
    assert ask(shop, alice).state == "approved"
    sell(shop, alice, 30)

    row = ask(shop, alice)
    assert row.state == "requested"
    assert told(shop, row) == ["12月1日成交 30 单，前 30 天最多一天 2 单。"]


def test_many_orders_after_many_are_no_rush(shop, alice):
    for _ in range(3):
        sell(shop, alice, 29)
    sell(shop, alice, 35)
    row = ask(shop, alice)

    assert told(shop, row) == []
    assert told(shop, row, Limits(rush_times=1))


def test_a_bank_account_that_another_was_paid_to_is_named(shop, alice):
    bob = shop.distributor("鲍勃")
    for person in (alice, bob):
        sell(shop, person, 2)
    own = {"channel": "bank", "payee_account": "6222021234567890"}
    assert [ask(shop, alice, **own).state, ask(shop, alice, **own).state] == ["approved", "approved"]

    row = ask(shop, bob, **own)
    assert row.state == "requested"
    assert told(shop, row) == ["同一个收款账号也是 爱* 用过的。"]
    assert ask(shop, bob).state == "approved"
