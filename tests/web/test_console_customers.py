"""Customers at the console: the time line, the merchant's hand, disputes, and an inviter who is exchanged."""

import pytest
from web_shop import APP_ID

from distribution import bindings, members, people, policy


@pytest.fixture
def customer(shop):
    """A customer of 李娜 on whom 王芳 clicked too."""
    pair, now = [shop.distributor("李娜"), shop.distributor("王芳")], shop.clock.now()
    with shop.database.transaction() as session:
        member = people.meet(session, APP_ID, "o-customer", now).member_id
        for person in pair:
            how = {"policy": policy.Policy(), "channel": "link", "at": now, "now": now}
            bindings.click(session, member, person.id, **how)
    return member, *pair


def holder(shop, member):
    with shop.database.reading() as session:
        held = bindings.binding_of(session, member, shop.clock.now())
    return held.distributor_id if held else None


def test_the_page_of_a_customer_tells_what_happened_and_why(shop, desk, customer) -> None:
    page = desk.open(f"/customers/{customer[0]}").text

    for words in ("成为客户", "保护到", "点了推广，归属不变", "李娜", "王芳"):
        assert words in page


def test_a_customer_is_transferred_and_unbound_with_a_reason(shop, desk, customer) -> None:
    member, _, other = customer
    desk.send(f"/customers/{member}", "转移", to=other.code, reason="协商一致")
    assert holder(shop, member) == other.id

    desk.send(f"/customers/{member}", "解绑", reason="客户要求")
    assert holder(shop, member) is None
    assert "客户要求" in desk.open(f"/customers/{member}").text


def test_a_transfer_without_a_reason_or_to_nobody_changes_nothing(shop, desk, customer) -> None:
    member, first, other = customer

    assert desk.send(f"/customers/{member}", "转移", to=other.code, reason="").status_code == 422
    assert "没有这个邀请码" in desk.send(f"/customers/{member}", "转移", to="CNONE", reason="x").text
    assert holder(shop, member) == first.id


def test_a_dispute_is_opened_and_decided_on_the_customers_page(shop, desk, customer) -> None:
    member, _, other = customer
    desk.send(f"/customers/{member}", "登记争议", claimant=other.code, claim="我先推荐的")
    assert "争议中" in desk.open("/customers/").text

    desk.send(f"/customers/{member}", "裁定", winner=str(other.id), reason="聊天记录在先")
    assert holder(shop, member) == other.id
    assert "聊天记录在先" in desk.open(f"/customers/{member}").text


def test_a_follower_is_made_a_distributor_by_hand(shop, desk, customer) -> None:
    member = customer[0]
    desk.send(f"/customers/{member}", "指定", name="赵敏", phone="13912345678", consent="1")

    with shop.database.reading() as session:
        row = members.find_by_member(session, member)
    assert (row.state, row.name) == ("active", "赵敏")


def test_an_inviter_is_exchanged_with_a_reason(shop, desk, customer) -> None:
    _, first, other = customer
    desk.send(f"/distributors/{other.id}", "更换邀请人", inviter=first.code, reason="登记错了")

    with shop.database.reading() as session:
        assert members.get_distributor(session, other.id).inviter_id == first.id
    assert "更换邀请人" in desk.open(f"/distributors/{other.id}").text
