"""Money moves only here: balanced postings under a reference that can never be used twice."""

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from distribution.refusals import Code, Refusal
from models.tables import account, journal, posting
from models.upsert import upsert

#: (source account, destination account, fen)
Move = tuple[str, str, int]

PURSES = ("pending", "available", "withdrawing")
BANK = "bank:wechatpay"
FEES = "fees:withdrawal"
TAX = "tax:withheld"


def purse(distributor_id: int, kind: str) -> str:
    """A distributor's account: pending, available or withdrawing (never below zero), owed, withdrawn."""
    return f"distributor:{distributor_id}:{kind}"


def cost(merchant_id: int) -> str:
    """What a merchant's commissions cost so far (grows negative)."""
    return f"merchant:{merchant_id}:commission"


def post(
    session: Session, reference: str, moves: Sequence[Move], *, cause: str, actor: str, at: dt.datetime
) -> list[int]:
    """Write one journal transaction; the account ids it touched.

    Raises Refusal: duplicate_reference when the reference was ever used, insufficient when a guarded purse cannot
    pay. The caller's transaction must then be rolled back.
    """
    moves = [move for move in moves if move[2]]
    if any(fen < 0 for _, _, fen in moves) or not moves:
        raise ValueError("a posting moves more than zero fen")
    journal_id = _open(session, reference, cause=cause, actor=actor, at=at)
    ids = accounts(session, {name for source, destination, _ in moves for name in (source, destination)})
    session.execute(
        insert(posting),
        [
            {"journal_id": journal_id, "source_id": ids[source], "destination_id": ids[destination], "fen": fen}
            for source, destination, fen in moves
        ],
    )
    _apply(session, ids, moves)
    return list(ids.values())


def balances(session: Session, names: Iterable[str]) -> dict[str, int]:
    """Balances in fen of the named accounts; 0 for one that has never moved."""
    wanted = list(names)
    rows = session.execute(select(account.c.name, account.c.balance_fen).where(account.c.name.in_(wanted)))
    found: dict[str, int] = {name: fen for name, fen in rows}
    return {name: found.get(name, 0) for name in wanted}


def balance(session: Session, name: str) -> int:
    """Balance in fen of one account."""
    return balances(session, [name])[name]


def hold(session: Session, names: Iterable[str]) -> dict[str, int]:
    """Balances in fen, with the rows locked until the transaction ends (in sorted order, so nobody waits in a ring)."""
    ids = accounts(session, set(names))
    rows = session.execute(
        select(account.c.name, account.c.balance_fen)
        .where(account.c.id.in_(ids.values()))
        .order_by(account.c.id)
        .with_for_update()
    )
    return {name: fen for name, fen in rows}


def accounts(session: Session, names: set[str]) -> dict[str, int]:
    """Ids of the named accounts, made where they are missing."""
    found = _find(session, names)
    missing = sorted(names - found.keys())
    if missing:
        session.execute(
            upsert(session, account).on_conflict_do_nothing(index_elements=["name"]),
            [{"name": name, "guarded": _guarded(name), "balance_fen": 0} for name in missing],
        )
        found = _find(session, names)
    return found


def _find(session: Session, names: set[str]) -> dict[str, int]:
    rows = session.execute(select(account.c.name, account.c.id).where(account.c.name.in_(names)))
    return {name: account_id for name, account_id in rows}


def _guarded(name: str) -> bool:
    return name.startswith("distributor:") and name.rsplit(":", 1)[1] in PURSES


def _open(session: Session, reference: str, *, cause: str, actor: str, at: dt.datetime) -> int:
    try:
        with session.begin_nested():
            row = session.execute(
                insert(journal).values(reference=reference, cause=cause, actor=actor, at=at).returning(journal.c.id)
            )
            return int(row.scalar_one())
    except IntegrityError as error:
        raise Refusal(Code.DUPLICATE_REFERENCE, reference=reference) from error


def _apply(session: Session, ids: dict[str, int], moves: Sequence[Move]) -> None:
    change: dict[str, int] = dict.fromkeys(ids, 0)
    for source, destination, fen in moves:
        change[source] -= fen
        change[destination] += fen
    for name in sorted(change, key=lambda each: ids[each]):
        delta = change[name]
        if delta == 0:
            continue
        statement = update(account).where(account.c.id == ids[name]).values(balance_fen=account.c.balance_fen + delta)
        if delta < 0 and _guarded(name):
            statement = statement.where(account.c.balance_fen >= -delta)
        if session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]
            raise Refusal(Code.INSUFFICIENT, account=name, wanted_fen=-delta)
