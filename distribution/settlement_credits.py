"""What settled rows do to purses: pending becomes available, debts come first, everybody hears once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
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
class Settled:
    """A commission row that has just become available."""

    id: int
    distributor_id: int
    order_id: int
    fen: int


@dataclass(frozen=True, slots=True)
class _Credit:
    """What one person is credited with; ``netted_fen`` of it pays debt."""

    distributor_id: int
    first: int
    fen: int
    orders: int
    netted_fen: int = 0

    @property
    def reference(self) -> str:
        return f"commission:{self.first}:settled"

    def purse(self, kind: str) -> str:
        return ledger.purse(self.distributor_id, kind)


def credit(session: Session, settled: Sequence[Settled], *, now: dt.datetime) -> None:
    """Move what was settled from pending to available, net debts, tell the people.

    Refusal insufficient or duplicate_reference when the books say otherwise: the caller rolls all of it back.
    """
    sums = [_summed(person, rows) for person, rows in sorted(_by_person(settled).items())]
    if any(each.fen < 0 for each in sums):
        raise Refusal(Code.INSUFFICIENT, why="more is taken back than was earned")
    # Rows that cancel each other out move nothing.
    sums = [each for each in sums if each.fen]
    held = ledger_bulk.hold(session, (each.purse(kind) for each in sums for kind in _KINDS))
    credits = [_netted(each, held) for each in sums]
    ledger_bulk.post_all(session, [entry for each in credits for entry in _entries(each)], held, at=now)
    notices.tell_all(session, [_notice(each, held, now) for each in credits], now=now)


def _by_person(settled: Iterable[Settled]) -> dict[int, list[Settled]]:
    groups: dict[int, list[Settled]] = defaultdict(list)
    for row in settled:
        groups[row.distributor_id].append(row)
    return groups


def _summed(person: int, rows: list[Settled]) -> _Credit:
    first, fen = min(row.id for row in rows), sum(row.fen for row in rows)
    return _Credit(person, first, fen, len({row.order_id for row in rows}))


def _netted(each: _Credit, held: dict[str, Held]) -> _Credit:
    owed = held.get(each.purse("owed"))
    if owed is None or owed.fen >= 0:
        return each
    there = held.get(each.purse("available"))
    netted = min(-owed.fen, each.fen + (there.fen if there else 0))
    return _Credit(each.distributor_id, each.first, each.fen, each.orders, netted)


def _entries(each: _Credit) -> Iterable[Entry]:
    available = each.purse("available")
    yield Entry(each.reference, [(each.purse("pending"), available, each.fen)], cause="settlement", actor="clock")
    if each.netted_fen:
        netting = [(available, each.purse("owed"), each.netted_fen)]
        yield Entry(f"{each.reference}:netting", netting, cause="netting", actor="clock")


def _notice(each: _Credit, held: dict[str, Held], now: dt.datetime) -> Notice:
    note = f"其中 {yuan(each.netted_fen)} 抵了之前退款的欠款。\n" if each.netted_fen else ""
    left = yuan(held[each.purse("available")].fen)
    return Notice(
        each.distributor_id,
        "settlement",
        f"佣金 {yuan(each.fen)} 已结算（{each.orders} 单）。\n{note}现在可提现 {left}。\n回复“提现”就能取。",
        once=f"settled:{each.first}",
        facts={"thing": "佣金结算", "amount": yuan(each.fen), "time": shown_full(now), "status": "可提现"},
    )
