"""Tickets and bound operators at the console, by forms alone."""

import re

import pytest
from sqlalchemy import select
from web_desk import forms_of

from distribution import members, operator_bindings, tickets
from models import tables as t


@pytest.fixture
def lina(shop):
    return shop.distributor("李娜")


def opened(shop, person, kind="appeal", **facts):
    with shop.database.transaction() as session:
        return tickets.open_ticket(
            session, person.member_id, kind=kind, text="少算了佣金", distributor_id=person.id,
            now=shop.clock.now(), **facts,
        ).no  # fmt: skip


def told(shop, person):
    with shop.database.reading() as session:
        o = t.outbox_row.c
        rows = session.scalars(
            select(o.facts).where(o.member_id == person.member_id, o.kind == "notice").order_by(o.id)
        )
        return [facts["text"] for facts in rows]


def test_an_appeal_shows_its_explanation_and_is_answered(shop, desk, lina):
    no = opened(shop, lina, order_no="E1", facts={"explanation": "客户实付 ¥98.00，10% 是 ¥9.80"})
    assert no in desk.open("/tickets/").text
    assert "客户实付 ¥98.00" in desk.open(f"/tickets/{no}").text

    desk.send(f"/tickets/{no}", "回复", text="用了优惠券，没有少算。")

    assert told(shop, lina)[-1].startswith("【客服回复】用了优惠券，没有少算。")
    assert "已回复" in desk.open(f"/tickets/{no}").text


def test_a_conversation_is_taken_over_and_given_back(shop, desk, lina):
    no = opened(shop, lina)
    desk.send(f"/tickets/{no}", "接入")
    assert "正在聊" in desk.open(f"/tickets/{no}").text
    assert "正在聊" in desk.open("/tickets/").text
    desk.send(f"/tickets/{no}", "回复", text="你好，我看一下。")
    desk.send(f"/tickets/{no}", "结束会话")

    said, asked = told(shop, lina)[-2:]
    assert re.fullmatch("【客服.+】你好，我看一下。", said)
    assert asked.startswith("人工服务结束")
    assert "接入</button>" in desk.open(f"/tickets/{no}").text


def test_a_ticket_is_closed_with_a_note_that_is_told(shop, desk, lina):
    no = opened(shop, lina)
    desk.send(f"/tickets/{no}", "结束工单", note="补发了")

    assert "处理好了：补发了" in told(shop, lina)[-1]
    assert "结束工单</button>" not in desk.open(f"/tickets/{no}").text
    assert no not in desk.open("/tickets/?state=open").text


def test_a_new_payee_is_taken_over_from_the_ticket(shop, desk, lina):
    no = opened(shop, lina, kind="profile", facts={"name": "李妮娜"})
    desk.send(f"/tickets/{no}", "采用“李妮娜”")

    with shop.database.reading() as session:
        assert members.get_distributor(session, lina.id).name == "李妮娜"
    assert "改好了" in told(shop, lina)[-1]


def test_a_new_payee_waits_while_money_is_on_its_way(shop, desk, lina):
    shop.withdrawal(lina)
    desk.login("老板")
    no = opened(shop, lina, kind="profile", facts={"name": "李妮娜"})

    assert desk.send(f"/tickets/{no}", "采用“李妮娜”").status_code == 422
    with shop.database.reading() as session:
        assert members.get_distributor(session, lina.id).name == "李娜"


def test_an_operator_is_bound_by_a_code_and_unbound(shop, desk, lina):
    desk.send("/staff/", "绑定微信")
    code = re.search(r"绑定 ([A-Z2-9]{8})", desk.open("/staff/").text).group(1)
    with shop.database.transaction() as session:
        assert operator_bindings.bind(session, lina.member_id, code, now=shop.clock.now()) is not None
    assert "微信已绑定" in desk.open("/staff/").text

    desk.send("/staff/", "解绑微信")
    with shop.database.reading() as session:
        assert operator_bindings.operator_of(session, lina.member_id) is None


def test_a_new_payee_is_the_one_that_was_looked_at(shop, desk, lina):
    no = opened(shop, lina, kind="profile", facts={"name": "李妮娜"})
    [seen] = [each for each in forms_of(desk.open(f"/tickets/{no}")) if "采用“李妮娜”" in each.buttons]
    opened(shop, lina, kind="profile", facts={"name": "王芳"})

    assert desk.press(seen).status_code == 409
    with shop.database.reading() as session:
        assert members.get_distributor(session, lina.id).name == "李娜"
