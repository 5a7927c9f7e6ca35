"""The phones page, the browser inside a phone, and the guided story."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from desk_bench import Desktop
from test_desk_push import reply, text

CONFIRM = """<!doctype html><html><head><title>收款</title></head><body><a href="{base}/h5/me?a=1">我</a>
<form action="/h5/sent" method="post"><input name="n" value="中"><button>交</button></form>
<img src="/sim/media/x"><a href="//elsewhere.example/">外</a></body></html>"""


@pytest.fixture
def paged(desktop: Desktop) -> Desktop:
    """A desk whose service has a page with links and a form."""
    desktop.service.pages["/h5/confirm"] = lambda request: CONFIRM.format(base=desktop.url)
    desktop.service.pages["/h5/sent"] = lambda request: f"<p>{request.form['n']}|{request.headers['Origin']}</p>"
    return desktop


def inside(desktop: Desktop, openid: str, path: str, **more: Any) -> requests.Response:
    """A page as the frame of a phone shows it."""
    return requests.request(more.pop("method", "GET"), f"{desktop.url}/sim/browser/{openid}{path}", timeout=9, **more)


def test_links_and_forms_stay_in_the_frame_with_the_bridge(paged: Desktop) -> None:
    openid = paged.person()
    html = inside(paged, openid, "/h5/confirm").text
    assert f'href="/sim/browser/{openid}/h5/me?a=1"' in html
    assert f'action="/sim/browser/{openid}/h5/sent"' in html
    assert 'src="/sim/media/x"' in html
    assert 'href="//elsewhere.example/"' in html
    assert html.index("bridge.js") < html.index("<title>")


def test_a_form_in_the_frame_reaches_the_service_as_its_own(paged: Desktop) -> None:
    answer = inside(paged, paged.person(), "/h5/sent", method="POST", data={"n": "中文"})
    assert f"中文|{paged.url}" in answer.text


def test_the_frame_logs_each_person_in_apart(paged: Desktop) -> None:
    codes = {re.findall("[0-9a-f]{33}", inside(paged, paged.person(), "/h5/me").text)[0] for _ in range(2)}
    assert len(codes) == 2


def test_the_page_and_its_files_are_served_without_inline_scripts(desktop: Desktop) -> None:
    page = requests.get(f"{desktop.url}/sim/", timeout=9)
    assert "演示模式" in page.text
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", page.text)
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    for name in re.findall(r'(?:src|href)="(/sim/static/[^"]+)"', page.text):
        assert requests.get(desktop.url + name, timeout=9).status_code == 200


def test_a_name_that_is_markup_stays_a_name(desktop: Desktop) -> None:
    desktop.person(name="<b>小")
    query = "appid=a&redirect_uri=http://x/&response_type=code&scope=snsapi_base"
    page = requests.get(f"{desktop.url}/sim/wechat/connect/oauth2/authorize?{query}", timeout=9).text
    assert "&lt;b&gt;小" in page


def test_the_story_ticks_what_has_happened(desktop: Desktop) -> None:
    openid = str(desktop.post("/people")["openid"])
    assert [step["done"] for step in desktop.get("/story")] == [False] * 8
    desktop.post(f"/people/{openid}/follow")
    desktop.post(f"/people/{openid}/say", text="我要成为分销员")
    desktop.post(f"/people/{openid}/buy", sku="AJ250")
    desktop.post("/clock", advance_seconds=7 * 86400)
    done = [number for number, step in enumerate(desktop.get("/story"), 1) if step["done"]]
    assert done == [1, 2, 6, 7]


def test_the_newest_talk_is_listed_first_and_names_can_be_searched(desktop: Desktop) -> None:
    first, second = desktop.person(name="李敏"), desktop.person(name="李娜")
    desktop.post(f"/people/{first}/say", text="在吗")
    assert [each["openid"] for each in desktop.get("/contacts")] == [first, second]
    assert [each["name"] for each in desktop.get("/contacts?q=娜")] == ["李娜"]


def test_a_service_that_tells_no_story_leaves_the_trace_empty(desktop: Desktop) -> None:
    openid = desktop.person()
    desktop.post(f"/people/{openid}/say", text="你好")
    assert desktop.get(f"/people/{openid}/trace") == {"events": []}
    delivered = desktop.get(f"/people/{openid}/deliveries")
    assert [each["verdict"] for each in delivered] == ["silent"]
    assert "你好" in delivered[0]["xml"]


@pytest.fixture
def tab(chromium: str) -> Iterator[Any]:
    """A page of a real browser."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser.new_page(viewport={"width": 1280, "height": 800})
        browser.close()


@pytest.mark.browser
@pytest.mark.slow
def test_a_newcomer_joins_and_talks_in_the_page(desktop: Desktop, tab: Any) -> None:
    desktop.service.answer = lambda query, body: reply(query, body, text("您好，欢迎来店里"))
    faults: list[str] = []
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.goto(f"{desktop.url}/sim/")
    tab.fill("#person-name", "小新")
    tab.press("#person-name", "Enter")
    tab.click("#follow")
    tab.fill("#words", "<b>你好</b>")
    tab.press("#words", "Enter")
    tab.wait_for_selector(".mine .bubble:text-is('<b>你好</b>')")
    tab.wait_for_selector(".bubble:text('欢迎来店里') >> nth=1")
    tab.wait_for_selector("#story .done")
    assert faults == []
