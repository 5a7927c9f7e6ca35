"""Who gets into the console, for how long, and what every form must carry."""

import pytest
from web_desk import PASSWORD, Desk, forms_of
from web_shop import built

from models import tables as t
from web.console import console
from web.h5 import h5


def cookie(desk):
    return desk.browser.get_cookie("fenxiao")


def token(desk) -> str:
    return forms_of(desk.open("/password"))[0].values["csrf_token"]


def test_strangers_are_sent_to_the_log_in_and_back_to_their_page(desk) -> None:
    other = Desk(desk.shop, desk.app)

    answer = other.open("/orders/?state=paid")
    page = other.browser.get(answer.location)
    [form] = forms_of(page)
    onward = other.browser.post(form.action, data=form.values | {"name": "老板", "password": PASSWORD})

    assert answer.status_code == 303
    assert onward.location == "/console/orders/?state=paid"


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example/console/", "/console/\\evil", "/s/x"])
def test_the_log_in_leads_nowhere_else(desk, onward) -> None:
    other = Desk(desk.shop, desk.app)
    [form] = forms_of(other.open("/login"))

    values = form.values | {"name": "老板", "password": PASSWORD, "next": onward}

    assert other.browser.post(form.action, data=values).location == "/console/"


def test_an_unknown_name_and_a_wrong_password_are_answered_alike(desk) -> None:
    other = Desk(desk.shop, desk.app)

    wrong, unknown = other.login("老板", "wrong"), other.login("nobody", "wrong")

    assert (wrong.status_code, unknown.status_code) == (401, 401)
    hidden = {form.values["csrf_token"] for page in (wrong, unknown) for form in forms_of(page)}
    texts = []
    for page, name in ((wrong, "老板"), (unknown, "nobody")):
        text = page.text.replace(name, "")
        for value in hidden:
            text = text.replace(value, "")
        texts.append(text)
    assert texts[0] == texts[1]


def test_guessing_is_slowed_down_and_the_right_password_waits_too(shop, desk) -> None:
    other = Desk(shop, desk.app)
    for _ in range(5):
        other.login("老板", "wrong")

    assert other.login("老板").status_code == 401
    shop.clock.advance(seconds=31)
    assert other.login("老板").status_code == 303


def test_one_address_cannot_try_name_after_name(shop, desk) -> None:
    other = Desk(shop, desk.app)
    for number in range(20):
        other.login(f"name-{number}", "wrong")

    assert other.login("老板").status_code == 401
    shop.clock.advance(minutes=1, seconds=1)
    assert other.login("老板").status_code == 303


def test_a_session_ends_after_half_an_hour_of_silence_and_twelve_hours_at_most(shop, desk) -> None:
    for _ in range(29):
        shop.clock.advance(minutes=25)
        if desk.open("/").status_code != 200:
            break

    assert shop.clock.now().hour == 2 + 12
    desk.login("老板")
    shop.clock.advance(minutes=31)
    assert desk.open("/").status_code == 303


def test_in_the_demo_a_jump_of_the_clock_logs_nobody_out(shop) -> None:
    desk = Desk(shop, built(shop.with_parts(demo=True), console, h5))
    desk.hire("demo", "owner")
    desk.login("demo")

    shop.clock.advance(days=30)

    assert desk.open("/").status_code == 200


def test_logging_out_ends_the_session_on_our_side(desk) -> None:
    kept = cookie(desk).value

    desk.send("/", "退出")
    desk.browser.set_cookie("fenxiao", kept)

    assert desk.open("/").status_code == 303


def test_only_the_hash_of_a_session_is_kept(shop, desk) -> None:
    with shop.database.reading() as session:
        [row] = session.execute(t.console_session.select())
    with desk.browser.session_transaction() as kept:
        secret = kept["console"]

    assert len(secret) >= 43
    assert secret not in row.token_hash


def test_what_a_browser_held_before_the_log_in_is_worth_nothing_after_it(desk) -> None:
    other = Desk(desk.shop, desk.app)
    other.open("/login")
    planted = cookie(other).value
    other.login("老板")

    assert cookie(other).value != planted
    other.browser.set_cookie("fenxiao", planted)
    assert other.open("/").status_code == 303


def test_the_cookie_is_for_this_site_and_no_script(desk) -> None:
    kept = cookie(desk)

    assert kept.http_only
    assert kept.same_site == "Lax"


def test_pages_of_the_console_are_kept_by_no_cache(desk) -> None:
    assert desk.open("/").headers["Cache-Control"] == "no-store"
    assert desk.open("/login").headers["Cache-Control"] == "no-store"


# Forms


@pytest.mark.parametrize("sent", [{}, {"csrf_token": ""}, {"csrf_token": "forged"}])
def test_a_form_without_its_token_changes_nothing(shop, desk, sent) -> None:
    person = shop.distributor(active=False)

    assert desk.browser.post(f"/console/applications/{person.id}/approve", data=sent).status_code == 400


def test_a_token_of_another_browser_is_worth_nothing(shop, desk) -> None:
    desk.hire("二老板", "owner")
    foreign = token(desk.as_other("二老板"))

    answer = desk.browser.post("/console/levels/", data={"csrf_token": foreign, "name": "金", "rank": "1"})

    assert answer.status_code == 400


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_a_form_from_another_site_is_refused(desk, headers) -> None:
    values = {"csrf_token": token(desk), "name": "金", "rank": "1"}

    assert desk.browser.post("/console/levels/", data=values, headers=headers).status_code == 403
    assert desk.browser.post("/console/levels/", data=values, headers={"Origin": "http://localhost"}).status_code == 303


def test_no_change_is_made_by_opening_an_address(desk) -> None:
    changes = [rule for rule in desk.app.url_map.iter_rules() if "POST" in rule.methods]

    assert len(changes) > 20
    assert not [rule.rule for rule in changes if "GET" in rule.methods]


def test_a_form_with_a_nul_is_no_form(desk) -> None:
    assert Desk(desk.shop, desk.app).login("老板\x00").status_code == 400
    assert desk.send("/agents/", "任命", distributor="C\x00").status_code == 400
