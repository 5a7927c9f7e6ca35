"""The merchant's hand on a customer: transfer, unbind, and setting free whose distributor is gone (R15, R3)."""

import datetime as dt

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from distribution import audit, binding_acts, bindings
from distribution.binding_rows import Act
from distribution.policy import Policy
from distribution.policy_parts import BindingTerms
from distribution.refusals import Code, Refusal
from models import tables as t


def transfer(
    session: Session,
    member_id: int,
    to: int,
    *,
    policy: Policy,
    by: str,
    reason: str,
    now: dt.datetime,
    channel: str = "manual",
    told: bool = True,
) -> None:
    """Give a customer to an active distributor for a full new term; existing orders stay as they are.

    Raises Refusal: illegal_state where ``to`` is not active, self where the customer is ``to`` himself.
    """
    if not binding_acts.active(session, to):
        raise Refusal(Code.ILLEGAL_STATE, what="distributor")
    if bindings.own_id(session, member_id) == to:
        raise Refusal(Code.SELF)
    act = Act("transfer", now, policy.binding, channel, to, {"reason": reason, "by": by})
    binding_acts.perform(session, member_id, act, now=now, told=told)
    _write(session, member_id, "customer.transferred", by=by, reason=reason, now=now, to=to)


def unbind(
    session: Session,
    member_id: int,
    *,
    policy: Policy,
    by: str,
    reason: str,
    now: dt.datetime,
    channel: str = "manual",
    told: bool = True,
) -> None:
    """End a customer's binding and every open invitation at once; Refusal not_found where there is neither."""
    binding = bindings.binding_of(session, member_id, now)
    invited = t.customer_invitation.c
    if binding is None and session.scalar(select(invited.until).where(invited.member_id == member_id)) is None:
        raise Refusal(Code.NOT_FOUND, what="binding")
    act = Act("unbind", now, policy.binding, channel, facts={"reason": reason, "by": by})
    binding_acts.perform(session, member_id, act, now=now, told=told)
    _write(session, member_id, "customer.unbound", by=by, reason=reason, now=now)


def release_all(session: Session, distributor_id: int, *, now: dt.datetime) -> None:
    """Set every customer of a distributor free, and end the invitations that are his."""
    b, i = t.binding.c, t.customer_invitation.c
    open_rows = select(b.member_id).where(b.distributor_id == distributor_id, b.ended_at.is_(None))
    invited = select(i.member_id).where(i.distributor_id == distributor_id)
    m = t.member.c
    affected = select(m.id).where(or_(m.id.in_(open_rows), m.id.in_(invited))).order_by(m.id)
    for member_id in session.scalars(affected).all():
        act = Act("release", now, BindingTerms(), "terminated", distributor_id)
        binding_acts.perform(session, member_id, act, now=now, told=False)


def _write(
    session: Session, member_id: int, action: str, *, by: str, reason: str, now: dt.datetime, to: int | None = None
) -> None:
    facts: dict[str, object] = {"reason": reason} | ({"to": to} if to is not None else {})
    audit.write(session, actor=by, action=action, subject=f"customer:{member_id}", facts=facts, now=now)
