"""/api/v1: what merchants' malls report and ask, signed, with one effect for each webhook-id."""

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import structlog
from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from distribution import (
    api_answers,
    dealer_orders,
    distributor_card,
    members,
    merchants,
    orders,
    products,
    refunds,
)
from distribution.api_answers import Answered, Asked, Reused
from distribution.refusals import Code, Refusal
from models import Product
from models.database import Session
from web import openapi, signing
from web.dealer_shapes import DealerOrderBody
from web.order_intake import OrderIntake, shown_rows
from web.parts import WebParts
from web.problems import problem
from web.shapes import OrderBody, ProductBody, ProductPath, RefundBody
from wechat.strict_json import strict_object

log = structlog.get_logger()

LARGEST_BODY = 1024 * 1024
_CONTRADICTIONS = {Code.BUYER_CHANGED, Code.LINES_CHANGED, Code.ILLEGAL_STATE, Code.REFUND_OF_OTHER_ORDER}

Body = TypeVar("Body", bound=BaseModel)
#: Changes something in the transaction it is given and answers it.
Effect = Callable[[Session, int], dict[str, Any]]
#: Does what a merchant asked, once, and answers when it is durable.
Work = Callable[[int, Asked], Answered]


def api(parts: WebParts) -> Blueprint:
    """The doors of /api/v1."""
    doors = Blueprint("api", __name__, url_prefix="/api/v1")
    desk = _Desk(parts)

    @doors.post("/orders")
    def post_order() -> ResponseReturnValue:
        return desk.change(lambda raw: desk.order(_read(OrderBody, raw)))

    @doors.post("/refunds")
    def post_refund() -> ResponseReturnValue:
        return desk.change(lambda raw: desk.refund(_read(RefundBody, raw)))

    @doors.post("/dealer-orders")
    def post_dealer_order() -> ResponseReturnValue:
        return desk.change(lambda raw: desk.dealer_order(_read(DealerOrderBody, raw)))

    @doors.put("/products/<sku>")
    def put_product(sku: str) -> ResponseReturnValue:
        return desk.change(lambda raw: desk.product(_path(sku), _read(ProductBody, raw)))

    @doors.get("/orders/<order_no>")
    def get_order(order_no: str) -> ResponseReturnValue:
        return desk.ask(lambda session, merchant_id: orders.view(session, merchant_id, order_no))

    @doors.get("/distributors/<code>")
    def get_distributor(code: str) -> ResponseReturnValue:
        return desk.ask(lambda session, _: distributor_card.show(session, code))

    @doors.get("/openapi.json")
    def description() -> ResponseReturnValue:
        return jsonify(openapi.document())

    return doors


class _Desk:
    """Receives a signed request: proves it, does its work once, answers."""

    def __init__(self, parts: WebParts) -> None:
        self._parts = parts
        self._orders = OrderIntake(parts.database, parts.clock, parts.app_id)
        self._first: int | None = None

    def ask(self, question: Callable[[Session, int], dict[str, Any] | None]) -> Response:
        """Answer a signed question."""
        try:
            _, merchant_id = self._prove(_body())
        except RequestEntityTooLarge:
            return problem(413, "the body is larger than 1 MiB")
        except signing.Unsigned as error:
            return problem(401, str(error))
        with self._parts.database.reading() as session:
            found = question(session, merchant_id)
        return jsonify(found) if found is not None else problem(404, "there is no such thing")

    def change(self, reading: Callable[[bytes], Work]) -> Response:
        """Do the work of a signed request once; a repeat gets the first answer."""
        try:
            raw = _body()
            signed, merchant_id = self._prove(raw)
        except RequestEntityTooLarge:
            return problem(413, "the body is larger than 1 MiB")
        except signing.Unsigned as error:
            return problem(401, str(error))
        try:
            return self._done(signed.webhook_id, raw, merchant_id, reading)
        except Reused:
            log.warning("api.id_reused", webhook_id=signed.webhook_id, merchant_id=merchant_id)
            return problem(409, "this webhook-id was used for another request", code="webhook_id_reused")
        except ValidationError as error:
            return problem(400, "some fields are wrong", errors=_errors(error))
        except ValueError as error:
            return problem(400, f"the body is not what it should be: {error}", errors={})
        except Refusal as refusal:
            status = 409 if refusal.code in _CONTRADICTIONS else 422
            log.info("api.refused", code=refusal.code, merchant_id=merchant_id)
            return problem(status, self._parts.wording(refusal), code=refusal.code)

    def order(self, body: OrderBody) -> Work:
        """Take over an order, in one transaction with others that wait at the same moment."""
        return partial(self._orders.take, report=body.report())

    def dealer_order(self, body: DealerOrderBody) -> Work:
        """Take over what a dealer bought or sold."""

        def effect(session: Session, merchant_id: int) -> dict[str, Any]:
            person = members.find_by_code(session, body.distributor_code)
            if person is None:
                raise Refusal(Code.NOT_A_DEALER)
            sale, parts = body.sale(person.id), self._parts
            told = dealer_orders.record(
                session, merchant_id, sale, appid=parts.app_id, by="mall", now=parts.clock.now()
            )
            sums = {"pays_fen": told.pays_fen, "hq_fen": told.hq_fen}
            rows = shown_rows(told.commissions)
            return {"order_no": told.order_no, "applied": told.applied, **sums, "commissions": rows}

        return partial(self._once, effect)

    def refund(self, body: RefundBody) -> Work:
        """Take over a refund."""

        def effect(session: Session, merchant_id: int) -> dict[str, Any]:
            told = refunds.record(session, merchant_id, body.report(), now=self._parts.clock.now())
            return {"refund_no": told.refund_no, "applied": told.applied}

        return partial(self._once, effect)

    def product(self, sku: str, body: ProductBody) -> Work:
        """Take over a product."""

        def effect(session: Session, merchant_id: int) -> dict[str, Any]:
            return shown(products.put(session, merchant_id, sku, body.facts(), now=self._parts.clock.now()))

        return partial(self._once, effect)

    def _once(self, effect: Effect, merchant_id: int, asked: Asked) -> Answered:
        def work(session: Session) -> Answered:
            now = self._parts.clock.now()
            return api_answers.once(session, merchant_id, asked, lambda: effect(session, merchant_id), now=now)

        return self._parts.database.write(work)

    def _prove(self, raw: bytes) -> tuple[signing.Signed, int]:
        signed = signing.read(request.headers, raw, now=self._parts.clock.now())
        # The first merchant's own secrets need no question to the database.
        if self._first is not None and signing.signer_of(signed, {self._first: self._parts.api_secrets}):
            return signed, self._first
        with self._parts.database.reading() as session:
            secrets = merchants.secrets(session)
            first = merchants.first(session)
        if first is not None:
            self._first = first.id
            secrets = {first.id: [*self._parts.api_secrets, *secrets.pop(first.id, [])], **secrets}
        signer = signing.signer_of(signed, secrets)
        if signer is None:
            raise signing.Unsigned("no known secret made this signature")
        return signed, signer

    def _done(self, webhook_id: str, raw: bytes, merchant_id: int, reading: Callable[[bytes], Work]) -> Response:
        digest = hashlib.sha256(b"\n".join([request.method.encode(), request.path.encode(), raw])).hexdigest()
        try:
            work = reading(raw)
        except ValueError:
            with self._parts.database.reading() as session:
                known = api_answers.find(session, merchant_id, webhook_id)
            if known is not None:
                raise Reused from None
            raise
        told = work(merchant_id, Asked(webhook_id, digest))
        answer = jsonify(told.answer)
        answer.status_code = told.status
        return answer


def shown(row: Product) -> dict[str, Any]:
    """A product as the API shows it."""
    names = ("sku", "name", "price_fen", "stock", "category", "image_url", "link", "cost_fen", "on_sale")
    return {name: getattr(row, name) for name in names}


def _body() -> bytes:
    request.max_content_length = LARGEST_BODY
    return request.get_data(cache=True)


def _read(shape: type[Body], raw: bytes) -> Body:
    return shape.model_validate(strict_object(raw.decode("utf-8")))


def _path(sku: str) -> str:
    return ProductPath(sku=sku).sku


def _errors(error: ValidationError) -> dict[str, str]:
    return {".".join(map(str, item["loc"])) or "body": item["msg"] for item in error.errors(include_url=False)}
