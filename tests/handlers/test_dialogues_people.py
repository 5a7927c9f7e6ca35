"""The model dialogues about complaints, people, one's own data and notices."""

import pytest
from dialogue_shop import says
from money_shop import told, withdrawn
from sqlalchemy import select

from bot.messages import Sent
from bot.replies import shown
from distribution import members, profiles, tickets
from models import tables as t


@pytest.fixture
def lina(earner):
    return earner


def opened(shop):
    k = t.ticket.c
    with shop.chat.database.reading() as session:
        return [tuple(row) for row in session.execute(select(k.kind, k.state, k.order_no).order_by(k.id))]


def wants_notices(shop, who):
    with shop.chat.database.reading() as session:
        return members.find_member(session, who.member_id(session)).notices


def answers(shop, text, no=None):
    """The shop answers the newest ticket."""
    with shop.chat.database.transaction() as session:
        no = no or session.scalars(select(t.ticket.c.no).order_by(t.ticket.c.id.desc())).first()
        tickets.answer(session, no, by="小林", text=text, now=shop.chat.clock.now())
    return no


def test_an_appeal_carries_the_explanation_of_the_order(shop, lina):
    no = shop.sold(lina, "11-20 09:00", 8_900)
    says(lina, f"为什么 {no}", "¥8.90", f"申诉 {no}")
    says(lina, f"申诉 {no} 应该是12%", no, "佣金的算法", "受理号 T")
    with shop.chat.database.reading() as session:
        row = session.execute(select(t.ticket)).one()
    assert (row.kind, row.order_no, row.distributor_id) == ("appeal", no, lina.distributor_id)
    assert "你的佣金 ¥8.90" in row.facts["explanation"]
    assert "应该是12%" in row.text


def test_the_same_matter_is_one_ticket(shop, lina):
    lina.says("申诉 E20261109334455")
    lina.says("申诉 E20261109334455 还没有人理我")
    assert opened(shop) == [("appeal", "open", "E20261109334455")]


def test_a_picture_belongs_to_the_open_ticket(shop, lina):
    lina.says("人工")
    lina.says("海报发不出去，帮我看看")
    now, facts = shop.chat.clock.now(), {"PicUrl": "https://pic.test/1"}
    sent = Sent(openid="o-lina", account="gh", at=now, key="picture", kind="image", media_id="m1", facts=facts)
    assert "图片已附到 T" in shown(shop.chat.dispatcher.answer(sent))
    with shop.chat.database.reading() as session:
        assert session.scalars(select(t.ticket_note.c.text)).all() == ["【图片】https://pic.test/1"]


def test_nobody_reads_somebody_elses_ticket(shop, lina):
    lina.says("人工")
    lina.says("我的电话是13800138000，请回电")
    stranger = shop.chat.person("o-stranger")
    stranger.follows()
    says(stranger, "我的工单", "你还没有工单")


def test_a_phone_is_changed_after_a_yes(shop, lina):
    says(lina, "手机号换成13911112222", "138****8000 改成 139****2222", "1 确定改", "2 不改")
    says(lina, "1", "改好了：139****2222")
    with shop.chat.database.reading() as session:
        assert members.get_distributor(session, lina.distributor_id).phone == "13911112222"


def test_a_phone_is_not_changed_by_a_no(shop, lina):
    lina.says("改手机号")
    says(lina, "139", "11 位手机号")
    says(lina, "13911112222", "139****2222", "1 确定改")
    says(lina, "2", "没有改动")
    with shop.chat.database.reading() as session:
        assert members.get_distributor(session, lina.distributor_id).phone == "13800138000"


def test_a_name_nobody_was_paid_under_is_changed_at_once(shop, lina):
    says(lina, "名字打错了", "现在登记的收款人是 李*", "身份证上的姓名")
    says(lina, "李妮娜", "改成 李妮娜", "微信实名一致", "1 确定改")
    says(lina, "1", "改好了", "李*")
    with shop.chat.database.reading() as session:
        assert members.get_distributor(session, lina.distributor_id).name == "李妮娜"


def test_a_payee_who_was_paid_is_changed_by_people(shop, lina):
    shop.paid_out(lina, 10_000, "11-23 10:31")
    lina.says("把提现姓名改成李四")
    says(lina, "1", "店铺核对", "受理号 T", "照原来的名字")
    assert opened(shop) == [("profile", "open", None)]
    with shop.chat.database.reading() as session:
        assert members.get_distributor(session, lina.distributor_id).name == "李娜"


def test_a_payee_is_not_changed_while_money_is_on_its_way(shop, lina):
    lina.says("提现100")
    lina.says("1")
    says(lina, "改姓名", "有一笔提现还在路上", "1 提现进度")
    with shop.chat.database.reading() as session:
        assert profiles.has_open_withdrawal(session, lina.distributor_id)


def test_closing_the_account_is_a_request_with_a_yes_that_can_be_withdrawn(shop, lina):
    says(lina, "注销账号", "待结算 ¥0.00 作废", "可提现 ¥326.40 仍会付给你", "确定申请注销吗", "1 申请注销", "2 不注销")
    says(lina, "1", "受理号 T", "1 个工作日", "撤销注销")
    assert opened(shop) == [("close", "open", None)]
    says(lina, "撤销注销", "账号一切照常")
    assert opened(shop) == [("close", "closed", None)]
    with shop.chat.database.reading() as session:
        assert members.get_distributor(session, lina.distributor_id).state == "active"


def test_22_notices_are_stopped_and_resumed(shop, lina):
    says(lina, "退订", "提醒关好了", "恢复提醒")
    says(lina, "恢复通知", "提醒开好了", "出单、结算、提现进度，不发广告", "1 只要提现进度", "2 全部都要")
    says(lina, "1", "只提醒提现进度")
    assert not wants_notices(shop, lina)
    lina.says("恢复通知")
    lina.says("2")
    assert wants_notices(shop, lina)


def test_the_menus_words_work_inside_every_question(shop, lina):
    for opening in ("人工", "改手机号", "注销账号", "提现", "投诉"):
        lina.says(opening)
        says(lina, "我的收益", "可提现 ¥326.40")
        lina.says("取消")
        says(lina, "菜单", "1 生成海报", "4 提现")
    assert withdrawn(shop, lina) == []


def test_a_closed_ticket_takes_no_more(shop, lina):
    lina.says("人工")
    lina.says("请帮我看看订单怎么还没发货")
    no = answers(shop, "今天发")
    with shop.chat.database.transaction() as session:
        tickets.close(session, no, by="小林", note="已发货", now=shop.chat.clock.now())
    assert "处理好了：已发货" in told(shop, lina)[-1]
    says(lina, "补充", "没有在处理的工单")
