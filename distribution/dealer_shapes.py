"""What is told of a dealer's order, as frozen values: parsed at the edge, trusted from here on."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class SaleLine:
    """One line; the list price of a unit is the product's unless told, ``paid_fen`` is what a retail line brought."""

    line_no: int
    sku: str
    quantity: int
    list_fen: int | None = None
    name: str | None = None
    paid_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Sale:
    """The present state (paid, shipped, received, closed) of what a dealer bought or his shop sold."""

    order_no: str
    #: ``purchase`` or ``retail``.
    kind: str
    distributor_id: int
    state: str
    occurred_at: dt.datetime
    lines: tuple[SaleLine, ...]
    #: ``prepaid``: from the dealer's deposit; ``outside``: paid in the merchant's mall.
    pays_by: str = "outside"
    created_at: dt.datetime | None = None
    buyer_openid: str | None = None
    buyer_external_id: str | None = None
    address: dict[str, Any] | None = None
    shipment: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class SaleOutcome:
    """What a report did, and what stands: fen paid and not refunded, of it headquarters' part, the commission rows."""

    order_no: str
    applied: bool
    pays_fen: int
    hq_fen: int
    commissions: list[dict[str, Any]] = field(default_factory=list)
