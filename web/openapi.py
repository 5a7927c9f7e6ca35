"""The OpenAPI 3.1 description of /api/v1, made from the shapes it accepts."""

from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from web import openapi_orders
from web.dealer_shapes import DealerOrderBody
from web.shapes import OrderBody, ProductBody, RefundBody

_PLACE = "#/components/schemas/{model}"
_SIGNATURE = """Headers of the Standard Webhooks convention: `webhook-id` (unique; the idempotency key),
`webhook-timestamp` (seconds, at most five minutes off) and
`webhook-signature: v1,BASE64(HMAC-SHA256(secret, "{id}.{timestamp}.{body}"))`; several signatures may stand side by
side, separated by spaces. GET signs an empty body."""
_SAID = {
    "400": "Malformed; `errors` names each field",
    "401": "Not signed by a known secret, or not now",
    "409": "A contradiction, or a webhook-id used for another request",
    "413": "Larger than 1 MiB",
    "422": "Refused; `code` says why",
}
_FEN = ("pending_fen", "available_fen", "withdrawing_fen", "withdrawn_fen", "owed_fen")
_ANSWERS: dict[str, dict[str, Any]] = {
    "OrderAnswer": {
        "order_no": {"type": "string"},
        "applied": {"type": "boolean"},
        "commissions": {"type": "array", "items": openapi_orders.COMMISSION},
        "warnings": {"type": "array", "items": {"type": "string"}},
    },
    "DealerOrderAnswer": {
        "order_no": {"type": "string"},
        "applied": {"type": "boolean"},
        "pays_fen": {"type": "integer", "minimum": 0},
        "hq_fen": {"type": "integer"},
        "commissions": {"type": "array", "items": openapi_orders.COMMISSION},
    },
    "Order": openapi_orders.ORDER,
    "ProductAnswer": {
        "sku": {"type": "string"},
        "name": {"type": "string"},
        "price_fen": {"type": "integer", "minimum": 0},
        "stock": {"type": "integer", "minimum": 0},
        **{name: {"type": ["string", "null"]} for name in ("category", "image_url", "link")},
        "cost_fen": {"type": ["integer", "null"], "minimum": 0},
        "on_sale": {"type": "boolean"},
    },
    "RefundAnswer": {"refund_no": {"type": "string"}, "applied": {"type": "boolean"}},
    "Distributor": {
        "code": {"type": "string"},
        "state": {"type": "string", "enum": ["pending", "active", "rejected", "frozen", "terminated"]},
        "level": {"type": ["string", "null"]},
        "upline": {"type": ["string", "null"]},
        **{name: {"type": "integer", "minimum": 0} for name in _FEN},
    },
    "Problem": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}


@cache
def document() -> dict[str, Any]:
    """The whole description."""
    bodies: list[type[BaseModel]] = [OrderBody, RefundBody, ProductBody, DealerOrderBody]
    _, shapes = models_json_schema([(body, "validation") for body in bodies], ref_template=_PLACE)
    answers = {name: {"type": "object", "properties": properties} for name, properties in _ANSWERS.items()}
    answers["Why"] = openapi_orders.WHY
    return {
        "openapi": "3.1.0",
        "info": {"title": "Fenxiao", "version": "1", "description": _SIGNATURE},
        "paths": _paths(),
        "components": {
            "schemas": {**shapes.get("$defs", {}), **answers},
            "securitySchemes": {
                "webhook": {"type": "apiKey", "in": "header", "name": "webhook-signature", "description": _SIGNATURE}
            },
        },
        "security": [{"webhook": []}],
    }


def _paths() -> dict[str, Any]:
    return {
        "/api/v1/orders": {"post": _change("Report an order's present state", "OrderBody", "OrderAnswer")},
        "/api/v1/refunds": {"post": _change("Report a refund", "RefundBody", "RefundAnswer")},
        "/api/v1/dealer-orders": {
            "post": _change("Report what a dealer bought or sold", "DealerOrderBody", "DealerOrderAnswer")
        },
        "/api/v1/products/{sku}": {
            "parameters": [_in_path("sku")],
            "put": _change("Put a product", "ProductBody", "ProductAnswer"),
        },
        "/api/v1/orders/{order_no}": {
            "parameters": [_in_path("order_no")],
            "get": _question("The order as we hold it, with its commissions and why", _ref("Order")),
        },
        "/api/v1/distributors/{code}": {
            "parameters": [_in_path("code")],
            "get": _question("A distributor's standing and balances", _ref("Distributor")),
        },
    }


def _change(summary: str, body: str, answer: str) -> dict[str, Any]:
    refused = {status: _problem(said) for status, said in _SAID.items()}
    return {
        "summary": summary,
        "parameters": _headers(),
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref(body)}}},
        "responses": {"200": _told(summary, _ref(answer)), **refused},
    }


def _question(summary: str, schema: dict[str, Any]) -> dict[str, Any]:
    responses = {"200": _told(summary, schema), "401": _problem(_SAID["401"]), "404": _problem("There is none")}
    return {"summary": summary, "parameters": _headers(), "responses": responses}


def _headers() -> list[dict[str, Any]]:
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    return [{"name": name, "in": "header", "required": True, "schema": {"type": "string"}} for name in names]


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _told(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _problem(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/problem+json": {"schema": _ref("Problem")}}}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": _PLACE.format(model=name)}
