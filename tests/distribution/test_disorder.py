"""Reports in any order, people who leave in between, names that come late: one end."""

import datetime as dt
from itertools import permutations

import pytest
from sqlalchemy import select

from distribution import bindings, earnings, members, orders, policy, products, proof, refunds, settlement
from distribution.refusals import Refusal
from distribution.shapes import LineReport, RefundLine, RefundReport
from models import tables as t

HOUR = dt.timedelta(hours=1)
TWO = (LineReport(1, "AJ250", "即食阿胶糕", 1, 10_000), LineReport(2, "AJ250", "即食阿胶糕", 1, 3_333))


def purse(shop, person):
    return shop.ask(lambda session: earnings.purse(session, person.id))


def shown(shop, order_no="E1"):
    return shop.ask(lambda session: orders.view(session, 1, order_no))


def bind(shop, buyer, person, at):
    member = shop.member(buyer)
    terms = policy.Policy()
    shop.write(lambda s: bindings.click(s, member, person.id, policy=terms, channel="link", at=at, now=shop.now))


def report_refund(shop, no, state, at, fen=4000, order_no="E1"):
    report = RefundReport(no, order_no, state, at, (RefundLine(1, 0, fen),))
    return shop.write(lambda s: refunds.record(s, 1, report, now=shop.now)).applied


def settle(shop):
    return shop.write(lambda s: settlement.settle_due(s, now=shop.now))


@pytest.fixture
def team(shop):
    alice = shop.distributor("爱丽丝")
    return alice, shop.distributor("鲍勃", invited_by=alice.code)


@pytest.mark.parametrize("some", list(permutations(range(4))))
def test_a_case_that_is_opened_and_closed_in_one_moment_never_blocks(shop, team, some):
    at = shop.now
    steps = [
        lambda: shop.order("E1", "paid", 1, distributor_code=team[1].code),
        lambda: shop.order("E1", "received", 2, distributor_code=team[1].code),
        lambda: report_refund(shop, "R1", "opened", at),
        lambda: report_refund(shop, "R1", "closed", at),
    ]
    for number in some:
        steps[number]()
    shop.clock.advance(days=7)

    assert settle(shop) == 2


@pytest.mark.parametrize("late_first", [False, True])
def test_the_oldest_report_tells_when_an_order_was_created_and_whose_it_was(shop, team, late_first):
    bob = team[1]
    bind(shop, "obuyer", bob, shop.now - dt.timedelta(days=30))
    at = [shop.now - HOUR, shop.now + HOUR]
    shop.clock.advance(hours=2)
    for number in (1, 0) if late_first else (0, 1):
        state = ("unpaid", "paid")[number]
        shop.order("E1", state, number + 1, occurred_at=at[number])

    assert shown(shop)["created_at"] == at[0].isoformat()
    assert purse(shop, bob).pending_fen == 1000


def test_a_late_older_report_moves_pending_commission_to_whom_it_belongs(shop, team):
    alice, bob = team
    carol = shop.distributor("卡罗尔")
    bind(shop, "obuyer", bob, shop.now - dt.timedelta(days=30))
    shop.clock.advance(hours=1)
    bind(shop, "obuyer", carol, shop.now)
    shop.order("E1", "received", 3)
    assert purse(shop, carol).pending_fen == 1000
    assert not shop.order("E1", "paid", 2, occurred_at=shop.now - 2 * HOUR).applied

    assert [purse(shop, person).pending_fen for person in (carol, bob, alice)] == [0, 1000, 500]
    shop.clock.advance(days=7)
    settle(shop)
    assert purse(shop, bob).available_fen == 1000


def test_a_code_that_is_told_before_payment_decides(shop, team):
    shop.order("E1", "unpaid", 1)
    outcome = shop.order("E1", "paid", 2, distributor_code=team[1].code)

    assert [row["who"] for row in outcome.commissions] == [team[1].code, team[0].code]


def test_an_unknown_code_is_warned_of_whenever_it_comes_before_payment(shop, team):
    shop.order("E1", "unpaid", 1)

    assert shop.order("E1", "paid", 2, distributor_code="CNONE").warnings == ("unknown_distributor",)


def test_a_buyer_who_is_named_before_payment_brings_his_binding(shop, team):
    bind(shop, "obuyer", team[1], shop.now)
    shop.order("E1", "unpaid", 1, buyer=None, buyer_external_id="u-77")
    outcome = shop.order("E1", "paid", 2, buyer="obuyer", buyer_external_id="u-77")

    assert [row["who"] for row in outcome.commissions] == [team[1].code, team[0].code]


def test_another_buyer_is_a_contradiction(shop, team):
    shop.order("E1", "unpaid", 1)
    with pytest.raises(Refusal):
        shop.order("E1", "paid", 2, buyer="osomebody")
    shop.order("E1", "paid", 2)
    with pytest.raises(Refusal):
        shop.order("E1", "shipped", 3, buyer_external_id="u-78")


def test_the_same_lines_in_another_order_are_the_same_lines(shop, team):
    shop.order("E1", lines=TWO)

    assert shop.order("E1", "shipped", 2, lines=TWO[::-1]).applied


def test_who_was_terminated_before_payment_earns_nothing(shop, team):
    alice, bob = team
    shop.order("E1", "unpaid", 1, distributor_code=bob.code)
    shop.write(lambda s: members.terminate(s, bob.id, by="boss", reason="违规", now=shop.now))
    shop.order("E1", "paid", 2, distributor_code=bob.code)
    shop.refund("R1", "E1", 4000)

    assert (purse(shop, bob).total_fen, purse(shop, alice).pending_fen) == (0, 300)


def test_who_is_terminated_with_nothing_left_pending_leaves_clean(shop, team):
    bob = team[1]
    terms = {"store_rate_bp": {"l1": 1, "l2": 5000}}
    shop.write(
        lambda s: policy.publish(s, merchant_id=1, document=terms, effective_from=shop.now, by="boss", now=shop.now)
    )
    shop.order("E1", distributor_code=bob.code)
    shop.refund("R1", "E1", 5000)
    shop.write(lambda s: members.terminate(s, bob.id, by="boss", reason="违规", now=shop.now))

    assert purse(shop, bob).pending_fen == 0


def test_refunds_in_either_order_leave_the_same_under_a_tight_cap(shop, team):
    terms = {"store_rate_bp": {"l1": 999, "l2": 500}, "line_cap_bp": 1000}
    shop.write(
        lambda s: policy.publish(s, merchant_id=1, document=terms, effective_from=shop.now, by="boss", now=shop.now)
    )
    # Of 10 fen the cap leaves L2 one fen, of 1001 none, of 1000 one again.
    line = (LineReport(1, "AJ250", "即食阿胶糕", 1, 10_010),)
    for no, parts in (("E1", (9, 1, 8990)), ("E2", (8990, 1, 9))):
        shop.order(no, distributor_code=team[1].code, lines=line)
        for number, fen in enumerate(parts):
            shop.refund(f"R{no}{number}", no, fen)
    sums = [
        [sum(row["fen"] for row in shown(shop, no)["commissions"] if row["who"] == who.code) for who in team]
        for no in ("E1", "E2")
    ]
    assert sums[0] == sums[1]


def test_an_early_refund_of_a_line_the_order_does_not_have_is_written_down(shop):
    alice = shop.distributor("爱丽丝")
    report = RefundReport("R1", "E1", "refunded", shop.now, (RefundLine(7, 0, 500),))
    shop.write(lambda s: refunds.record(s, 1, report, now=shop.now))
    shop.order("E1", distributor_code=alice.code)

    noted = select(t.audit_entry.c.facts).where(t.audit_entry.c.action == "refund.unknown_line")
    assert shop.ask(lambda s: s.scalar(noted))["line_no"] == 7


@pytest.mark.parametrize("early", [True, False])
def test_goods_back_without_their_money_are_profit_and_the_books_hold(shop, early):
    alice, terms, at = shop.distributor("爱丽丝"), {"base": "profit"}, shop.now
    shop.write(lambda s: policy.publish(s, merchant_id=1, document=terms, effective_from=at, by="boss", now=at))
    shop.write(lambda s: products.put(s, 1, "P", products.ProductFacts("茶", 10_000, 9, cost_fen=9_990), now=at))
    line = LineReport(1, "P", "茶", 1, 10_000)
    if early:
        shop.refund("R1", "E1", 0, quantity=1)
    shop.order("E1", distributor_code=alice.code, lines=(line,))
    if not early:
        shop.refund("R1", "E1", 0, quantity=1)

    assert purse(shop, alice).pending_fen == 1000
    assert shop.ask(proof.holds)
