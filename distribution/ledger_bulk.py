"""Many journal transactions at once: what ledger.post promises of one, in a handful of statements for all."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from distribution import digests
from distribution.ledger import Move, guarded, made_here
from distribution.refusals import Code, Refusal
from models.direct import Direct, as_rows, insert_numbered, insert_rows, stored
from models.tables import journal, posting

_HOLD = Direct(
    "select a.name, a.id, a.balance_fen from @each(:rows) cross join account a"
    " where a.name = r.value ->> 0 order by a.id @lock(a)"
)
_MAKE = Direct(
    "insert into account (name, guarded, balance_fen) select r.value ->> 0, cast(r.value ->> 1 as bigint) = 1, 0"
    " from @each(:rows) where true on conflict (name) do nothing"
)
_JOURNAL = ("reference", "cause", "actor", "digest", "at")
_APPLY = Direct(
    "update account set balance_fen = balance_fen + cast(r.value ->> 1 as bigint) from @each(:rows)"
    " where account.id = cast(r.value ->> 0 as bigint)"
)


class Entry(NamedTuple):
    """One journal transaction to be written."""

    reference: str
    moves: Sequence[Move]
    cause: str
    actor: str


@dataclass(slots=True)
class Held:
    """An account whose row is locked, with its balance in fen."""

    id: int
    fen: int


def hold(session: Session, names: Iterable[str]) -> dict[str, Held]:
    """Those of the named accounts that exist, locked until the transaction ends (in the order of their ids)."""
    rows = as_rows((name,) for name in sorted(set(names)))
    return {name: Held(account_id, fen) for name, account_id, fen in _HOLD.rows(session, rows=rows)}


def post_all(session: Session, entries: Sequence[Entry], held: dict[str, Held], *, at: dt.datetime) -> None:
    """Write all entries at ``at``; ``held`` are the locked accounts, missing ones are made.

    Raises Refusal: duplicate_reference, insufficient. The caller's transaction must then be rolled back.
    """
    if not entries:
        return
    if any(fen <= 0 for entry in entries for _, _, fen in entry.moves):
        raise ValueError("a posting moves more than zero fen")
    held |= _made(session, {name for entry in entries for move in entry.moves for name in move[:2]} - held.keys())
    ids = _open(session, entries, at=at)
    postings = [
        (number, held[source].id, held[destination].id, fen)
        for number, entry in zip(ids, entries, strict=True)
        for source, destination, fen in entry.moves
    ]
    insert_rows(session, posting, ("journal_id", "source_id", "destination_id", "fen"), postings)
    _apply(session, entries, held)


def _made(session: Session, names: set[str]) -> dict[str, Held]:
    if not names:
        return {}
    made_here(session, names)
    _MAKE.rows(session, rows=as_rows((name, int(guarded(name))) for name in sorted(names)))
    return hold(session, names)


def _open(session: Session, entries: Sequence[Entry], *, at: dt.datetime) -> Sequence[int]:
    moment, made_at = digests.moment(at), stored(at)
    rows = [
        (*(said := (each.reference, each.cause, each.actor)),
         digests.of_journal(*said, at=moment, corrects=None, moves=each.moves), made_at)
        for each in entries
    ]  # fmt: skip
    try:
        return insert_numbered(session, journal, _JOURNAL, rows)
    except IntegrityError as error:
        raise Refusal(Code.DUPLICATE_REFERENCE, reference=entries[0].reference) from error


def _apply(session: Session, entries: Sequence[Entry], held: dict[str, Held]) -> None:
    change: dict[str, int] = defaultdict(int)
    for entry in entries:
        for source, destination, fen in entry.moves:
            change[source] -= fen
            change[destination] += fen
    for name, fen in change.items():
        held[name].fen += fen
        if held[name].fen < 0 and guarded(name):
            raise Refusal(Code.INSUFFICIENT, account=name, wanted_fen=-fen)
    _APPLY.rows(session, rows=as_rows((held[name].id, fen) for name, fen in change.items() if fen))
