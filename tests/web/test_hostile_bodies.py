"""Bodies that are wrong on purpose: 400 with the field by name, nothing written, nothing broken."""

import json

import pytest
from web_shop import ORDER, PRODUCT

from models import tables as t

LINE = ORDER["lines"][0]
WRONG_ORDERS = {
    "text for a number": ({"version": "1"}, "version"),
    "a truth for a number": ({"version": True}, "version"),
    "a fraction": ({"coupon_fen": 1.5}, "coupon_fen"),
    "a whole float": ({"coupon_fen": 1.0}, "coupon_fen"),
    "below zero": ({"freight_fen": -1}, "freight_fen"),
    "beyond 64 bits": ({"coupon_fen": 2**63}, "coupon_fen"),
    "a number for text": ({"order_no": 7}, "order_no"),
    "an empty number": ({"order_no": ""}, "order_no"),
    "a long number": ({"order_no": "E" * 65}, "order_no"),
    "a NUL": ({"order_no": "E\x00"}, "order_no"),
    "a colon": ({"order_no": "E1:closed"}, "order_no"),
    "a lone surrogate": ({"order_no": "\ud800"}, "order_no"),
    "an unknown state": ({"state": "cancelled"}, "state"),
    "no offset": ({"occurred_at": "2026-11-23T10:00:00"}, "occurred_at"),
    "a date": ({"occurred_at": "2026-11-23"}, "occurred_at"),
    "seconds": ({"occurred_at": 1795399200}, "occurred_at"),
    "no such day": ({"occurred_at": "2026-02-30T10:00:00+08:00"}, "occurred_at"),
    "the year one": ({"occurred_at": "0001-01-01T00:00:00+08:00"}, "occurred_at"),
    "the last year": ({"occurred_at": "9999-12-31T23:59:59-12:00"}, "occurred_at"),
    "an unknown name": ({"balance": 1}, "balance"),
    "no lines": ({"lines": []}, "lines"),
    "too many lines": ({"lines": [LINE | {"line_no": n} for n in range(201)]}, "lines"),
    "a line of nothing": ({"lines": [LINE | {"quantity": 0}]}, "lines.0.quantity"),
    "a name with control characters": ({"lines": [LINE | {"name": "糕\x1b[31m"}]}, "lines.0.name"),
    "amounts beyond reason": ({"lines": [LINE | {"unit_fen": 9 * 10**12, "quantity": 2}]}, "body"),
    "an unknown name inside": ({"buyer": {"openid": "o", "role": "owner"}}, "buyer.role"),
    "a list for an object": ({"buyer": []}, "buyer"),
    "nothing for an object": ({"buyer": None}, "buyer"),
}
WRONG_JSON = {
    "nothing": b"",
    "a list": b"[]",
    "not UTF-8": b"\xff\xfe{}",
    "a name twice": b'{"order_no": "A", "order_no": "B"}',
    "not a number": b'{"version": NaN}',
    "infinity": b'{"version": -Infinity}',
    "a bottomless pit": b'{"a":' + b"[" * 100_000,
    "a million digits": b'{"version": ' + b"9" * 1_000_000 + b"}",
    "half": json.dumps(ORDER).encode()[:-5],
}  # fmt: skip


@pytest.mark.parametrize(("change", "field"), WRONG_ORDERS.values(), ids=WRONG_ORDERS)
def test_a_wrong_field_is_named(shop, mall, change, field) -> None:
    answer = mall.order(**change)

    assert (answer.status_code, list(answer.json["errors"])) == (400, [field])
    with shop.database.reading() as session:
        assert session.execute(t.order.select()).first() is None


@pytest.mark.parametrize("name", ["order_no", "state", "version", "occurred_at", "lines"])
def test_a_missing_field_is_named(mall, name) -> None:
    body = {key: value for key, value in ORDER.items() if key != name}

    assert list(mall.send("POST", "/orders", body).json["errors"]) == [name]


@pytest.mark.parametrize("raw", WRONG_JSON.values(), ids=WRONG_JSON)
def test_what_is_not_one_json_object_is_malformed(mall, raw) -> None:
    answer = mall.send("POST", "/orders", raw)

    assert (answer.status_code, answer.json["errors"]) == (400, {})


def test_more_than_a_mebibyte_is_too_large(mall) -> None:
    assert mall.send("POST", "/orders", b" " * (1024 * 1024 + 1)).status_code == 413


def test_a_product_knows_no_other_names(mall) -> None:
    answer = mall.send("PUT", "/products/A", PRODUCT | {"merchant_id": 2})

    assert list(answer.json["errors"]) == ["merchant_id"]


def test_a_body_can_be_full_of_markup(mall) -> None:
    name = "<script>{{ 7*7 }}</script>'; drop table product --"

    assert mall.send("PUT", "/products/A", PRODUCT | {"name": name}).json["name"] == name
