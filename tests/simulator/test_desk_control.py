"""Faults, time, the mall and the browser."""

import base64
import hashlib
import hmac
import io
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import qrcode
import requests
from desk_bench import SECRET, Desktop
from test_desk_account import paid_to, picture, text_to


def ready(desktop: Desktop) -> str:
    """A follower with an open window and the service with a token."""
    openid = desktop.person()
    desktop.post(f"/people/{openid}/say", text="你好")
    desktop.wechat("/cgi-bin/getcallbackip")
    return openid


def test_an_ordered_code_comes_so_many_times(desktop: Desktop) -> None:
    openid = ready(desktop)
    desktop.post("/faults", call="custom/send", errcode=45009, times=2)
    assert [text_to(desktop, openid)["errcode"] for _ in range(3)] == [45009, 45009, 0]


def test_lost_before_is_not_done_lost_after_is(desktop: Desktop) -> None:
    openid = ready(desktop)
    for lost, shown in (("before", 0), ("after", 1)):
        desktop.post("/faults", call="template/send", lost=lost)
        with pytest.raises(requests.RequestException):
            paid_to(desktop, openid)
        assert [line["type"] for line in desktop.phone(openid)].count("template") == shown


def test_a_status_or_a_delay_may_be_ordered_and_forgotten(desktop: Desktop) -> None:
    openid = ready(desktop)
    desktop.post("/faults", call="custom/send", http=503)
    with pytest.raises(requests.JSONDecodeError):
        text_to(desktop, openid)
    desktop.post("/faults", call="custom/send", delay_ms=300)
    begun = time.monotonic()
    assert text_to(desktop, openid)["errcode"] == 0
    assert time.monotonic() - begun > 0.3
    desktop.post("/faults", call="custom/send", errcode=-1, times=9)
    requests.delete(f"{desktop.url}/sim/faults", timeout=9)
    assert text_to(desktop, openid)["errcode"] == 0


@pytest.mark.parametrize("path", ["/people", "/wechat/cgi-bin/token", "/pay/v3/fund-app/mch-transfer/transfer-bills"])
def test_json_nested_without_end_is_the_callers_fault(desktop: Desktop, path: str) -> None:
    answer = requests.post(f"{desktop.url}/sim{path}", data="[" * 60_000, timeout=9)
    assert answer.status_code < 500


@pytest.mark.parametrize(
    "body", [{}, {"call": "x", "times": 0}, {"call": "x", "lost": "never"}, {"call": "x", "http": 7}]
)
def test_a_fault_that_makes_no_sense_is_a_problem(desktop: Desktop, body: dict[str, object]) -> None:
    answer = requests.post(f"{desktop.url}/sim/faults", json=body, timeout=9)
    assert (answer.status_code, answer.headers["Content-Type"][:24]) == (400, "application/problem+json")


def test_work_inside_a_jump_runs_at_its_own_moment(desktop: Desktop) -> None:
    now = desktop.clock.now()
    desktop.service.due = [now + timedelta(hours=hours) for hours in (1, 2, 30)]
    dues = list(desktop.service.due)
    answer = desktop.post("/clock", advance_seconds=86400)
    assert desktop.service.ran == dues[:2]
    assert desktop.service.due == dues[2:]
    assert answer["now"].endswith("+08:00")
    assert timedelta(0) <= desktop.clock.now() - now - timedelta(days=1) < timedelta(seconds=5)
    assert not desktop.clock.frozen


def test_a_barrier_runs_what_is_due_and_moves_nothing(desktop: Desktop) -> None:
    openid = ready(desktop)
    paid_to(desktop, openid)
    desktop.service.due = [desktop.clock.now()]
    desktop.post("/clock", advance_seconds=0)
    assert len(desktop.service.ran) == 1
    assert len(desktop.service.pushes) == 2


def test_work_that_never_ends_does_not_hold_the_clock(desktop: Desktop) -> None:
    desktop.service.app.view_functions["_run"] = lambda: {"next_due": desktop.clock.now().isoformat()}
    now = desktop.clock.now()
    desktop.post("/clock", advance_seconds=2)
    assert desktop.clock.now() - now >= timedelta(seconds=2)


def test_two_jumps_at_once_are_made_one_after_the_other(desktop: Desktop) -> None:
    begun = desktop.clock.now()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: desktop.post("/clock", advance_seconds=3600), range(4)))
    assert timedelta(hours=4) <= desktop.clock.now() - begun < timedelta(hours=4, seconds=20)


@pytest.mark.parametrize("seconds", [-1, "1", None, True])
def test_time_neither_returns_nor_guesses(desktop: Desktop, seconds: object) -> None:
    answer = requests.post(f"{desktop.url}/sim/clock", json={"advance_seconds": seconds}, timeout=9)
    assert answer.status_code == 400


def test_an_order_is_signed_and_goes_its_way(desktop: Desktop) -> None:
    openid = desktop.person()
    order = desktop.post(f"/people/{openid}/buy", sku="AJ250", quantity=2)
    assert (order["state"], order["status"], order["answer"]) == ("paid", 200, {"applied": True})
    for step in ("ship", "receive", "refund"):
        desktop.post(f"/people/{openid}/orders/{order['order_no']}/{step}")
    assert [kind for kind, _, _ in desktop.service.posts] == ["orders"] * 3 + ["refunds"] * 2
    headers = {key.lower(): value for key, value in desktop.service.posts[0][1].items()}
    message = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + desktop.service.posts[0][2]
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert desktop.get(f"/people/{openid}/orders")[0]["state"] == "refunded"


def test_a_page_knows_each_person_apart_without_asking(desktop: Desktop) -> None:
    first, second = desktop.person(), desktop.person()
    pages = [desktop.post(f"/people/{openid}/open", url="/h5/me") for openid in (first, second, first)]
    assert [page["status"] for page in pages] == [200] * 3
    assert pages[0]["html"] == pages[2]["html"] != pages[1]["html"]
    assert pages[0]["url"] == f"{desktop.url}/h5/me"


def test_a_scanned_link_opens_as_the_person_but_no_strange_one(desktop: Desktop) -> None:
    openid = desktop.person()
    for link, status in ((f"{desktop.url}/h5/me", 200), ("http://192.0.2.1/", None)):
        file = io.BytesIO()
        qrcode.make(link).save(file)
        seen = desktop.post(f"/people/{openid}/scan", image_base64=base64.b64encode(file.getvalue()).decode())
        assert seen["decoded"] == link
        assert (seen["opened"] or {}).get("status") == status
    for strange in ("http://192.0.2.1/", "http://127.0.0.1:1/", "file:///etc/passwd", "http://[/"):
        assert desktop.post(f"/people/{openid}/open", url=strange)["status"] in (400, 422)


def test_a_picture_without_a_code_pushes_nothing(desktop: Desktop) -> None:
    seen = desktop.post(f"/people/{desktop.person()}/scan", image_base64=base64.b64encode(picture()).decode())
    assert (seen["decoded"], seen["deliveries"], seen["passive"]) == (None, [], None)


def test_people_and_phones_survive_a_restart(desktop: Desktop, make_desktop: Callable[..., Desktop]) -> None:
    openid = ready(desktop)
    lines = desktop.phone(openid)
    again = make_desktop()
    assert again.phone(openid) == lines
    assert again.get(f"/people/{openid}/phone?since=1")["messages"] == []


def test_a_jump_cut_short_is_over_after_a_restart(desktop: Desktop, make_desktop: Callable[..., Desktop]) -> None:
    moment = desktop.clock.now() + timedelta(days=3)
    desktop.clock.freeze(moment)
    again = make_desktop()
    assert not again.clock.frozen
    assert again.clock.now() >= moment


def test_the_configuration_names_console_and_api(desktop: Desktop) -> None:
    config = desktop.get("/config")
    assert config["api"] == {"base": f"{desktop.url}/api/v1", "secret": SECRET}
    assert config["app_id"].startswith("wx")


@pytest.mark.parametrize("told", [{"Sec-Fetch-Site": "cross-site"}, {"Host": "evil.example"}, {"Host": "[::2]:80"}])
def test_pages_of_other_sites_may_not_call(desktop: Desktop, told: dict[str, str]) -> None:
    answer = requests.post(f"{desktop.url}/sim/people", headers=told, timeout=9)
    assert answer.status_code == 403


def test_this_machine_may_be_called_by_its_names(desktop: Desktop) -> None:
    for name in ("localhost:1", "127.0.0.1", "[::1]:8080"):
        assert requests.get(f"{desktop.url}/sim/config", headers={"Host": name}, timeout=9).status_code == 200
