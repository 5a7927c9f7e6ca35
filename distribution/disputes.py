"""Whose a customer shall be, where distributors or the customer disagree: the merchant decides once, with a reason."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import audit, binding_notices, binding_rows, bindings, customer_moves, members
from distribution.policy import Policy
from distribution.refusals import Code, Refusal
from models import Dispute
from models import tables as t

_x = t.dispute.c


def claim(session: Session, member_id: int, claimant_id: int, *, words: str, by: str, now: dt.datetime) -> Dispute:
    """Write down that somebody claims a customer; while a dispute is open, a further claim joins it.

    Raises Refusal: not_found (customer, distributor), illegal_state where a third one claims.
    """
    if binding_rows.lock(session, member_id) is None:
        raise Refusal(Code.NOT_FOUND, what="customer")
    members.get_distributor(session, claimant_id)
    row = find_open(session, member_id)
    if row is None:
        row = _open(session, member_id, claimant_id, words=words, by=by, now=now)
    elif row.holder_id is None and claimant_id != row.claimant_id:
        row.holder_id = claimant_id
    elif claimant_id not in (row.claimant_id, row.holder_id):
        raise Refusal(Code.ILLEGAL_STATE, what="dispute")
    session.flush()
    _write(session, row, "dispute.claimed", by=by, facts={"claimant": claimant_id, "reason": words}, now=now)
    for person in _sides(row):
        binding_notices.opened(session, person, dispute_id=row.id, now=now)
    return row


def decide(
    session: Session,
    dispute_id: int,
    winner_id: int | None,
    *,
    policy: Policy,
    by: str,
    reason: str,
    now: dt.datetime,
) -> Dispute:
    """End a dispute: the customer stays with the winner or goes to him for a full term; None: to nobody.

    Both sides are told with the reason, and a customer who asked for it too; no existing order changes. Raises Refusal:
    not_found, illegal_state (it is decided, or the winner is not of it or not active).
    """
    member_id = session.scalar(select(_x.member_id).where(_x.id == dispute_id))
    if member_id is None:
        raise Refusal(Code.NOT_FOUND, what="dispute")
    binding_rows.lock(session, member_id)
    row = session.get_one(Dispute, dispute_id, populate_existing=True)
    if row.decided_at is not None or (winner_id is not None and winner_id not in _sides(row)):
        raise Refusal(Code.ILLEGAL_STATE, what="dispute")
    held = bindings.binding_of(session, row.member_id, now)
    told = [*_sides(row), *([held.distributor_id] if held else [])]
    _carry_out(
        session, row, winner_id, held.distributor_id if held else None, policy=policy, by=by, reason=reason, now=now
    )
    row.winner_id, row.reason, row.decided_by, row.decided_at = winner_id, reason, by, now
    session.flush()
    _write(session, row, "dispute.decided", by=by, facts={"winner": winner_id, "reason": reason}, now=now)
    for person in dict.fromkeys(told):
        won = person == winner_id
        binding_notices.decided(session, person, won=won, reason=reason, dispute_id=row.id, now=now)
    if row.opened_by == f"member:{row.member_id}":
        binding_notices.answered(session, row, now=now)
    return row


def find_open(session: Session, member_id: int) -> Dispute | None:
    """The dispute about a customer that waits for a decision."""
    return session.scalars(select(Dispute).where(_x.member_id == member_id, _x.decided_at.is_(None))).first()


def of_customer(session: Session, member_id: int) -> list[Dispute]:
    """Every dispute about a customer, the newest first."""
    return list(session.scalars(select(Dispute).where(_x.member_id == member_id).order_by(_x.id.desc())))


def _open(session: Session, member_id: int, claimant_id: int, *, words: str, by: str, now: dt.datetime) -> Dispute:
    held = bindings.binding_of(session, member_id, now)
    other = held.distributor_id if held is not None and held.distributor_id != claimant_id else None
    row = Dispute(
        member_id=member_id, claimant_id=claimant_id, holder_id=other, claim=words, opened_by=by, opened_at=now
    )
    session.add(row)
    return row


def _carry_out(
    session: Session,
    row: Dispute,
    winner: int | None,
    holder: int | None,
    *,
    policy: Policy,
    by: str,
    reason: str,
    now: dt.datetime,
) -> None:
    if winner == holder:
        return
    channel = f"dispute:{row.id}"
    if winner is None:
        customer_moves.unbind(
            session, row.member_id, policy=policy, by=by, reason=reason, now=now, channel=channel, told=False
        )
        return
    customer_moves.transfer(
        session, row.member_id, winner, policy=policy, by=by, reason=reason, now=now, channel=channel, told=False
    )


def _sides(row: Dispute) -> list[int]:
    return [person for person in (row.claimant_id, row.holder_id) if person is not None]


def _write(session: Session, row: Dispute, action: str, *, by: str, facts: dict[str, object], now: dt.datetime) -> None:
    audit.write(session, actor=by, action=action, subject=f"customer:{row.member_id}", facts=facts, now=now)
