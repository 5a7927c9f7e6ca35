"""The people with a phone: who they are, whether they follow, what they may be sent."""

import re
import secrets
from sqlite3 import Row
from typing import Any

from simulator.desk import Desk
from simulator.instants import HOUR, MINUTE
from simulator.problems import Problem

_NAMES = ("李敏", "王芳", "张伟", "陈晓燕", "刘洋", "赵磊", "周婷", "吴静", "孙鹏", "何佳")
_ALLOWANCES = {
    "message": (5, 48 * HOUR),
    "click": (3, MINUTE),
    "follow": (3, MINUTE),
    "scan": (3, MINUTE),
    "pay": (1_000_000, 48 * HOUR),
}
_OPENID = re.compile(r"[A-Za-z0-9_-]{28}")


def new_openid() -> str:
    """28 characters nobody has had before."""
    return "o" + secrets.token_urlsafe(32)[:27]


def add(desk: Desk, facts: dict[str, Any]) -> Row:
    """Give someone a phone, with the openid, name, kind and follow state given; a known openid stays as it is."""
    openid = str(facts.get("openid") or new_openid())
    if not _OPENID.fullmatch(openid):
        raise Problem(400, "openid must be 28 letters, digits, - or _")
    now = desk.now()
    follows = bool(facts.get("follows"))
    name = facts.get("name") or _NAMES[desk.store.next_number("person") % len(_NAMES)]
    desk.store.run(
        "INSERT OR IGNORE INTO person(openid, name, kind, real_name, follows, followed_at, born) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        openid,
        str(name),
        str(facts.get("kind") or "新人"),
        facts.get("real_name"),
        int(follows),
        now if follows else None,
        now,
    )
    return get(desk, openid)


def add_many(desk: Desk, everyone: list[dict[str, Any]]) -> int:
    """Give many people phones at once; how many were asked for."""
    with desk.store.together():
        for facts in everyone:
            add(desk, facts)
    return len(everyone)


def find(desk: Desk, openid: str) -> Row | None:
    """The person of that openid, or None."""
    return desk.store.one("SELECT * FROM person WHERE openid = ?", openid)


def get(desk: Desk, openid: str) -> Row:
    """The person of that openid; Problem 404 if nobody has it."""
    person = find(desk, openid)
    if person is None:
        raise Problem(404, "nobody has this openid")
    return person


def everyone(desk: Desk) -> list[Row]:
    """All people, the first first."""
    return desk.store.all("SELECT * FROM person ORDER BY born, rowid")


def start_following(desk: Desk, openid: str, *, scene: str, way: str) -> None:
    """The person follows the account from now on."""
    sql = "UPDATE person SET follows = 1, followed_at = ?, scene = ?, way = ? WHERE openid = ?"
    desk.store.run(sql, desk.now(), scene, way, openid)


def stop_following(desk: Desk, openid: str) -> None:
    """The person follows no more; every open window closes."""
    with desk.store.together():
        desk.store.run("UPDATE person SET follows = 0 WHERE openid = ?", openid)
        desk.store.run("DELETE FROM allowance WHERE openid = ?", openid)


def change(desk: Desk, openid: str, facts: dict[str, Any]) -> Row:
    """Set `name`, `kind`, `real_name`, `refuses` or `blocked` of a person."""
    get(desk, openid)
    for key in ("name", "kind", "real_name", "refuses", "blocked"):
        if key in facts:
            value = int(bool(facts[key])) if key in ("refuses", "blocked") else facts[key]
            desk.store.run(f"UPDATE person SET {key} = ? WHERE openid = ?", value, openid)
    return get(desk, openid)


def open_window(desk: Desk, openid: str, kind: str) -> None:
    """An action of the person opens the window of that kind afresh."""
    room, length = _ALLOWANCES[kind]
    sql = "INSERT OR REPLACE INTO allowance(openid, kind, room, until) VALUES (?, ?, ?, ?)"
    desk.store.run(sql, openid, kind, room, desk.now() + length)


def use_window(desk: Desk, openid: str) -> int:
    """Take one message from an open window: 0, or 45015 (none open), 45047 (all used up)."""
    with desk.store.together():
        rows = desk.store.all(
            "SELECT * FROM allowance WHERE openid = ? AND until > ? ORDER BY until", openid, desk.now()
        )
        room = next((row for row in rows if row["room"] > 0), None)
        if room is None:
            return 45047 if rows else 45015
        sql = "UPDATE allowance SET room = room - 1 WHERE openid = ? AND kind = ?"
        desk.store.run(sql, openid, room["kind"])
        return 0
