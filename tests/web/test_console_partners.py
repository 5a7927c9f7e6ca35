"""Agents, agreements and dealers on the console: what is entered by hand holds for the next order."""

import pytest

from distribution import agents, agreements, dealers, ledger, policy
from models import tables as t


@pytest.fixture
def person(shop):
    return shop.distributor("李娜")


@pytest.fixture
def graded(shop):
    document = {"dealers": {"grades_bp": {"总代": 5000, "二级": 7000}}}
    now = shop.clock.now()
    with shop.database.transaction() as session:
        policy.publish(session, merchant_id=shop.merchant_id, document=document, effective_from=now, by="老板", now=now)
    shop.product("AJ250", price_fen=10_000)


def agent(desk, person, **more):
    return desk.send("/agents/", "任命", distributor=person.code, code="330106", place="西湖区", **more)


def test_an_agent_is_appointed_and_ended_with_a_reason(shop, desk, person) -> None:
    agent(desk, person)
    with shop.database.reading() as session:
        [found] = agents.for_address(session, shop.merchant_id, {"district": "330106"}, shop.clock.now())
    assert (found.distributor_id, found.place) == (person.id, "西湖区")

    desk.send("/agents/", "结束任命", reason="不做了")
    assert "不做了" in desk.open("/agents/").text
    with shop.database.reading() as session:
        assert agents.for_address(session, shop.merchant_id, {"district": "330106"}, shop.clock.now()) == []


def test_a_region_may_be_named_and_one_of_several_is_asked_for(shop, desk, person) -> None:
    answer = desk.send("/agents/", "任命", distributor=person.code, code="朝阳区")
    assert answer.status_code == 422
    assert "北京市朝阳区 110105" in answer.text

    desk.send("/agents/", "任命", distributor=person.code, code="北京朝阳区")
    with shop.database.reading() as session:
        [found] = agents.for_address(session, shop.merchant_id, {"district": "110105"}, shop.clock.now())
    assert found.place == "北京市朝阳区"


def test_a_second_agent_of_a_region_is_told_who_has_it(shop, desk, person) -> None:
    agent(desk, person)
    answer = agent(desk, shop.distributor("王芳"))

    assert answer.status_code == 422
    assert person.code in answer.text


def test_wrong_fields_are_named_beside_the_form(desk, person) -> None:
    answer = desk.send(
        "/agents/", "任命", distributor="C0", code="12", since="2027-01-01T00:00", until="2026-01-01T00:00"
    )

    assert answer.status_code == 422
    for said in ("没有这个邀请码", "没有这个地方", "要晚于开始时间"):
        assert said in answer.text


def test_an_agreement_is_made_on_the_distributors_page(shop, desk, person) -> None:
    assert f"/distributors/{person.id}/agreements" in desk.open(f"/distributors/{person.id}").text
    desk.send(f"/distributors/{person.id}/agreements", "约定比例", l1="20", l2="3.5")

    with shop.database.reading() as session:
        held = agreements.of(session, shop.merchant_id, [person.id], shop.clock.now())
    assert held == {person.id: {"l1": 2000, "l2": 350, "l3": 0}}
    again = desk.send(f"/distributors/{person.id}/agreements", "约定比例", l1="1", l2="1")
    assert "已有个人协议" in again.text
    desk.send(f"/distributors/{person.id}/agreements", "结束协议")
    assert "已结束" in desk.open(f"/distributors/{person.id}/agreements").text


def test_a_dealer_orders_from_his_deposit(shop, desk, person, graded) -> None:
    desk.send("/dealers/", "任命订货商", distributor=person.code, grade="二级")
    desk.send("/dealers/1", "登记预存货款", amount="1000", reference="银行流水1")
    desk.send("/dealers/1", "录入订货单", order_no="D1", kind="purchase", sku="AJ250", quantity="3", pays_by="prepaid")

    page = desk.open("/dealer-orders/D1").text
    assert "¥210.00" in page
    assert "¥790.00" in desk.open("/dealers/").text
    desk.send("/dealer-orders/D1", "退货", quantity="1", refund_no="T1")
    assert "¥860.00" in desk.open("/dealers/1").text


def test_a_dealer_order_is_shipped_received_and_closed_by_hand(shop, desk, person, graded) -> None:
    desk.send("/dealers/", "任命订货商", distributor=person.code, grade="二级")
    line = {"sku": "AJ250", "quantity": "1", "pays_by": "outside"}
    desk.send("/dealers/1", "录入订货单", order_no="D1", kind="retail", paid="95", **line)
    desk.send("/dealer-orders/D1", "发货")
    desk.send("/dealer-orders/D1", "收货")

    with shop.database.reading() as session:
        assert session.scalar(t.order.select().with_only_columns(t.order.c.state)) == "received"
        assert ledger.balance(session, ledger.purse(person.id, "pending")) == 2_500
    desk.send("/dealer-orders/D1", "关闭")
    with shop.database.reading() as session:
        assert ledger.balance(session, ledger.purse(person.id, "pending")) == 0


def test_what_a_dealer_order_lacks_is_named(desk, person, graded) -> None:
    desk.send("/dealers/", "任命订货商", distributor=person.code, grade="二级")
    answer = desk.send(
        "/dealers/1", "录入订货单", order_no="D 1", kind="retail", sku="X", quantity="0", pays_by="prepaid"
    )

    assert answer.status_code == 422
    for said in ("编号里不能有空格", "没有这个商品编号", "请填 1 到", "请填金额", "只有进货能"):
        assert said in answer.text


def test_a_dealer_is_regraded_moved_and_stopped(shop, desk, person, graded) -> None:
    other = shop.distributor("王芳")
    desk.send("/dealers/", "任命订货商", distributor=person.code, grade="二级")
    desk.send("/dealers/", "任命订货商", distributor=other.code, grade="总代")
    desk.send("/dealers/1", "改等级", grade="总代")
    desk.send("/dealers/1", "改上级", parent="2")
    assert desk.send("/dealers/2", "改上级", parent="1").status_code == 422
    desk.send("/dealers/1", "停用")

    with shop.database.reading() as session:
        row = dealers.find(session, shop.merchant_id, person.id)
    assert (row.grade, row.parent_id, row.state) == ("总代", 2, "stopped")
    assert desk.send("/dealers/1", "发培育奖励", amount="1").status_code == 422


def test_a_line_that_cannot_be_shipped_is_refunded(shop, desk, mall, person) -> None:
    mall.order(distributor_code=person.code)
    answer = desk.send("/orders/E20261123001", "发不了货", quantity="1", refund_no="Q1")

    assert answer.status_code == 303
    assert "Q1" in desk.open("/orders/E20261123001").text
    with shop.database.reading() as session:
        assert ledger.balance(session, ledger.purse(person.id, "pending")) == 890


def test_material_about_a_product_says_when_it_is_withdrawn(shop, desk) -> None:
    product = shop.product("AJ250", stock=1)
    desk.send("/materials/new", "只存素材，先不发", title="上新", text="好物", product=str(product), then="keep")
    assert "已收回" not in desk.open("/materials/").text
    shop.product("AJ250", stock=0)

    assert "已收回" in desk.open("/materials/").text
