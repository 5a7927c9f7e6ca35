"""Rows handed to a statement as one parameter: bulk work without a statement a row."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Subquery, bindparam, column, text
from sqlalchemy.orm import Session
from sqlalchemy.types import BigInteger, Text, TypeEngine

from models.columns import Facts

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
    told = json.dumps([list(row) for row in rows], ensure_ascii=False, separators=(",", ":"))
    chosen = text(f"select {read} from {_EACH[session.get_bind().dialect.name]}").bindparams(bindparam("listed", told))
    return chosen.columns(*(column(name, _TYPES[kind]) for name, kind in columns.items())).subquery("listed_rows")
