"""Rows handed to a statement as one parameter: bulk work without a statement a row."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Subquery, bindparam, cast, column, func, text
from sqlalchemy.orm import Session
from sqlalchemy.types import BigInteger, Text, TypeEngine

from models.columns import Facts
from models.direct import as_rows

#: What a column of a list may hold, and how it is read out of the parameter.
FEN, WORD, FACTS = "fen", "word", "facts"
_READ = {FEN: "cast(value ->> {} as bigint)", WORD: "value ->> {}", FACTS: "value -> {}"}
_TYPES: dict[str, TypeEngine[Any]] = {FEN: BigInteger(), WORD: Text(), FACTS: Facts}
_EACH = {"sqlite": "json_each(:listed)", "postgresql": "jsonb_array_elements(cast(:listed as jsonb))"}


def listed(session: Session, rows: Iterable[Sequence[Any]], **columns: str) -> Subquery:
    """``rows`` as something to select from; ``columns`` are FEN (any whole number), WORD or FACTS, in their order.

    At most one list a statement.
    """
    read = ", ".join(f"{_READ[kind].format(place)} as {name}" for place, (name, kind) in enumerate(columns.items()))
    told = as_rows(rows)
    chosen = text(f"select {read} from {_EACH[session.get_bind().dialect.name]}").bindparams(bindparam("listed", told))
    return chosen.columns(*(column(name, _TYPES[kind]) for name, kind in columns.items())).subquery("listed_rows")


def gathered(session: Session, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """All values of a group as one JSON text: nothing is made of each of them on the way."""
    if session.get_bind().dialect.name == "sqlite":
        return func.json_group_array(column)
    return cast(func.jsonb_agg(column), Text)


def numbers(session: Session, texts: Iterable[str], name: str) -> Subquery:
    """The whole numbers of texts that ``gathered`` gave, as one column to select from."""
    read = f"select cast(value as bigint) as {name} from {_EACH[session.get_bind().dialect.name]}"
    told = f"[{','.join(text[1:-1] for text in texts)}]"
    return text(read).bindparams(bindparam("listed", told)).columns(column(name, _TYPES[FEN])).subquery("listed_rows")
