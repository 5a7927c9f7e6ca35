"""Settlement: batches a merchant confirmed, rows that could not be settled, payouts that stand still."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from models.columns import amount, instant, key, link
from models.commissions import Commission

_PENDING = text("state = 'pending'")
#: Settlement walks the pending rows person by person.
Index(
    "commission_pending",
    *(SQLModel.metadata.tables[Commission.__tablename__].c[name] for name in ("distributor_id", "line_id", "due_at")),
    sqlite_where=_PENDING,
    postgresql_where=_PENDING,
)


class SettlementBatch(SQLModel, table=True):
    """A merchant confirmed that everything due before ``due_until`` is settled; the sums are what was shown (R38)."""

    __tablename__ = "settlement_batch"
    __table_args__ = (CheckConstraint("rows >= 0 and people >= 0", name="settlement_batch_counts"),)

    id: int = key()
    merchant_id: int = link("merchant.id", index=True)
    due_until: dt.datetime = instant()
    rows: int
    people: int
    fen: int = amount()
    confirmed_by: str
    confirmed_at: dt.datetime = instant()


class SettlementHold(SQLModel, table=True):
    """A commission row that could not be settled, and why; it waits until a person has looked."""

    __tablename__ = "settlement_hold"

    id: int = key()
    commission_id: int = link("commission.id", index=True)
    distributor_id: int = link("distributor.id")
    what: str
    at: dt.datetime = instant()
    cleared_at: dt.datetime | None = instant(default=None)
    cleared_by: str | None = None


class PayoutStop(SQLModel, table=True):
    """While one is not ended no payout is sent; ``cause`` is person, proof or reconciliation (R46)."""

    __tablename__ = "payout_stop"
    __table_args__ = (
        CheckConstraint("cause in ('person','proof','reconciliation')", name="payout_stop_cause"),
        Index("payout_stop_open", "ended_at", "id"),
    )

    id: int = key()
    cause: str
    reason: str
    begun_by: str
    begun_at: dt.datetime = instant()
    ended_by: str | None = None
    ended_at: dt.datetime | None = instant(default=None)


class DebtWriteOff(SQLModel, table=True):
    """Debt a merchant gives up (R33): ``waiting`` for a second person above the limit, or ``done``."""

    __tablename__ = "debt_write_off"
    __table_args__ = (
        CheckConstraint("fen > 0", name="debt_write_off_fen"),
        CheckConstraint("state in ('waiting','done','dropped')", name="debt_write_off_state"),
        CheckConstraint(
            "(state = 'done') = (decided_by is not null and done_at is not null)", name="debt_write_off_done"
        ),
        Index("debt_write_off_distributor", "distributor_id", "id"),
    )

    id: int = key()
    merchant_id: int = link("merchant.id")
    distributor_id: int = link("distributor.id")
    fen: int = amount()
    reason: str
    state: str
    asked_by: str
    asked_at: dt.datetime = instant()
    needs_second: bool = False
    decided_by: str | None = None
    done_at: dt.datetime | None = instant(default=None)


class BillCheck(SQLModel, table=True):
    """A day's transfers compared with the channel's own bill (R46)."""

    __tablename__ = "bill_check"

    id: int = key()
    day: dt.date = Field(index=True)
    ours_fen: int = amount()
    bill_fen: int = amount()
    differences: int
    checked_by: str
    checked_at: dt.datetime = instant()


class BillDifference(SQLModel, table=True):
    """A transfer that stands differently in the bill and in the books; it stays until a person has looked."""

    __tablename__ = "bill_difference"

    id: int = key()
    check_id: int = link("bill_check.id", index=True)
    withdrawal_no: str
    kind: str
    ours_fen: int | None = amount(default=None, nullable=True)
    bill_fen: int | None = amount(default=None, nullable=True)
