"""From a request to paid or returned money."""

import datetime as dt

import pytest
from sqlalchemy import select

from distribution import earnings, ledger, policy, settlement, transfer_questions, transfers, withdrawals
from distribution.refusals import Code, Refusal
from distribution.transfers import TransferNews
from models import tables as t


@pytest.fixture
def rich(shop):
    """A distributor with ¥100.00 available."""
    alice = shop.distributor("爱丽丝")
    shop.order("E1", "received", 1, distributor_code=alice.code, lines=_line(100_000))
    shop.clock.advance(days=7)
    shop.write(lambda s: settlement.settle_due(s, now=shop.now))
    return alice


def _line(fen):
    from distribution.shapes import LineReport

    return (LineReport(1, "AJ250", "即食阿胶糕", 1, fen),)


def ask(shop, person, fen, key="k1"):
    return shop.write(
        lambda s: withdrawals.request(s, person.id, fen, request_key=key, policy=policy.Policy(), now=shop.now)
    )


def tell(shop, no, state, **more):
    news = TransferNews(state, **more)
    return shop.write(lambda s: transfers.record(s, no, news, source="query", now=shop.now))


def approved(shop, person, fen=5000, key="k1"):
    row = ask(shop, person, fen, key)
    shop.write(lambda s: withdrawals.approve(s, row.no, by="boss", version=row.version, now=shop.now))
    return row.no


def purse(shop, person):
    return shop.ask(lambda s: earnings.purse(s, person.id))


@pytest.mark.parametrize(
    ("fen", "code"),
    [
        (0, Code.INVALID_AMOUNT),
        (999, Code.BELOW_MINIMUM),
        (10_001, Code.INSUFFICIENT),
    ],
)
def test_an_amount_that_cannot_be_paid_is_refused_with_its_reason(shop, rich, fen, code):
    with pytest.raises(Refusal) as refused:
        ask(shop, rich, fen)

    assert refused.value.code is code


def test_a_request_reserves_the_money(shop, rich):
    ask(shop, rich, 6000)

    assert (purse(shop, rich).available_fen, purse(shop, rich).withdrawing_fen) == (4000, 6000)
    with pytest.raises(Refusal):
        ask(shop, rich, 6000, key="k2")


def test_the_same_request_twice_is_one_withdrawal(shop, rich):
    assert ask(shop, rich, 6000).no == ask(shop, rich, 6000).no


def test_a_rejected_withdrawal_goes_back_once(shop, rich):
    row = ask(shop, rich, 6000)
    shop.write(lambda s: withdrawals.reject(s, row.no, by="boss", reason="核对", version=1, now=shop.now))

    assert purse(shop, rich).available_fen == 10_000
    with pytest.raises(Refusal):
        shop.write(lambda s: withdrawals.reject(s, row.no, by="boss", reason="再来", version=2, now=shop.now))


def test_an_approval_on_a_stale_form_is_refused(shop, rich):
    row = ask(shop, rich, 6000)
    with pytest.raises(Refusal) as refused:
        shop.write(lambda s: withdrawals.approve(s, row.no, by="boss", version=7, now=shop.now))

    assert refused.value.code is Code.STALE_VERSION


def test_a_confirmed_transfer_is_paid_once_whatever_is_told_again(shop, rich):
    no = approved(shop, rich)
    assert shop.write(lambda s: transfers.begin(s, no, now=shop.now)).net_fen == 5000
    assert tell(shop, no, "WAIT_USER_CONFIRM", package="p") == "paying"
    assert tell(shop, no, "SUCCESS", fen=5000, openid="o爱丽丝") == "paid"
    assert tell(shop, no, "SUCCESS") == "paid"

    assert (purse(shop, rich).withdrawn_fen, purse(shop, rich).withdrawing_fen) == (5000, 0)
    assert shop.ask(lambda s: ledger.balance(s, ledger.BANK)) == 5000


def test_an_expired_transfer_gives_the_money_back(shop, rich):
    no = approved(shop, rich)
    shop.write(lambda s: transfers.begin(s, no, now=shop.now))
    tell(shop, no, "WAIT_USER_CONFIRM", package="p")
    assert tell(shop, no, "FAIL", fail_reason="OVERDUE_CLOSE") == "released"

    assert purse(shop, rich).available_fen == 10_000


def test_another_amount_than_ours_changes_nothing_and_raises_the_alarm(shop, rich):
    no = approved(shop, rich)
    shop.write(lambda s: transfers.begin(s, no, now=shop.now))
    assert tell(shop, no, "SUCCESS", fen=4999) == "paying"

    assert shop.write(lambda s: transfers.begin(s, no, now=shop.now)) is None


def test_a_failure_after_success_is_an_alarm_not_a_second_payment(shop, rich):
    no = approved(shop, rich)
    shop.write(lambda s: transfers.begin(s, no, now=shop.now))
    tell(shop, no, "SUCCESS")
    assert tell(shop, no, "FAIL") == "paid"

    assert purse(shop, rich).available_fen == 5000


def test_an_unknown_outcome_stays_paying_and_is_asked_about(shop, rich):
    no = approved(shop, rich)
    shop.write(lambda s: transfers.begin(s, no, now=shop.now))
    shop.write(lambda s: transfers.record_unknown(s, no, tries=0, now=shop.now))
    shop.clock.advance(dt.timedelta(seconds=15))

    assert shop.write(lambda s: transfer_questions.take(s, now=shop.now)) == [no]
    assert shop.write(lambda s: transfers.begin(s, no, now=shop.now)).sent_before


def test_a_reminder_is_put_once_for_each_of_its_moments(shop, rich):
    no = approved(shop, rich)
    shop.write(lambda s: transfers.begin(s, no, now=shop.now))
    tell(shop, no, "WAIT_USER_CONFIRM", package="p")
    for minutes in (30, 30, 30):
        shop.clock.advance(minutes=minutes)
        shop.write(lambda s: transfers.remind(s, no, now=shop.now))

    reminders = select(t.outbox_row.c.once).where(t.outbox_row.c.once.like("%:confirm:%"))
    keys = shop.ask(lambda s: list(s.scalars(reminders.order_by(t.outbox_row.c.id))))
    assert keys == [f"notice:withdrawal:{no}:confirm:0", f"notice:withdrawal:{no}:confirm:1"]
