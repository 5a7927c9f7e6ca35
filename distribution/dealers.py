"""Ordering dealers: who orders at which grade's price, below whom, and who brought whom up (R70, R72, R77)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from distribution import audit, members, policy
from distribution.policy import Policy
from distribution.refusals import Code, Refusal
from distribution.rules.dealer import Link
from models import Dealer, DealerCultivation, Distributor
from models import tables as t
from models.states import DistributorState

ACTIVE, STOPPED = "active", "stopped"
_dealer, _person = t.dealer.c, t.distributor.c


def appoint(
    session: Session,
    merchant_id: int,
    distributor_id: int,
    *,
    grade: str,
    parent_id: int | None = None,
    by: str,
    now: dt.datetime,
) -> Dealer:
    """Make an active distributor a dealer of ``grade`` below the dealer ``parent_id`` (None: he orders from HQ).

    Raises Refusal: not_found, not_a_distributor, already_dealer, unknown_grade, dealer_stopped (the parent).
    """
    _lock(session, merchant_id)
    person = members.get_distributor(session, distributor_id)
    if person.state != DistributorState.ACTIVE:
        raise Refusal(Code.NOT_A_DISTRIBUTOR)
    if find(session, merchant_id, distributor_id) is not None:
        raise Refusal(Code.ALREADY_DEALER)
    _known_grade(session, merchant_id, grade, now)
    if parent_id is not None and get(session, merchant_id, parent_id).state != ACTIVE:
        raise Refusal(Code.DEALER_STOPPED)
    row = Dealer(
        merchant_id=merchant_id, distributor_id=distributor_id, grade=grade, parent_id=parent_id, state=ACTIVE,
        appointed_at=now, appointed_by=by,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _remember(session, row, "appointed", None, by=by, now=now)
    _note(session, row, "dealer.appointed", {"grade": grade, "parent": parent_id}, by=by, now=now)
    return row


def regrade(session: Session, merchant_id: int, dealer_id: int, grade: str, *, by: str, now: dt.datetime) -> Dealer:
    """Give another grade, for orders made from now on (R77); Refusal not_found, unknown_grade."""
    _lock(session, merchant_id)
    row = get(session, merchant_id, dealer_id)
    _known_grade(session, merchant_id, grade, now)
    if row.grade == grade:
        return row
    before, row.grade = row.grade, grade
    session.flush()
    _remember(session, row, "regraded", before, by=by, now=now)
    _note(session, row, "dealer.regraded", {"old_grade": before, "grade": grade}, by=by, now=now)
    return row


def move(
    session: Session, merchant_id: int, dealer_id: int, parent_id: int | None, *, by: str, now: dt.datetime
) -> Dealer:
    """Put a dealer with everybody below under another parent, for orders made from now on.

    Raises Refusal: not_found, self, cycle.
    """
    _lock(session, merchant_id)
    row = get(session, merchant_id, dealer_id)
    if parent_id == row.id:
        raise Refusal(Code.SELF)
    if parent_id is not None:
        above = [each.id for each, _ in _chain_rows(session, get(session, merchant_id, parent_id).id)]
        if row.id in above:
            raise Refusal(Code.CYCLE)
    before, row.parent_id = row.parent_id, parent_id
    session.flush()
    _remember(session, row, "moved", row.grade, by=by, now=now)
    _note(session, row, "dealer.moved", {"old_parent": before, "parent": parent_id}, by=by, now=now)
    return row


def set_state(session: Session, merchant_id: int, dealer_id: int, state: str, *, by: str, now: dt.datetime) -> Dealer:
    """Stop a dealer or let him order again; he keeps his place, and while stopped his difference stays with HQ."""
    _lock(session, merchant_id)
    row = get(session, merchant_id, dealer_id)
    if row.state == state or state not in (ACTIVE, STOPPED):
        raise Refusal(Code.ILLEGAL_STATE)
    row.state = state
    session.flush()
    _note(session, row, f"dealer.{state}", {}, by=by, now=now)
    return row


def find(session: Session, merchant_id: int, distributor_id: int) -> Dealer | None:
    """The dealer a distributor is with this merchant, or None."""
    found = select(Dealer).where(_dealer.merchant_id == merchant_id, _dealer.distributor_id == distributor_id)
    return session.scalars(found).first()


def get(session: Session, merchant_id: int, dealer_id: int) -> Dealer:
    """The merchant's dealer; Refusal not_found."""
    row = session.get(Dealer, dealer_id)
    if row is None or row.merchant_id != merchant_id:
        raise Refusal(Code.NOT_FOUND, what="dealer")
    return row


def of_person(session: Session, distributor_id: int) -> list[Dealer]:
    """What somebody is a dealer of, one row a merchant."""
    return list(session.scalars(select(Dealer).where(_dealer.distributor_id == distributor_id).order_by(_dealer.id)))


def chain(session: Session, dealer: Dealer, terms: Policy) -> list[Link]:
    """The dealer and all above him, the nearest first, with their grades' prices under ``terms``.

    Raises Refusal: dealer_stopped (the dealer himself may not order), unknown_grade (his grade has no price).
    """
    rows = _chain_rows(session, dealer.id)
    links = [_link(row, person, terms) for row, person in rows]
    if links[0].none == "no_grade":
        raise Refusal(Code.UNKNOWN_GRADE, grade=dealer.grade)
    if links[0].none:
        raise Refusal(Code.DEALER_STOPPED)
    # A parent whose grade was taken out of the rules has no price: he is passed over.
    return [link for link in links if link.none != "no_grade"]


def _link(row: Dealer, person: Distributor, terms: Policy) -> Link:
    bp = terms.dealers.grades_bp.get(row.grade)
    none = None
    if bp is None:
        none = "no_grade"
    elif row.state != ACTIVE:
        none = "dealer_stopped"
    elif person.state != DistributorState.ACTIVE:
        none = f"not_active:{person.state}"
    return Link(row.id, row.distributor_id, row.grade, bp or 0, none)


def _chain_rows(session: Session, dealer_id: int) -> Sequence[tuple[Dealer, Distributor]]:
    first = select(_dealer.id, _dealer.parent_id, literal(0).label("height")).where(_dealer.id == dealer_id)
    above = first.cte("above", recursive=True)
    up = t.dealer.alias("up")
    above = above.union_all(
        select(up.c.id, up.c.parent_id, above.c.height + 1).join(above, above.c.parent_id == up.c.id)
    )
    found = (
        select(Dealer, Distributor)
        .join(above, above.c.id == _dealer.id)
        .join(t.distributor, _person.id == _dealer.distributor_id)
        .order_by(above.c.height)
    )
    return [(row[0], row[1]) for row in session.execute(found)]


def _known_grade(session: Session, merchant_id: int, grade: str, now: dt.datetime) -> None:
    if grade not in policy.in_force(session, merchant_id, now).dealers.grades_bp:
        raise Refusal(Code.UNKNOWN_GRADE, grade=grade)


def _lock(session: Session, merchant_id: int) -> None:
    # Two moves at once could close a ring that neither sees: the merchant's row lets one at a time.
    merchant = t.merchant.c
    session.execute(select(merchant.id).where(merchant.id == merchant_id).with_for_update(key_share=True))


def _remember(session: Session, row: Dealer, event: str, old_grade: str | None, *, by: str, now: dt.datetime) -> None:
    session.add(
        DealerCultivation(
            dealer_id=row.id, mentor_id=row.parent_id, event=event, old_grade=old_grade, grade=row.grade, by=by, at=now
        )
    )
    session.flush()


def _note(session: Session, row: Dealer, action: str, facts: dict[str, Any], *, by: str, now: dt.datetime) -> None:
    subject = f"distributor:{row.distributor_id}"
    facts = {"dealer": row.id, **facts}
    audit.write(session, actor=by, action=action, subject=subject, merchant_id=row.merchant_id, facts=facts, now=now)
