"""Work that is due later: kept in the store, done at its moment, at least once."""

import json
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from sqlite3 import Row
from typing import Any

from simulator.desk import Desk
from simulator.instants import SECOND

Work = Callable[[Desk, dict[str, Any], int], int | None]

_BATCH = 64
_HANDS = 4
_log = logging.getLogger(__name__)


def put(desk: Desk, at: int, kind: str, body: Mapping[str, Any]) -> None:
    """Plan one piece of work for the moment `at` in milliseconds."""
    text = json.dumps(body, ensure_ascii=False)
    desk.store.run("INSERT INTO due(at, kind, body) VALUES (?, ?, ?)", at, kind, text)
    desk.wake.set()


def next_due(desk: Desk) -> int | None:
    """The moment of the earliest planned work, or None."""
    row = desk.store.one("SELECT min(at) AS at FROM due")
    return None if row is None or row["at"] is None else int(row["at"])


def run_due(desk: Desk, works: Mapping[str, Work]) -> int:
    """Do one batch of what is due now; how many pieces were done. Only the holder of `jumping` may call it."""
    rows = desk.store.all("SELECT * FROM due WHERE at <= ? ORDER BY at, id LIMIT ?", desk.now(), _BATCH)
    if len(rows) == 1:
        _run(desk, works, rows[0])
    elif rows:
        with ThreadPoolExecutor(_HANDS) as pool:
            list(pool.map(lambda row: _run(desk, works, row), rows))
    return len(rows)


def _run(desk: Desk, works: Mapping[str, Work], row: Row) -> None:
    try:
        again = works[row["kind"]](desk, json.loads(row["body"]), row["tries"])
    except Exception:
        _log.exception("simulator work %s failed", row["kind"])
        again = desk.now() + 15 * SECOND if row["tries"] < 3 else None
    if again is None:
        desk.store.run("DELETE FROM due WHERE id = ?", row["id"])
    else:
        desk.store.run("UPDATE due SET at = ?, tries = tries + 1 WHERE id = ?", again, row["id"])
