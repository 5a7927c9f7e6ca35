"""The books: accounts, journal transactions under once-only references, postings, and the seals over them."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import amount, instant, key, link


class Account(SQLModel, table=True):
    """A ledger account such as ``distributor:7:available``; ``balance_fen`` caches the sum of its postings.

    ``guarded`` accounts (people's purses) can never go below zero.
    """

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("not guarded or balance_fen >= 0", name="account_guard"),)

    id: int = key()
    name: str = Field(unique=True)
    guarded: bool
    balance_fen: int = amount(default=0)


class Journal(SQLModel, table=True):
    """One transaction of the books; its reference can never be used twice, nothing of it is ever changed.

    ``corrects_id`` names the transaction it takes back; ``digest`` is the SHA-256 of what was posted.
    """

    __tablename__ = "journal"
    __table_args__ = (
        Index(
            "journal_corrects",
            "corrects_id",
            unique=True,
            sqlite_where=text("corrects_id IS NOT NULL"),
            postgresql_where=text("corrects_id IS NOT NULL"),
        ),
    )

    id: int = key()
    reference: str = Field(unique=True)
    cause: str
    actor: str
    at: dt.datetime = instant()
    corrects_id: int | None = link("journal.id", default=None, nullable=True)
    digest: str = ""


class Posting(SQLModel, table=True):
    """``fen`` moved from ``source_id`` to ``destination_id``; append-only."""

    __tablename__ = "posting"
    __table_args__ = (
        CheckConstraint("fen > 0", name="posting_fen"),
        CheckConstraint("source_id <> destination_id", name="posting_moves"),
        Index("posting_source", "source_id"),
        Index("posting_destination", "destination_id"),
    )

    id: int = key()
    journal_id: int = link("journal.id", index=True)
    source_id: int = link("account.id")
    destination_id: int = link("account.id")
    fen: int = amount()


class Seal(SQLModel, table=True):
    """A link of a chain over a book ("journal" or "audit"): the digest of its entries and of the seal before it."""

    __tablename__ = "seal"
    __table_args__ = (UniqueConstraint("book", "first_id"), UniqueConstraint("book", "previous_digest"))

    id: int = key()
    book: str
    first_id: int = amount()
    last_id: int = amount()
    entries: int
    postings: int
    digest: str
    previous_digest: str
    sealed_at: dt.datetime = instant()
