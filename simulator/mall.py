"""The demo's mall: sells the shop's products and posts every order's state, signed."""

import base64
import hashlib
import hmac
import json
from typing import Any

import requests

from simulator import people
from simulator.desk import Desk, outgoing
from simulator.instants import SECOND, beijing_day, beijing_text
from simulator.problems import Problem

_ADDRESS = {"province": "330000", "city": "330100", "district": "330106"}
_TIMEOUT = 30.0
_NEXT = {"ship": ("paid", "shipped"), "receive": ("shipped", "received")}


def products(desk: Desk) -> list[dict[str, Any]]:
    """What the service has on sale; Problem 422 if it does not say."""
    try:
        with outgoing() as session:
            found = session.get(f"{desk.settings.service_url}/demo/products", timeout=_TIMEOUT).json()
    except (requests.RequestException, ValueError) as error:
        raise Problem(422, "the service lists no products") from error
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def buy(desk: Desk, openid: str, facts: dict[str, Any]) -> dict[str, Any]:
    """The person buys and pays `quantity` of `sku`; the order's number, state and the service's answer."""
    people.get(desk, openid)
    sku, quantity = facts.get("sku"), facts.get("quantity", 1)
    if type(quantity) is not int or not 1 <= quantity <= 10_000:
        raise Problem(400, "quantity must be a whole number from 1")
    product = next((each for each in products(desk) if each.get("sku") == sku), None)
    if product is None:
        raise Problem(404, "no product of this sku")
    now = desk.now()
    body: dict[str, Any] = {
        "order_no": f"E{beijing_day(now)}{desk.store.next_number('order'):06d}",
        "state": "paid",
        "version": 1,
        "occurred_at": beijing_text(now),
        "created_at": beijing_text(now),
        "buyer": {"openid": openid},
        "lines": [_line(product, quantity)],
        "coupon_fen": 0,
        "points_fen": 0,
        "freight_fen": 0,
        "address": _ADDRESS,
    }
    if facts.get("distributor_code"):
        body["distributor_code"] = str(facts["distributor_code"])
    sql = "INSERT INTO mall_order(order_no, openid, at, state, version, body) VALUES (?, ?, ?, 'paid', 1, ?)"
    desk.store.run(sql, body["order_no"], openid, now, json.dumps(body, ensure_ascii=False))
    people.open_window(desk, openid, "pay")
    return _posted(desk, body)


def _line(product: dict[str, Any], quantity: int) -> dict[str, Any]:
    return {
        "line_no": 1,
        "sku": product["sku"],
        "name": product["name"],
        "quantity": quantity,
        "unit_fen": product["price_fen"],
        "discount_fen": 0,
    }


def orders(desk: Desk, openid: str) -> list[dict[str, Any]]:
    """The person's orders, the newest first."""
    rows = desk.store.all("SELECT * FROM mall_order WHERE openid = ? ORDER BY at DESC, rowid DESC", openid)
    return [
        {
            "order_no": row["order_no"],
            "at": beijing_text(row["at"]),
            "state": row["state"],
            "status": row["status"],
            "lines": json.loads(row["body"])["lines"],
            "answer": json.loads(row["answer"]),
        }
        for row in rows
    ]


def step(desk: Desk, openid: str, order_no: str, name: str) -> dict[str, Any]:
    """Ship or receive: the order's next state is posted; Problem 409 if it stands elsewhere."""
    body, state = _order(desk, openid, order_no)
    before, after = _NEXT[name]
    if state != before:
        raise Problem(409, f"the order is {state}")
    body |= {"state": after, "version": body["version"] + 1, "occurred_at": beijing_text(desk.now())}
    if after == "shipped":
        body["shipment"] = {"carrier": "顺丰", "tracking_no": f"SF{desk.store.next_number('parcel'):010d}"}
    sql = "UPDATE mall_order SET state = ?, version = ?, body = ? WHERE order_no = ?"
    desk.store.run(sql, after, body["version"], json.dumps(body, ensure_ascii=False), order_no)
    return _posted(desk, body)


def refund(desk: Desk, openid: str, order_no: str, facts: dict[str, Any]) -> dict[str, Any]:
    """Money back for the whole order, or `quantity` and `fen` of its line: opened, then refunded."""
    body, state = _order(desk, openid, order_no)
    if state == "refunded":
        raise Problem(409, "the order is refunded")
    line = body["lines"][0]
    quantity = facts.get("quantity", line["quantity"])
    fen = facts.get("fen", line["unit_fen"] * quantity - line["discount_fen"])
    given: dict[str, Any] = {
        "refund_no": f"R{beijing_day(desk.now())}{desk.store.next_number('refund'):06d}",
        "order_no": order_no,
        "lines": [{"line_no": 1, "quantity": quantity, "fen": fen}],
    }
    answer = None
    for name in ("opened", "refunded"):
        given |= {"state": name, "occurred_at": beijing_text(desk.now())}
        answer = _post(desk, "/api/v1/refunds", given, f"{given['refund_no']}-{name}")
    if quantity == line["quantity"]:
        desk.store.run("UPDATE mall_order SET state = 'refunded' WHERE order_no = ?", order_no)
    status, text = answer or (None, None)
    return {"refund_no": given["refund_no"], "order_no": order_no, "status": status, "answer": text}


def _order(desk: Desk, openid: str, order_no: str) -> tuple[dict[str, Any], str]:
    row = desk.store.one("SELECT * FROM mall_order WHERE order_no = ? AND openid = ?", order_no, openid)
    if row is None:
        raise Problem(404, "this person has no such order")
    body: dict[str, Any] = json.loads(row["body"])
    return body, row["state"]


def _posted(desk: Desk, body: dict[str, Any]) -> dict[str, Any]:
    status, answer = _post(desk, "/api/v1/orders", body, f"{body['order_no']}-{body['version']}")
    sql = "UPDATE mall_order SET status = ?, answer = ? WHERE order_no = ?"
    desk.store.run(sql, status, json.dumps(answer, ensure_ascii=False), body["order_no"])
    return {"order_no": body["order_no"], "state": body["state"], "status": status, "answer": answer}


def _post(desk: Desk, path: str, body: dict[str, Any], event_id: str) -> tuple[int | None, Any]:
    raw = json.dumps(body, ensure_ascii=False).encode()
    headers = signed_headers(desk.settings.api_secret, f"mall-{event_id}", desk.now() // SECOND, raw)
    try:
        with outgoing() as session:
            response = session.post(desk.settings.service_url + path, data=raw, headers=headers, timeout=_TIMEOUT)
    except requests.RequestException:
        return None, None
    try:
        return response.status_code, response.json()
    except ValueError:
        return response.status_code, response.text[:2000]


def signed_headers(secret: str, event_id: str, timestamp: int, raw: bytes) -> dict[str, str]:
    """Standard Webhooks headers for a JSON body; `secret` is `whsec_` and Base64, `timestamp` in seconds."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    message = f"{event_id}.{timestamp}.".encode() + raw
    signature = base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()
    return {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature}",
    }
