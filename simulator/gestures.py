"""What a person does with the phone: speaks, taps, follows, leaves, scans, sends a picture."""

import base64
import binascii
import io
import re
from typing import Any

import zxingcpp
from PIL import Image, UnidentifiedImageError

from simulator import media, people, phone, push, qrcodes
from simulator.desk import Desk
from simulator.instants import SECOND
from simulator.problems import Problem
from simulator.push import Outcome

_TICKET_LINK = re.compile(r"https?://weixin\.qq\.com/q/.+")


def say(desk: Desk, openid: str, text: str, *, menu_id: str | None = None) -> Outcome:
    """The person sends a text; `menu_id` when it came from tapping an item of a menu message."""
    people.get(desk, openid)
    text = text.encode("utf-8", "replace").decode()
    if not text:
        raise Problem(400, "text is empty")
    phone.show_own(desk, openid, "text", {"text": text})
    people.open_window(desk, openid, "click" if menu_id else "message")
    extra: dict[str, Any] = {"Content": text}
    if menu_id:
        extra["bizmsgmenuid"] = menu_id
    return _message(desk, openid, "text", extra)


def send_image(desk: Desk, openid: str, picture: bytes, base_url: str) -> Outcome:
    """The person sends a picture."""
    people.get(desk, openid)
    kept = media.keep(desk, "image", picture, days=3)
    phone.show_own(desk, openid, "image", {"media": kept})
    people.open_window(desk, openid, "message")
    return _message(desk, openid, "image", {"PicUrl": f"{base_url}/media/{kept}", "MediaId": kept})


def send_voice(desk: Desk, openid: str, recognition: str | None) -> Outcome:
    """The person speaks; `recognition` is what WeChat understood, None when that is switched off."""
    people.get(desk, openid)
    kept = media.keep_bytes(desk, "voice", "audio/amr", b"#!AMR\n", days=3)
    phone.show_own(desk, openid, "voice", {"text": recognition or "", "media": kept})
    people.open_window(desk, openid, "message")
    extra = {"MediaId": kept, "Format": "amr"}
    if recognition is not None:
        extra["Recognition"] = recognition
    return _message(desk, openid, "voice", extra)


def _message(desk: Desk, openid: str, kind: str, extra: dict[str, Any]) -> Outcome:
    asked = push.fields_of(desk, openid, desk.now() // SECOND, kind) | extra
    return push.push(desk, asked | {"MsgId": push.next_message_id(desk)})


def tap(desk: Desk, openid: str, key: str) -> Outcome:
    """The person taps a menu button of type click."""
    people.get(desk, openid)
    people.open_window(desk, openid, "click")
    return _event(desk, openid, "CLICK", key)


def view(desk: Desk, openid: str, url: str) -> Outcome:
    """The person taps a menu button that opens a page."""
    people.get(desk, openid)
    return _event(desk, openid, "VIEW", url, shown=False)


def follow(desk: Desk, openid: str, scene: str = "") -> Outcome:
    """The person follows, by a QR code when `scene` is given; a follower only scans it."""
    person = people.get(desk, openid)
    ticket = qrcodes.ticket_of(desk, scene) if scene else ""
    if person["follows"]:
        return _scan_again(desk, openid, scene, ticket) if scene else Outcome(verdict="follows already")
    way = "ADD_SCENE_QR_CODE" if scene else "ADD_SCENE_SEARCH"
    people.start_following(desk, openid, scene=scene, way=way)
    people.open_window(desk, openid, "follow")
    phone.show_own(desk, openid, "event", {"text": f"关注了「{desk.settings.account_name}」"})
    return _event(desk, openid, "subscribe", f"qrscene_{scene}" if scene else "", ticket=ticket)


def _scan_again(desk: Desk, openid: str, scene: str, ticket: str) -> Outcome:
    people.open_window(desk, openid, "scan")
    phone.show_own(desk, openid, "event", {"text": "扫描了二维码"})
    return _event(desk, openid, "SCAN", scene, ticket=ticket)


def unfollow(desk: Desk, openid: str) -> Outcome:
    """The person stops following; nothing can be shown any more."""
    if not people.get(desk, openid)["follows"]:
        return Outcome(verdict="does not follow")
    people.stop_following(desk, openid)
    phone.show_own(desk, openid, "event", {"text": "取消了关注"})
    return _event(desk, openid, "unsubscribe", "", shown=False)


def seen_in(picture: bytes) -> str | None:
    """The text of the first code in the picture's pixels, None without one; Problem 400 if it is no picture."""
    try:
        with Image.open(io.BytesIO(picture)) as image:
            found = zxingcpp.read_barcodes(image.convert("RGB"))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, ValueError) as error:
        raise Problem(400, "image_base64 is not a picture") from error
    return str(found[0].text) if found else None


def scan_link(desk: Desk, openid: str, link: str) -> Outcome | None:
    """The person scanned a code of the account's; None if the link is another one."""
    people.get(desk, openid)
    if not _TICKET_LINK.fullmatch(link):
        return None
    code = qrcodes.find_by_url(desk, link)
    if code is None:
        phone.show_own(desk, openid, "event", {"text": "二维码已过期"})
        return Outcome(verdict="expired")
    return follow(desk, openid, code["scene"])


def picture_of(text: Any) -> bytes:
    """The bytes of a Base64 text, a data address allowed; Problem 400 otherwise."""
    if not isinstance(text, str) or not text:
        raise Problem(400, "image_base64 is missing")
    try:
        return base64.b64decode(re.sub(r"^data:[^,]*,", "", text), validate=False)
    except (binascii.Error, ValueError) as error:
        raise Problem(400, "image_base64 is not Base64") from error


def _event(desk: Desk, openid: str, name: str, key: str, *, ticket: str = "", shown: bool = True) -> Outcome:
    created = _event_time(desk, openid, name, key)
    asked = push.fields_of(desk, openid, created, "event") | {"Event": name, "EventKey": key}
    if ticket:
        asked["Ticket"] = ticket
    return push.push(desk, asked, shown=shown)


def _event_time(desk: Desk, openid: str, name: str, key: str) -> int:
    """Two like events of one person never bear the same second: nobody's finger is that fast."""
    alike = "following" if name in ("subscribe", "unsubscribe") else f"{name} {key}"
    with desk.store.together():
        row = desk.store.one("SELECT at FROM event_time WHERE openid = ? AND name = ?", openid, alike)
        at = max(desk.now() // SECOND, row["at"] + 1 if row else 0)
        desk.store.run("INSERT OR REPLACE INTO event_time(openid, name, at) VALUES (?, ?, ?)", openid, alike, at)
    return at
