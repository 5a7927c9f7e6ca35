"""What a person's phone shows, line by line."""

import json
from typing import Any

from simulator.desk import Desk
from simulator.instants import beijing_text

SYSTEM_LINE = "该公众号提供的服务出现故障，请稍后再试"


def put(desk: Desk, openid: str, kind: str, body: dict[str, Any]) -> int:
    """Add a line from the account; its number, which rises per phone. `media` in the body names a picture kept here."""
    return _add(desk, openid, (kind, body), sender="account")


def show_own(desk: Desk, openid: str, kind: str, body: dict[str, Any]) -> int:
    """Add a line from the person; its number."""
    return _add(desk, openid, (kind, body), sender="person")


def _add(desk: Desk, openid: str, what: tuple[str, dict[str, Any]], *, sender: str) -> int:
    text = json.dumps(what[1], ensure_ascii=False)
    with desk.store.together():
        row = desk.store.one("SELECT coalesce(max(n), 0) + 1 AS n FROM phone WHERE openid = ?", openid)
        n = int(row["n"]) if row else 1
        sql = "INSERT INTO phone(openid, n, at, sender, type, body) VALUES (?, ?, ?, ?, ?, ?)"
        desk.store.run(sql, openid, n, desk.now(), sender, what[0], text)
    return n


def lines(desk: Desk, openid: str, since: int, prefix: str) -> list[dict[str, Any]]:
    """The lines after number `since`; picture addresses begin with `prefix`."""
    rows = desk.store.all("SELECT * FROM phone WHERE openid = ? AND n > ? ORDER BY n", openid, since)
    return [_line(dict(row), prefix) for row in rows]


def line(desk: Desk, openid: str, n: int, prefix: str) -> dict[str, Any] | None:
    """One line by its number, or None."""
    row = desk.store.one("SELECT * FROM phone WHERE openid = ? AND n = ?", openid, n)
    return None if row is None else _line(dict(row), prefix)


def _line(row: dict[str, Any], prefix: str) -> dict[str, Any]:
    body = json.loads(row["body"])
    media = body.pop("media", None)
    if media:
        body["image_url"] = f"{prefix}/media/{media}"
    return {"n": row["n"], "at": beijing_text(row["at"]), "from": row["sender"], "type": row["type"], **body}
