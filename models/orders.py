"""Merchants, what they sell, and the orders and refunds their malls report."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import amount, instant, key, link, structured

_SOLD_BY, _BOUGHT_BY = text("l1_id is not null"), text("buyer_id is not null")


class Merchant(SQLModel, table=True):
    """A shop; products, orders, material, operators and the cost of commissions belong to one."""

    __tablename__ = "merchant"

    id: int = key()
    name: str
    #: The picture that stands in the middle of posters' codes.
    logo_id: int | None = link("picture.id", default=None, nullable=True)
    created_at: dt.datetime = instant()


class ApiSecret(SQLModel, table=True):
    """A further merchant's signing secret for /api/v1 (the first one's stand in the configuration)."""

    __tablename__ = "api_secret"

    id: int = key()
    merchant_id: int = link("merchant.id", index=True)
    secret: str = Field(unique=True)
    created_at: dt.datetime = instant()
    revoked_at: dt.datetime | None = instant(default=None)


class ApiAnswer(SQLModel, table=True):
    """The first answer to a webhook-id, given again for every repeat."""

    __tablename__ = "api_answer"
    __table_args__ = (UniqueConstraint("merchant_id", "webhook_id"),)

    id: int = key()
    merchant_id: int = link("merchant.id")
    webhook_id: str
    request_hash: str
    status: int
    answer: dict[str, object] = structured()
    at: dt.datetime = instant()


class PolicyVersion(SQLModel, table=True):
    """A merchant's settings, in force from ``effective_from`` until the next version; never changed."""

    __tablename__ = "policy"
    __table_args__ = (UniqueConstraint("merchant_id", "version"),)

    id: int = key()
    merchant_id: int = link("merchant.id")
    version: int
    effective_from: dt.datetime = instant()
    document: dict[str, object] = structured()
    created_by: str
    created_at: dt.datetime = instant()


class PolicyDraft(SQLModel, table=True):
    """The rules a merchant is working on, not in force; one a merchant, in a form that could be published."""

    __tablename__ = "policy_draft"

    merchant_id: int = link("merchant.id", primary_key=True)
    document: dict[str, object] = structured()
    saved_by: str
    saved_at: dt.datetime = instant()


class Product(SQLModel, table=True):
    """What a merchant sells; ``rule`` goes before every other rate but a personal agreement (R25).

    It is one of ``{"disabled": true}``, ``{"rate_bp": {l1…}}``, ``{"fixed_fen": {l1…}}`` (per unit) and
    ``{"level_rate_bp": {level: {l1…}}}``.
    """

    __tablename__ = "product"
    __table_args__ = (
        UniqueConstraint("merchant_id", "sku"),
        CheckConstraint("price_fen >= 0", name="product_price"),
        CheckConstraint("stock >= 0", name="product_stock"),
    )

    id: int = key()
    merchant_id: int = link("merchant.id")
    sku: str
    name: str
    price_fen: int = amount()
    #: An earlier or usual price, shown struck through where it is above the price; told on the console alone.
    struck_fen: int | None = amount(default=None, nullable=True)
    stock: int = 0
    category: str | None = None
    image_url: str | None = None
    link: str | None = None
    cost_fen: int | None = amount(default=None, nullable=True)
    on_sale: bool = True
    rule: dict[str, object] | None = structured(default=None, nullable=True)
    #: Sold out or off the shelf since then; None while it can be bought (R80).
    unavailable_since: dt.datetime | None = instant(default=None)
    #: The day on which more of it is expected; told on the console alone.
    restock_on: dt.date | None = None
    updated_at: dt.datetime = instant()


class Order(SQLModel, table=True):
    """An order as the mall last reported it; who earns is frozen at creation (R16).

    ``parties`` are the people, levels, personal agreements and regional agents of that moment.
    """

    __tablename__ = "order"
    __table_args__ = (
        UniqueConstraint("merchant_id", "order_no"),
        CheckConstraint("state in ('unpaid','paid','shipped','received','closed')", name="order_state"),
        CheckConstraint("channel in ('mall','dealer')", name="order_channel"),
        Index("order_l1", "l1_id", "created_at", sqlite_where=_SOLD_BY, postgresql_where=_SOLD_BY),
        Index("order_buyer", "buyer_id", "created_at", sqlite_where=_BOUGHT_BY, postgresql_where=_BOUGHT_BY),
        Index("order_merchant_created", "merchant_id", "created_at"),
    )

    id: int = key()
    merchant_id: int = link("merchant.id")
    order_no: str
    #: ``dealer``: ordered by a dealer (R70-R77), not bought by a customer.
    channel: str = "mall"
    state: str
    #: The mall's own count; some malls count in milliseconds.
    version: int = amount()
    buyer_openid: str | None = None
    buyer_external_id: str | None = None
    buyer_id: int | None = link("member.id", default=None, nullable=True)
    distributor_code: str | None = None
    l1_id: int | None = link("distributor.id", default=None, nullable=True)
    l2_id: int | None = link("distributor.id", default=None, nullable=True)
    l3_id: int | None = link("distributor.id", default=None, nullable=True)
    policy_id: int | None = link("policy.id", default=None, nullable=True)
    parties: dict[str, object] = structured(default_factory=dict)
    coupon_fen: int = amount(default=0)
    points_fen: int = amount(default=0)
    freight_fen: int = amount(default=0)
    address: dict[str, object] | None = structured(default=None, nullable=True)
    shipment: dict[str, object] | None = structured(default=None, nullable=True)
    created_at: dt.datetime = instant()
    created_known: bool = False
    paid_at: dt.datetime | None = instant(default=None)
    shipped_at: dt.datetime | None = instant(default=None)
    received_at: dt.datetime | None = instant(default=None)
    closed_at: dt.datetime | None = instant(default=None)


class OrderLine(SQLModel, table=True):
    """One line of an order; ``base_fen`` is what commissions are taken of at creation, ``refunded_*`` what came back.

    ``offers`` are who is offered which rate on it, and why, frozen with the order (R16, R25).
    """

    __tablename__ = "order_line"
    __table_args__ = (
        UniqueConstraint("order_id", "line_no"),
        CheckConstraint("quantity > 0", name="line_quantity"),
        CheckConstraint("refunded_fen >= 0 and refunded_fen <= paid_fen", name="line_refunded_fen"),
        CheckConstraint("refunded_quantity >= 0 and refunded_quantity <= quantity", name="line_refunded_quantity"),
    )

    id: int = key()
    order_id: int = link("order.id")
    line_no: int
    sku: str
    name: str
    quantity: int
    unit_fen: int = amount()
    discount_fen: int = amount(default=0)
    paid_fen: int = amount(default=0)
    base_fen: int = amount(default=0)
    refunded_fen: int = amount(default=0)
    refunded_quantity: int = 0
    #: Number of after-sales cases now open on this line; settlement waits for zero (R36).
    open_cases: int = 0
    category: str | None = None
    #: What one unit cost the merchant, for the base ``profit`` (R21).
    cost_fen: int | None = amount(default=None, nullable=True)
    product_rule: dict[str, object] | None = structured(default=None, nullable=True)
    offers: list[dict[str, object]] = structured(default_factory=list)


class Refund(SQLModel, table=True):
    """A refund as the mall last reported it; kept even before its order has come."""

    __tablename__ = "refund"
    __table_args__ = (
        UniqueConstraint("merchant_id", "refund_no"),
        CheckConstraint("state in ('opened','closed','refunded')", name="refund_state"),
        Index("refund_order", "merchant_id", "order_no"),
    )

    id: int = key()
    merchant_id: int = link("merchant.id")
    refund_no: str
    order_no: str
    state: str
    occurred_at: dt.datetime = instant()
    lines: list[dict[str, object]] = structured()
    freight_fen: int = amount(default=0)
    #: What has been done to the order: None (parked), 'opened', 'closed' or 'refunded'.
    applied: str | None = None
    created_at: dt.datetime = instant()
