"""Sheets drawn ahead: when a product changes, what its posters share is ready before anybody asks."""

from datetime import datetime

import structlog

from distribution import poster_sheets
from posters import PosterError
from scheduler.parts import Parts
from scheduler.senders.poster import facts_of

log = structlog.get_logger()

_AT_ONCE = 20


class Sheets:
    """This process's sheets; it remembers up to which change they are drawn."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._since: datetime | None = None

    def draw(self) -> int:
        """Draw the sheets of products changed since the last time, at most twenty; how many."""
        with self._parts.database.reading() as session:
            changed = poster_sheets.changed(session, self._since, _AT_ONCE)
        for product_id, at in changed:
            self._prepare(product_id)
            self._since = at
        return len(changed)

    def _prepare(self, product_id: int) -> None:
        parts = self._parts
        with parts.database.reading() as session:
            work = poster_sheets.work_of(session, product_id)
        picture = work.picture or (parts.fetch(work.image_url) if work.image_url else None)
        try:
            parts.prepare(facts_of(work, picture))
        except PosterError as error:
            log.warning("posters.sheet", product=product_id, error=str(error))
