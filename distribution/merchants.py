"""Merchants and the secrets their malls sign with; the first merchant runs the distributors."""

import base64
import datetime as dt
import secrets as randomness

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from distribution import audit
from distribution.refusals import Code, Refusal
from models import ApiSecret, Merchant
from models import tables as t

NAME_MOST = 40
_s = t.api_secret.c


def first(session: Session) -> Merchant | None:
    """The merchant the database was opened with; None in an empty one."""
    return session.scalars(select(Merchant).order_by(t.merchant.c.id).limit(1)).first()


def find(session: Session, merchant_id: int) -> Merchant | None:
    """The merchant, or None."""
    return session.get(Merchant, merchant_id)


def everyone(session: Session) -> list[Merchant]:
    """All merchants, the first one first."""
    return list(session.scalars(select(Merchant).order_by(t.merchant.c.id)))


def create(session: Session, *, name: str, by: str, now: dt.datetime) -> Merchant:
    """Add a merchant; Refusal name_taken for an empty, over-long or known name."""
    name = name.strip()
    known = session.scalar(select(t.merchant.c.id).where(t.merchant.c.name == name))
    if not name or len(name) > NAME_MOST or known is not None:
        raise Refusal(Code.NAME_TAKEN, name=name)
    row = Merchant(name=name, created_at=now)
    session.add(row)
    session.flush()
    _note(session, row.id, "merchant.created", {"name": name}, by=by, now=now)
    return row


def secrets(session: Session) -> dict[int, list[str]]:
    """The living secrets of the further merchants (the first one's stand in the configuration)."""
    found: dict[int, list[str]] = {}
    for merchant_id, secret in session.execute(
        select(_s.merchant_id, _s.secret).where(_s.revoked_at.is_(None)).order_by(_s.id)
    ):
        found.setdefault(merchant_id, []).append(secret)
    return found


def set_logo(session: Session, merchant_id: int, picture_id: int | None, *, by: str, now: dt.datetime) -> None:
    """The picture that stands in the merchant's codes and on its posters; None for none."""
    session.execute(update(t.merchant).where(t.merchant.c.id == merchant_id).values(logo_id=picture_id))
    audit.write(
        session,
        actor=by,
        action="merchant.logo",
        subject=f"merchant:{merchant_id}",
        merchant_id=merchant_id,
        facts={"picture": picture_id},
        now=now,
    )


def secrets_of(session: Session, merchant_id: int) -> list[ApiSecret]:
    """Every secret a merchant ever had, revoked ones too."""
    return list(session.scalars(select(ApiSecret).where(_s.merchant_id == merchant_id).order_by(_s.id)))


def add_secret(session: Session, merchant_id: int, *, by: str, now: dt.datetime) -> str:
    """A new signing secret; this is the only time it is given out. Refusal not_found."""
    if find(session, merchant_id) is None:
        raise Refusal(Code.NOT_FOUND, what="merchant")
    secret = "whsec_" + base64.b64encode(randomness.token_bytes(32)).decode()
    row = ApiSecret(merchant_id=merchant_id, secret=secret, created_at=now)
    session.add(row)
    session.flush()
    _note(session, merchant_id, "merchant.secret_made", {"secret_id": row.id}, by=by, now=now)
    return secret


def revoke_secret(session: Session, secret_id: int, *, by: str, now: dt.datetime) -> None:
    """A secret signs nothing any more; Refusal not_found."""
    row = session.get(ApiSecret, secret_id, with_for_update=True)
    if row is None or row.revoked_at is not None:
        raise Refusal(Code.NOT_FOUND, what="secret")
    row.revoked_at = now
    session.flush()
    _note(session, row.merchant_id, "merchant.secret_revoked", {"secret_id": row.id}, by=by, now=now)


def _note(
    session: Session, merchant_id: int, action: str, facts: dict[str, object], *, by: str, now: dt.datetime
) -> None:
    subject = f"merchant:{merchant_id}"
    audit.write(session, actor=by, action=action, subject=subject, merchant_id=merchant_id, facts=facts, now=now)
