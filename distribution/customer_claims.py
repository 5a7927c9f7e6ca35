"""Whose a customer was at an order or is now, as a distributor who came by this customer may ask; and his claims."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from distribution import binding_rows, bindings, customers, disputes
from distribution.customers import Moment
from distribution.refusals import Code, Refusal
from models import Dispute, Order
from models import tables as t

_b, _d, _e, _o, _x = t.binding.c, t.distributor.c, t.binding_event.c, t.order.c, t.dispute.c
#: What was decided is not claimed again for so long.
SETTLED_FOR = dt.timedelta(days=30)
_COUNTED = "counted"


@dataclass(frozen=True, slots=True)
class Case:
    """A customer at a moment: ``holder`` is (code, name) of whose he was; ``by_code``: the order brought a code.

    ``line`` is what led there, the oldest first: no other orders of the customer, nothing after the order asked about.
    """

    member_id: int
    order_no: str | None
    at: dt.datetime
    holder: tuple[str, str] | None
    by_code: bool
    line: list[Moment]


def of_order(session: Session, order_no: str, distributor_id: int) -> Case | None:
    """The case of an order that counts for somebody else; None for a customer this distributor never came by."""
    for order in session.scalars(select(Order).where(_o.order_no.in_((order_no, order_no.upper()))).order_by(_o.id)):
        if order.buyer_id is None or not tied(session, order.buyer_id, distributor_id):
            continue
        attributed = order.parties.get("attributed")
        holder = _person(session, attributed) if isinstance(attributed, int) else None
        line = _line(session, order.buyer_id, until=order.created_at, order_no=order.order_no)
        by_code = bool(order.distributor_code) and holder is not None and holder[0] == order.distributor_code
        return Case(order.buyer_id, order.order_no, order.created_at, holder, by_code, line)
    return None


def of_customer(session: Session, member_id: int, distributor_id: int, *, now: dt.datetime) -> Case | None:
    """The case of a customer as of now; None for one this distributor never came by."""
    if not tied(session, member_id, distributor_id):
        return None
    held = bindings.binding_of(session, member_id, now)
    holder = _person(session, held.distributor_id) if held else None
    return Case(member_id, None, now, holder, False, _line(session, member_id, until=now, order_no=None))


def tied(session: Session, member_id: int, distributor_id: int) -> bool:
    """Whether the customer ever came by this distributor: nobody else is told anything of him."""
    found = select(_e.id).where(_e.member_id == member_id, _e.distributor_id == distributor_id).limit(1)
    return session.scalar(found) is not None


def lost(session: Session, distributor_id: int, *, since: dt.datetime, limit: int = 3) -> list[tuple[int, dt.datetime]]:
    """Customers who stopped being this distributor's since then, with when, the newest first."""
    ended = select(_b.member_id, _b.ended_at).where(_b.distributor_id == distributor_id, _b.ended_at >= since)
    found: dict[int, dt.datetime] = {}
    for member_id, at in session.execute(ended.order_by(_b.ended_at.desc()).limit(50)):
        found.setdefault(member_id, at)
    return list(found.items())[:limit]


def claim(session: Session, member_id: int, distributor_id: int, *, words: str, now: dt.datetime) -> Dispute:
    """A distributor claims a customer he came by; the merchant decides.

    Raises Refusal: not_found for a customer he never came by; self; already_bound where the customer is his; too_many
    while his claim waits, or for 30 days after it was decided; illegal_state where two others claim already.
    """
    if not tied(session, member_id, distributor_id):
        raise Refusal(Code.NOT_FOUND, what="customer")
    if bindings.own_id(session, member_id) == distributor_id:
        raise Refusal(Code.SELF)
    # Asked under the lock, so that two of his at once are one.
    binding_rows.lock(session, member_id)
    held = bindings.binding_of(session, member_id, now)
    if held is not None and held.distributor_id == distributor_id:
        raise Refusal(Code.ALREADY_BOUND)
    standing = _standing(session, member_id, distributor_id, now=now)
    if standing is not None:
        raise Refusal(Code.TOO_MANY, decided=standing.decided_at is not None, reason=standing.reason)
    by = f"distributor:{distributor_id}"
    return disputes.claim(session, member_id, distributor_id, words=words, by=by, now=now)


def of_distributor(session: Session, distributor_id: int, limit: int = 3) -> list[Dispute]:
    """The disputes somebody is a side of, the newest first."""
    mine = or_(_x.claimant_id == distributor_id, _x.holder_id == distributor_id)
    return list(session.scalars(select(Dispute).where(mine).order_by(_x.id.desc()).limit(limit)))


def _standing(session: Session, member_id: int, distributor_id: int, *, now: dt.datetime) -> Dispute | None:
    """His own claim that waits, or was decided lately."""
    mine = or_(_x.claimant_id == distributor_id, _x.holder_id == distributor_id)
    fresh = or_(_x.decided_at.is_(None), _x.decided_at > now - SETTLED_FOR)
    found = select(Dispute).where(_x.member_id == member_id, mine, fresh).order_by(_x.id.desc())
    return session.scalars(found.limit(1)).first()


def _line(session: Session, member_id: int, *, until: dt.datetime, order_no: str | None) -> list[Moment]:
    told = [
        each
        for each in customers.time_line(session, member_id)
        if each.at <= until
        and (each.kind != _COUNTED or each.channel == order_no)
        and each.channel != binding_rows.RECOVERED
    ]
    return sorted(reversed(told), key=lambda each: (each.at, each.kind == _COUNTED))


def _person(session: Session, distributor_id: int) -> tuple[str, str] | None:
    row: Any = session.execute(select(_d.code, _d.name).where(_d.id == distributor_id)).first()
    return (row.code, row.name) if row else None
