"""What customers see who come by a link, and what their coming does."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select
from web_shop import APP_ID, built

from distribution import bindings, members, people, pictures, posters
from models import Scene
from models import tables as t
from web.h5 import h5
from web.links import links
from wechat.errors import Action, Outside

WECHAT = {"User-Agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0.60"}


class Login:
    """WeChat's silent log-in at a desk: the code is the openid, "bad" is refused."""

    def oauth_url(self, redirect: str, state: str) -> str:
        return f"https://open.weixin.qq.com/x?redirect_uri={redirect}&state={state}"

    def oauth_openid(self, code: str) -> str:
        if code == "bad":
            raise Outside(Action.PERMANENT, "sns/oauth2/access_token", 40029)
        return code


@pytest.fixture
def app(shop):
    return built(shop.with_parts(oauth=Login()), links, h5)


@pytest.fixture
def browser(app):
    return app.test_client()


def opened(browser, path: str, code: str):
    """A page opened inside WeChat by the person this code stands for."""
    asked = browser.get(path, headers=WECHAT)
    assert asked.status_code == 302
    state = parse_qs(urlsplit(asked.location).query)["state"][0]
    back = browser.get(f"/h5/in?code={code}&state={state}", headers=WECHAT)
    return browser.get(back.location, headers=WECHAT)


def customer_of(shop, openid: str) -> int | None:
    with shop.database.reading() as session:
        person = people.recognise(session, APP_ID, openid)
        held = bindings.binding_of(session, person.member_id, shop.clock.now()) if person.member_id else None
    return held.distributor_id if held else None


def visits(shop) -> int:
    with shop.database.reading() as session:
        return len(session.execute(t.visit.select()).all())


def test_the_landing_names_who_sent_it_and_what_is_sold(shop, browser) -> None:
    seller = shop.distributor("陈晓燕")
    shop.product(name="即食阿胶糕")

    page = browser.get(f"/s/{seller.code}")

    assert page.status_code == 200
    assert "<b>陈晓燕</b>推荐" in page.text
    assert "即食阿胶糕" in page.text
    assert "¥89.00" in page.text
    assert visits(shop) == 1


def test_inside_wechat_the_visitor_becomes_a_customer(shop, browser) -> None:
    seller = shop.distributor()

    page = opened(browser, f"/s/{seller.code}", "o-customer")

    assert page.status_code == 200
    assert customer_of(shop, "o-customer") == seller.id


def test_a_forged_return_binds_nobody(shop, browser) -> None:
    seller = shop.distributor()
    browser.get(f"/s/{seller.code}", headers=WECHAT)

    browser.get("/h5/in?code=o-victim&state=guess", headers=WECHAT)

    assert customer_of(shop, "o-victim") is None


def test_a_log_in_that_fails_still_shows_the_page(shop, browser) -> None:
    seller = shop.distributor()

    assert opened(browser, f"/s/{seller.code}", "bad").status_code == 200


def test_an_unknown_code_offers_the_shop(shop, browser) -> None:
    shop.product(name="燕窝")

    page = browser.get("/s/CNONE")

    assert page.status_code == 404
    assert "找不到" in page.text
    assert "燕窝" in page.text


def test_a_poster_past_its_time_keeps_who_shared_it_and_shows_what_is_there_now(shop, browser) -> None:
    seller, product = shop.distributor("陈晓燕"), shop.product(name="燕窝")
    now = shop.clock.now()
    with shop.database.transaction() as session:
        posters.prepare(session, seller.id, product_id=product, purpose="product", now=now)
        [scene] = session.scalars(select(Scene)).all()
        posters.record_scene(session, scene.id, url="http://weixin.qq.com/q/x", expires_at=now)

    page = opened(browser, f"/s/{scene.code}", "o-customer").text

    assert "这张海报有些日子了" in page
    assert "<b>陈晓燕</b>推荐" in page
    assert customer_of(shop, "o-customer") == seller.id


def test_a_frozen_distributor_is_not_named(shop, browser) -> None:
    seller = shop.distributor("陈晓燕")
    with shop.database.transaction() as session:
        members.freeze(session, seller.id, by="老板", reason="核实", now=shop.clock.now())

    assert "陈晓燕" not in browser.get(f"/s/{seller.code}").text


def test_a_product_page_leads_to_the_mall_and_says_who_sent(shop, browser) -> None:
    seller = shop.distributor("陈晓燕")
    product = shop.product(link="https://mall.example/p?id=7")

    page = browser.get(f"/p/{product}?d={seller.code}").text

    assert f'href="https://mall.example/p?id=7&amp;distributor_code={seller.code}"' in page
    assert "还有 12 件" in page
    assert "佣" not in page


def test_a_product_that_is_sold_out_offers_others_and_keeps_the_sender(shop, browser) -> None:
    seller = shop.distributor()
    gone, other = shop.product("A", stock=0), shop.product("B", name="燕窝")

    page = browser.get(f"/p/{gone}?d={seller.code}").text

    assert "卖完了" in page
    assert f"/p/{other}?d={seller.code}" in page


def test_names_are_shown_as_they_are_written(shop, browser) -> None:
    product = shop.product(name="<script>alert(1)</script>{{7*7}}")

    page = browser.get(f"/p/{product}").text

    assert "<script>alert" not in page
    assert "{{7*7}}" in page


def test_pictures_come_by_their_hash(shop, browser) -> None:
    with shop.database.transaction() as session:
        pictures.store(session, b"\xff\xd8jpeg", "image/jpeg", now=shop.clock.now())
        [sha256] = (session.execute(t.picture.select()).mappings().first()["sha256"],)

    answer = browser.get(f"/pictures/{sha256}")

    assert (answer.data, answer.content_type) == (b"\xff\xd8jpeg", "image/jpeg")
    assert browser.get("/pictures/none").status_code == 404


# The confirm page


def confirm_path(shop, no: str) -> str:
    return urlsplit(shop.parts.links.confirm(no)).path


def test_the_confirm_page_hands_wechat_what_it_needs(shop, browser) -> None:
    no = shop.sent(shop.distributor("陈晓燕"))

    page = browser.get(confirm_path(shop, no), headers=WECHAT)

    assert re.search(r'data-mch-id="1900000001" data-app-id="wx\w+" data-package="the-package"', page.text)
    assert "12月2日 10:00" in page.text
    assert "陈晓燕" not in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_outside_wechat_it_says_where_to_go(shop, browser) -> None:
    page = browser.get(confirm_path(shop, shop.sent(shop.distributor()))).text

    assert "要在微信里完成" in page
    assert "the-package" not in page


def test_after_the_deadline_it_says_where_the_money_is(shop, browser) -> None:
    path = confirm_path(shop, shop.sent(shop.distributor()))
    shop.clock.advance(hours=24, seconds=1)

    page = browser.get(path, headers=WECHAT).text

    assert "确认时间已过" in page
    assert "the-package" not in page


def test_a_forged_or_old_link_shows_nothing(shop, browser) -> None:
    no = shop.sent(shop.distributor())
    path = confirm_path(shop, no)

    assert browser.get(f"/h5/withdrawals/{no}").status_code == 404
    # Not the last letter: it carries bits that mean nothing.
    assert browser.get(path[:-9] + ("A" if path[-9] != "A" else "B") + path[-8:]).status_code == 404
    assert browser.get(path.replace("withdrawals/", "withdrawals/x")).status_code == 404
    shop.clock.advance(days=31)
    late = browser.get(path)
    assert late.status_code == 410
    assert "回复“<b>提现进度</b>”" in late.text


def test_a_link_of_another_purpose_opens_nothing(shop, browser) -> None:
    no = shop.sent(shop.distributor())

    assert browser.get(f"/h5/withdrawals/{shop.parts.links.sign('login', no)}").status_code == 404


def test_the_rules_are_shown_with_their_version_and_an_example(browser) -> None:
    page = browser.get("/h5/agreement").text

    assert "2026-11" in page
    assert "¥10.00" in page
    assert "¥5.00" in page


def test_a_statement_opens_by_its_signed_link_and_no_other(shop) -> None:
    person = shop.distributor("李娜")
    shop.earned(person)
    browser = built(shop.parts, h5).test_client()
    link = shop.parts.links.statement(person.id, f"{shop.clock.now():%Y-%m}").removeprefix(shop.parts.links.base_url)

    assert "¥100.00" in browser.get(link).text
    assert browser.get(link + "x").status_code == 404


def test_a_statement_s_link_lives_a_day_and_says_afterwards_what_gives_a_new_one(shop) -> None:
    person = shop.distributor("李娜")
    browser = built(shop.parts, h5).test_client()
    link = shop.parts.links.statement(person.id, f"{shop.clock.now():%Y-%m}").removeprefix(shop.parts.links.base_url)
    shop.clock.advance(hours=24)
    assert browser.get(link).status_code == 200

    shop.clock.advance(seconds=1)
    late = browser.get(link)
    assert late.status_code == 410
    assert "回复“<b>对账单</b>”" in late.text
    assert "李" not in late.text


@pytest.mark.parametrize("path", ["/s/%00", "/p/1?d=%00", "/pictures/%00"])
def test_a_nul_in_an_address_is_no_page(shop, browser, path) -> None:
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize("rest", ["//[x", "/p/1?d=%00", "/s/a\x00b", "/s/码", "/p/1", "/s/"])
def test_what_only_looks_like_an_address_of_ours_has_no_code(shop, rest) -> None:
    assert shop.parts.links.code_in(shop.parts.links.base_url + rest) is None
