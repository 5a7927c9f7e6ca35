"""为什么 + an order's number: one's own places in plain words, and nothing of anybody else's."""

import pytest

from distribution import members, orders, policy, refunds
from distribution.shapes import LineReport, OrderReport, RefundLine, RefundReport

APP_ID = "wx0123456789abcdef"


@pytest.fixture
def alice(chat):
    return chat.distributor("爱丽丝", "o-alice")


@pytest.fixture
def bob(chat, alice):
    """Alice's downline."""
    who = chat.person("o-bob")
    who.follows()
    for words in (f"邀请码 {alice.code}", "13800138001", "鲍勃", "1"):
        who.says(words)
    with chat.database.transaction() as session:
        found = members.find_by_member(session, who.member_id(session))
        who.code = members.approve(session, found.id, by="tester", now=chat.clock.now()).code
        who.distributor_id = found.id
    return who


def sells(chat, who, no, *, lines=1, state="paid", buyer="o-carol", version=1) -> None:
    sold = tuple(
        LineReport(place, f"S{place}", f"即食阿胶糕第 {place} 款礼盒装加量", 1, 8900) for place in range(1, lines + 1)
    )
    report = OrderReport(no, state, version, chat.clock.now(), sold, buyer_openid=buyer, distributor_code=who.code)
    with chat.database.transaction() as session:
        orders.record(session, 1, report, appid=APP_ID, now=chat.clock.now())


def test_a_sum_is_explained_with_its_base_rate_and_day(chat, bob) -> None:
    sells(chat, bob, "E20261123001")

    told = bob.says("为什么 E20261123001")

    assert "订单 E20261123001（已付款）你的佣金 ¥8.90" in told
    assert "直接推广 ¥8.90：¥89.00 × 10%（店铺比例），待结算" in told
    assert "客户确认收货满 7 天转为可提现" in told
    assert "有疑问回复“" in told
    sells(chat, bob, "E20261123001", state="received", version=2)
    assert "11月30日 10:00 起可结算" in bob.says("为什么 E20261123001")


def test_an_inviter_reads_the_own_place_only(chat, alice, bob) -> None:
    sells(chat, bob, "E1001")

    told = alice.says("E1001 为什么这么少")

    assert "邀请人 ¥4.45：¥89.00 × 5%" in told
    assert "8.90" not in told
    assert bob.code not in told


@pytest.mark.parametrize(
    "words",
    ["为什么E1001", "为啥没有佣金 E1001", "为什么没有佣金 e1001？", "订单E1001为什么没有佣金", "为何 Ｅ１００１ 没钱"],
)
def test_many_wordings_ask_the_same(chat, bob, words) -> None:
    sells(chat, bob, "E1001")

    assert "你的佣金 ¥8.90" in bob.says(words)


def test_a_refund_shows_in_the_sum(chat, bob) -> None:
    sells(chat, bob, "E1001")
    with chat.database.transaction() as session:
        back = RefundReport("R1", "E1001", "refunded", chat.clock.now(), (RefundLine(1, 0, 4900),))
        refunds.record(session, 1, back, now=chat.clock.now())

    told = bob.says("为什么 E1001")

    assert "¥4.00：¥40.00 × 10%" in told
    assert "有退款" in told


def test_who_was_frozen_when_it_was_ordered_reads_so(chat, alice, bob) -> None:
    with chat.database.transaction() as session:
        members.freeze(session, alice.distributor_id, by="老板", reason="核实", now=chat.clock.now())
    chat.clock.advance(seconds=1)
    sells(chat, bob, "E1001")

    assert "没有你的佣金：下单时分销资格是暂停状态" in alice.says("为什么没有佣金 E1001")


def test_an_own_purchase_says_whose_it_is(chat, alice, bob) -> None:
    sells(chat, bob, "E1001", buyer="o-bob")

    assert "自己买的，佣金算给你的邀请人" in bob.says("为什么没有佣金 E1001")
    assert "直接推广 ¥8.90" in alice.says("为什么 E1001")


def test_a_strangers_order_and_no_order_read_the_same(chat, alice, bob) -> None:
    carol = chat.distributor("卡罗尔", "o-carol-2")
    sells(chat, carol, "E1001")

    there, nowhere = bob.says("为什么 E1001"), bob.says("为什么 E1002")

    assert there.replace("E1001", "E1002") == nowhere
    assert "没有你的佣金" in there


def test_a_long_order_fits_the_bubble(chat, bob) -> None:
    sells(chat, bob, "E1001", lines=40)

    told = bob.says("为什么 E1001")

    assert len(told) <= 600
    assert "另有" in told
    assert told.endswith("”。")


def test_without_a_number_the_last_orders_are_offered(chat, bob) -> None:
    assert "为什么 订单号" in bob.says("为什么")
    sells(chat, bob, "E1001")

    assert "· 为什么 E1001" in bob.says("为什么没有佣金")


def test_a_category_that_pays_nothing_is_the_reason(chat, bob) -> None:
    now = chat.clock.now()
    with chat.database.transaction() as session:
        rules = {"store_rate_bp": {"l1": 0, "l2": 0}}
        policy.publish(session, merchant_id=1, document=rules, effective_from=now, by="老板", now=now)
    sells(chat, bob, "E1001")

    assert "¥0.00：比例为 0" in bob.says("为什么 E1001")


def test_a_customer_is_told_how_to_join(chat) -> None:
    assert "还不是分销员" in chat.person("o-x").says("为什么 E1001")
