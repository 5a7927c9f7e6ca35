"""What an applicant has told so far, kept so that it can be offered again."""

import datetime as dt

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models import RegistrationDraft
from models import tables as t


def find(session: Session, member_id: int) -> RegistrationDraft | None:
    """The draft of a member, or None."""
    return session.get(RegistrationDraft, member_id)


def save(
    session: Session,
    member_id: int,
    *,
    now: dt.datetime,
    name: str | None = None,
    phone: str | None = None,
    invite_code: str | None = None,
) -> RegistrationDraft:
    """Add to the draft what was told; None leaves what stands."""
    row = find(session, member_id) or RegistrationDraft(member_id=member_id, updated_at=now)
    row.name = name or row.name
    row.phone = phone or row.phone
    row.invite_code = invite_code or row.invite_code
    row.updated_at = now
    session.add(row)
    session.flush()
    return row


def drop(session: Session, member_id: int) -> None:
    """Forget the draft."""
    session.execute(delete(t.registration_draft).where(t.registration_draft.c.member_id == member_id))
