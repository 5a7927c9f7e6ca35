"""Personal agreements: rates agreed with one person for a time, before every rule of a product but "off" (R25)."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import audit, members
from distribution.refusals import Code, Refusal
from distribution.rules.terms import Term
from models import Agreement
from models import tables as t

KINDS = ("l1", "l2", "l3")
_a = t.agreement.c

#: ``{"l1", "l2", "l3"}`` in basis points.
Rates = dict[str, int]


def make(
    session: Session,
    merchant_id: int,
    distributor_id: int,
    *,
    rates: Mapping[str, int],
    valid_from: dt.datetime | None = None,
    valid_until: dt.datetime | None = None,
    by: str,
    now: dt.datetime,
) -> Agreement:
    """Agree on ``rates`` (bp, a missing l1, l2 or l3 is 0) for orders created in ``[valid_from, valid_until)``.

    Raises Refusal: not_found, invalid_rate, invalid_term, agreement_overlaps.
    """
    if rates.keys() - set(KINDS) or any(not 0 <= bp <= 10_000 for bp in rates.values()):
        raise Refusal(Code.INVALID_RATE)
    if valid_from is not None and valid_until is not None and valid_from >= valid_until:
        raise Refusal(Code.INVALID_TERM)
    members.get_distributor(session, distributor_id)
    # The person's row is the lock: two agreements at once come one after the other.
    person = t.distributor.c.id
    session.execute(select(person).where(person == distributor_id).with_for_update())
    wanted = Term(valid_from, valid_until)
    for held in list_of(session, merchant_id, distributor_id):
        if wanted.overlaps(term(held)):
            raise Refusal(Code.AGREEMENT_OVERLAPS, since=held.valid_from, until=held.valid_until)
    row = Agreement(
        merchant_id=merchant_id, distributor_id=distributor_id, valid_from=valid_from, valid_until=valid_until,
        l1_bp=rates.get("l1", 0), l2_bp=rates.get("l2", 0), l3_bp=rates.get("l3", 0), made_by=by, made_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _note(session, row, "agreement.made", dict(rates), by=by, now=now)
    return row


def end(session: Session, merchant_id: int, agreement_id: int, *, by: str, now: dt.datetime) -> Agreement:
    """End an agreement now; orders made under it keep its rates. Refusal not_found, illegal_state when it is over."""
    row = session.get(Agreement, agreement_id, with_for_update=True, populate_existing=True)
    if row is None or row.merchant_id != merchant_id:
        raise Refusal(Code.NOT_FOUND, what="agreement")
    if term(row).last <= now:
        raise Refusal(Code.ILLEGAL_STATE)
    row.ended_at, row.ended_by = now, by
    session.flush()
    _note(session, row, "agreement.ended", {}, by=by, now=now)
    return row


def of(session: Session, merchant_id: int, distributor_ids: Collection[int], at: dt.datetime) -> dict[int, Rates]:
    """The rates agreed with each of these people at ``at``; nobody is named who has none."""
    if not distributor_ids:
        return {}
    chosen = select(Agreement).where(_a.merchant_id == merchant_id, _a.distributor_id.in_(sorted(set(distributor_ids))))
    return {
        row.distributor_id: {"l1": row.l1_bp, "l2": row.l2_bp, "l3": row.l3_bp}
        for row in session.scalars(chosen)
        if term(row).covers(at)
    }


def list_of(session: Session, merchant_id: int, distributor_id: int) -> list[Agreement]:
    """What was ever agreed with somebody, the newest first."""
    chosen = select(Agreement).where(_a.merchant_id == merchant_id, _a.distributor_id == distributor_id)
    return list(session.scalars(chosen.order_by(_a.id.desc())))


def term(row: Agreement) -> Term:
    """When an agreement holds."""
    return Term(row.valid_from, row.valid_until, row.ended_at)


def _note(session: Session, row: Agreement, action: str, facts: dict[str, Any], *, by: str, now: dt.datetime) -> None:
    subject = f"distributor:{row.distributor_id}"
    facts = {"agreement": row.id, **facts}
    audit.write(session, actor=by, action=action, subject=subject, merchant_id=row.merchant_id, facts=facts, now=now)
