"""Posters drawn ahead for all distributors: begun once, resumed where a worker stopped, counted."""

import datetime as dt

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from distribution.refusals import Code, Refusal
from models import Campaign, PosterBatch
from models import tables as t
from models.states import DistributorState

_b, _d, _r = t.poster_batch.c, t.distributor.c, t.recipient.c


def start(
    session: Session,
    merchant_id: int,
    *,
    purpose: str,
    by: str,
    now: dt.datetime,
    product_id: int | None = None,
    campaign_id: int | None = None,
) -> PosterBatch:
    """Begin to draw for every active distributor, of a campaign's people alone if it is given; the same one if open.

    Refusal not_found for another merchant's campaign, empty_audience when there is nobody.
    """
    campaign = session.get(Campaign, campaign_id) if campaign_id else None
    if campaign_id and (campaign is None or campaign.merchant_id != merchant_id):
        raise Refusal(Code.NOT_FOUND, what="campaign")
    same = (_b.merchant_id == merchant_id, _b.purpose == purpose, _b.ended_at.is_(None))
    aims = (_b.product_id.is_not_distinct_from(product_id), _b.campaign_id.is_not_distinct_from(campaign_id))
    known = session.scalars(select(PosterBatch).where(*same, *aims)).first()
    if known is not None:
        return known
    total = session.scalar(select(func.count()).select_from(_people(campaign_id).subquery())) or 0
    if not total:
        raise Refusal(Code.EMPTY_AUDIENCE)
    row = PosterBatch(
        merchant_id=merchant_id,
        campaign_id=campaign_id,
        product_id=product_id,
        purpose=purpose,
        total=total,
        created_by=by,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def of_merchant(session: Session, merchant_id: int, limit: int = 20) -> list[PosterBatch]:
    """The merchant's batches, newest first."""
    rows = select(PosterBatch).where(_b.merchant_id == merchant_id).order_by(_b.id.desc()).limit(limit)
    return list(session.scalars(rows))


def get(session: Session, batch_id: int) -> PosterBatch:
    """One batch; it must exist."""
    return session.get_one(PosterBatch, batch_id)


def open_batch(session: Session) -> PosterBatch | None:
    """The oldest batch with something left to draw."""
    return session.scalars(select(PosterBatch).where(_b.ended_at.is_(None)).order_by(_b.id).limit(1)).first()


def next_due(session: Session) -> dt.datetime | None:
    """When the oldest open batch was begun: it is due."""
    due: dt.datetime | None = session.scalar(select(func.min(_b.created_at)).where(_b.ended_at.is_(None)))
    return due


def following(session: Session, batch: PosterBatch, limit: int) -> list[int]:
    """The next distributors of a batch, in order."""
    people = _people(batch.campaign_id).where(_d.id > batch.reached).order_by(_d.id).limit(limit)
    return list(session.scalars(people))


def record(session: Session, batch_id: int, *, at: int, reached: int, done: int, failed: int) -> bool:
    """Distributors up to ``reached`` are done; False when another worker was first and nothing is counted."""
    advanced = update(t.poster_batch).where(_b.id == batch_id, _b.reached == at)
    values = {"reached": reached, "done": _b.done + done, "failed": _b.failed + failed}
    return session.execute(advanced.values(values)).rowcount == 1  # type: ignore[attr-defined, no-any-return]


def finish(session: Session, batch_id: int, *, now: dt.datetime) -> None:
    """Nobody is left."""
    session.execute(update(t.poster_batch).where(_b.id == batch_id, _b.ended_at.is_(None)).values(ended_at=now))


def _people(campaign_id: int | None) -> Select[tuple[int]]:
    people = select(_d.id).where(_d.state == DistributorState.ACTIVE)
    if campaign_id is None:
        return people
    return people.join(t.recipient, (_r.distributor_id == _d.id) & (_r.campaign_id == campaign_id))
