"""What people owe after a refund of money they already had: taken first from the next credit (R33)."""

import datetime as dt

from sqlalchemy.orm import Session

from distribution import ledger


def take_back(
    session: Session, reference: str, owed_to: dict[tuple[int, int], int], *, cause: str, at: dt.datetime
) -> None:
    """Take ``{(distributor, merchant): fen}`` from available; what is not there becomes debt."""
    names = {ledger.purse(person, "available") for person, _ in owed_to}
    left = ledger.hold(session, names)
    moves: list[ledger.Move] = []
    for (person, merchant_id), fen in sorted(owed_to.items()):
        purse = ledger.purse(person, "available")
        there = min(fen, left[purse])
        left[purse] -= there
        moves.append((purse, ledger.cost(merchant_id), there))
        moves.append((ledger.purse(person, "owed"), ledger.cost(merchant_id), fen - there))
    ledger.post(session, reference, moves, cause=cause, actor="orders", at=at)


def make_good(session: Session, distributor_id: int, reference: str, *, at: dt.datetime) -> int:
    """Pay debt out of available as far as it goes; the fen paid."""
    owed, available = ledger.purse(distributor_id, "owed"), ledger.purse(distributor_id, "available")
    held = ledger.hold(session, [owed, available])
    fen = min(-held[owed], held[available])
    if fen > 0:
        ledger.post(session, reference, [(available, owed, fen)], cause="netting", actor="clock", at=at)
    return max(0, fen)
