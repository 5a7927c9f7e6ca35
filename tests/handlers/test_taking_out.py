"""Fee and tax are told before the yes, and what was shown is what is paid."""

import pytest
from sqlalchemy import select

from distribution import orders, policy, settlement
from distribution.shapes import LineReport, OrderReport
from models import tables as t

APP_ID = "wx0123456789abcdef"


@pytest.fixture
def alice(chat):
    """Alice has ¥1,500.00 available."""
    who = chat.distributor("爱丽丝", "o-alice")
    line = LineReport(1, "AJ250", "即食阿胶糕", 1, 1_500_000)
    report = OrderReport("E1", "received", 1, chat.clock.now(), (line,), distributor_code=who.code)
    with chat.database.transaction() as session:
        orders.record(session, 1, report, appid=APP_ID, now=chat.clock.now())
    chat.clock.advance(days=7)
    with chat.database.transaction() as session:
        settlement.settle_due(session, now=chat.clock.now())
    return who


def publish(chat, **withdraw):
    now = chat.clock.now()
    with chat.database.transaction() as session:
        policy.publish(session, merchant_id=1, document={"withdraw": withdraw}, effective_from=now, by="老板", now=now)


def test_fee_tax_and_net_are_told_before_the_yes(chat, alice):
    publish(chat, fee_bp=60, tax="labour")

    assert "手续费 ¥6.00，代扣个税 ¥40.00，到账 ¥954.00" in alice.says("提现1000")
    assert "已提交" in alice.says("1")
    with chat.database.reading() as session:
        assert session.scalar(select(t.withdrawal.c.net_fen)) == 95_400


def test_a_net_that_changed_since_it_was_shown_is_shown_again(chat, alice):
    assert "到账 ¥1,000.00" in alice.says("提现1000")
    publish(chat, fee_bp=60)

    assert "到账 ¥994.00" in alice.says("1")
    assert "已提交" in alice.says("1")


def test_the_statement_is_a_link_of_ones_own(alice):
    assert "https://shop.test/h5/statements/" in alice.says("对账单")
