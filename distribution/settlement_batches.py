"""Settlement by hand: what is due is listed, a merchant confirms the batch, the clock settles it as ever (R38)."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from distribution import audit
from distribution.pending_rows import waiting
from distribution.refusals import Code, Refusal
from models import SettlementBatch
from models import tables as t

_b, _c, _d = t.settlement_batch.c, t.commission.c, t.distributor.c


@dataclass(frozen=True, slots=True)
class Listing:
    """What is due before ``until`` and waits for nothing else; ``shown`` are the people with the most, in fen."""

    until: dt.datetime
    rows: int
    people: int
    fen: int
    shown: list[dict[str, Any]] = field(default_factory=list)


def due(session: Session, merchant_id: int, *, until: dt.datetime, limit: int = 200) -> Listing:
    """A merchant's rows due before ``until`` that a batch would settle now."""
    mine = (
        waiting(_c.id)
        .where(_c.merchant_id == merchant_id, _c.due_at < until)
        .with_only_columns(
            _c.distributor_id, func.count().label("rows"), func.sum(_c.fen).label("fen"), maintain_column_froms=True
        )
    )
    grouped = mine.group_by(_c.distributor_id).subquery()
    total = func.coalesce(func.sum(grouped.c.fen), 0)
    rows, people, fen = session.execute(
        select(func.coalesce(func.sum(grouped.c.rows), 0), func.count(), total).select_from(grouped)
    ).one()
    shown = session.execute(
        select(grouped.c.distributor_id, _d.name, _d.code, grouped.c.rows, grouped.c.fen)
        .join(t.distributor, _d.id == grouped.c.distributor_id)
        .order_by(grouped.c.fen.desc(), grouped.c.distributor_id)
        .limit(limit)
    )
    return Listing(until, int(rows), int(people), int(fen), [dict(row._mapping) for row in shown])


def confirm(session: Session, merchant_id: int, listing: Listing, *, by: str, now: dt.datetime) -> SettlementBatch:
    """Let everything due before the listing's moment be settled by the next run.

    Refusal stale_version when what is due is no longer what was listed, invalid_amount when nothing is, or the
    moment has not come.
    """
    if listing.until > now or not listing.rows:
        raise Refusal(Code.INVALID_AMOUNT, fen=listing.fen)
    session.execute(select(t.merchant.c.id).where(t.merchant.c.id == merchant_id).with_for_update(key_share=True))
    still = due(session, merchant_id, until=listing.until, limit=0)
    if (still.rows, still.people, still.fen) != (listing.rows, listing.people, listing.fen):
        raise Refusal(Code.STALE_VERSION)
    row = SettlementBatch(
        merchant_id=merchant_id, due_until=listing.until, rows=still.rows, people=still.people, fen=still.fen,
        confirmed_by=by, confirmed_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.write(
        session, actor=by, action="settlement.confirmed", subject=f"settlement_batch:{row.id}", merchant_id=merchant_id,
        facts={"rows": row.rows, "people": row.people, "fen": row.fen}, now=now,
    )  # fmt: skip
    return row


def confirmed_until(session: Session, merchant_id: int) -> dt.datetime | None:
    """The moment up to which a merchant has confirmed settlement; None when no batch was ever confirmed."""
    found: dt.datetime | None = session.scalar(select(func.max(_b.due_until)).where(_b.merchant_id == merchant_id))
    return found


def latest(session: Session, merchant_id: int, limit: int = 20) -> list[SettlementBatch]:
    """A merchant's batches, the newest first."""
    chosen = select(SettlementBatch).where(_b.merchant_id == merchant_id).order_by(_b.id.desc()).limit(limit)
    return list(session.scalars(chosen))
