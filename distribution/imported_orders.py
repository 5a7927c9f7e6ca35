"""Orders of the past, many at once: what was taken over is not taken over again, and nobody is told."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import audit, orders
from distribution.refusals import Refusal
from distribution.shapes import OrderOutcome, OrderReport
from models import tables as t

_o = t.order.c
_UNHEARD = -1


@dataclass(frozen=True, slots=True)
class Landed:
    """What became of a report: ``new``, ``changed`` or ``held`` (we knew it), and what to warn of."""

    what: str
    warnings: tuple[str, ...] = ()


def take_all(
    session: Session, merchant_id: int, reports: Sequence[OrderReport], *, appid: str, file: str, now: dt.datetime
) -> list[Landed]:
    """Take over up to a few thousand reports, an order's versions in their order; one refused refuses them all.

    Raises the Refusals of orders.record.
    """
    held = _versions(session, merchant_id, reports)
    landed: dict[int, Landed] = {}
    for wave in _waves(
        [at for at, report in enumerate(reports) if held.get(report.order_no) != report.version], reports
    ):
        told = [reports[at] for at in wave]
        outcomes = orders.record_all(session, merchant_id, told, appid=appid, now=now, tell=False)
        for at, outcome in zip(wave, outcomes, strict=True):
            landed[at] = _landed(outcome, known=outcome.order_no in held)
            held[outcome.order_no] = max(held.get(outcome.order_no, _UNHEARD), reports[at].version)
    found = [landed.get(at, Landed("held")) for at in range(len(reports))]
    _note(session, merchant_id, found, file=file, now=now)
    return found


def take_each(
    session: Session, merchant_id: int, reports: Sequence[OrderReport], *, appid: str, file: str, now: dt.datetime
) -> list[Landed | Refusal]:
    """As ``take_all`` one after the other: a refused report is answered by its Refusal and leaves nothing behind."""
    found: list[Landed | Refusal] = []
    for report in reports:
        try:
            with session.begin_nested():
                found += take_all(session, merchant_id, [report], appid=appid, file=file, now=now)
        except Refusal as refusal:
            found.append(refusal)
    return found


def _versions(session: Session, merchant_id: int, reports: Iterable[OrderReport]) -> dict[str, int]:
    numbers = {report.order_no for report in reports}
    chosen = select(_o.order_no, _o.version).where(_o.merchant_id == merchant_id, _o.order_no.in_(numbers))
    return {number: version for number, version in session.execute(chosen)}


def _waves(places: Sequence[int], reports: Sequence[OrderReport]) -> Iterator[list[int]]:
    """Each order at most once in a wave, so that orders nobody has heard of are taken over together."""
    left = list(places)
    while left:
        first: dict[str, int] = {}
        for at in left:
            first.setdefault(reports[at].order_no, at)
        wave = sorted(first.values())
        yield wave
        taken = set(wave)
        left = [at for at in left if at not in taken]


def _landed(outcome: OrderOutcome, *, known: bool) -> Landed:
    if not outcome.applied:
        return Landed("held")
    return Landed("changed" if known else "new", outcome.warnings)


def _note(session: Session, merchant_id: int, found: Sequence[Landed], *, file: str, now: dt.datetime) -> None:
    facts: dict[str, Any] = {what: sum(each.what == what for each in found) for what in ("new", "changed")}
    if any(facts.values()):
        audit.write(
            session, actor="import", action="orders.imported", subject=f"merchant:{merchant_id}",
            merchant_id=merchant_id, facts=facts | {"file": file}, now=now,
        )  # fmt: skip
