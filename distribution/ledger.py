"""Money moves only here: balanced postings under a reference that can never be used twice."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, case, func, insert, not_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from distribution import digests
from distribution.refusals import Code, Refusal
from models.tables import account, journal, posting
from models.upsert import upsert

#: (source account, destination account, fen)
Move = tuple[str, str, int]

PURSES = ("pending", "available", "withdrawing")
BANK = "bank:wechatpay"
BANK_TRANSFER, SHOP_BALANCE = "bank:transfer", "shop:balance"
FEES = "fees:withdrawal"
TAX = "tax:withheld"

_a, _j, _p = account.c, journal.c, posting.c
#: Ids of accounts that stand in a database, by name: an account is never removed. Made small again now and then.
_known: WeakKeyDictionary[Any, dict[str, int]] = WeakKeyDictionary()
_MOST_KNOWN = 100_000
#: Where a session keeps the names of accounts it made itself: they may still be rolled back.
FRESH = "ledger.fresh"

_OPEN = {
    "sqlite": sqlite.insert(journal).on_conflict_do_nothing().returning(_j.id),
    "postgresql": postgresql.insert(journal).on_conflict_do_nothing().returning(_j.id),
}
_POST = insert(posting)
_APPLY = (
    update(account)
    .where(_a.id == bindparam("account"), or_(not_(_a.guarded), _a.balance_fen + bindparam("delta") >= 0))
    .values(balance_fen=_a.balance_fen + bindparam("delta"))
)


def purse(distributor_id: int, kind: str) -> str:
    """A distributor's account: pending, available or withdrawing (never below zero), owed, withdrawn."""
    return f"distributor:{distributor_id}:{kind}"


def cost(merchant_id: int) -> str:
    """What a merchant's commissions cost so far (grows negative)."""
    return f"merchant:{merchant_id}:commission"


def post(
    session: Session,
    reference: str,
    moves: Sequence[Move],
    *,
    cause: str,
    actor: str,
    at: dt.datetime,
    corrects: int | None = None,
) -> int:
    """Write one journal transaction, once for ever; its id. ``corrects`` names the one it takes back, once too.

    Raises Refusal: duplicate_reference when the reference was ever used (its fact ``same`` says whether for the very
    same moves) or ``corrects`` was corrected before; insufficient when a guarded purse cannot pay. The caller's
    transaction must then be rolled back.
    """
    moves = [move for move in moves if move[2]]
    if any(fen < 0 for _, _, fen in moves) or not moves:
        raise ValueError("a posting moves more than zero fen")
    digest = digests.of_journal(reference, cause, actor, at=digests.moment(at), corrects=corrects, moves=moves)
    ids = accounts(session, {name for source, destination, _ in moves for name in (source, destination)})
    connection = session.connection()
    row = {"reference": reference, "cause": cause, "actor": actor, "at": at, "corrects_id": corrects, "digest": digest}
    journal_id = connection.execute(_OPEN[connection.dialect.name], row).scalar()
    if journal_id is None:
        raise _used(session, reference, moves, corrects)
    connection.execute(
        _POST,
        [
            {"journal_id": journal_id, "source_id": ids[source], "destination_id": ids[destination], "fen": fen}
            for source, destination, fen in moves
        ],
    )
    _apply(session, ids, moves)
    return int(journal_id)


def reverse(session: Session, journal_id: int, reference: str, *, cause: str, actor: str, at: dt.datetime) -> int:
    """Take a whole journal transaction back by one that moves the same fen the other way; the new one's id.

    Raises Refusal: not_found; duplicate_reference when it was taken back before; insufficient.
    """
    moves = moves_of(session, journal_id)
    if not moves:
        raise Refusal(Code.NOT_FOUND, what="journal")
    back = [(destination, source, fen) for source, destination, fen in reversed(moves)]
    return post(session, reference, back, cause=cause, actor=actor, at=at, corrects=journal_id)


def moves_of(session: Session, journal_id: int) -> list[Move]:
    """What a journal transaction moved, in its order; empty for one that is not there."""
    source, destination = account.alias(), account.alias()
    rows = session.execute(
        select(source.c.name, destination.c.name, _p.fen)
        .join(source, source.c.id == _p.source_id)
        .join(destination, destination.c.id == _p.destination_id)
        .where(_p.journal_id == journal_id)
        .order_by(_p.id)
    )
    return [(source_name, destination_name, fen) for source_name, destination_name, fen in rows]


def balances(session: Session, names: Iterable[str]) -> dict[str, int]:
    """Balances in fen of the named accounts; 0 for one that has never moved."""
    wanted = list(names)
    rows = session.execute(select(_a.name, _a.balance_fen).where(_a.name.in_(wanted)))
    found: dict[str, int] = {name: fen for name, fen in rows}
    return {name: found.get(name, 0) for name in wanted}


def balance(session: Session, name: str) -> int:
    """Balance in fen of one account."""
    return balances(session, [name])[name]


def hold(session: Session, names: Iterable[str]) -> dict[str, int]:
    """Balances in fen, with the rows locked until the transaction ends (in sorted order, so nobody waits in a ring)."""
    ids = accounts(session, set(names))
    rows = session.execute(
        select(_a.name, _a.balance_fen).where(_a.id.in_(ids.values())).order_by(_a.id).with_for_update(key_share=True)
    )
    return {name: fen for name, fen in rows}


def accounts(session: Session, names: set[str]) -> dict[str, int]:
    """Ids of the named accounts, made where they are missing."""
    known = _known.setdefault(session.get_bind(), {})
    ids = {name: known[name] for name in names if name in known}
    asked = names - ids.keys()
    if not asked:
        return ids
    found = _find(session, asked)
    fresh: set[str] = session.info.setdefault(FRESH, set())
    missing = sorted(asked - found.keys())
    if missing:
        made_here(session, missing)
        session.execute(
            upsert(session, account).on_conflict_do_nothing(index_elements=["name"]),
            [{"name": name, "guarded": guarded(name), "balance_fen": 0} for name in missing],
        )
        found |= _find(session, set(missing))
    if len(known) > _MOST_KNOWN:
        known.clear()
    # What this transaction made itself may still be rolled back.
    known.update({name: account_id for name, account_id in found.items() if name not in fresh})
    return ids | found


def made_here(session: Session, names: Iterable[str]) -> None:
    """These accounts are made by the open transaction, and are gone again if it is rolled back."""
    session.info.setdefault(FRESH, set()).update(names)


def _find(session: Session, names: set[str]) -> dict[str, int]:
    rows = session.execute(select(_a.name, _a.id).where(_a.name.in_(names)))
    return {name: account_id for name, account_id in rows}


def guarded(name: str) -> bool:
    """Whether the account is a purse, which can never go below zero."""
    owner, _, kind = name.partition(":")
    last = kind.rpartition(":")[2]
    return (owner == "distributor" and last in PURSES) or (owner == "dealer" and last == "prepaid")


def _used(session: Session, reference: str, moves: Sequence[Move], corrects: int | None) -> Refusal:
    found = session.execute(select(_j.id, _j.corrects_id).where(_j.reference == reference)).first()
    if found is None:
        return Refusal(Code.DUPLICATE_REFERENCE, reference=reference, corrects=corrects, same=False)
    same = found.corrects_id == corrects and moves_of(session, found.id) == list(moves)
    return Refusal(Code.DUPLICATE_REFERENCE, reference=reference, same=same)


def _apply(session: Session, ids: Mapping[str, int], moves: Sequence[Move]) -> None:
    change: dict[str, int] = dict.fromkeys(ids, 0)
    for source, destination, fen in moves:
        change[source] -= fen
        change[destination] += fen
    # In the order of their ids, so that nobody waits in a ring.
    steps = [{"account": ids[name], "delta": change[name]} for name in sorted(change, key=ids.__getitem__)]
    steps = [step for step in steps if step["delta"]]
    if steps and session.connection().execute(_APPLY, steps).rowcount != len(steps):
        raise _short(session, ids, change)


def _short(session: Session, ids: Mapping[str, int], change: Mapping[str, int]) -> Refusal:
    # Balances of those that could pay are changed already; the postings, the new ones among them, tell who cannot.
    after = {name: _sum_of(session, ids[name]) for name, delta in change.items() if delta < 0 and guarded(name)}
    name = min(after, key=after.__getitem__)
    return Refusal(Code.INSUFFICIENT, account=name, wanted_fen=-change[name])


def _sum_of(session: Session, account_id: int) -> int:
    fen = func.sum(case((_p.source_id == account_id, -_p.fen), else_=_p.fen))
    return int(
        session.execute(
            select(fen).where(or_(_p.source_id == account_id, _p.destination_id == account_id))
        ).scalar_one()
    )
