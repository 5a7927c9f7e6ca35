"""What the account may ask about its followers, and its tags and black list."""

from typing import Any

from simulator import people
from simulator.ask import ApiError, Ask, ok
from simulator.desk import Desk
from simulator.instants import SECOND

_PAGE = 10_000


def show(ask: Ask) -> dict[str, Any]:
    """GET /cgi-bin/user/info: hardly more than whether the person follows."""
    return _facts(ask.desk, ask.args.get("openid", ""))


def _facts(desk: Desk, openid: str) -> dict[str, Any]:
    person = people.find(desk, openid)
    if person is None:
        raise ApiError(40003, "invalid openid")
    if not person["follows"]:
        return {"subscribe": 0, "openid": openid}
    rows = desk.store.all("SELECT tag_id FROM tagging WHERE openid = ?", openid)
    return {
        "subscribe": 1,
        "openid": openid,
        "language": "zh_CN",
        "subscribe_time": person["followed_at"] // SECOND,
        "remark": person["remark"],
        "groupid": 0,
        "tagid_list": [row["tag_id"] for row in rows],
        "subscribe_scene": person["way"],
        "qr_scene": int(person["scene"]) if person["scene"].isdigit() else 0,
        "qr_scene_str": "" if person["scene"].isdigit() else person["scene"],
    }


def show_many(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/user/info/batchget: up to 100 followers."""
    asked = ask.body.get("user_list")
    if not isinstance(asked, list) or not 1 <= len(asked) <= 100:
        raise ApiError(40032, "invalid openid list size")
    return {"user_info_list": [_facts(ask.desk, str(each.get("openid"))) for each in asked]}


def list_followers(ask: Ask) -> dict[str, Any]:
    """GET /cgi-bin/user/get: 10000 openids a page."""
    store = ask.desk.store
    after = ask.args.get("next_openid", "")
    sql = "SELECT openid FROM person WHERE follows = 1 AND openid > ? ORDER BY openid LIMIT ?"
    openids = [row["openid"] for row in store.all(sql, after, _PAGE)]
    total = store.one("SELECT count(*) AS n FROM person WHERE follows = 1")
    page: dict[str, Any] = {"total": total["n"] if total else 0, "count": len(openids)}
    if openids:
        page |= {"data": {"openid": openids}, "next_openid": openids[-1]}
    return page | ({} if openids else {"next_openid": ""})


def set_remark(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/user/info/updateremark."""
    remark = str(ask.body.get("remark") or "")
    if len(remark) >= 30:
        raise ApiError(40035, "invalid remark")
    sql = "UPDATE person SET remark = ? WHERE openid = ?"
    if not ask.desk.store.run(sql, remark, ask.text("openid", errcode=40003)):
        raise ApiError(40003, "invalid openid")
    return ok()


def create_tag(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/tags/create: at most 100 tags, names once each."""
    tag = ask.body.get("tag")
    name = tag.get("name") if isinstance(tag, dict) else None
    if not isinstance(name, str) or not 1 <= len(name) <= 30:
        raise ApiError(45158, "invalid tag name")
    with ask.desk.store.together():
        if len(ask.desk.store.all("SELECT 1 FROM tag")) >= 100:
            raise ApiError(45056, "too many tags")
        if not ask.desk.store.run(
            "INSERT OR IGNORE INTO tag(id, name) SELECT coalesce(max(id), 99) + 1, ? FROM tag", name
        ):
            raise ApiError(45157, "tag name exists")
        row = ask.desk.store.one("SELECT * FROM tag WHERE name = ?", name)
    return {"tag": dict(row) if row else {}}


def list_tags(ask: Ask) -> dict[str, Any]:
    """GET /cgi-bin/tags/get."""
    sql = "SELECT id, name, (SELECT count(*) FROM tagging WHERE tag_id = id) AS count FROM tag ORDER BY id"
    return {"tags": [dict(row) for row in ask.desk.store.all(sql)]}


def delete_tag(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/tags/delete."""
    tag = ask.body.get("tag")
    number = _tag_id(ask.desk, tag.get("id") if isinstance(tag, dict) else None)
    with ask.desk.store.together():
        ask.desk.store.run("DELETE FROM tagging WHERE tag_id = ?", number)
        ask.desk.store.run("DELETE FROM tag WHERE id = ?", number)
    return ok()


def put_tag(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/tags/members/batchtagging: up to 50 people."""
    number = _tag_id(ask.desk, ask.body.get("tagid"))
    rows = [(number, openid) for openid in _openids(ask)]
    ask.desk.store.run_many("INSERT OR IGNORE INTO tagging(tag_id, openid) VALUES (?, ?)", rows)
    return ok()


def take_tag(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/tags/members/batchuntagging: up to 50 people."""
    number = _tag_id(ask.desk, ask.body.get("tagid"))
    rows = [(number, openid) for openid in _openids(ask)]
    ask.desk.store.run_many("DELETE FROM tagging WHERE tag_id = ? AND openid = ?", rows)
    return ok()


def tags_of(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/tags/getidlist."""
    rows = ask.desk.store.all("SELECT tag_id FROM tagging WHERE openid = ?", ask.text("openid", errcode=40003))
    return {"tagid_list": [row["tag_id"] for row in rows]}


def members_of(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/user/tag/get."""
    number = _tag_id(ask.desk, ask.body.get("tagid"))
    rows = ask.desk.store.all("SELECT openid FROM tagging WHERE tag_id = ? ORDER BY openid", number)
    openids = [row["openid"] for row in rows]
    return {"count": len(openids), "data": {"openid": openids}, "next_openid": openids[-1] if openids else ""}


def block(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/tags/members/batchblacklist: up to 20 people."""
    return _set_blocked(ask, 1)


def unblock(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/tags/members/batchunblacklist: up to 20 people."""
    return _set_blocked(ask, 0)


def _set_blocked(ask: Ask, blocked: int) -> dict[str, Any]:
    rows = [(blocked, openid) for openid in _openids(ask, most=20)]
    ask.desk.store.run_many("UPDATE person SET blocked = ? WHERE openid = ?", rows)
    return ok()


def _tag_id(desk: Desk, number: Any) -> int:
    if desk.store.one("SELECT 1 FROM tag WHERE id = ?", number) is None:
        raise ApiError(45159, "invalid tag id")
    return int(number)


def _openids(ask: Ask, *, most: int = 50) -> list[str]:
    openids = ask.body.get("openid_list")
    if not isinstance(openids, list) or not 1 <= len(openids) <= most:
        raise ApiError(40032, "invalid openid list size")
    return [str(openid) for openid in openids]
