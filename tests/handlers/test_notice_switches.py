"""Each kind of notice has its own switch; money and standing always come; one word stops or resumes everything."""

import pytest
from dialogue_shop import says
from sqlalchemy import select

from distribution import campaigns, materials, notice_choices
from models import tables as t


@pytest.fixture
def lina(earner):
    return earner


def kinds(shop, who):
    o = t.outbox_row.c
    with shop.chat.database.reading() as session:
        mine = select(o.facts).where(o.member_id == who.member_id(session), o.kind == "notice").order_by(o.id)
        return [facts["kind"] for facts in session.scalars(mine)]


def off(shop, who):
    with shop.chat.database.reading() as session:
        return notice_choices.off(session, who.member_id(session))


def test_every_group_is_shown_with_its_switch(lina):
    says(
        lina,
        "提醒设置",
        "出单和退款 开，结算和奖励 开，客户变动 开，等级和荣誉 开，商品和规则 开，新素材 开",
        "提现进度和账号的事总会告诉你",
        "1 关掉出单和退款",
        "6 关掉新素材",
    )


def test_orders_alone_are_switched_off_and_on_again(shop, lina):
    lina.says("提醒设置")
    says(lina, "1", "出单和退款关好了", "出单和退款 关，结算和奖励 开", "1 打开出单和退款")
    before = kinds(shop, lina)
    shop.sold(lina, "11-23 09:00", 8_900)
    assert kinds(shop, lina) == before
    shop.sold(lina, "11-10 09:00", 8_900, received="11-12 09:00")
    shop.settles("11-23 10:30")
    assert kinds(shop, lina)[len(before) :] == ["settlement"]
    says(lina, "打开出单和退款", "出单和退款开好了")
    shop.sold(lina, "11-23 09:30", 8_900)
    assert kinds(shop, lina)[-1] == "order"
    assert off(shop, lina) == set()


def test_a_single_group_is_opened_after_everything_was_stopped(shop, lina):
    lina.says("退订")
    assert off(shop, lina) == set(notice_choices.GROUPS)
    says(lina, "打开等级和荣誉提醒", "等级和荣誉开好了", "出单和退款 关", "等级和荣誉 开", "新素材 关")
    before = kinds(shop, lina)
    shop.sold(lina, "11-23 09:00", 8_900)
    assert kinds(shop, lina) == before
    says(lina, "恢复提醒", "提醒开好了")
    assert off(shop, lina) == set()


def test_withdrawals_are_told_whatever_is_switched_off(shop, lina):
    for word in ("关掉出单和退款", "关掉结算和奖励", "关掉客户变动", "关掉等级和荣誉", "关掉商品和规则", "关掉新素材"):
        lina.says(word)
    with shop.chat.database.reading() as session:
        assert session.scalar(select(t.member.c.notices).where(t.member.c.openid == "o-lina")) is False
    shop.paid_out(lina, 10_000, "11-23 10:31")
    assert kinds(shop, lina)[-2:] == ["withdrawal", "withdrawal"]


def test_new_material_is_not_sent_to_who_switched_it_off(shop, lina):
    lina.says("关掉新素材")
    with shop.chat.database.transaction() as session:
        now = shop.chat.clock.now()
        row = materials.create(session, 1, title="上新", text="到货了", picture_id=None, by="老板", now=now)
        plan = campaigns.plan(session, 1, material_id=row.id, audience={"kind": "all"}, send_at=now, by="老板", now=now)
        campaigns.approve(session, plan.id, by="老板", now=now)
        campaigns.feed(session, now=now)
        found = session.scalars(select(t.recipient.c.id)).one()
        assert campaigns.delivery(session, found).unwanted == campaigns.OPTED_OUT
