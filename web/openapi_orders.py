"""How an order, its commissions and their explanations are described in the OpenAPI document."""

from typing import Any

_KINDS = ["l1", "l2", "l3", "region_district", "region_city", "region_province", "dealer_retail", "dealer_diff"]
_STATES = ["pending", "available", "void"]
_SOURCES = [
    "personal", "product", "product_fixed", "product_level", "product_disabled", "category", "category_disabled",
    "level", "band", "store", "region", "dealer",
]  # fmt: skip
_REASONS = (
    "no_distributor, no_inviter, self_purchase, buyer, not_active:<state>, product_disabled, category_disabled, "
    "rate_zero, less_than_a_fen, nothing_paid, nothing_left, order_cap, line_cap, not_paid, closed, terminated"
)
_WHOLE: dict[str, Any] = {"type": "integer"}
_MOMENT = {"type": "string", "format": "date-time"}
_WHY_REF = {"$ref": "#/components/schemas/Why"}


def _said(shape: dict[str, Any], description: str) -> dict[str, Any]:
    return shape | {"description": description}


WHY: dict[str, Any] = {
    "type": "object",
    "description": "How the amount came about, as far as each fact applies",
    "properties": {
        "base_fen": _said(_WHOLE, "What the rate is taken of, now"),
        "rate_bp": _said(_WHOLE, "1/10,000"),
        "fixed_fen": _said(_WHOLE, "A piece, times quantity × base_fen / of_base_fen"),
        "quantity": _WHOLE,
        "of_base_fen": _WHOLE,
        "source": {"type": "string", "enum": _SOURCES},
        "category": {"type": "string"},
        "level": {"type": ["string", "null"]},
        "from_fen": _said(_WHOLE, "Where the band of the order begins"),
        "rounding": {"type": "string", "enum": ["floor", "half_up"]},
        "part": {"type": "array", "items": _WHOLE, "description": "[place from 0, of]: agents who share equally"},
        "capped_from_fen": _said(_WHOLE, "The amount before a cap cut it"),
        "cap": {"type": "string", "enum": ["order", "line"]},
        "pieces": _WHOLE,
        "each_fen": _WHOLE,
        "own_fen": _WHOLE,
    },
}
_ROW = {
    "who": {"type": "string"},
    "kind": {"type": "string", "enum": _KINDS},
    "line_no": _WHOLE,
    "fen": _said(_WHOLE, "A refund adds a negative row"),
    "state": {"type": "string", "enum": _STATES},
}
COMMISSION: dict[str, Any] = {"type": "object", "properties": _ROW}
_EXPLANATION = {
    "type": "object",
    "description": "One place on one line: what stands now and why, or the reason why nothing does",
    "properties": {
        "line_no": _WHOLE,
        "kind": {"type": "string", "enum": _KINDS},
        "who": {"type": ["string", "null"], "description": "null: nobody stands in this place"},
        "fen": _WHOLE,
        "state": {"type": ["string", "null"], "enum": [*_STATES, None]},
        "reason": {"type": ["string", "null"], "description": _REASONS},
        "why": _WHY_REF,
    },
}
_LINE = {
    **{name: _WHOLE for name in ("line_no", "quantity", "unit_fen", "discount_fen", "base_fen", "refunded_fen")},
    "sku": {"type": "string"},
    "name": {"type": "string"},
}
_NAMES = {name: {"type": ["string", "null"]} for name in ("openid", "external_id")}
ORDER: dict[str, Any] = {
    "order_no": {"type": "string"},
    "state": {"type": "string", "enum": ["unpaid", "paid", "shipped", "received", "closed"]},
    "version": _WHOLE,
    "buyer": {"type": "object", "properties": _NAMES},
    "distributor_code": {"type": ["string", "null"]},
    **{f"{name}_at": _MOMENT for name in ("created", "paid", "shipped", "received", "closed")},
    **{f"{name}_fen": _WHOLE for name in ("coupon", "points", "freight")},
    "address": {"type": ["object", "null"]},
    "shipment": {"type": ["object", "null"]},
    "lines": {"type": "array", "items": {"type": "object", "properties": _LINE}},
    "commissions": {"type": "array", "items": {"type": "object", "properties": {**_ROW, "why": _WHY_REF}}},
    "explanations": {"type": "array", "items": _EXPLANATION},
}
