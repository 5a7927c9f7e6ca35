"""Pictures by content: stored once, named by their hash."""

import datetime as dt
import hashlib
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models import tables as t

_p = t.picture.c


def store(session: Session, content: bytes, content_type: str, *, now: dt.datetime) -> int:
    """The id of these bytes, stored if they are new."""
    digest = hashlib.sha256(content).hexdigest()
    known = session.scalar(select(_p.id).where(_p.sha256 == digest))
    if known is not None:
        return int(known)
    made = insert(t.picture).values(sha256=digest, content_type=content_type, content=content, created_at=now)
    return int(session.execute(made.returning(_p.id)).scalar_one())


def load(session: Session, picture_id: int) -> tuple[bytes, str] | None:
    """(bytes, content type) of a stored picture."""
    return _one(session.execute(select(_p.content, _p.content_type).where(_p.id == picture_id)).first())


def load_by_hash(session: Session, sha256: str) -> tuple[bytes, str] | None:
    """(bytes, content type) of a picture by its hash."""
    return _one(session.execute(select(_p.content, _p.content_type).where(_p.sha256 == sha256)).first())


def _one(row: Any) -> tuple[bytes, str] | None:
    return None if row is None else (row.content, row.content_type)
