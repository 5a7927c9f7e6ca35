"""What a mall tells us, as frozen values: parsed at the edge, trusted from here on."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class LineReport:
    """One line of an order; fen, ``discount_fen`` is of the whole line."""

    line_no: int
    sku: str
    name: str
    quantity: int
    unit_fen: int
    discount_fen: int = 0


@dataclass(frozen=True, slots=True)
class Decided:
    """Whose an order is, decided by hand whatever that one's state; None: nobody's."""

    distributor_id: int | None


@dataclass(frozen=True, slots=True)
class OrderReport:
    """The whole present state of an order; instants aware."""

    order_no: str
    state: str
    version: int
    occurred_at: dt.datetime
    lines: tuple[LineReport, ...]
    buyer_openid: str | None = None
    buyer_external_id: str | None = None
    distributor_code: str | None = None
    created_at: dt.datetime | None = None
    coupon_fen: int = 0
    points_fen: int = 0
    freight_fen: int = 0
    address: dict[str, Any] | None = None
    shipment: dict[str, Any] | None = None
    decided: Decided | None = None

    @property
    def as_of(self) -> dt.datetime:
        """The moment that decides whose the order is: its creation, or this report where that was not told."""
        return self.created_at or self.occurred_at


@dataclass(frozen=True, slots=True)
class RefundLine:
    """What came back of one line; quantity 0 = money only."""

    line_no: int
    quantity: int
    fen: int


@dataclass(frozen=True, slots=True)
class RefundReport:
    """A refund's present state: opened, closed or refunded."""

    refund_no: str
    order_no: str
    state: str
    occurred_at: dt.datetime
    lines: tuple[RefundLine, ...] = ()
    freight_fen: int = 0


@dataclass(frozen=True, slots=True)
class OrderOutcome:
    """What a report did: whether it was news, what to warn of, and the commission rows that stand."""

    order_no: str
    applied: bool
    commissions: list[dict[str, Any]] = field(default_factory=list)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefundOutcome:
    """What a refund report did."""

    refund_no: str
    applied: bool
