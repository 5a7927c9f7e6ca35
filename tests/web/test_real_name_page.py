"""The real-name page: what passes, what does not and why; nothing readable of the number is kept anywhere."""

import pytest
from sqlalchemy import select, text
from web_shop import built

from distribution import members, profiles, real_names
from models import tables as t
from web.h5 import h5

NUMBER, OTHER, CHILD = "11010519491231002X", "440524188001010014", "110105201512310023"


@pytest.fixture
def browser(shop):
    return built(shop.parts, h5).test_client()


@pytest.fixture
def lina(shop):
    return shop.distributor("李娜")


def opens(shop, person):
    return shop.parts.links.real_name(person.id).removeprefix(shop.parts.links.base_url)


def passed(shop, person):
    with shop.database.reading() as session:
        return real_names.passed(session, members.get_distributor(session, person.id))


def test_name_and_number_that_go_together_pass_once_for_all(shop, browser, lina):
    page = browser.get(opens(shop, lina))
    assert "登记的收款人是 李*" in page.text
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("no-store", "no-referrer")

    done = browser.post(opens(shop, lina), data={"name": " 李娜 ", "number": NUMBER.lower()})
    assert "发“<b>继续</b>”接着提现" in done.text
    assert passed(shop, lina)
    assert "实名通过" in browser.get(opens(shop, lina)).text


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"name": "王芳", "number": NUMBER}, "姓名和登记的收款人不一致"),
        ({"name": "李娜", "number": "110105194912310021"}, "身份证号不对"),
        ({"name": "李娜", "number": ""}, "身份证号不对"),
        ({"name": "李娜", "number": "9" * 5000}, "身份证号不对"),
        ({}, "身份证号不对"),
        ({"name": "李娜", "number": CHILD}, "年满 18 周岁"),
    ],
)
def test_what_does_not_go_together_says_why_and_shows_no_number(shop, browser, lina, given, why):
    page = browser.post(opens(shop, lina), data=given)

    assert page.status_code == 422
    assert why in page.text
    assert "1949" not in page.text
    assert not passed(shop, lina)


def test_a_number_stands_for_one_person_and_another_name_is_looked_at_again(shop, browser, lina):
    wang = shop.distributor("李娜")
    browser.post(opens(shop, lina), data={"name": "李娜", "number": NUMBER})
    assert "已在别的账号核对过" in browser.post(opens(shop, wang), data={"name": "李娜", "number": NUMBER}).text
    assert browser.post(opens(shop, wang), data={"name": "李娜", "number": OTHER}).status_code == 200

    with shop.database.transaction() as session:
        profiles.rename(session, lina.id, "李丽娜", by="x", now=shop.clock.now())
    shop.clock.advance(seconds=1)
    assert not passed(shop, lina)
    assert "实名通过" in browser.post(opens(shop, lina), data={"name": "李丽娜", "number": NUMBER}).text


def test_nothing_readable_of_the_number_is_kept(shop, browser, lina):
    browser.post(opens(shop, lina), data={"name": "李娜", "number": NUMBER})

    with shop.database.reading() as session:
        everything = [
            str(row) for table in t.real_name.metadata.sorted_tables for row in session.execute(select(table)).all()
        ]
        assert session.scalar(text("select count(*) from real_name")) == 1
    assert not [row for row in everything if NUMBER[:17] in row or NUMBER[6:14] in row]


def test_a_link_lives_an_hour_and_says_afterwards_what_gives_a_new_one(shop, browser, lina):
    address = opens(shop, lina)
    shop.clock.advance(minutes=60)
    assert browser.get(address).status_code == 200
    shop.clock.advance(seconds=1)

    for late in (browser.get(address), browser.post(address, data={"name": "李娜", "number": NUMBER})):
        assert late.status_code == 410
        assert "链接过期了" in late.text
        assert "回复“<b>实名核对</b>”" in late.text
        assert "李" not in late.text
    assert not passed(shop, lina)


def test_a_link_is_used_up_by_success_whatever_came_of_the_name_since(shop, browser, lina):
    address = opens(shop, lina)
    browser.post(address, data={"name": "李娜", "number": CHILD})
    shop.clock.advance(minutes=1)
    assert "实名通过" in browser.post(address, data={"name": "李娜", "number": NUMBER}).text
    assert "实名通过" in browser.post(address, data={"name": "李娜", "number": OTHER}).text
    with shop.database.transaction() as session:
        assert session.scalar(select(t.real_name.c.number_digest)) == shop.parts.links.digest("identity", NUMBER)
        profiles.rename(session, lina.id, "李丽娜", by="x", now=shop.clock.now())

    assert browser.get(address).status_code == 410
    assert browser.post(address, data={"name": "李丽娜", "number": NUMBER}).status_code == 410
    assert not passed(shop, lina)


def test_a_forged_link_opens_nothing(shop, browser, lina):
    elsewhere = shop.parts.links.statement(lina.id, "2026-11").rsplit("/")[-1]
    for signed in ("1", elsewhere, opens(shop, lina).rsplit("/")[-1] + "x"):
        path = f"/h5/realname/{signed}"
        assert browser.get(path).status_code == 404
        assert browser.post(path, data={"name": "李娜", "number": NUMBER}).status_code == 404
    assert not passed(shop, lina)


def test_who_tries_too_often_waits_a_minute(shop, browser, lina):
    for _ in range(20):
        browser.post(opens(shop, lina), data={"name": "李娜", "number": "1"})

    assert "太频繁" in browser.post(opens(shop, lina), data={"name": "李娜", "number": NUMBER}).text
    assert not passed(shop, lina)
