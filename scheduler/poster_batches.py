"""Posters drawn ahead, a few at a time: what was reached is written down, so any worker goes on from there."""

import time
from collections.abc import Callable

import structlog

from distribution import poster_batches, posters
from distribution.refusals import Refusal
from models import PosterBatch
from models.database import Session
from posters import PosterError
from scheduler.parts import Parts
from scheduler.senders.poster import drawn_ahead
from wechat.errors import Action, Outside

log = structlog.get_logger()

_AT_ONCE = 20
_SECONDS = 4.0


def draw_some(parts: Parts) -> int:
    """Draw posters of the oldest open batch for a few seconds; how many were tried."""
    until, tried = time.monotonic() + _SECONDS, 0
    while time.monotonic() < until:
        with parts.database.reading() as session:
            batch = poster_batches.open_batch(session)
        some = draw_next(parts, batch) if batch is not None else 0
        if not some:
            break
        tried += some
    return tried


def draw_all(parts: Parts, batch_id: int, *, told: Callable[[int], object]) -> None:
    """Draw what is left of a batch; ``told`` hears how many are done each time."""
    while True:
        with parts.database.reading() as session:
            batch = poster_batches.get(session, batch_id)
        told(batch.done + batch.failed)
        if batch.ended_at is not None:
            return
        if not draw_next(parts, batch) and batch.done + batch.failed < batch.total:
            time.sleep(_SECONDS)


def draw_next(parts: Parts, batch: PosterBatch) -> int:
    """Draw the next few posters of one batch and count them, or end it."""
    with parts.database.reading() as session:
        people = poster_batches.following(session, batch, _AT_ONCE)
    if not people:
        now = parts.clock.now()
        parts.database.write(lambda session: poster_batches.finish(session, batch.id, now=now))
        log.info("posters.batch", batch=batch.id, done=batch.done, failed=batch.failed)
        return 0
    drawn: list[bool] = []
    try:
        for person in people:
            drawn.append(_draw(parts, batch, person))
    except Outside as error:
        log.warning("posters.waiting", batch=batch.id, code=error.code, action=error.action)
    if not drawn:
        return 0
    done = {
        "at": batch.reached,
        "reached": people[len(drawn) - 1],
        "done": sum(drawn),
        "failed": len(drawn) - sum(drawn),
    }
    parts.database.write(lambda session: poster_batches.record(session, batch.id, **done))
    return len(drawn)


def _draw(parts: Parts, batch: PosterBatch, distributor_id: int) -> bool:
    aim = {"product_id": batch.product_id, "purpose": batch.purpose, "now": parts.clock.now()}
    if batch.purpose == "campaign":
        aim["campaign_id"] = batch.campaign_id

    def prepare(session: Session) -> int:
        return posters.prepare(session, distributor_id, **aim)  # type: ignore[arg-type]

    try:
        drawn_ahead(parts, parts.database.write(prepare))
    except (PosterError, Refusal) as error:
        log.warning("posters.undrawn", batch=batch.id, distributor=distributor_id, error=str(error))
        return False
    except Outside as error:
        # a limit of the whole account is met again by everybody after this one: the batch waits for its next turn
        if error.action in (Action.STOP, Action.DAY):
            raise
        log.warning("posters.undrawn", batch=batch.id, distributor=distributor_id, error=str(error))
        return False
    return True
