"""Short films of material: kept by their content, sent into the chat of whoever asks."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from distribution import outbox, pictures
from models import Material

#: WeChat takes no larger ones, and no other kind.
MOST_BYTES, CONTENT_TYPE = 10 * 1024 * 1024, "video/mp4"


@dataclass(frozen=True, slots=True)
class Film:
    """What is sent: the film, the picture in front of it if there is one, and the words."""

    content: bytes
    picture: bytes | None
    title: str
    text: str


def is_film(content: bytes) -> bool:
    """Whether these bytes begin like an MP4 file."""
    return content[4:8] == b"ftyp"


def send(session: Session, member_id: int, material_id: int, *, key: str, now: dt.datetime) -> None:
    """Send the film of this material to somebody whose chat is open, once a ``key``."""
    outbox.put(session, "film", {"material_id": material_id}, once=f"film:{key}", member_id=member_id, now=now)


def work_of(session: Session, material_id: int) -> Film | None:
    """The film of material; None where it is gone."""
    row = session.get(Material, material_id)
    found = pictures.load(session, row.video_id) if row is not None and row.video_id is not None else None
    if row is None or found is None:
        return None
    picture = pictures.load(session, row.picture_id) if row.picture_id is not None else None
    return Film(found[0], picture[0] if picture else None, row.title, row.text)
