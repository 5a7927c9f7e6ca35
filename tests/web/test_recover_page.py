"""Somebody with another WeChat claims an account on a page; people compare, and move it with everything it has."""

import pytest
from sqlalchemy import select, update
from web_desk import forms_of
from web_shop import APP_ID, built

from distribution import bindings, members, people, policy, proof, recoveries, tickets, transfers, withdrawals
from distribution.refusals import Code, Refusal
from distribution.transfers import TransferNews
from models import Distributor
from models import tables as t
from web.h5 import h5

NEW = "o-new-phone"


@pytest.fixture
def browser(shop):
    return built(shop.parts, h5).test_client()


@pytest.fixture
def lina(shop) -> Distributor:
    return shop.distributor("李娜")


def claims(shop, browser, **given):
    address = shop.parts.links.recover(NEW).removeprefix("http://localhost")
    assert "找回账号" in browser.get(address).text
    return browser.post(address, data=given)


def filed(shop):
    with shop.database.reading() as session:
        return session.execute(select(t.ticket).order_by(t.ticket.c.id.desc())).first()


def told(shop, openid):
    with shop.database.reading() as session:
        o, m = t.outbox_row.c, t.member.c
        rows = session.scalars(
            select(o.facts).join(t.member, m.id == o.member_id).where(m.openid == openid, o.kind == "notice")
        )
        return [facts["text"] for facts in rows]


def test_a_claim_is_a_ticket_that_says_what_is_right_of_it(shop, browser, lina) -> None:
    answer = claims(shop, browser, phone=lina.phone, name="李娜", proof=lina.code.lower())

    row = filed(shop)
    assert f"受理号 {row.no}" in answer.text
    assert row.kind == "profile"
    assert row.facts["recover"] == {"distributor_id": lina.id, "phone": True, "name": True, "proof": True}
    assert lina.phone not in row.text


def test_the_page_says_the_same_of_an_account_that_is_not_there(shop, browser, lina) -> None:
    right = claims(shop, browser, phone=lina.phone, name="李娜", proof="")
    no = filed(shop).no
    wrong = claims(shop, browser, phone="13911112222", name="王芳", proof="XXXX9")

    assert filed(shop).facts["recover"]["distributor_id"] is None
    assert right.text == wrong.text.replace(filed(shop).no, no)


@pytest.mark.parametrize(
    ("changed", "said"), [({"phone": "1380013800"}, "手机号不对"), ({"name": "小仙女✨"}, "不像真实姓名")]
)
def test_what_cannot_be_is_said_beside_its_field(shop, browser, lina, changed, said) -> None:
    answer = claims(shop, browser, **({"phone": lina.phone, "name": "李娜", "proof": ""} | changed))

    assert answer.status_code == 422
    assert said in answer.text
    assert filed(shop) is None


def test_a_forged_address_opens_nothing(shop, browser, lina) -> None:
    assert browser.get("/h5/recover/forged").status_code == 404
    assert browser.post("/h5/recover/forged", data={"phone": lina.phone, "name": "李娜"}).status_code == 404
    other = shop.parts.links.confirm(NEW).rpartition("/")[2]
    assert browser.get(f"/h5/recover/{other}").status_code == 404


def test_a_link_is_over_after_a_day_and_says_what_gives_a_new_one(shop, browser, lina) -> None:
    address = shop.parts.links.recover(NEW).removeprefix("http://localhost")
    shop.clock.advance(hours=24, seconds=1)
    for late in (browser.get(address), browser.post(address, data={"phone": lina.phone, "name": "李娜"})):
        assert late.status_code == 410
        assert "回复“<b>找回账号</b>”" in late.text
    assert filed(shop) is None


def test_claims_that_wait_are_few(shop, browser, lina) -> None:
    for _ in range(6):
        answer = claims(shop, browser, phone=lina.phone, name="李娜", proof="")
        assert answer.status_code == 200
    assert claims(shop, browser, phone=lina.phone, name="李娜", proof="").status_code == 422


def test_people_move_the_account_with_its_money_and_customers(shop, desk, browser, lina) -> None:
    claims(shop, browser, phone=lina.phone, name="李娜", proof=lina.code)
    no = filed(shop).no
    page = desk.open(f"/tickets/{no}").text
    assert page.count("一致") >= 3

    desk.send(f"/tickets/{no}", "把 李娜 的账号转到这个微信")

    with shop.database.reading() as session:
        found = people.recognise(session, APP_ID, NEW)
        assert (found.distributor_id, found.state) == (lina.id, "active")
        assert people.recognise(session, APP_ID, "o-person-1").distributor_id is None
        assert tickets.find(session, no).state == "closed"
        assert [each for each in proof.prove(session) if not each.ok] == []
    assert "账号找回来了" in told(shop, NEW)[-1]
    assert "已按申请转到另一个微信" in told(shop, "o-person-1")[-1]


def moves(shop, lina, to):
    with shop.database.transaction() as session:
        person = people.meet(session, APP_ID, to, shop.clock.now())
        terms = policy.in_force(session, shop.merchant_id, shop.clock.now())
        return recoveries.move(session, lina.id, person.member_id, policy=terms, by="老板", now=shop.clock.now())


@pytest.mark.parametrize("days", [0, 29, 30, 31])
def test_nobody_becomes_his_own_customer_by_it(shop, lina, days) -> None:
    with shop.database.transaction() as session:
        now = shop.clock.now()
        person = people.meet(session, APP_ID, NEW, now)
        terms = policy.in_force(session, shop.merchant_id, now)
        bindings.click(session, person.member_id, lina.id, policy=terms, channel="link", at=now, now=now)
    shop.clock.advance(days=days)
    moves(shop, lina, NEW)
    with shop.database.reading() as session:
        assert bindings.binding_of(session, person.member_id, shop.clock.now()) is None
        assert [each for each in proof.prove(session) if not each.ok] == []


def test_an_account_does_not_move_onto_another_one(shop, lina) -> None:
    shop.distributor("王芳")
    with pytest.raises(Refusal) as refused:
        moves(shop, lina, "o-person-2")
    assert refused.value.code == Code.WECHAT_TAKEN
    assert refused.value.facts["holds"] == ("standing",)
    with shop.database.reading() as session:
        assert members.get_distributor(session, lina.id).member_id == lina.member_id


def test_an_operator_moves_the_account_he_looked_at_and_no_other(shop, desk, browser, lina) -> None:
    own = shop.distributor("王芳")
    claims(shop, browser, phone=own.phone, name="王芳", proof=own.code)
    path = f"/tickets/{filed(shop).no}"
    [seen] = [each for each in forms_of(desk.open(path)) if "把 王芳 的账号转到这个微信" in each.buttons]
    claims(shop, browser, phone=lina.phone, name="李娜", proof=lina.code)

    answer = desk.press(seen)

    assert answer.status_code == 409
    assert "把 李娜 的账号转到这个微信" in answer.text
    with shop.database.reading() as session:
        assert people.recognise(session, APP_ID, NEW).distributor_id is None


def test_another_ticket_makes_no_room_for_more_claims(shop, browser, lina) -> None:
    for _ in range(6):
        claims(shop, browser, phone=lina.phone, name="李娜", proof="")
    with shop.database.transaction() as session:
        member = people.meet(session, APP_ID, NEW, shop.clock.now()).member_id
        tickets.open_ticket(session, member, kind="human", text="在吗", now=shop.clock.now())
    answer = claims(shop, browser, phone=lina.phone, name="李娜", proof="")
    assert answer.status_code == 422
    assert "店铺正在核对，不用再提交" in answer.text


def test_what_nobody_can_see_is_left_out_of_a_claim(shop, browser, lina) -> None:
    assert claims(shop, browser, phone=lina.phone, name="李娜", proof=f"{lina.code}\x00").status_code == 200
    assert filed(shop).facts["recover"]["proof"]


def test_the_books_hold_when_an_account_moves_that_was_paid_before_and_is_after(shop, lina) -> None:
    no, now = shop.sent(lina), shop.clock.now()
    with shop.database.transaction() as session:
        row = withdrawals.find(session, no)
        paid = TransferNews("SUCCESS", fen=row.net_fen, openid=row.openid)
        transfers.record(session, no, paid, source="query", now=now)
    shop.clock.advance(hours=1)
    moves(shop, lina, NEW)
    shop.withdrawal(lina)

    with shop.database.reading() as session:
        assert [each for each in proof.prove(session) if not each.ok] == []


@pytest.mark.parametrize(("days", "state"), [(0, "requested"), (6, "requested"), (8, "approved")])
def test_for_a_week_after_a_move_no_withdrawal_passes_by_itself(shop, lina, days, state) -> None:
    shop.earned(lina)
    moves(shop, lina, NEW)
    shop.clock.advance(days=days)
    terms = policy.Policy(withdraw={"auto_approve_up_to_fen": 50_000})
    with shop.database.transaction() as session:
        row = withdrawals.request(session, lina.id, 1000, request_key="r", policy=terms, now=shop.clock.now())

    assert row.state == state


def test_a_withdrawal_to_a_stranger_is_found_where_an_account_moved(shop, lina) -> None:
    no = shop.withdrawal(lina)
    with shop.database.transaction() as session:
        withdrawals.reject(session, no, by="老板", reason="x", version=1, now=shop.clock.now())
    shop.clock.advance(hours=1)
    moves(shop, lina, NEW)
    with shop.database.transaction() as session:
        session.execute(update(t.withdrawal).values(openid=NEW))

    with shop.database.reading() as session:
        broken = [each.name for each in proof.prove(session) if not each.ok]
    assert "a withdrawal goes to whoever asked for it" in broken
