"""What shows that a row was written by this program: its fingerprint, taken as its transaction commits."""

from sqlmodel import Field, SQLModel

from models.columns import Fen


class Fingerprint(SQLModel, table=True):
    """SHA-256 of every column of one row of the table ``kind``."""

    __tablename__ = "fingerprint"
    __table_args__ = {"sqlite_with_rowid": False}

    kind: str = Field(primary_key=True)
    row_id: int = Field(primary_key=True, sa_type=Fen)
    digest: str


class Touched(SQLModel, table=True):
    """A row that the transaction ``turn`` wrote and whose fingerprint it has still to take; empty between the two.

    On SQLite each connection has a table of its own by this name, in memory, and this one stays empty.
    """

    __tablename__ = "touched"

    turn: int = Field(primary_key=True, sa_type=Fen)
    kind: str = Field(primary_key=True)
    row_id: int = Field(primary_key=True, sa_type=Fen)
