"""An account moves to a WeChat that has one already: what owns nothing gives way, anything else stays."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import insert, select, update
from web_desk import forms_of
from web_shop import APP_ID, built

from bot.wording import HOLDS
from distribution import bindings, customer_claims, giving_way, members, people, policy, proof, recoveries
from distribution.refusals import Code, Refusal
from models import tables as t
from web.h5 import h5

NEW = "o-person-2"


@pytest.fixture
def lina(shop):
    return shop.distributor("李娜")


@pytest.fixture
def again(shop, lina):
    """Who applied once more on another WeChat, and waits."""
    return shop.distributor("李娜", active=False)


def turned_down(shop, row):
    with shop.database.transaction() as session:
        members.reject(session, row.id, by="老板", reason="重复申请", now=shop.clock.now())


def moves(shop, account, openid, database=None):
    def once(session):
        person = people.meet(session, APP_ID, openid, shop.clock.now())
        terms = policy.in_force(session, shop.merchant_id, shop.clock.now())
        recoveries.move(session, account.id, person.member_id, policy=terms, by="老板", now=shop.clock.now())

    (database or shop.database).write(once)


def stands(shop, openid):
    with shop.database.reading() as session:
        assert [each for each in proof.prove(session) if not each.ok] == []
        person = people.recognise(session, APP_ID, openid)
        return person.distributor_id, person.state


@pytest.mark.parametrize("rejected", [True, False])
def test_an_application_that_owns_nothing_gives_way(shop, desk, lina, again, rejected) -> None:
    if rejected:
        turned_down(shop, again)
    page = built(shop.parts, h5).test_client()
    page.post(
        shop.parts.links.recover(NEW).removeprefix("http://localhost"),
        data={"phone": lina.phone, "name": "李娜", "proof": lina.code},
    )
    with shop.database.reading() as session:
        path = f"/tickets/{session.scalar(select(t.ticket.c.no))}"
    assert "转的时候让位" in desk.open(path).text

    desk.send(path, "把 李娜 的账号转到这个微信")

    assert stands(shop, NEW) == (lina.id, "active")
    assert stands(shop, "o-person-1") == (again.id, "rejected")
    assert f"给找回的账号 {lina.code} 让位" in desk.open(f"/distributors/{again.id}").text


@pytest.mark.parametrize("rejected", [True, False])
def test_what_gave_way_cannot_be_passed_from_an_older_page(shop, desk, lina, again, rejected) -> None:
    [older] = [each for each in forms_of(desk.open("/applications/")) if "通过" in each.buttons]
    if rejected:
        turned_down(shop, again)
    moves(shop, lina, NEW)

    answer = desk.press(older)

    assert answer.status_code == 409
    assert f"申请 {again.code} 已给找回的账号让位" in answer.text
    assert stands(shop, "o-person-1") == (again.id, "rejected")


def applies(shop, openid, invite_code=None):
    with shop.database.transaction() as session:
        now = shop.clock.now()
        person, terms = people.meet(session, APP_ID, openid, now), policy.in_force(session, shop.merchant_id, now)
        said = {"name": "李娜", "phone": "13800000001", "terms_version": "1", "policy": terms}
        return members.apply(session, person.member_id, **said, invite_code=invite_code, now=now).inviter_id


@pytest.mark.parametrize("invited", [True, False])
def test_who_applies_again_where_an_application_gave_way_chooses_an_inviter_anew(shop, lina, wang, invited) -> None:
    zhou = shop.distributor("周敏")
    again = shop.distributor("李娜", inviter=wang.code, active=False)
    assert again.inviter_id == wang.id
    moves(shop, lina, "o-person-4")
    shop.clock.advance(days=2)

    assert applies(shop, "o-person-1", zhou.code if invited else None) == (zhou.id if invited else None)
    with shop.database.transaction() as session:
        assert members.approve(session, again.id, by="老板", now=shop.clock.now()).state == "active"
    assert stands(shop, "o-person-1") == (again.id, "active")
    assert stands(shop, "o-person-4") == (lina.id, "active")


def test_what_gave_way_is_no_obstacle_to_going_back(shop, lina, again) -> None:
    moves(shop, lina, NEW)
    moves(shop, lina, "o-person-1")
    assert stands(shop, "o-person-1") == (lina.id, "active")
    assert stands(shop, NEW) == (again.id, "rejected")
    with pytest.raises(Refusal) as refused:
        moves(shop, lina, "o-person-1")
    assert refused.value.code == Code.ILLEGAL_STATE


def owning(session, person_id, now, what):
    if what == "invited":
        session.execute(update(t.distributor).where(t.distributor.c.id != person_id).values(inviter_id=person_id))
    elif what == "used":
        looked_at = {"name": "李娜", "number_digest": "x", "checked_at": now}
        session.execute(insert(t.real_name).values(distributor_id=person_id, **looked_at))
    elif what == "partner":
        rates = {"l1_bp": 1, "l2_bp": 0, "l3_bp": 0, "made_by": "老板", "made_at": now}
        session.execute(insert(t.agreement).values(merchant_id=1, distributor_id=person_id, **rates))
    else:
        bound = {"member_id": 1, "distributor_id": person_id, "bound_at": now, "locked": False}
        session.execute(insert(t.binding).values(bound))


@pytest.mark.parametrize("what", ["invited", "used", "partner", "customers"])
def test_what_owns_anything_stays_and_the_operator_reads_why(shop, desk, lina, again, what) -> None:
    turned_down(shop, again)
    with shop.database.transaction() as session:
        owning(session, again.id, shop.clock.now(), what)
        member = people.recognise(session, APP_ID, NEW).member_id
        recoveries.claim(session, member, phone=lina.phone, name="李娜", proof=lina.code, now=shop.clock.now())
        path = f"/tickets/{session.scalar(select(t.ticket.c.no))}"

    page = desk.open(path).text
    assert "不能让位，两个账号也不能合并" in page
    assert "把 李娜 的账号转到这个微信" not in page
    with pytest.raises(Refusal) as refused:
        moves(shop, lina, NEW)
    assert (refused.value.code, refused.value.facts["holds"]) == (Code.WECHAT_TAKEN, (what,))


def test_who_ever_passed_does_not_give_way(shop, lina, again) -> None:
    with shop.database.transaction() as session:
        members.approve(session, again.id, by="老板", now=shop.clock.now())
    for state in ("active", "rejected"):
        with shop.database.transaction() as session:
            session.execute(update(t.distributor).where(t.distributor.c.id == again.id).values(state=state))
        with pytest.raises(Refusal, match="wechat_taken"):
            moves(shop, lina, NEW)


def test_whatever_names_a_distributor_is_known_to_whom_decides_what_gives_way() -> None:
    """A new table with people's rows has to be put down as harmless, or it keeps an account where it is."""
    told = {column.table.name for column in giving_way.naming()}
    assert told >= giving_way.HARMLESS
    assert told >= {table for tables in giving_way._MEANINGS.values() for table in tables}
    assert set(HOLDS) == set(giving_way._SAID)
    for table in ("commission", "withdrawal", "order", "bonus", "binding", "real_name", "scene"):
        assert table not in giving_way.HARMLESS


def test_of_a_move_and_an_approval_at_once_one_is_done(shop, lina, again, another_connection) -> None:
    databases = [another_connection() for _ in range(4)]

    def either(number):
        try:
            if number % 2:
                moves(shop, lina, NEW, databases[number])
            else:
                databases[number].write(lambda s: members.approve(s, again.id, by="老板", now=shop.clock.now()))
        except Refusal as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(either, range(4)))

    assert "done" in answers
    assert stands(shop, NEW) in ((lina.id, "active"), (again.id, "active"))


@pytest.fixture
def wang(shop, lina):
    """Whose customer the other WeChat is."""
    return shop.distributor("王芳")


def clicks(shop, openid, row):
    with shop.database.transaction() as session:
        now = shop.clock.now()
        person = people.meet(session, APP_ID, openid, now)
        terms = policy.in_force(session, shop.merchant_id, now)
        bindings.click(session, person.member_id, row.id, policy=terms, channel="link", at=now, now=now)
        return person.member_id


def test_who_has_the_customer_keeps_him_and_hears_nothing(shop, desk, lina, wang) -> None:
    member = clicks(shop, "o-new", wang)
    shop.clock.advance(days=16)
    assert clicks(shop, "o-new", lina) == member
    with shop.database.transaction() as session:
        recoveries.claim(session, member, phone=lina.phone, name="李娜", proof="", now=shop.clock.now())
        path = f"/tickets/{session.scalar(select(t.ticket.c.no))}"
        before = len(notices_of(session, wang))
    desk.login("老板")
    page = desk.open(path).text
    assert "受它邀请" in page
    assert f"王芳（{wang.code}）的客户：转了以后不变" in page

    moves(shop, lina, "o-new")

    with shop.database.reading() as session:
        now = shop.clock.now()
        assert bindings.binding_of(session, member, now).distributor_id == wang.id
        assert session.scalar(select(t.customer_invitation.c.until)) is None
        assert len(notices_of(session, wang)) == before
        kinds = [each.kind for each in customer_claims.of_customer(session, member, wang.id, now=now).line]
        assert "released" not in kinds
    assert stands(shop, "o-new") == (lina.id, "active")
    assert "成了这个账号的本人" in desk.open(f"/customers/{member}").text


def notices_of(session, row):
    o = t.outbox_row.c
    return session.scalars(select(o.id).where(o.member_id == row.member_id, o.kind == "notice")).all()
