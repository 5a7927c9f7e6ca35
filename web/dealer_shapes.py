"""The body of a dealer's order as /api/v1 accepts it."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from distribution.dealer_shapes import Sale, SaleLine
from web.shapes import MOST_FEN, MOST_LINES, Buyer, Fen, Label, Moment, Number, Region, Shape, Shipment, Whole, Word


class DealerLine(Shape):
    """One line; the list price is the product's unless told, ``paid_fen`` is what a retail line brought."""

    line_no: Whole
    sku: Number
    quantity: Annotated[int, Field(ge=1, le=1_000_000)]
    list_fen: Fen | None = None
    name: Label | None = None
    paid_fen: Fen | None = None


class DealerOrderBody(Shape):
    """The whole present state of what a dealer bought, or his shop sold to a customer."""

    order_no: Number
    kind: Literal["purchase", "retail"]
    distributor_code: Word
    state: Literal["paid", "shipped", "received", "closed"]
    occurred_at: Moment
    created_at: Moment | None = None
    pays_by: Literal["prepaid", "outside"] = "outside"
    lines: Annotated[list[DealerLine], Field(min_length=1, max_length=MOST_LINES)]
    buyer: Buyer = Buyer()
    address: Region | None = None
    shipment: Shipment | None = None

    @model_validator(mode="after")
    def _whole(self) -> "DealerOrderBody":
        if any((line.paid_fen is None) == (self.kind == "retail") for line in self.lines):
            raise ValueError("paid_fen belongs to every retail line and to no purchase")
        if self.kind == "retail" and self.pays_by == "prepaid":
            raise ValueError("only a purchase is paid from a deposit")
        if sum(max(line.list_fen or 0, line.paid_fen or 0) * line.quantity for line in self.lines) > MOST_FEN:
            raise ValueError(f"the lines add up to more than {MOST_FEN} fen")
        return self

    def sale(self, distributor_id: int) -> Sale:
        """The order as the business reads it."""
        return Sale(
            order_no=self.order_no,
            kind=self.kind,
            distributor_id=distributor_id,
            state=self.state,
            occurred_at=self.occurred_at,
            lines=tuple(SaleLine(**line.model_dump()) for line in self.lines),
            pays_by=self.pays_by,
            created_at=self.created_at,
            buyer_openid=self.buyer.openid,
            buyer_external_id=self.buyer.external_id,
            address=self.address.model_dump(exclude_none=True) if self.address else None,
            shipment=self.shipment.told() if self.shipment else None,
        )
