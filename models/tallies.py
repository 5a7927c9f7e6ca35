"""Sums that rankings and team pages read: by person and day, by person and longer span."""

import datetime as dt

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.columns import amount, instant, key, link


class SalesChange(SQLModel, table=True):
    """An order whose sums have changed since they were last added up."""

    __tablename__ = "sales_change"

    id: int = key()
    order_id: int = link("order.id")


class DistributorDay(SQLModel, table=True):
    """What somebody's orders paid on one Shanghai day came to, refunds of any later day taken off."""

    __tablename__ = "distributor_day"
    __table_args__ = (Index("distributor_day_person", "distributor_id", "day"),)

    day: dt.date = Field(primary_key=True)
    distributor_id: int = link("distributor.id", primary_key=True)
    sales_fen: int = amount()
    refunds_fen: int = amount()
    #: Orders of which something is left.
    orders: int
    earned_fen: int = amount()
    #: When the last of those orders was paid; the beginning of the day where only others' orders earned.
    reached_at: dt.datetime = instant()


class DistributorSpan(SQLModel, table=True):
    """The days of one person added up: ``span`` day, week, month or all, beginning at ``starts_on``."""

    __tablename__ = "distributor_span"
    __table_args__ = (
        Index("distributor_span_net", "span", "starts_on", "net_fen", "reached_at"),
        Index("distributor_span_orders", "span", "starts_on", "orders", "reached_at"),
        Index("distributor_span_earned", "span", "starts_on", "earned_fen", "reached_at"),
    )

    span: str = Field(primary_key=True)
    starts_on: dt.date = Field(primary_key=True)
    distributor_id: int = link("distributor.id", primary_key=True)
    net_fen: int = amount()
    orders: int
    earned_fen: int = amount()
    reached_at: dt.datetime = instant()
