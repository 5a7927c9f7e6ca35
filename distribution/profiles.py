"""What distributors change about themselves: phone and name; a payee who was paid before is changed by people."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import audit
from distribution.refusals import Code, Refusal
from distribution.rules import identity, masking
from models import Distributor
from models import tables as t
from models.states import WithdrawalState

_w = t.withdrawal.c
_OPEN = (WithdrawalState.REQUESTED, WithdrawalState.APPROVED, WithdrawalState.PAYING)


def set_phone(session: Session, distributor_id: int, phone: str, *, by: str, now: dt.datetime) -> Distributor:
    """Change the phone; Refusal invalid_phone."""
    if identity.parse_phone(phone) != phone:
        raise Refusal(Code.INVALID_PHONE)
    row = _locked(session, distributor_id)
    before, row.phone = row.phone, phone
    session.flush()
    facts = {"before": masking.phone(before), "after": masking.phone(phone)}
    audit.write(session, actor=by, action="distributor.phone", subject=f"distributor:{row.id}", facts=facts, now=now)
    return row


def rename(session: Session, distributor_id: int, name: str, *, by: str, now: dt.datetime) -> Distributor:
    """Change the name, which is the payee's too; Refusal invalid_name, too_many while a withdrawal is under way."""
    if identity.parse_name(name) != name:
        raise Refusal(Code.INVALID_NAME)
    row = _locked(session, distributor_id)
    if has_open_withdrawal(session, distributor_id):
        raise Refusal(Code.TOO_MANY, open=1)
    before, row.name = row.name, name
    session.flush()
    facts = {"before": masking.name(before), "after": masking.name(name)}
    audit.write(session, actor=by, action="distributor.name", subject=f"distributor:{row.id}", facts=facts, now=now)
    return row


def has_open_withdrawal(session: Session, distributor_id: int) -> bool:
    """Whether money is on its way to the name as it stands."""
    found = select(_w.id).where(_w.distributor_id == distributor_id, _w.state.in_(_OPEN)).limit(1)
    return session.scalar(found) is not None


def was_paid(session: Session, distributor_id: int) -> bool:
    """Whether money was ever paid to the name as it stands: then people look before it is changed."""
    found = select(_w.id).where(_w.distributor_id == distributor_id, _w.state == WithdrawalState.PAID).limit(1)
    return session.scalar(found) is not None


def _locked(session: Session, distributor_id: int) -> Distributor:
    row = session.get(Distributor, distributor_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="distributor")
    return row
