"""A word when a sum can be withdrawn: how it is asked for, that it comes once, and how it is called off."""

import pytest
from dialogue_shop import says
from money_shop import lina_with, reminded, withdrawn


@pytest.fixture
def lina(shop):
    """Li Na with ¥326.40 available and ¥200.00 that comes on 11-29."""
    return lina_with(shop, available=32_640, pending=20_000)


def settled(shop):
    shop.now("11-29 13:00")
    shop.settles("11-29 13:00")


@pytest.mark.parametrize(
    "words",
    ["满五百提醒我", "到500告诉我", "满 ¥500.00 提醒我", "等余额够500块了再通知我一下", "攒到五百元的时候喊我一声。"],
)
def test_it_is_asked_for_in_words_and_told_once(shop, lina, words):
    says(lina, words, "满 ¥500.00 就提醒你一次", "还差 ¥173.60", "取消提醒")
    assert reminded(shop, lina) == []
    settled(shop)
    (heard,) = reminded(shop, lina)
    assert "你等的 ¥500.00 到了" in heard
    assert reminded(shop, lina) == []


@pytest.mark.parametrize("words", ["取消提醒", "退订", "不用提醒我了"])
def test_it_is_called_off(shop, lina, words):
    lina.says("满500提醒我")
    lina.says(words)
    settled(shop)
    assert reminded(shop, lina) == []


def test_calling_it_off_leaves_other_notices_alone(lina):
    lina.says("满500提醒我")
    says(lina, "取消提醒", "满 ¥500.00 的提醒取消了", "其他提醒照常", "退订")
    says(lina, "取消提醒", "提醒关好了")


def test_a_later_sum_takes_the_place_of_the_earlier_one(shop, lina):
    lina.says("满500提醒我")
    lina.says("满800提醒我")
    settled(shop)
    assert reminded(shop, lina) == []


def test_a_sum_that_is_there_needs_no_waiting(shop, lina):
    says(lina, "满300提醒我", "已经够了：现在可提现 ¥326.40", "1 提现")
    says(lina, "够了提醒我", "已经够了")
    assert reminded(shop, lina) == []


def test_asking_for_it_inside_a_withdrawal_leaves_the_withdrawal(shop, lina):
    for question in (("全部提现",), ("提现",), ("提一万二",)):
        for words in question:
            lina.says(words)
        says(lina, "满500提醒我", "满 ¥500.00 就提醒你一次")
        says(lina, "确认", "没有等你确认的事")
    assert withdrawn(shop, lina) == []


def test_the_second_choice_waits_for_nothing(shop, lina):
    lina.says("全部提现")
    lina.says("等满五百再提现吧，这次先不弄")
    says(lina, "2", "好的")
    settled(shop)
    assert reminded(shop, lina) == []


def test_the_first_choice_is_the_sum_that_was_named(shop, lina):
    lina.says("全部提现")
    lina.says("等满五百再提现吧，这次先不弄")
    says(lina, "1", "满 ¥500.00 就提醒你一次")
    settled(shop)
    assert len(reminded(shop, lina)) == 1


def test_who_is_frozen_meanwhile_hears_when_the_money_may_be_taken_again(shop, lina):
    from distribution import members

    lina.says("满500提醒我")
    settled(shop)
    facts = {"by": "老板", "reason": "核查", "now": shop.chat.clock.now()}
    with shop.chat.database.transaction() as session:
        members.freeze(session, lina.distributor_id, **facts)
    assert reminded(shop, lina) == []
    with shop.chat.database.transaction() as session:
        members.resume(session, lina.distributor_id, **facts)
    assert len([text for text in reminded(shop, lina) if "¥500.00" in text]) == 1


def test_a_strange_sum_is_asked_for_again(lina):
    says(lina, "满0提醒我", "金额我没看懂")
    says(lina, "满九九九九九九九九万提醒我", "金额我没看懂")
    says(lina, f"满{'9' * 18}提醒我", "金额我没看懂")


def test_an_empty_purse_offers_it_too(shop):
    who = shop.chat.distributor("周航", "o-zhou")
    says(who, "提现", "现在没有可以提的", "3 够 ¥10.00 提醒我")
    says(who, "3", "满 ¥10.00 就提醒你一次")
