"""The list of calls the service made to WeChat and the bank."""

from typing import Any

from simulator.desk import Desk
from simulator.instants import beijing_text

_KEPT = 5000
_SWEEP_EVERY = 500


def note(
    desk: Desk, *, method: str, path: str, status: int, code: str = "0", openid: str = "", fault: str = ""
) -> None:
    """Write one call down; status 0 means its answer was lost."""
    sql = "INSERT INTO call(at, method, path, status, code, openid, fault) VALUES (?, ?, ?, ?, ?, ?, ?)"
    with desk.store.together():
        desk.store.run(sql, desk.now(), method, path, status, code, openid, fault)
        if desk.store.next_number("calls") % _SWEEP_EVERY == 0:
            desk.store.run("DELETE FROM call WHERE n <= (SELECT max(n) FROM call) - ?", _KEPT)


def since(desk: Desk, n: int) -> list[dict[str, Any]]:
    """The calls after number `n`, at most 500, the newest last."""
    sql = "SELECT * FROM (SELECT * FROM call WHERE n > ? ORDER BY n DESC LIMIT 500) ORDER BY n"
    return [dict(row) | {"at": beijing_text(row["at"])} for row in desk.store.all(sql, n)]
