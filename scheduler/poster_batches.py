"""Posters drawn ahead, a few at a time: what was reached is written down, so any worker goes on from there."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import takewhile

import structlog

from distribution import poster_batches, posters
from distribution.refusals import Refusal
from models import PosterBatch
from models.database import Session
from posters import PosterError
from scheduler.outbox import Bucket
from scheduler.parts import Parts
from scheduler.senders.poster import drawn_ahead
from wechat.errors import Action, Outside

log = structlog.get_logger()

_AT_ONCE = 40
#: WeChat is asked for so many codes at once, and so many a second.
_THREADS, _PER_SECOND = 8, 50
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
    """Draw the next few posters of one batch, several at once, and count them; or end it."""
    with parts.database.reading() as session:
        people = poster_batches.following(session, batch, _AT_ONCE)
    if not people:
        now = parts.clock.now()
        parts.database.write(lambda session: poster_batches.finish(session, batch.id, now=now))
        log.info("posters.batch", batch=batch.id, done=batch.done, failed=batch.failed)
        return 0
    ready = parts.database.write(lambda session: [_ready(session, batch, person, parts) for person in people])
    turn = Bucket(_PER_SECOND)
    with ThreadPoolExecutor(min(_THREADS, parts.pace.threads), thread_name_prefix="posters") as pool:
        ends = list(pool.map(lambda poster_id: _draw(parts, batch, poster_id, turn.wait), ready))
    # whoever comes after one that has to wait is drawn again later, which costs nothing
    drawn = list(takewhile(lambda end: end is not None, ends))
    if not drawn:
        return 0
    done = {
        "at": batch.reached,
        "reached": people[len(drawn) - 1],
        "done": sum(map(bool, drawn)),
        "failed": len(drawn) - sum(map(bool, drawn)),
    }
    parts.database.write(lambda session: poster_batches.record(session, batch.id, **done))
    return len(drawn)


def _ready(session: Session, batch: PosterBatch, distributor_id: int, parts: Parts) -> int | None:
    """The id of one person's poster; None when there cannot be one."""
    campaign_id = batch.campaign_id if batch.purpose == "campaign" else None
    aim = {"product_id": batch.product_id, "campaign_id": campaign_id}
    try:
        return posters.prepare(session, distributor_id, purpose=batch.purpose, now=parts.clock.now(), **aim)
    except Refusal as refusal:
        log.warning("posters.undrawn", batch=batch.id, distributor=distributor_id, error=str(refusal))
        return None


def _draw(parts: Parts, batch: PosterBatch, poster_id: int | None, turn: Callable[[], object]) -> bool | None:
    """Whether it was drawn; None when the account has to wait."""
    if poster_id is None:
        return False
    turn()
    try:
        drawn_ahead(parts, poster_id)
    except PosterError as error:
        log.warning("posters.undrawn", batch=batch.id, poster=poster_id, error=str(error))
        return False
    except Outside as error:
        # a limit of the whole account is met again by everybody after this one: the batch waits for its next turn
        if error.action in (Action.STOP, Action.DAY):
            log.warning("posters.waiting", batch=batch.id, code=error.code, action=error.action)
            return None
        log.warning("posters.undrawn", batch=batch.id, poster=poster_id, error=str(error))
        return False
    return True
