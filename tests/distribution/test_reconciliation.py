"""The bill of the channel beside ours: every difference is found, and stops the payouts."""

import pytest

from distribution import payouts, policy, reconciliation, settlement, transfers, withdrawals
from distribution.rules.calendar import day_of
from distribution.rules.reconciliation import Line, NotABill, compare, read
from distribution.shapes import LineReport
from distribution.transfers import TransferNews

BILL = """记账时间,业务凭证号,收支类型,收支金额(元)
`2026-11-30 10:00:00,`W1,`支出,`50.00
`2026-11-30 10:01:00,`W2,`支出,`"1,000.01"
`2026-11-30 10:02:00,`W3,`收入,`1.00
`2026-11-30 10:02:00,`X1,`支出,`1.00
资金流水总笔数,收入笔数
`4,`1
"""


def test_a_fund_bill_is_read_with_its_back_quotes():
    assert read(BILL) == [Line("W1", 5_000), Line("W2", 100_001)]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", BILL.replace("50.00", "fifty"), BILL.replace("50.00", "50.001")])
def test_what_is_no_bill_is_refused(text):
    with pytest.raises(NotABill):
        read(text)


def test_every_kind_of_difference_is_found():
    ours = {"W1": 100, "W2": 200, "W3": 300, "W4": 400, "W5": 500}
    bill = [Line("W1", 100), Line("W1", 100), Line("W2", 2), Line("W9", 9), Line("W4", 400)]

    found = compare(ours, bill, may_be_elsewhere=["W5"])
    assert [(each.no, each.kind) for each in found] == [
        ("W1", "twice"),
        ("W2", "amount"),
        ("W9", "extra"),
        ("W3", "missing"),
    ]


@pytest.fixture
def paid(shop):
    """A withdrawal of ¥50.00 that was paid today."""
    alice = shop.distributor("爱丽丝")
    shop.order("E1", "received", distributor_code=alice.code, lines=(LineReport(1, "AJ250", "糕", 1, 100_000),))
    shop.clock.advance(days=7)
    shop.write(lambda s: settlement.settle_due(s, now=shop.now))
    row = shop.write(
        lambda s: withdrawals.request(s, alice.id, 5_000, request_key="k", policy=policy.Policy(), now=shop.now)
    )
    shop.write(lambda s: withdrawals.approve(s, row.no, by="boss", version=1, now=shop.now))
    shop.write(lambda s: transfers.begin(s, row.no, now=shop.now))
    shop.write(lambda s: transfers.record(s, row.no, TransferNews("SUCCESS"), source="query", now=shop.now))
    return row.no


def check(shop, *lines):
    return shop.write(lambda s: reconciliation.check_day(s, day_of(shop.now), list(lines), by="财务", now=shop.now))


def test_a_bill_that_agrees_stops_nothing(shop, paid):
    row = check(shop, Line(paid, 5_000))

    assert (row.ours_fen, row.bill_fen, row.differences) == (5_000, 5_000, 0)
    assert shop.ask(payouts.stopped) is None


def test_one_fen_stops_the_payouts_and_names_the_transfer(shop, paid):
    row = check(shop, Line(paid, 5_001))

    assert shop.ask(payouts.stopped).cause == "reconciliation"
    found = shop.ask(lambda s: reconciliation.differences(s, [row.id]))
    assert [(each.withdrawal_no, each.kind) for each in found] == [(paid, "amount")]
