"""Doors for malls: signed, strict, one effect for each webhook-id."""

import json
import threading

import pytest
from web_shop import ORDER, PRODUCT, SECRET, Mall, built, signed

from distribution import merchants, orders
from distribution.proof import holds
from web.intake import api

REFUND = {
    "refund_no": "R1",
    "order_no": ORDER["order_no"],
    "state": "refunded",
    "occurred_at": "2026-11-23T11:00:00+08:00",
    "lines": [{"line_no": 1, "quantity": 1, "fen": 8900}],
}


def line(**changes):
    return {**ORDER["lines"][0], **changes}


def test_a_paid_order_says_who_earned(shop, mall) -> None:
    upline = shop.distributor("王芳")
    seller = shop.distributor("李娜", inviter=upline.code)

    answer = mall.order(distributor_code=seller.code)

    assert answer.status_code == 200
    rows = answer.json["commissions"]
    assert [(row["who"], row["kind"], row["fen"], row["state"]) for row in rows] == [
        (seller.code, "l1", 1780, "pending"),
        (upline.code, "l2", 890, "pending"),
    ]
    assert set(answer.json) == {"order_no", "applied", "commissions"}


def test_a_lower_version_changes_nothing(mall) -> None:
    mall.order(version=3)

    assert mall.order(version=3).json["applied"] is False


def test_an_unknown_distributor_is_a_warning(mall) -> None:
    assert mall.order(distributor_code="CXXXX").json["warnings"] == ["unknown_distributor"]


def test_the_order_can_be_read_with_its_reasons(shop, mall) -> None:
    mall.order(distributor_code=shop.distributor().code)

    held = mall.send("GET", f"/orders/{ORDER['order_no']}").json

    assert (held["state"], held["version"]) == ("paid", 1)
    assert held["commissions"][0]["why"]
    assert mall.send("GET", "/orders/E404").status_code == 404


def test_a_refund_may_come_before_its_order(shop, mall) -> None:
    assert mall.send("POST", "/refunds", REFUND).json == {"refund_no": "R1", "applied": True}

    rows = mall.order(distributor_code=shop.distributor().code).json["commissions"]

    assert sum(row["fen"] for row in rows) == 890


def test_a_refund_of_an_unknown_line_is_refused_by_name(mall) -> None:
    mall.order()

    answer = mall.send("POST", "/refunds", REFUND | {"lines": [{"line_no": 9, "quantity": 1, "fen": 1}]})

    assert (answer.status_code, answer.json["code"]) == (422, "unknown_line")


@pytest.mark.parametrize(
    "change",
    [{"buyer": {"openid": "o-other"}}, {"lines": [line(quantity=3)]}, {"state": "unpaid"}],
)
def test_a_contradiction_is_a_conflict(mall, change) -> None:
    mall.order()

    assert mall.order(version=2, **change).status_code == 409


def test_a_product_is_put_and_kept_where_nothing_is_told(mall) -> None:
    mall.send("PUT", "/products/AJ250", PRODUCT | {"link": "https://shop.example/aj", "on_sale": False})

    answer = mall.send("PUT", "/products/AJ250", PRODUCT | {"stock": 3})

    assert answer.status_code == 200
    assert answer.json == PRODUCT | {
        "sku": "AJ250", "stock": 3, "link": "https://shop.example/aj", "on_sale": False,
        "category": None, "image_url": None, "cost_fen": None,
    }  # fmt: skip


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//evil.example", "https://a@b", "ftp://x", "/\\evil"])
def test_a_link_that_is_no_address_is_refused(mall, link) -> None:
    assert list(mall.send("PUT", "/products/A", PRODUCT | {"link": link}).json["errors"]) == ["link"]


def test_a_distributor_shows_balances_and_upline(shop, mall) -> None:
    upline = shop.distributor("王芳")
    seller = shop.distributor("李娜", inviter=upline.code)
    mall.order(distributor_code=seller.code)

    assert mall.send("GET", f"/distributors/{seller.code}").json == {
        "code": seller.code, "state": "active", "level": None, "upline": upline.code, "pending_fen": 1780,
        "available_fen": 0, "withdrawing_fen": 0, "withdrawn_fen": 0, "owed_fen": 0,
    }  # fmt: skip
    assert mall.send("GET", "/distributors/CNONE").status_code == 404


# Signatures


def test_a_signature_over_other_bytes_is_refused(shop, mall) -> None:
    headers = signed(SECRET, "msg-1", shop.clock.now(), b"{}")

    assert mall.client.post("/api/v1/orders", data=b"{ }", headers=headers).status_code == 401


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_no_header_may_be_missing(shop, mall, name) -> None:
    headers = signed(SECRET, "msg-1", shop.clock.now(), b"{}")
    del headers[name]

    answer = mall.client.post("/api/v1/orders", data=b"{}", headers=headers)

    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(("seconds", "status"), [(-301, 401), (-299, 200), (299, 200), (301, 401)])
def test_a_request_is_believed_for_five_minutes(shop, mall, seconds, status) -> None:
    raw = json.dumps(ORDER).encode()
    headers = signed(SECRET, "msg-1", shop.clock.now(), raw)
    shop.clock.advance(seconds=seconds)

    assert mall.client.post("/api/v1/orders", data=raw, headers=headers).status_code == status


def test_one_good_signature_among_several_is_enough(shop, mall) -> None:
    raw = json.dumps(ORDER).encode()
    headers = signed(SECRET, "msg-1", shop.clock.now(), raw)
    headers["webhook-signature"] = f"v1,AAAA v1a,zzzz v2,{'A' * 43}= {headers['webhook-signature']}"

    assert mall.client.post("/api/v1/orders", data=raw, headers=headers).status_code == 200


def test_the_secret_names_the_merchant(shop, mall) -> None:
    with shop.database.transaction() as session:
        other = merchants.create(session, name="隔壁", by="老板", now=shop.clock.now()).id
        secret = merchants.add_secret(session, other, by="老板", now=shop.clock.now())

    assert Mall(mall.client, shop.clock.now, secret).order().status_code == 200

    with shop.database.reading() as session:
        assert orders.view(session, other, ORDER["order_no"])
        assert orders.view(session, shop.merchant_id, ORDER["order_no"]) is None


def test_a_revoked_secret_signs_nothing(shop, mall) -> None:
    with shop.database.transaction() as session:
        secret = merchants.add_secret(session, shop.merchant_id, by="老板", now=shop.clock.now())
        [row] = merchants.secrets_of(session, shop.merchant_id)
        merchants.revoke_secret(session, row.id, by="老板", now=shop.clock.now())

    assert Mall(mall.client, shop.clock.now, secret).order().status_code == 401


# Repeats


def test_the_same_id_gives_the_first_answer_again(shop, mall) -> None:
    code = shop.distributor().code
    first = mall.send("POST", "/orders", ORDER | {"distributor_code": code}, webhook_id="same")
    shop.clock.advance(days=400)

    again = mall.send("POST", "/orders", ORDER | {"distributor_code": code}, webhook_id="same")

    assert again.json == first.json
    assert again.json["applied"] is True


@pytest.mark.parametrize("body", [ORDER | {"version": 2}, b"nonsense"])
def test_the_same_id_with_another_body_is_a_conflict(mall, body) -> None:
    mall.send("POST", "/orders", ORDER, webhook_id="same")

    answer = mall.send("POST", "/orders", body, webhook_id="same")

    assert (answer.status_code, answer.json["code"]) == (409, "webhook_id_reused")


def test_a_refusal_is_not_remembered(mall) -> None:
    mall.send("POST", "/orders", ORDER | {"coupon_fen": 10**6}, webhook_id="same")

    assert mall.send("POST", "/orders", ORDER, webhook_id="same").status_code == 200


def test_many_repeats_at_once_have_one_effect(shop, mall) -> None:
    seller, app, answers = shop.distributor(), mall.client.application, []

    def post() -> None:
        told = Mall(app.test_client(), shop.clock.now)
        answers.append(told.send("POST", "/orders", ORDER | {"distributor_code": seller.code}, webhook_id="same"))

    threads = [threading.Thread(target=post) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert {(answer.status_code, answer.json["applied"]) for answer in answers} == {(200, True)}
    with shop.database.reading() as session:
        assert holds(session)


def test_the_description_is_there_for_integrators(mall) -> None:
    told = mall.client.get("/api/v1/openapi.json").json

    assert told["openapi"].startswith("3.1")
    assert {"/api/v1/orders", "/api/v1/refunds", "/api/v1/products/{sku}"} <= set(told["paths"])
    assert told["components"]["schemas"]["OrderBody"]["properties"]["lines"]["maxItems"] == 200


def test_the_application_answers_with_problems(shop) -> None:
    answer = built(shop.parts, api).test_client().put("/api/v1/orders")

    assert (answer.status_code, answer.content_type) == (405, "application/problem+json")
