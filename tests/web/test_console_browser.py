"""The console and the customers' pages in a real browser: nothing of anybody's text runs, nothing is blocked."""

import threading
from collections.abc import Iterator

import pytest
from web_desk import PASSWORD, Desk, links_of
from web_shop import Mall, built, opened_shop
from werkzeug.serving import make_server

from web.console import console
from web.h5 import h5
from web.intake import api
from web.links import links

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg onload=alert(3)>{{7*7}}"


@pytest.fixture
def sqlite_shop(sqlite_database, clock):
    return opened_shop(sqlite_database, clock)


@pytest.fixture
def address(sqlite_shop) -> Iterator[tuple[str, Desk]]:
    """The whole web part, served over HTTP."""
    app = built(sqlite_shop.parts, console, links, h5, api)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}", Desk(sqlite_shop, app)
    server.shutdown()
    thread.join()


@pytest.fixture
def page(chromium):
    """A page of a browser; what it complains of is kept in ``complaints``."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.complaints = []
        page.on("dialog", lambda dialog: (page.complaints.append(dialog.message), dialog.dismiss()))
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        yield page
        browser.close()


@pytest.mark.browser
def test_markup_runs_on_no_page(sqlite_shop, address, page) -> None:
    base, desk = address
    fill(sqlite_shop, desk)
    page.goto(f"{base}/console/login")
    page.fill("input[name=name]", "老板")
    page.fill("input[name=password]", PASSWORD)
    page.click("button")

    for path in every_page(desk):
        page.goto(base + path)

    wrong = [said for said in page.complaints if "404" not in said]
    assert not wrong


def fill(shop, desk) -> None:
    """One of everything that people can name."""
    seller = shop.distributor("李娜")
    shop.product(name=MARKUP, category=MARKUP[:100])
    desk.hire("老板", "owner")
    lines = [{"line_no": 1, "sku": "A", "name": MARKUP, "quantity": 1, "unit_fen": 100}]
    Mall(desk.app.test_client(), shop.clock.now).order(lines=lines, distributor_code=seller.code)
    desk.login("老板")
    desk.send("/materials/new", "下一步：核对发给谁", title=MARKUP[:40], text=MARKUP)
    desk.send("/levels/", "新增等级", name=MARKUP[:20])
    desk.send(f"/distributors/{seller.id}", "加标签", tag=MARKUP[:30])
    desk.send(f"/distributors/{seller.id}", "冻结", reason=MARKUP[:100])


def every_page(desk) -> list[str]:
    """Every page of the console and of the customers that links lead to."""
    seen: list[str] = []
    waiting = ["/console/", "/s/", "/p/1", "/h5/agreement"]
    while waiting:
        path = waiting.pop()
        if path.startswith(("/console/", "/s/", "/p/", "/h5/")) and path not in seen:
            seen.append(path)
            waiting += links_of(desk.browser.get(path))
    return seen
