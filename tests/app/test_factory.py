"""The web application around whatever blueprints it is given."""

import pytest
from app_settings import SETTINGS
from flask import Blueprint, abort, request

from app.config import Settings
from app.factory import create_app
from app.metrics import Measures
from models.database import DatabaseDown


def fails(error: Exception):
    def probe() -> None:
        raise error

    return probe


@pytest.fixture
def pages():
    pages = Blueprint("pages", __name__)
    pages.add_url_rule("/wechat", view_func=lambda: request.get_data() or "a whole answer", methods=["POST"])
    pages.add_url_rule("/p/<int:number>", view_func=lambda number: str(number), endpoint="numbered")
    pages.add_url_rule("/bug", view_func=fails(KeyError("canary")), endpoint="bug")
    pages.add_url_rule("/down", view_func=fails(DatabaseDown("no free connection")), endpoint="down")
    pages.add_url_rule("/api/v1/conflict", view_func=lambda: abort(409), endpoint="conflict")
    return pages


@pytest.fixture
def client(pages):
    return built(pages).test_client()


def built(pages, probes=None, **changes):
    settings = Settings(**{**SETTINGS, **changes})
    measures = Measures(lambda: {"outbox_waiting": ("Rows waiting", 3.0)})
    measures.message(200, 500, 0.002)
    measures.message(200, 7, 0.001)
    return create_app(settings, [pages], probes=probes or {}, measures=measures)


def test_every_answer_tells_browsers_what_our_pages_may_do(client) -> None:
    headers = client.get("/nowhere").headers

    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"]


def test_in_the_demo_our_own_pages_may_frame_each_other(pages) -> None:
    client = built(pages, demo={"enabled": True, "clock_file": "x"}).test_client()

    assert "frame-ancestors 'self'" in client.get("/nowhere").headers["Content-Security-Policy"]


def test_a_number_no_row_can_have_is_no_page(client) -> None:
    assert client.get("/p/7").data == b"7"
    assert client.get(f"/p/{2**63}").status_code == 404


def test_a_bug_shows_nothing_of_the_inside(client) -> None:
    answer = client.get("/bug", headers={"Accept": "text/html"})

    assert answer.status_code == 500
    assert "canary" not in answer.text
    assert "Traceback" not in answer.text


def test_a_database_that_is_down_is_503_and_may_be_asked_again(client) -> None:
    answer = client.get("/down")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"


def test_machines_get_a_problem_document(client) -> None:
    answer = client.get("/api/v1/conflict")

    assert answer.content_type == "application/problem+json"
    assert answer.get_json(force=True)["status"] == 409


def test_a_wrong_method_names_the_right_ones(client) -> None:
    answer = client.get("/wechat")

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_a_body_beyond_the_limit_is_refused(client) -> None:
    assert client.post("/wechat", data=b"x" * (4 * 1024 * 1024)).status_code == 413


def test_it_is_alive_even_when_nothing_else_is(pages) -> None:
    client = built(pages, {"database": fails(DatabaseDown("gone"))}).test_client()

    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    assert client.get("/readyz").get_json()["database"] == "does not answer"


def test_it_is_ready_when_everything_answers(pages) -> None:
    answer = built(pages, {"database": lambda: None, "clock": lambda: None}).test_client().get("/readyz")

    assert answer.get_json() == {"status": "ok", "database": "ok", "clock": "ok"}


def test_figures_are_totals(client) -> None:
    client.get("/nowhere")

    text = client.get("/metrics").text
    assert 'fenxiao_messages_total{outcome="answered"} 1.0' in text
    assert 'fenxiao_messages_total{outcome="silent"} 1.0' in text
    assert "fenxiao_message_seconds_count 2.0" in text
    assert "fenxiao_outbox_waiting 3.0" in text
    assert "/nowhere" not in text


def test_the_client_behind_our_proxy_is_known_and_cannot_lie_without_one(pages) -> None:
    pages.add_url_rule("/who", view_func=lambda: request.remote_addr or "", endpoint="who")
    forwarded = {"X-Forwarded-For": "203.0.113.9"}

    assert built(pages).test_client().get("/who", headers=forwarded).text == "127.0.0.1"


def test_one_proxy_is_believed_when_one_is_configured(pages) -> None:
    pages.add_url_rule("/who", view_func=lambda: request.remote_addr or "", endpoint="who")
    client = built(pages, server={"proxies": 1}).test_client()

    assert client.get("/who", headers={"X-Forwarded-For": "203.0.113.9"}).text == "203.0.113.9"
