"""The model dialogues about what is wrong: a commission taken back and disputed; a suspension and its statement."""

import pytest
from dialogue_shop import says
from money_shop import purse, withdrawn
from sqlalchemy import select

from bot.messages import Sent
from bot.replies import shown
from distribution import members, refunds, tickets
from distribution.shapes import RefundLine, RefundReport
from models import tables as t

NUTS = "E20261109334455"


@pytest.fixture
def lina(shop):
    shop.now("10-01 09:00")
    who = shop.chat.distributor("李娜", "o-lina")
    purse(shop, who, available=32_640)
    return who


def sent_back(shop, no, moment, *, quantity=1, fen=12_800):
    shop.now(moment)
    now = shop.chat.clock.now()
    line = RefundLine(1, quantity, fen)
    report = RefundReport(refund_no=f"R{no}", order_no=no, state="refunded", occurred_at=now, lines=(line,))
    with shop.chat.database.transaction() as session:
        refunds.record(session, 1, report, now=now)


def filed(shop):
    """Every ticket: kind, state, order and what was added."""
    with shop.chat.database.reading() as session:
        rows = session.execute(select(t.ticket).order_by(t.ticket.c.id)).all()
        return [
            (row.kind, row.state, row.order_no, [note.text for note in tickets.notes(session, row.id)]) for row in rows
        ]


def shows(who, key, address):
    """Somebody sends a picture."""
    chat = who.chat
    facts = {"openid": who.openid, "account": "gh", "at": chat.clock.now(), "key": key}
    return shown(chat.dispatcher.answer(Sent(kind="image", media_id="m1", facts={"PicUrl": address}, **facts)))


def test_14_what_a_refund_took_is_told_to_the_fen_and_disputed_with_the_order_kept(shop, lina):
    shop.sold(lina, "11-09 09:00", 12_800, received="11-12 09:00", sku="NUT", no=NUTS)
    shop.settles("11-21 09:00")
    sent_back(shop, NUTS, "11-23 09:12")
    shop.now("11-23 10:30")
    says(
        lina, "我的佣金少了", "查到了：今天 09:12 扣回 ¥12.80", f"订单 {NUTS}（坚果礼盒 ¥128.00）客户退货退款",
        "佣金", "一并收回", "可提现由 ¥339.20 变成 ¥326.40，其他订单不受影响", "1 扣回规则", "2 我有异议",
    )  # fmt: skip
    says(
        lina, "1", "还没结算：那笔待结算取消", "已经结算：从可提现里扣回",
        "付 ¥100.00 佣金 ¥10.00，退 ¥40.00，扣 ¥4.00", "从以后的佣金里抵，不用你掏钱", "2 我有异议",
    )  # fmt: skip
    said = says(
        lina, "可是她跟我说没退啊", f"订单 {NUTS}", "店铺客服核对", "受理号 T", "你不用再说一遍", "1 个工作日内",
        "1 补充截图或说明",
    )  # fmt: skip
    no = said.partition("受理号 ")[2].partition("。")[0]
    says(lina, "1", f"补充到 {no}", "截图直接发图就行")
    assert f"图片已附到 {no}" in shows(lina, "chat", "https://pic.test/chat")
    says(lina, "她说货还在家里，没有寄回", f"已补充到 {no}")
    added = ["【图片】https://pic.test/chat", "她说货还在家里，没有寄回"]
    assert filed(shop) == [("appeal", "open", NUTS, added)]


def test_14_the_number_leads_to_the_same_ticket_as_the_words(shop, lina):
    shop.sold(lina, "11-09 09:00", 12_800, received="11-12 09:00", sku="NUT", no=NUTS)
    sent_back(shop, NUTS, "11-23 09:12", quantity=0, fen=6_400)
    shop.now("11-24 09:12")
    says(lina, "佣金怎么少了", "11月23日 09:12 扣回 ¥6.40", "客户退款", "待结算由 ¥12.80 变成 ¥6.40", "2 我有异议")
    says(lina, "2", f"订单 {NUTS}", "受理号 T")
    lina.says("佣金怎么少了")
    lina.says("客户说没退款啊")
    assert [row[:3] for row in filed(shop)] == [("appeal", "open", NUTS)]


def test_14_the_rule_leads_to_the_dispute_too(shop, lina):
    shop.sold(lina, "11-09 09:00", 12_800, received="11-12 09:00", sku="NUT", no=NUTS)
    sent_back(shop, NUTS, "11-23 09:12")
    lina.says("我的佣金少了")
    lina.says("1")
    says(lina, "2", f"订单 {NUTS}", "受理号 T")


def suspended(shop, who):
    shop.sold(who, "11-12 09:00", 158_700, received="11-19 12:00")
    shop.now("11-20 09:00")
    reason = "3 单疑似自买自退，店铺在核查，预计 11月27日前有结果"
    with shop.chat.database.transaction() as session:
        members.freeze(session, who.distributor_id, by="老板", reason=reason, now=shop.chat.clock.now())
    shop.now("11-23 10:30")


def test_24_a_suspended_person_reads_why_what_goes_on_and_hands_in_a_statement(shop, lina):
    suspended(shop, lina)
    says(
        lina,
        "提现",
        "11月20日起",
        "暂停",
        "不能提现、不能生成海报",
        "3 单疑似自买自退",
        "预计 11月27日前有结果",
        "钱都在：可提现 ¥326.40，待结算 ¥158.70",
        "1 提交说明",
        "2 转人工",
    )
    says(
        lina,
        "凭什么停我的😡",
        "明白你着急",
        "3 单",
        "聊天或收货截图会快很多",
        "查清没问题就恢复",
        "一分不动",
        "1 提交说明",
        "2 转人工",
    )
    says(
        lina,
        "那给我做张坚果礼盒的海报",
        "暂停期间不能生成新海报",
        "以前的海报客户还能扫码买",
        "新订单",
        "不计佣",
        "1 提交说明",
    )
    says(lina, "1", "请把情况写在一条消息里", "截图")
    says(lina, "那 3 单是我妹妹买的，聊天截图都有", "受理号 T", "1 补充截图或说明")
    assert "图片已附到 T" in shows(lina, "proof", "https://pic.test/proof")
    assert filed(shop) == [("appeal", "open", None, ["【图片】https://pic.test/proof"])]
    assert withdrawn(shop, lina) == []


def test_24_nothing_is_earned_while_suspended_and_the_chat_says_so(shop, lina):
    suspended(shop, lina)
    shop.sold(lina, "11-22 09:00", 8_900)
    shop.now("11-23 10:30")
    says(lina, "我的收益", "可提现 ¥326.40", "待结算 ¥158.70", "累计 ¥485.10")
