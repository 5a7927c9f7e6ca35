"""From an order to settled money, and back by refunds."""

import datetime as dt

import pytest

from distribution import commissions, earnings, settlement
from distribution.refusals import Code, Refusal
from distribution.shapes import LineReport


def purse(shop, person):
    return shop.ask(lambda session: earnings.purse(session, person.id))


def settle(shop):
    return shop.write(lambda session: settlement.settle_due(session, now=shop.now))


@pytest.fixture
def team(shop):
    alice = shop.distributor("爱丽丝")
    return alice, shop.distributor("鲍勃", invited_by=alice.code)


def test_an_order_earns_for_the_distributor_and_the_inviter(shop, team):
    alice, bob = team
    outcome = shop.order("E1", distributor_code=bob.code)

    assert [(row["who"], row["kind"], row["fen"]) for row in outcome.commissions] == [
        (bob.code, "l1", 1000),
        (alice.code, "l2", 500),
    ]
    assert purse(shop, bob).pending_fen == 1000


def test_the_same_version_again_changes_nothing(shop, team):
    shop.order("E1", distributor_code=team[1].code)

    assert not shop.order("E1", distributor_code=team[1].code).applied
    assert purse(shop, team[1]).pending_fen == 1000


def test_money_is_available_seven_days_after_receipt_and_not_a_second_earlier(shop, team):
    shop.order("E1", distributor_code=team[1].code)
    shop.order("E1", "received", 2, distributor_code=team[1].code)
    shop.clock.advance(dt.timedelta(days=7, seconds=-1))
    assert settle(shop) == 0
    shop.clock.advance(dt.timedelta(seconds=1))

    assert settle(shop) == 2
    assert (purse(shop, team[1]).pending_fen, purse(shop, team[1]).available_fen) == (0, 1000)
    assert settle(shop) == 0


def test_a_part_refund_before_settlement_lowers_what_is_pending(shop, team):
    shop.order("E1", distributor_code=team[1].code)
    shop.refund("R1", "E1", 4000)

    assert purse(shop, team[1]).pending_fen == 600
    assert not shop.refund("R1", "E1", 4000)
    assert purse(shop, team[1]).pending_fen == 600


def test_a_refund_before_its_order_waits_for_it(shop, team):
    shop.refund("R1", "E1", 10_000, quantity=1)
    shop.order("E1", distributor_code=team[1].code)

    assert purse(shop, team[1]).total_fen == 0


def test_a_refund_after_settlement_and_spending_becomes_debt_that_the_next_order_pays(shop, team):
    bob = team[1]
    shop.order("E1", "received", 1, distributor_code=bob.code)
    shop.clock.advance(days=7)
    settle(shop)
    from distribution import ledger

    spend = [(ledger.purse(bob.id, "available"), ledger.purse(bob.id, "withdrawing"), 800)]
    shop.write(lambda s: ledger.post(s, "manual:spent", spend, cause="test", actor="test", at=shop.now))
    shop.refund("R1", "E1", 10_000, quantity=1)
    assert (purse(shop, bob).available_fen, purse(shop, bob).owed_fen) == (0, 800)

    shop.order("E2", "received", 1, distributor_code=bob.code)
    shop.clock.advance(days=7)
    settle(shop)
    assert (purse(shop, bob).available_fen, purse(shop, bob).owed_fen) == (200, 0)
    back = [(ledger.purse(bob.id, "withdrawing"), ledger.purse(bob.id, "available"), 800)]
    shop.write(lambda s: ledger.post(s, "manual:back", back, cause="test", actor="test", at=shop.now))


def test_an_open_case_blocks_settlement_until_it_closes(shop, team):
    shop.order("E1", "received", 1, distributor_code=team[1].code)
    shop.refund("R1", "E1", 0, state="opened")
    shop.clock.advance(days=8)
    assert settle(shop) == 0
    shop.refund("R1", "E1", 0, state="closed")

    assert settle(shop) == 2


def test_closing_a_paid_order_takes_the_rest_back(shop, team):
    shop.order("E1", distributor_code=team[1].code)
    shop.order("E1", "closed", 2, distributor_code=team[1].code)

    assert purse(shop, team[1]).total_fen == 0
    states = shop.ask(lambda s: {row["state"] for row in commissions.rows_of(s, 1)})
    assert states == {"void"}


def test_other_lines_after_payment_are_a_contradiction(shop, team):
    shop.order("E1", distributor_code=team[1].code)
    with pytest.raises(Refusal) as refused:
        shop.order("E1", "shipped", 2, lines=(LineReport(1, "AJ250", "即食阿胶糕", 2, 10_000),))

    assert refused.value.code is Code.LINES_CHANGED


def test_a_distributors_own_purchase_pays_the_upline(shop, team):
    alice, bob = team
    outcome = shop.order("E1", buyer="o鲍勃")

    assert [(row["who"], row["kind"]) for row in outcome.commissions] == [(alice.code, "l1")]
    assert purse(shop, bob).total_fen == 0


def test_an_unknown_code_is_warned_of_and_the_binding_decides(shop, team):
    outcome = shop.order("E1", distributor_code="CNONE")

    assert outcome.warnings == ("unknown_distributor",)
    assert outcome.commissions == []
