"""What somebody wants to hear of once."""

import datetime as dt

from sqlmodel import SQLModel

from models.columns import amount, instant, link


class ArrivalWish(SQLModel, table=True):
    """A distributor wants to be told when a product can be bought again; gone once that was told."""

    __tablename__ = "arrival_wish"

    product_id: int = link("product.id", primary_key=True)
    distributor_id: int = link("distributor.id", primary_key=True)
    asked_at: dt.datetime = instant()


class SumReminder(SQLModel, table=True):
    """A distributor wants to be told when ``fen`` can be withdrawn; one a person, gone once that was told."""

    __tablename__ = "sum_reminder"

    distributor_id: int = link("distributor.id", primary_key=True)
    fen: int = amount()
    asked_at: dt.datetime = instant()
