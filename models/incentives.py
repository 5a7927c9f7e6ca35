"""What is given beside commissions: bonuses, tasks, prizes, points, badges; and the sums that rankings read."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.columns import amount, instant, key, link, structured


class Bonus(SQLModel, table=True):
    """Money a merchant gives a distributor beside commissions; its reference can never be used twice."""

    __tablename__ = "bonus"
    __table_args__ = (
        CheckConstraint("fen > 0", name="bonus_fen"),
        CheckConstraint("kind in ('task','prize','manual')", name="bonus_kind"),
        Index("bonus_distributor", "distributor_id", "at"),
    )

    id: int = key()
    merchant_id: int = link("merchant.id", index=True)
    distributor_id: int = link("distributor.id")
    kind: str
    fen: int = amount()
    #: ``bonus:…``, the reference of its journal transaction.
    reference: str = Field(unique=True)
    why: dict[str, object] = structured()
    by: str
    at: dt.datetime = instant()
