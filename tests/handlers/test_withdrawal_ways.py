"""Withdrawals to a bank card or the balance of the mall: chosen where the shop allows it, else nothing is asked."""

import pytest
from dialogue_shop import says
from money_shop import lina_with, number, terms, told, withdrawn
from sqlalchemy import select

from distribution import transfers, withdrawals
from models import tables as t

CARD, OTHER = "6222 0212 3456 7890 128", "4111111111111111"


@pytest.fixture
def lina(shop):
    return lina_with(shop, available=32_640)


def rows(shop):
    w = t.withdrawal.c
    with shop.chat.database.reading() as session:
        found = select(w.channel, w.payee_account, w.fen, w.fee_fen, w.state).order_by(w.id)
        return [tuple(row) for row in session.execute(found)]


def paid_by_hand(shop, no):
    now = shop.chat.clock.now()
    with shop.chat.database.transaction() as session:
        row = withdrawals.get_locked(session, no)
        withdrawals.approve(session, no, by="老板", version=row.version, now=now)
        transfers.by_hand(session, no, paid=True, by="老板", note="0001", version=row.version, now=now)


def test_nothing_is_asked_where_the_shop_pays_to_wechat_alone(lina):
    answer = says(lina, "提现100", "到微信零钱（李*）", "1 确认提现", "2 改金额", "0 取消")
    assert "3 " not in answer


def test_a_bank_card_is_asked_for_once_and_shown_by_its_tail(shop, lina):
    terms(shop, to_bank=True, fee_bp=100)
    says(lina, "提现100", "到微信零钱（李*）", "2 改金额", "3 改到银行卡", "0 取消")
    says(lina, "3", "银行卡号，户名要是李*", "只有店铺财务能看到")
    says(lina, "6222021234567890123", "这个卡号不对")
    answer = says(lina, CARD, "提现 ¥100.00 到银行卡（尾号 0128，李*）", "手续费 ¥1.00，到账 ¥99.00", "3 改到微信零钱")
    assert "62220" not in answer
    no = number(says(lina, "1", "已提交", "通过后由店铺财务转给你"))
    assert rows(shop) == [("bank", "6222021234567890128", 10_000, 100, "requested")]
    says(lina, "提现进度", "通过后由店铺财务转给你")
    paid_by_hand(shop, no)
    assert "已转到你的银行卡" in told(shop, lina)[-1]
    lina.says("提现50")
    says(lina, "3", "到银行卡（尾号 0128，李*）", "4 改到另一张银行卡")
    says(lina, "4", "银行卡号")
    says(lina, OTHER, "到银行卡（尾号 1111，李*）")


def test_the_balance_of_the_mall_takes_no_fee(shop, lina):
    terms(shop, to_balance=True, fee_bp=100)
    says(lina, "提现100", "手续费 ¥1.00", "3 改到商城余额")
    says(lina, "改到商城余额", "提现 ¥100.00 到商城余额", "手续费 ¥0.00，到账 ¥100.00", "3 改到微信零钱")
    says(lina, "改成60", "提现 ¥60.00 到商城余额")
    says(lina, "确认", "通过后由店铺财务存入你的商城余额")
    assert rows(shop) == [("balance", None, 6_000, 0, "requested")]


def test_the_way_may_be_named_with_the_amount(shop, lina):
    says(lina, "提现100到商城余额", "到微信零钱（李*）")
    terms(shop, to_balance=True, to_bank=True)
    says(lina, "提现100到商城余额", "提现 ¥100.00 到商城余额")
    says(lina, "提现100到银行卡", "请发收款的银行卡号")
    says(lina, CARD, "提现 ¥100.00 到银行卡（尾号 0128，李*）")
    assert withdrawn(shop, lina) == []


def test_another_amount_goes_the_way_that_was_chosen(shop, lina):
    terms(shop, to_balance=True)
    lina.says("提现100")
    lina.says("改到商城余额")
    says(lina, "2", "请发要提的金额")
    says(lina, "60", "提现 ¥60.00 到商城余额")


def test_a_way_that_was_closed_meanwhile_moves_nothing(shop, lina):
    terms(shop, to_balance=True)
    lina.says("提现100")
    lina.says("3")
    terms(shop)
    says(lina, "1", "请核对", "到微信零钱（李*）")
    assert withdrawn(shop, lina) == []


@pytest.mark.parametrize("said", ["0", "取消", "算了不提了"])
def test_the_card_may_be_kept_to_oneself(shop, lina, said):
    terms(shop, to_bank=True)
    lina.says("提现100")
    lina.says("3")
    says(lina, said, "没有提现")
    says(lina, "1", "推哪一个")
    assert withdrawn(shop, lina) == []


def test_the_rules_tell_of_other_ways_and_of_the_name_that_is_looked_at(shop, lina):
    says(lina, "提现规则", "¥2,000.00 以上要核对真实姓名")
    terms(shop, to_bank=True, verify_name=True)
    says(lina, "提现规则", "第一次提现前要在网页上核对一次实名", "也可以提到银行卡")
