"""Commission rows: who earns what on which order line, and why."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import SQLModel

from models.columns import amount, instant, key, link, structured

#: What has a moment at which it falls due, and waits for it.
_DUE = text("state = 'pending' and due_at is not null")


class Commission(SQLModel, table=True):
    """One amount for one person on one line; a refund adds a negative row, nothing is ever rewritten (R30).

    ``cause`` is "order" for the first row, "refund:<no>" or "closed" for a later delta: one cause earns once.
    """

    __tablename__ = "commission"
    __table_args__ = (
        UniqueConstraint("line_id", "kind", "distributor_id", "cause"),
        CheckConstraint("fen <> 0", name="commission_fen"),
        CheckConstraint("state in ('pending','available','void')", name="commission_state"),
        Index("commission_due", "due_at", "id", sqlite_where=_DUE, postgresql_where=_DUE),
        Index("commission_distributor", "distributor_id", "paid_at"),
        Index("commission_order", "order_id"),
    )

    id: int = key()
    merchant_id: int = link("merchant.id")
    order_id: int = link("order.id")
    line_id: int = link("order_line.id")
    distributor_id: int = link("distributor.id")
    kind: str
    cause: str
    fen: int = amount()
    state: str
    #: When the order was paid: the day the amount counts for.
    paid_at: dt.datetime = instant()
    due_at: dt.datetime | None = instant(default=None)
    settled_at: dt.datetime | None = instant(default=None)
    why: dict[str, object] = structured()
    created_at: dt.datetime = instant()
