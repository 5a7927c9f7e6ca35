"""The account's custom menu."""

import json
from typing import Any

from simulator.ask import ApiError, Ask, ok
from simulator.desk import Desk

_NEEDS = {
    "click": "key",
    "view": "url",
    "scancode_push": "key",
    "scancode_waitmsg": "key",
    "pic_sysphoto": "key",
    "pic_photo_or_album": "key",
    "pic_weixin": "key",
    "location_select": "key",
    "media_id": "media_id",
    "article_id": "article_id",
    "article_view_limited": "article_id",
    "miniprogram": "appid",
}


def create(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/menu/create: three buttons with five each below."""
    buttons = ask.body.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise ApiError(40017, "invalid button size")
    for button in buttons:
        _check_top(button)
    ask.desk.store.set_note("menu", json.dumps(buttons, ensure_ascii=False))
    return ok()


def _check_top(button: Any) -> None:
    _check_name(button, most=16)
    below = button.get("sub_button")
    if not below:
        return _check_action(button)
    if not isinstance(below, list) or len(below) > 5:
        raise ApiError(40023, "invalid sub button size")
    for each in below:
        _check_name(each, most=60)
        _check_action(each)
    return None


def _check_name(button: Any, *, most: int) -> None:
    name = button.get("name") if isinstance(button, dict) else None
    if not isinstance(name, str) or not 1 <= len(name.encode()) <= most:
        raise ApiError(40018 if most == 16 else 40025, "invalid button name size")


def _check_action(button: dict[str, Any]) -> None:
    needed = _NEEDS.get(str(button.get("type")))
    if needed is None:
        raise ApiError(40016, "invalid button type")
    value = button.get(needed)
    if not isinstance(value, str) or not value:
        raise ApiError(40019 if needed == "key" else 40020, f"invalid button {needed} size")
    if len(value.encode()) > (1024 if needed == "url" else 128):
        raise ApiError(40020 if needed == "url" else 40019, f"invalid button {needed} size")


def shown(desk: Desk) -> list[dict[str, Any]]:
    """The buttons on every phone."""
    buttons: list[dict[str, Any]] = json.loads(desk.store.note("menu") or "[]")
    return buttons


def get(ask: Ask) -> dict[str, Any]:
    """GET /cgi-bin/menu/get."""
    buttons = shown(ask.desk)
    if not buttons:
        raise ApiError(46003, "menu no exist")
    return {"menu": {"button": buttons}}


def current(ask: Ask) -> dict[str, Any]:
    """GET /cgi-bin/get_current_selfmenu_info."""
    buttons = shown(ask.desk)
    return {"is_menu_open": int(bool(buttons)), "selfmenu_info": {"button": buttons}}


def delete(ask: Ask) -> dict[str, Any]:
    """GET /cgi-bin/menu/delete."""
    ask.desk.store.set_note("menu", "[]")
    return ok()
