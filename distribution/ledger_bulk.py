"""Many journal transactions at once: what ledger.post promises of one, in a handful of statements for all."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import insert, literal, select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from distribution import digests
from distribution.ledger import FRESH, Move, guarded
from distribution.refusals import Code, Refusal
from models.listed import FEN, WORD, listed
from models.tables import account, journal, posting
from models.upsert import upsert


@dataclass(frozen=True, slots=True)
class Entry:
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
    wanted = listed(session, ((name,) for name in sorted(set(names))), name=WORD)
    rows = session.execute(
        select(account.c.name, account.c.id, account.c.balance_fen)
        .join(wanted, wanted.c.name == account.c.name)
        .order_by(account.c.id)
        .with_for_update(of=account)
    )
    return {name: Held(account_id, fen) for name, account_id, fen in rows}


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
        (ids[entry.reference], held[source].id, held[destination].id, fen)
        for entry in entries
        for source, destination, fen in entry.moves
    ]
    columns = ["journal_id", "source_id", "destination_id", "fen"]
    rows = listed(session, postings, **dict.fromkeys(columns, FEN))
    session.execute(insert(posting).from_select(columns, select(rows)))
    _apply(session, entries, held)


def _made(session: Session, names: set[str]) -> dict[str, Held]:
    if not names:
        return {}
    session.info.setdefault(FRESH, set()).update(names)
    rows = listed(session, ((name, int(guarded(name))) for name in sorted(names)), name=WORD, kept=FEN)
    fresh = select(rows.c.name, rows.c.kept == 1, literal(0)).where(true())
    statement = upsert(session, account).from_select(["name", "guarded", "balance_fen"], fresh)
    session.execute(statement.on_conflict_do_nothing(index_elements=["name"]))
    return hold(session, names)


def _open(session: Session, entries: Sequence[Entry], *, at: dt.datetime) -> dict[str, int]:
    moment = digests.moment(at)
    told = (
        (
            each.reference,
            each.cause,
            each.actor,
            digests.of_journal(each.reference, each.cause, each.actor, at=moment, corrects=None, moves=each.moves),
        )
        for each in entries
    )
    rows = listed(session, told, reference=WORD, cause=WORD, actor=WORD, digest=WORD)
    fresh = select(rows.c.reference, rows.c.cause, rows.c.actor, rows.c.digest, literal(at, journal.c.at.type))
    statement = insert(journal).from_select(["reference", "cause", "actor", "digest", "at"], fresh)
    try:
        found = session.execute(statement.returning(journal.c.reference, journal.c.id))
    except IntegrityError as error:
        raise Refusal(Code.DUPLICATE_REFERENCE, reference=entries[0].reference) from error
    return {reference: journal_id for reference, journal_id in found}


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
    rows = listed(session, ((held[name].id, fen) for name, fen in change.items() if fen), account_id=FEN, fen=FEN)
    changed = update(account).where(account.c.id == rows.c.account_id)
    session.execute(changed.values(balance_fen=account.c.balance_fen + rows.c.fen))
