"""A dealer's words in the chat: his own prices and deposit, nobody else's."""

import pytest

from distribution import dealer_deposits, dealer_orders, dealers, policy
from distribution.dealer_shapes import Sale, SaleLine


@pytest.fixture
def pair(chat):
    """Low orders below Top."""
    now, boss = chat.clock.now(), "boss"
    top, low = chat.distributor("安然", "otop"), chat.distributor("贝安", "olow")
    with chat.database.transaction() as session:
        document = {"dealers": {"grades_bp": {"总代": 5000, "二级": 7000}}}
        policy.publish(session, merchant_id=1, document=document, effective_from=now, by=boss, now=now)
        above = dealers.appoint(session, 1, top.distributor_id, grade="总代", by=boss, now=now)
        dealers.appoint(session, 1, low.distributor_id, grade="二级", parent_id=above.id, by=boss, now=now)
    return top, low


def test_a_dealer_sees_his_own_prices_and_margins(pair):
    said = pair[1].says("订货")

    assert "你的订货等级：二级" in said
    assert "即食阿胶糕 ¥62.30（按标价卖一件赚 ¥26.70）" in said
    assert "44.50" not in said
    assert "总代" not in said


def test_a_dealer_sees_his_deposit_and_last_orders(chat, pair):
    assert "还没有订货单" in pair[1].says("货款")
    sale = Sale(
        "D1", "purchase", pair[1].distributor_id, "paid", chat.clock.now(), (SaleLine(1, "AJ250", 1),), "prepaid"
    )
    now = chat.clock.now()
    with chat.database.transaction() as session:
        dealer = dealers.find(session, 1, pair[1].distributor_id)
        dealer_deposits.pay_in(session, 1, dealer.id, fen=10_000, reference="b1", by="boss", now=now)
        dealer_orders.record(session, 1, sale, appid="wx", by="boss", now=now)

    said = pair[1].says("货款")
    assert "预存货款还有 ¥37.70" in said
    assert "D1 11月23日 ¥62.30 待发货" in said
    assert "D1" not in pair[0].says("货款")


def test_who_is_no_dealer_is_told_how_to_become_one(chat):
    assert "你现在还不是订货商" in chat.distributor("陈晨", "ochen").says("订货")
