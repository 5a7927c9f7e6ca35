"""A short film into an open chat, with a small picture in front of it; a second one does no harm."""

import io
from datetime import datetime

from PIL import Image

from distribution import films, outbox
from distribution.outbox import Claimed
from models.database import Session
from scheduler.outcomes import Done, GiveUp, Outcome
from scheduler.parts import Parts
from scheduler.senders import people
from scheduler.senders.chat import UNKNOWN_MEDIA
from wechat.errors import Outside

_UNSENT = "视频没能发出去，过一会儿回复“视频”再试；也可以先用图文，回复“文案”。"
_GREEN = (24, 140, 92)
_LARGEST, _SIDE = 64 * 1024, 400


def send(parts: Parts, row: Claimed) -> Outcome:
    """Send one film to one person."""
    now, person = parts.clock.now(), people.person_of(parts, row)
    if person is None or person.left:
        return GiveUp(people.LEFT)
    with parts.database.reading() as session:
        film = films.work_of(session, int(row.facts["material_id"]))
    if film is None:
        return GiveUp("the film is gone")
    media_id = ""
    try:
        media_id = parts.shelf.media_id(film.content, parts.official.upload_video, now=now)
        thumb = parts.shelf.media_id(thumbnail(film.picture), parts.official.upload_thumb, now=now)
        parts.official.send_video(person.openid, media_id, thumb, title=film.title, text=film.text)
    except Outside as error:
        if error.code == UNKNOWN_MEDIA:
            parts.shelf.forget(media_id)
        return people.unguarded(row, error, now=now, repeatable=True)
    return Done("chat")


def given_up(session: Session, row: Claimed, reason: str, now: datetime) -> None:
    """Say sorry to whoever waits for the film in an open chat."""
    if not reason.startswith((people.LEFT, people.CLOSED)) and row.member_id is not None:
        once = f"unsent:{row.once}"
        outbox.put(session, "message", {"text": _UNSENT}, once=once, member_id=row.member_id, now=now)


def thumbnail(picture: bytes | None) -> bytes:
    """A JPEG that WeChat takes in front of a film: the material's picture, or plain green."""
    if picture is None:
        small = Image.new("RGB", (_SIDE, _SIDE * 9 // 16), _GREEN)
    else:
        with Image.open(io.BytesIO(picture)) as opened:
            opened.draft("RGB", (_SIDE, _SIDE))
            small = opened.convert("RGB")
        small.thumbnail((_SIDE, _SIDE))
    for quality in (85, 60, 35):
        out = io.BytesIO()
        small.save(out, "JPEG", quality=quality)
        if out.tell() <= _LARGEST:
            break
    return out.getvalue()
