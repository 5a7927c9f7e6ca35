"""What settled rows do to purses: pending becomes available, debts come first, everybody hears once."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from distribution import ledger, ledger_bulk, notices
from distribution.ledger_bulk import Entry, Held
from distribution.notices import Notice
from distribution.refusals import Code, Refusal
from distribution.rules.calendar import shown_full
from distribution.rules.money import yuan

_KINDS = ("pending", "available", "owed")


@dataclass(frozen=True, slots=True)
class Earned:
    """What falls to one person: ``rows`` commission rows (``ids``, as one JSON text), the smallest of them first."""

    distributor_id: int
    first: int
    fen: int
    orders: int
    rows: int
    ids: str

    @property
    def reference(self) -> str:
        """What the settlement is called in the books, once for ever."""
        return f"commission:{self.first}:settled"

    def purse(self, kind: str) -> str:
        """An account of this person's."""
        return ledger.purse(self.distributor_id, kind)


def credit(session: Session, earned: Iterable[Earned], *, now: dt.datetime) -> None:
    """Move what was earned from pending to available, net debts, tell the people.

    Refusal insufficient or duplicate_reference when the books say otherwise: the caller rolls all of it back.
    """
    # Rows that cancel each other out move nothing.
    sums = [each for each in earned if each.fen]
    if any(each.fen < 0 for each in sums):
        raise Refusal(Code.INSUFFICIENT, why="more is taken back than was earned")
    held = ledger_bulk.hold(session, (each.purse(kind) for each in sums for kind in _KINDS))
    netted = [_netted(each, held) for each in sums]
    entries = [entry for each, fen in zip(sums, netted, strict=True) for entry in _entries(each, fen)]
    ledger_bulk.post_all(session, entries, held, at=now)
    facts = {"thing": "佣金结算", "time": shown_full(now), "status": "可提现"}
    told = [_notice(each, fen, held, facts) for each, fen in zip(sums, netted, strict=True)]
    notices.tell_all(session, told, now=now)


def _netted(each: Earned, held: dict[str, Held]) -> int:
    """Fen of debt that are paid out of it."""
    owed, there = held.get(each.purse("owed")), held.get(each.purse("available"))
    return min(-owed.fen, each.fen + (there.fen if there else 0)) if owed is not None and owed.fen < 0 else 0


def _entries(each: Earned, netted: int) -> Iterable[Entry]:
    available = each.purse("available")
    yield Entry(each.reference, [(each.purse("pending"), available, each.fen)], cause="settlement", actor="clock")
    if netted:
        netting = [(available, each.purse("owed"), netted)]
        yield Entry(f"{each.reference}:netting", netting, cause="netting", actor="clock")


def _notice(each: Earned, netted: int, held: dict[str, Held], facts: dict[str, str]) -> Notice:
    note = f"其中 {yuan(netted)} 抵了之前退款的欠款。\n" if netted else ""
    fen, left = yuan(each.fen), yuan(held[each.purse("available")].fen)
    text = f"佣金 {fen} 已结算（{each.orders} 单）。\n{note}现在可提现 {left}。\n回复“提现”就能取。"
    return Notice(each.distributor_id, "settlement", text, once=f"settled:{each.first}", facts={**facts, "amount": fen})
