"""A shop behind real pages: a database, a clock, signed requests, people."""

import base64
import datetime as dt
import hashlib
import hmac
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.config import Settings
from app.factory import create_app
from app.metrics import Measures
from bot import wording
from distribution import members, merchants, orders, people, policy, products, settlement, transfers, withdrawals
from distribution.links import Links
from distribution.shapes import LineReport, OrderReport
from distribution.transfers import WAITING, TransferNews
from models import Distributor
from models.database import Database
from web.parts import WebParts

APP_ID = "wx0123456789abcdef"
SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
SETTINGS = {
    "wechat": {
        "app_id": APP_ID,
        "original_id": "gh_0123456789ab",
        "app_secret": "0123456789abcdef0123456789abcdef",
        "token": "demoToken2026",
        "encoding_aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    },
    "api": {"secrets": [SECRET]},
    "console": {"secret_key": "0123456789abcdef0123456789abcdef"},
}
ORDER = {
    "order_no": "E20261123001",
    "state": "paid",
    "version": 1,
    "occurred_at": "2026-11-23T10:00:00+08:00",
    "buyer": {"openid": "o-buyer"},
    "lines": [{"line_no": 1, "sku": "AJ250", "name": "即食阿胶糕 250g", "quantity": 2, "unit_fen": 8900}],
}
PRODUCT = {"name": "即食阿胶糕 250g", "price_fen": 8900, "stock": 12}


def built(parts: WebParts, *blueprints: Any) -> Flask:
    """The application around these blueprints, as it runs in production."""
    measures = Measures(lambda: {})
    return create_app(Settings(**SETTINGS), [make(parts) for make in blueprints], probes={}, measures=measures)


@dataclass
class Shop:
    """The first merchant's shop, and what tests do with it."""

    database: Database
    clock: Any
    merchant_id: int
    parts: WebParts
    numbers: itertools.count = field(default_factory=lambda: itertools.count(1))

    def with_parts(self, **changes: Any) -> WebParts:
        """The same parts with some exchanged."""
        return replace(self.parts, **changes)

    def distributor(self, name: str = "陈晓燕", *, inviter: str | None = None, active: bool = True) -> Distributor:
        """A person who applied, and passed unless told otherwise."""
        number = next(self.numbers)
        with self.database.transaction() as session:
            person = people.meet(session, APP_ID, f"o-person-{number}", self.clock.now())
            terms = policy.in_force(session, self.merchant_id, self.clock.now())
            row = members.apply(
                session,
                person.member_id,
                name=name,
                phone=f"138{number:08d}",
                invite_code=inviter,
                terms_version=terms.terms_version,
                policy=terms,
                now=self.clock.now(),
            )
            return members.approve(session, row.id, by="老板", now=self.clock.now()) if active else row

    def earned(self, person: Distributor, fen: int = 100_000) -> None:
        """Commission of a tenth of ``fen`` that may be withdrawn: sold, received, settled eight days later."""
        number, at = next(self.numbers), self.clock.now()
        line = LineReport(line_no=1, sku="S", name="礼盒", quantity=1, unit_fen=fen)
        report = OrderReport(f"E{number}", "received", 1, at, (line,), distributor_code=person.code)
        self.clock.advance(days=8)
        with self.database.transaction() as session:
            orders.record(session, self.merchant_id, report, appid=APP_ID, now=at)
            settlement.settle_due(session, now=self.clock.now(), limit=100)

    def withdrawal(self, person: Distributor, fen: int = 10_000) -> str:
        """A withdrawal that waits for somebody to look at it."""
        self.earned(person, fen * 10)
        with self.database.transaction() as session:
            terms = policy.in_force(session, self.merchant_id, self.clock.now())
            key = f"request-{next(self.numbers)}"
            return withdrawals.request(session, person.id, fen, request_key=key, policy=terms, now=self.clock.now()).no

    def sent(self, person: Distributor, fen: int = 10_000) -> str:
        """A withdrawal whose transfer waits for the payee's confirmation."""
        no, now = self.withdrawal(person, fen), self.clock.now()
        with self.database.transaction() as session:
            withdrawals.approve(session, no, by="老板", version=1, now=now)
            transfers.begin(session, no, now=now)
            transfers.record(session, no, TransferNews(WAITING, package="the-package"), source="answer", now=now)
        return no

    def product(self, sku: str = "AJ250", **facts: Any) -> int:
        """A product on sale."""
        told = products.ProductFacts(**(PRODUCT | facts))
        with self.database.transaction() as session:
            return products.put(session, self.merchant_id, sku, told, now=self.clock.now()).id


def signed(secret: str, webhook_id: str, at: dt.datetime, body: bytes) -> dict[str, str]:
    """Standard Webhooks headers."""
    stamp = int(at.timestamp())
    key = base64.b64decode(secret.removeprefix("whsec_"))
    code = hmac.new(key, f"{webhook_id}.{stamp}.".encode() + body, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(code).decode()}"
    return {"webhook-id": webhook_id, "webhook-timestamp": str(stamp), "webhook-signature": signature}


@dataclass
class Mall:
    """A merchant's mall that signs what it sends."""

    client: FlaskClient
    now: Callable[[], dt.datetime]
    secret: str = SECRET
    numbers: itertools.count = field(default_factory=lambda: itertools.count(1))

    def send(self, method: str, path: str, body: Any = b"", *, webhook_id: str | None = None) -> TestResponse:
        """One signed request; ``body`` is bytes as they are or something to write as JSON."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = signed(self.secret, webhook_id or f"msg-{next(self.numbers)}", self.now(), raw)
        return self.client.open(f"/api/v1{path}", method=method, data=raw, headers=headers)

    def order(self, **changes: Any) -> TestResponse:
        """Posts the usual order with some names changed."""
        return self.send("POST", "/orders", {**ORDER, **changes})


def opened_shop(database: Database, clock: Any) -> Shop:
    """A shop with the default policy in this database."""
    with database.transaction() as session:
        merchant_id = merchants.create(session, name="晓燕的小店", by="setup", now=clock.now()).id
        policy.publish(
            session, merchant_id=merchant_id, document={}, effective_from=clock.now(), by="setup", now=clock.now()
        )
    clock.advance(seconds=1)
    links = Links("http://localhost", "0123456789abcdef0123456789abcdef", clock)
    parts = WebParts(database, clock, links, wording.headline, APP_ID, mch_id="1900000001", api_secrets=(SECRET,))
    return Shop(database, clock, merchant_id, parts)
