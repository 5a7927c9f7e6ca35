"""Material: words and a picture a merchant wants shared."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import audit
from distribution.refusals import Code, Refusal
from models import Material
from models import tables as t

_m = t.material.c
TITLE_MOST, TEXT_MOST = 40, 500


def create(
    session: Session, merchant_id: int, *, title: str, text: str, picture_id: int | None, by: str, now: dt.datetime
) -> Material:
    """Add material; Refusal invalid_material for empty or over-long words (40 and 500 characters)."""
    title, text = title.strip(), text.strip()
    if not title or not text or len(title) > TITLE_MOST or len(text) > TEXT_MOST:
        raise Refusal(Code.INVALID_MATERIAL, title_most=TITLE_MOST, text_most=TEXT_MOST)
    row = Material(
        merchant_id=merchant_id, title=title, text=text, picture_id=picture_id, created_by=by, created_at=now
    )
    session.add(row)
    session.flush()
    subject = f"material:{row.id}"
    audit.write(session, actor=by, action="material.created", subject=subject, merchant_id=merchant_id, now=now)
    return row


def list_of(session: Session, merchant_id: int, limit: int = 100) -> list[Material]:
    """A merchant's material, the newest first."""
    found = select(Material).where(_m.merchant_id == merchant_id).order_by(_m.id.desc()).limit(limit)
    return list(session.scalars(found))


def newest(session: Session, limit: int = 3) -> list[Material]:
    """The newest material of every merchant, for distributors who ask."""
    return list(session.scalars(select(Material).order_by(_m.id.desc()).limit(limit)))
