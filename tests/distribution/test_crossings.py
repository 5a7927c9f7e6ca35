"""Two that meet at one row: whoever comes second sees the first, and each ends as it would alone."""

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from distribution import earnings, ledger, members, orders, policy, refunds, settlement, transfers, withdrawals
from distribution.refusals import Code, Refusal
from distribution.shapes import LineReport, OrderReport, RefundLine, RefundReport
from distribution.transfers import TransferNews
from models import tables as t

APPID = "wx0123456789abcdef"
LINES = (LineReport(1, "AJ250", "即食阿胶糕", 1, 10_000),)
ROUNDS = 6


@pytest.fixture
def meet(another_connection):
    """Runs all works at once, each on a connection of its own; what they gave or refused."""
    databases = [another_connection() for _ in range(4)]

    def run(*works):
        start = Barrier(len(works))

        def one(database, work):
            start.wait()
            try:
                return database.write(work)
            except Refusal as refusal:
                return refusal.code

        with ThreadPoolExecutor(len(works)) as pool:
            return list(pool.map(one, databases, works))

    return run


@pytest.fixture
def alice(shop):
    return shop.distributor("爱丽丝")


def purse(shop, person):
    return shop.ask(lambda s: earnings.purse(s, person.id))


def earned(shop, person, no="E1"):
    shop.order(no, "received", 1, distributor_code=person.code, lines=(LineReport(1, "AJ250", "糕", 1, 100_000),))
    shop.clock.advance(days=7)
    shop.write(lambda s: settlement.settle_due(s, now=shop.now))


def asking(shop, person, fen, key):
    return lambda s: withdrawals.request(s, person.id, fen, request_key=key, policy=policy.Policy(), now=shop.now).no


def test_one_request_told_twice_at_once_is_one_withdrawal(shop, alice, meet):
    for number in range(ROUNDS):
        earned(shop, alice, f"E{number}")
        numbers = meet(*[asking(shop, alice, 10_000, f"k{number}")] * 4)
        assert len(set(numbers)) == 1

    assert purse(shop, alice).withdrawing_fen == ROUNDS * 10_000


def test_a_request_key_of_somebody_else_gives_nothing_away(shop, alice):
    bob = shop.distributor("鲍勃")
    earned(shop, alice)
    shop.write(asking(shop, alice, 10_000, "k1"))
    with pytest.raises(Refusal) as refused:
        shop.write(asking(shop, bob, 10_000, "k1"))

    assert refused.value.code is Code.DUPLICATE_REFERENCE


def test_an_approval_meets_a_rejection_and_a_cancellation(shop, alice, meet):
    for number in range(ROUNDS):
        earned(shop, alice, f"E{number}")
        no = shop.write(asking(shop, alice, 10_000, f"k{number}"))
        outcomes = meet(
            lambda s, no=no: withdrawals.approve(s, no, by="boss", version=1, now=shop.now).no,
            lambda s, no=no: withdrawals.reject(s, no, by="aide", reason="核对", version=1, now=shop.now).no,
            lambda s, no=no: withdrawals.cancel(s, no, by="member:1", now=shop.now).no,
        )
        assert sum(outcome == no for outcome in outcomes) == 1


def test_a_notice_meets_a_query_and_its_own_repeat(shop, alice, meet):
    news = TransferNews("SUCCESS", fen=10_000, openid="o爱丽丝")
    for number in range(ROUNDS):
        earned(shop, alice, f"E{number}")
        no = shop.write(asking(shop, alice, 10_000, f"k{number}"))
        shop.write(lambda s, no=no: withdrawals.approve(s, no, by="boss", version=1, now=shop.now))
        shop.write(lambda s, no=no: transfers.begin(s, no, now=shop.now))
        meet(
            lambda s, no=no: transfers.take_notice(s, f"n{no}", no, news, now=shop.now),
            lambda s, no=no: transfers.take_notice(s, f"n{no}", no, news, now=shop.now),
            lambda s, no=no: transfers.record(s, no, news, source="query", now=shop.now),
        )

    assert shop.ask(lambda s: ledger.balance(s, ledger.BANK)) == ROUNDS * 10_000
    assert shop.ask(lambda s: s.scalar(select(func.count()).select_from(t.payment_alarm))) == 0


def test_a_refund_meets_two_settlements(shop, alice, meet):
    for number in range(ROUNDS):
        shop.order(f"E{number}", "received", 1, distributor_code=alice.code)
    shop.clock.advance(days=7)
    for number in range(ROUNDS):
        report = RefundReport(f"R{number}", f"E{number}", "refunded", shop.now, (RefundLine(1, 0, 4_000),))
        meet(
            lambda s, report=report: refunds.record(s, 1, report, now=shop.now),
            lambda s: settlement.settle_due(s, now=shop.now, limit=1),
            lambda s: settlement.settle_due(s, now=shop.now, limit=1),
        )
    shop.write(lambda s: settlement.settle_due(s, now=shop.now))

    assert (purse(shop, alice).available_fen, purse(shop, alice).owed_fen) == (ROUNDS * 600, 0)


def test_a_payment_meets_a_termination(shop, meet):
    for number in range(ROUNDS):
        person = shop.distributor("鲍勃" + "一二三四五六"[number])
        shop.order(f"E{number}", "unpaid", 1, distributor_code=person.code)
        paid = OrderReport(f"E{number}", "paid", 2, shop.now, LINES, buyer_openid="obuyer")
        meet(
            lambda s, paid=paid: orders.record(s, 1, paid, appid=APPID, now=shop.now),
            lambda s, person=person: members.terminate(s, person.id, by="boss", reason="违规", now=shop.now),
        )
        assert purse(shop, person).total_fen == 0


def test_a_new_order_waits_for_a_termination_under_way(shop, another_connection):
    person, other = shop.distributor("鲍勃"), another_connection()
    other.ping()
    before = shop.now
    shop.clock.advance(hours=1)
    report = OrderReport("E1", "paid", 1, before, LINES, buyer_external_id="u1", distributor_code=person.code)
    with ThreadPoolExecutor(1) as pool:
        with shop.database.transaction() as session:
            members.terminate(session, person.id, by="boss", reason="违规", now=shop.now)
            late = pool.submit(other.write, lambda s: orders.record(s, 1, report, appid=APPID, now=shop.now))
            time.sleep(1.5)
        told = late.result()

    assert told.commissions == []
    assert purse(shop, person).total_fen == 0


def test_one_refund_number_for_two_orders_is_a_refusal_not_an_accident(shop, alice, meet):
    for number in range(ROUNDS):
        shop.order(f"E{number}a", distributor_code=alice.code)
        shop.order(f"E{number}b", distributor_code=alice.code)
        reports = [
            RefundReport(f"R{number}", f"E{number}{which}", "refunded", shop.now, (RefundLine(1, 0, 4_000),))
            for which in "ab"
        ]
        outcomes = meet(*[lambda s, report=report: refunds.record(s, 1, report, now=shop.now) for report in reports])
        assert outcomes.count(Code.REFUND_OF_OTHER_ORDER) == 1


def test_a_withdrawal_meets_a_refund_of_the_same_money(shop, alice, meet):
    for number in range(ROUNDS):
        earned(shop, alice, f"E{number}")
        report = RefundReport(f"R{number}", f"E{number}", "refunded", shop.now, (RefundLine(1, 1, 100_000),))
        outcomes = meet(
            lambda s, report=report: refunds.record(s, 1, report, now=shop.now).applied,
            asking(shop, alice, 10_000, f"k{number}"),
        )
        left = purse(shop, alice)
        assert outcomes[0] is True
        assert left.available_fen == 0
        if left.withdrawing_fen:
            no = outcomes[1]
            shop.write(lambda s, no=no: withdrawals.reject(s, no, by="boss", reason="核对", version=1, now=shop.now))
        assert purse(shop, alice).total_fen == 0


def test_an_alarm_that_is_cleared_lets_the_payout_go_on(shop, alice):
    earned(shop, alice)
    no = shop.write(asking(shop, alice, 10_000, "k1"))
    shop.write(lambda s: withdrawals.approve(s, no, by="boss", version=1, now=shop.now))
    shop.write(lambda s: transfers.alarm(s, no, "somebody must look", now=shop.now))
    assert shop.write(lambda s: transfers.begin(s, no, now=shop.now)) is None
    assert shop.write(lambda s: transfers.clear_alarms(s, no, by="boss", now=shop.now)) == 1

    assert shop.write(lambda s: transfers.begin(s, no, now=shop.now + dt.timedelta(minutes=1))) is not None
