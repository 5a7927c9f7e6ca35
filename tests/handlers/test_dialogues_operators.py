"""The other side of the counter: a bound operator decides by one-time numbers, within the console's limits."""

import re

import pytest
from dialogue_shop import says
from money_shop import lina_with, terms, told, withdrawn
from sqlalchemy import select

from distribution import members, operator_bindings, pruning, staff, withdrawals
from models import tables as t


class Counter:
    """The shop's operators and their phones."""

    def __init__(self, shop) -> None:
        self.shop, self.chat = shop, shop.chat

    def hire(self, name, role="owner", *, bound=True):
        with self.chat.database.transaction() as session:
            now = self.chat.clock.now()
            row = staff.add(session, merchant_id=1, name=name, role=role, password_hash="x", now=now)
            code = operator_bindings.make_code(session, row.id, by="老板", now=now)
        phone = self.chat.person(f"o-{name}")
        phone.follows()
        if bound:
            says(phone, f"绑定 {code}", f"已绑定后台账号“{name}”", "待审核")
        return phone, row.id, code

    def number(self, phone):
        """The number on the newest card."""
        return re.search(r"通过 (\d{4})", told(self.shop, phone)[-1]).group(1)

    def audit(self, action):
        a = t.audit_entry.c
        with self.chat.database.reading() as session:
            return session.execute(select(a.actor, a.subject).where(a.action == action).order_by(a.id)).all()


@pytest.fixture
def counter(shop):
    shop.now("11-23 10:30")
    return Counter(shop)


@pytest.fixture
def lina(shop):
    return lina_with(shop, available=326_400)


def applies(shop, name="王芳", openid="o-wang"):
    who = shop.chat.person(openid)
    who.follows()
    for words in ("我要成为分销员", "13800138000", name, "1"):
        who.says(words)
    return who


def state_of(shop, who):
    with shop.chat.database.reading() as session:
        return members.find_by_member(session, who.member_id(session)).state


def test_an_application_is_passed_by_its_number(shop, counter):
    boss, _, _ = counter.hire("老板")
    wang = applies(shop)
    card = told(shop, boss)[-1]
    assert "新申请：王*，138****8000" in card
    says(boss, f"通过 {counter.number(boss)}", "已通过：新申请：王*", "已通知本人", "待审核")
    assert state_of(shop, wang) == "active"
    assert "你的邀请码" in told(shop, wang)[-1]
    assert counter.audit("distributor.active")[-1].actor == "老板"


def test_an_application_is_turned_down_with_the_reason(shop, counter):
    boss, _, _ = counter.hire("小林", "service")
    wang = applies(shop)
    says(boss, f"驳回 {counter.number(boss)} 资料不完整", "已驳回（资料不完整）", "已通知本人")
    assert state_of(shop, wang) == "rejected"
    assert "原因：资料不完整" in told(shop, wang)[-1]


def test_a_small_withdrawal_is_passed_by_its_number_once(shop, counter, lina):
    boss, _, _ = counter.hire("小钱", "finance")
    lina.says("提现200")
    lina.says("1")
    number = counter.number(boss)
    assert "提现 ¥200.00" in told(shop, boss)[-1]
    says(boss, f"通过 {number}", "已通过：提现 ¥200.00", "李*")
    says(boss, f"通过 {number}", f"编号 {number} 已经用过了", "没有再做一次")
    assert withdrawn(shop, lina) == [("approved", 20_000)]
    assert [row.actor for row in counter.audit("withdrawal.approved")] == ["小钱"]


def test_a_rejected_withdrawal_gives_the_money_back_and_says_why(shop, counter, lina):
    boss, _, _ = counter.hire("小钱", "finance")
    lina.says("提现200")
    lina.says("1")
    says(boss, f"驳回 {counter.number(boss)} 姓名不符", "已驳回（姓名不符）")
    assert withdrawn(shop, lina) == [("released", 20_000)]
    assert "原因：姓名不符" in told(shop, lina)[-1]


def test_a_role_is_asked_only_what_it_may_decide(shop, counter, lina):
    service, _, _ = counter.hire("小林", "service")
    finance, _, _ = counter.hire("小钱", "finance")
    lina.says("提现200")
    lina.says("1")
    applies(shop)
    assert [text.startswith("新申请") for text in told(shop, service)] == [True]
    assert [text.startswith("提现") for text in told(shop, finance)] == [True]


def test_a_large_withdrawal_is_for_the_console(shop, counter, lina):
    boss, _, _ = counter.hire("老板")
    lina.says("提现600")
    lina.says("1")
    assert told(shop, boss) == []
    says(boss, "待审核", "没有要你审的", "超过 ¥500.00 的提现请在后台审")


def test_a_limit_lowered_afterwards_stops_the_card(shop, counter, lina):
    boss, _, _ = counter.hire("老板")
    lina.says("提现200")
    lina.says("1")
    number = counter.number(boss)
    terms(shop, chat_approve_up_to_fen=10_000)
    says(boss, f"通过 {number}", "超过微信里能审的上限", "没有改动")
    assert withdrawn(shop, lina) == [("requested", 20_000)]


def test_a_stale_card_says_so(shop, counter, lina):
    boss, _, _ = counter.hire("老板")
    lina.says("提现200")
    lina.says("1")
    number = counter.number(boss)
    lina.says("撤回提现")
    lina.says("1")
    says(boss, f"通过 {number}", "有了变化", f"编号 {number} 作废")
    assert withdrawn(shop, lina) == [("released", 20_000)]


def test_a_number_lives_thirty_minutes_and_a_new_one_is_given(shop, counter, lina):
    boss, _, _ = counter.hire("老板")
    lina.says("提现200")
    lina.says("1")
    number = counter.number(boss)
    shop.chat.clock.advance(minutes=30)
    says(boss, f"通过 {number}", "已过 30 分钟", "没有改动", "待审核")
    listed = says(boss, "待审核", "等你审核", "提现 ¥200.00")
    fresh = re.search(r"通过 (\d{4})", listed).group(1)
    says(boss, f"通过 {fresh}", "已通过")
    assert withdrawn(shop, lina) == [("approved", 20_000)]


def test_a_wrong_number_and_a_strangers_number_do_nothing(shop, counter, lina):
    boss, _, _ = counter.hire("老板")
    other, _, _ = counter.hire("副手")
    lina.says("提现200")
    lina.says("1")
    number, others = counter.number(boss), counter.number(other)
    wrong = next(f"{each}" for each in range(1000, 9999) if f"{each}" not in (number, others))
    says(boss, f"通过 {wrong}", f"没有编号 {wrong}", "没有改动")
    if number != others:
        says(other, f"通过 {number}", f"没有编号 {number}")
    assert "没看懂" in lina.says(f"通过 {number}")
    assert withdrawn(shop, lina) == [("requested", 20_000)]


def test_nobody_passes_an_own_withdrawal(shop, counter, lina):
    with shop.chat.database.transaction() as session:
        now = shop.chat.clock.now()
        row = staff.add(session, merchant_id=1, name="李娜店长", role="owner", password_hash="x", now=now)
        code = operator_bindings.make_code(session, row.id, by="老板", now=now)
    lina.says(f"绑定 {code}")
    lina.says("提现200")
    lina.says("1")
    assert not any("通过 " in text for text in told(shop, lina))
    says(lina, "待审核", "没有要你审的")
    assert withdrawn(shop, lina) == [("requested", 20_000)]


def test_four_eyes_hold_in_the_chat_too(shop, counter, lina):
    terms(shop, four_eyes_from_fen=10_000)
    boss, _, _ = counter.hire("老板")
    second, _, _ = counter.hire("副手")
    lina.says("提现200")
    lina.says("1")
    says(boss, f"通过 {counter.number(boss)}", "你已同意", "另一位同事")
    listed = says(boss, "待审核", "提现 ¥200.00")
    says(boss, f"通过 {re.search('通过 (....)', listed).group(1)}", "另一位同事")
    assert withdrawn(shop, lina) == [("requested", 20_000)]
    listed = says(second, "待审核", "提现 ¥200.00")
    says(second, f"通过 {re.search('通过 (....)', listed).group(1)}", "已通过")
    assert withdrawn(shop, lina) == [("approved", 20_000)]


def test_the_limit_of_a_day_holds_in_the_chat_too(shop, counter, lina):
    terms(shop, daily_cap_fen=15_000)
    boss, _, _ = counter.hire("老板")
    lina.says("提现200")
    lina.says("1")
    says(boss, f"通过 {counter.number(boss)}", "每日上限 ¥150.00", "明天")
    assert withdrawn(shop, lina) == [("requested", 20_000)]


def test_cards_are_forgotten_a_month_after_they_lapsed(shop, counter, lina):
    counter.hire("老板")
    lina.says("提现200")
    lina.says("1")
    for days, left in ((29, 1), (2, 0)):
        shop.chat.clock.advance(days=days)
        with shop.chat.database.transaction() as session:
            pruning.cards(session, now=shop.chat.clock.now())
            assert len(session.execute(select(t.decision_card.c.id)).all()) == left


def test_a_code_binds_once_within_ten_minutes(shop, counter):
    phone, _, code = counter.hire("老板", bound=False)
    shop.chat.clock.advance(minutes=10)
    says(phone, f"绑定 {code}", "绑定码不对，或已过 10 分钟")
    _, operator_id, _ = counter.hire("副手", bound=False)
    with shop.chat.database.transaction() as session:
        fresh = operator_bindings.make_code(session, operator_id, by="老板", now=shop.chat.clock.now())
    says(phone, f"绑定{fresh}", "已绑定后台账号“副手”")
    thief = shop.chat.person("o-thief")
    thief.follows()
    says(thief, f"绑定 {fresh}", "绑定码不对")
    says(thief, "待审核", "没看懂")


def test_who_is_unbound_or_switched_off_decides_nothing(shop, counter, lina):
    boss, _, _ = counter.hire("老板")
    second, second_id, _ = counter.hire("副手")
    lina.says("提现200")
    lina.says("1")
    number, others = counter.number(boss), counter.number(second)
    says(boss, "解除绑定", "已解除绑定")
    assert "没看懂" in boss.says(f"通过 {number}")
    with shop.chat.database.transaction() as session:
        staff.switch(session, 1, second_id, active=False, by="老板", now=shop.chat.clock.now())
    assert "没看懂" in second.says(f"通过 {others}")
    assert withdrawn(shop, lina) == [("requested", 20_000)]


def test_what_the_console_decided_first_makes_the_card_stale(shop, counter, lina):
    boss, _, _ = counter.hire("老板")
    lina.says("提现200")
    lina.says("1")
    with shop.chat.database.transaction() as session:
        row = withdrawals.latest(session, lina.distributor_id)[0]
        withdrawals.approve(session, row.no, by="小钱", version=row.version, now=shop.chat.clock.now())
    says(boss, f"驳回 {counter.number(boss)} 不行", "有了变化")
    assert withdrawn(shop, lina) == [("approved", 20_000)]
