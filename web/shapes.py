"""The bodies /api/v1 accepts: strict, bounded, nothing unknown; each becomes a value of the business."""

import datetime as dt
import re
import unicodedata
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from distribution.products import KEPT, ProductFacts
from distribution.shapes import LineReport, OrderReport, RefundLine, RefundReport

#: More than this is not an amount in fen; sums of an order's lines stay below it too.
MOST_FEN = 9 * 10**12
MOST_LINES = 200
_INT32 = 2**31 - 1
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")
_EARLIEST, _LATEST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC), dt.datetime(2200, 1, 1, tzinfo=dt.UTC)


def _instant(value: Any) -> dt.datetime:
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise ValueError("must be an RFC 3339 time with offset, like 2026-11-23T10:00:00+08:00")
    moment = dt.datetime.fromisoformat(value.upper())
    if not _EARLIEST <= moment < _LATEST:
        raise ValueError("must be between the years 2000 and 2199")
    return moment.astimezone(dt.UTC)


def _day(value: Any) -> dt.date:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise ValueError("must be a date like 2026-11-24")
    return dt.date.fromisoformat(value)


def _printable(text: str) -> str:
    if not text.isprintable() and any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        raise ValueError("must hold no control characters")
    return text


def _page(address: str) -> str:
    own = address.startswith("/") and not address.startswith(("//", "/\\"))
    if not own and not re.match(r"https?://[^\s/?#@\\]+([/?#]\S*)?$", address):
        raise ValueError("must be an http(s) address or a path")
    return address


_Text = Annotated[str, AfterValidator(_printable)]
#: No spaces, slashes or colons: numbers stand in paths and in references of the books.
Number = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^\s/:\\]+$"), AfterValidator(_printable)]
Label = Annotated[_Text, Field(min_length=1, max_length=200)]
Word = Annotated[_Text, Field(min_length=1, max_length=128)]
Address = Annotated[_Text, Field(min_length=1, max_length=500), AfterValidator(_page)]
Fen = Annotated[int, Field(ge=0, le=MOST_FEN)]
Whole = Annotated[int, Field(ge=0, le=_INT32)]
WebPage = Annotated[
    _Text, Field(min_length=1, max_length=500, pattern=r"^https://[^\s/?#@\\\"'<>]+([/?#][^\s\"'<>]*)?$")
]
Day = Annotated[dt.date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Moment = Annotated[dt.datetime, BeforeValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})]


class Shape(BaseModel):
    """A body or a part of one: no coercion, no unknown names."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Buyer(Shape):
    """Who bought: the WeChat openid decides the binding, ``external_id`` is the mall's own."""

    openid: Word | None = None
    external_id: Word | None = None


class OrderLine(Shape):
    """One line; ``discount_fen`` is of the whole line."""

    line_no: Whole
    sku: Number
    name: Label
    quantity: Annotated[int, Field(ge=1, le=1_000_000)]
    unit_fen: Fen
    discount_fen: Fen = 0


class Region(Shape):
    """Where the order goes, as GB/T 2260 codes."""

    province: Word | None = None
    city: Word | None = None
    district: Word | None = None


class Shipment(Shape):
    """How it goes there: carrier and number, the carrier's last news in a line and its moment, the day it is expected.

    `url` is the https page with the whole way. All of it is optional, and shown in the chat as told.
    """

    carrier: Word | None = None
    tracking_no: Word | None = None
    news: Word | None = None
    news_at: Moment | None = None
    expected_on: Day | None = None
    url: WebPage | None = None

    def told(self) -> dict[str, Any]:
        """As it is kept: plain values, moments and days as texts."""
        return self.model_dump(mode="json", exclude_none=True)


class OrderBody(Shape):
    """The whole present state of an order."""

    order_no: Number
    state: Literal["unpaid", "paid", "shipped", "received", "closed"]
    version: Annotated[int, Field(ge=0, le=2**53)]
    occurred_at: Moment
    created_at: Moment | None = None
    buyer: Buyer = Buyer()
    distributor_code: Word | None = None
    lines: Annotated[list[OrderLine], Field(min_length=1, max_length=MOST_LINES)]
    coupon_fen: Fen = 0
    points_fen: Fen = 0
    freight_fen: Fen = 0
    address: Region | None = None
    shipment: Shipment | None = None

    @model_validator(mode="after")
    def _bounded(self) -> "OrderBody":
        if sum(line.unit_fen * line.quantity for line in self.lines) > MOST_FEN:
            raise ValueError(f"the lines add up to more than {MOST_FEN} fen")
        return self

    def report(self) -> OrderReport:
        """The order as the business reads it."""
        return OrderReport(
            order_no=self.order_no,
            state=self.state,
            version=self.version,
            occurred_at=self.occurred_at,
            created_at=self.created_at,
            lines=tuple(LineReport(**line.model_dump()) for line in self.lines),
            buyer_openid=self.buyer.openid,
            buyer_external_id=self.buyer.external_id,
            distributor_code=self.distributor_code,
            coupon_fen=self.coupon_fen,
            points_fen=self.points_fen,
            freight_fen=self.freight_fen,
            address=self.address.model_dump(exclude_none=True) if self.address else None,
            shipment=self.shipment.told() if self.shipment else None,
        )


class RefundedLine(Shape):
    """What came back of a line; quantity 0 = money only."""

    line_no: Whole
    quantity: Annotated[int, Field(ge=0, le=1_000_000)]
    fen: Fen


class RefundBody(Shape):
    """A refund's present state."""

    refund_no: Number
    order_no: Number
    state: Literal["opened", "closed", "refunded"]
    occurred_at: Moment
    lines: Annotated[list[RefundedLine], Field(max_length=MOST_LINES)] = []
    freight_fen: Fen = 0

    @model_validator(mode="after")
    def _each_line_once(self) -> "RefundBody":
        numbers = [line.line_no for line in self.lines]
        if len(set(numbers)) != len(numbers):
            raise ValueError("a line_no stands twice")
        return self

    def report(self) -> RefundReport:
        """The refund as the business reads it."""
        lines = tuple(RefundLine(**line.model_dump()) for line in self.lines)
        return RefundReport(
            refund_no=self.refund_no,
            order_no=self.order_no,
            state=self.state,
            occurred_at=self.occurred_at,
            lines=lines,
            freight_fen=self.freight_fen,
        )


class ProductBody(Shape):
    """A product; an optional name that is left out keeps what stands, null takes it away."""

    name: Label
    price_fen: Fen
    stock: Whole
    category: Word | None = None
    image_url: Address | None = None
    link: Address | None = None
    cost_fen: Fen | None = None
    on_sale: bool = True

    def facts(self) -> ProductFacts:
        """The product as the business reads it."""
        told = {name: getattr(self, name) for name in self.model_fields_set}
        optional = ("category", "image_url", "link", "cost_fen", "on_sale")
        return ProductFacts(self.name, self.price_fen, self.stock, **{name: told.get(name, KEPT) for name in optional})


#: The {sku} of the path follows the rule of the numbers in bodies.
class ProductPath(Shape):
    """The product's number in the path."""

    sku: Number
