"""Operators who may decide from their own WeChat: bound by a one-time code, unbound at any time."""

import datetime as dt
import hashlib
import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import audit, merchants
from distribution.refusals import Code, Refusal
from models import Operator, OperatorBinding
from models import tables as t
from models.states import Role

CODE_LIFE = dt.timedelta(minutes=10)
#: Who may decide what; the same roles as on the console.
MAY: dict[str, frozenset[Role]] = {
    "application": frozenset({Role.OWNER, Role.OPERATIONS, Role.SERVICE}),
    "withdrawal": frozenset({Role.OWNER, Role.FINANCE}),
}
#: No letters or digits that people mix up.
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_CODE_LETTERS = 8
_b, _o = t.operator_binding.c, t.operator.c


def entitled(operator: Operator) -> bool:
    """Whether this account has anything to decide."""
    return any(operator.role in roles for roles in MAY.values())


def make_code(session: Session, operator_id: int, *, by: str, now: dt.datetime) -> str:
    """A code that binds whoever types it to this account within ten minutes; an earlier code ends.

    Refusal not_found, illegal_state for an account that is off or belongs to another merchant's staff.
    """
    operator = session.get(Operator, operator_id, with_for_update=True)
    if operator is None:
        raise Refusal(Code.NOT_FOUND, what="operator")
    if not _works(session, operator):
        raise Refusal(Code.ILLEGAL_STATE, state="not entitled", wanted="bound")
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LETTERS))
    row = session.get(OperatorBinding, operator_id) or OperatorBinding(operator_id=operator_id)
    row.code_hash, row.code_until = _hash(code), now + CODE_LIFE
    session.add(row)
    session.flush()
    _note(session, operator, "operator.code_made", by=by, now=now)
    return code


def bind(session: Session, member_id: int, code: str, *, now: dt.datetime) -> Operator | None:
    """Bind a member by a code, which counts once; None when there is no such code any more.

    A member decides for one account at a time: an earlier binding of theirs ends.
    """
    found = select(OperatorBinding).where(_b.code_hash == _hash(code)).with_for_update()
    row = session.scalars(found.execution_options(populate_existing=True)).first()
    if row is None or row.code_until is None or now >= row.code_until:
        return None
    operator = session.get(Operator, row.operator_id)
    if operator is None or not _works(session, operator):
        return None
    earlier = session.scalars(select(OperatorBinding).where(_b.member_id == member_id)).first()
    if earlier is not None and earlier is not row:
        earlier.member_id, earlier.bound_at = None, None
        session.flush()
    row.member_id, row.bound_at, row.code_hash, row.code_until = member_id, now, None, None
    session.flush()
    _note(session, operator, "operator.bound", by=f"member:{member_id}", now=now)
    return operator


def unbind(session: Session, operator_id: int, *, by: str, now: dt.datetime) -> bool:
    """This account decides nothing from WeChat any more; False when it did not anyway."""
    row = session.get(OperatorBinding, operator_id, with_for_update=True)
    if row is None or (row.member_id is None and row.code_hash is None):
        return False
    row.member_id, row.bound_at, row.code_hash, row.code_until = None, None, None, None
    session.flush()
    _note(session, session.get_one(Operator, operator_id), "operator.unbound", by=by, now=now)
    return True


def operator_of(session: Session, member_id: int | None) -> Operator | None:
    """The working account a member decides for; None for everybody else."""
    if member_id is None:
        return None
    found = select(Operator).join(t.operator_binding, _b.operator_id == _o.id).where(_b.member_id == member_id)
    operator = session.scalars(found).first()
    return operator if operator is not None and _works(session, operator) else None


def deciding(session: Session, kind: str) -> list[tuple[int, int]]:
    """The bound accounts that may decide this kind: operator and member."""
    shop = merchants.first(session)
    if shop is None:
        return []
    found = (
        select(_b.operator_id, _b.member_id)
        .join(t.operator, _o.id == _b.operator_id)
        .where(_b.member_id.is_not(None), _o.active, _o.merchant_id == shop.id, _o.role.in_(MAY[kind]))
        .order_by(_b.operator_id)
    )
    return [(operator_id, member_id) for operator_id, member_id in session.execute(found)]


def bound_at(session: Session, merchant_ids: list[int]) -> dict[int, dt.datetime]:
    """Since when the accounts of these merchants are bound, by operator."""
    found = (
        select(_b.operator_id, _b.bound_at)
        .join(t.operator, _o.id == _b.operator_id)
        .where(_b.member_id.is_not(None), _o.merchant_id.in_(merchant_ids))
    )
    return {operator_id: at for operator_id, at in session.execute(found) if at is not None}


def _works(session: Session, operator: Operator) -> bool:
    shop = merchants.first(session)
    return operator.active and entitled(operator) and shop is not None and operator.merchant_id == shop.id


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()


def _note(session: Session, row: Operator, action: str, *, by: str, now: dt.datetime) -> None:
    subject = f"operator:{row.id}"
    audit.write(session, actor=by, action=action, subject=subject, merchant_id=row.merchant_id, now=now)
