"""Customers as the merchant looks at them: whose they are, and everything that made them so; read only."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from distribution import bindings
from distribution.listings import PAGE_ROWS
from distribution.policy_parts import BindingTerms
from distribution.refusals import Code, Refusal
from models import Binding, CustomerInvitation, Member
from models import tables as t

_b, _d, _e, _m, _o, _x = (
    t.binding.c, t.distributor.c, t.binding_event.c, t.member.c, t.order.c, t.dispute.c,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a customer's time line; ``who`` is (code, name) of the distributor it speaks of.

    ``valid_until`` and ``protected_until`` stand where a binding began or was renewed.
    """

    at: dt.datetime
    kind: str
    channel: str
    who: tuple[str, str] | None
    reason: str | None = None
    valid_until: dt.datetime | None = None
    protected_until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer's row, the binding in force and the open invitation at one moment."""

    row: Member
    held: Binding | None
    invitation: CustomerInvitation | None


def get(session: Session, member_id: int, *, now: dt.datetime) -> Customer:
    """The customer as of ``now``; Refusal not_found."""
    row = session.get(Member, member_id)
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="customer")
    invitation = session.get(CustomerInvitation, member_id)
    standing = invitation if invitation is not None and now < invitation.until else None
    return Customer(row, bindings.binding_of(session, member_id, now), standing)


def found(session: Session, words: str, page: int) -> tuple[list[dict[str, Any]], bool]:
    """A page of bound customers, those in dispute first, and whether there are more.

    ``words``: an order number, a distributor's code or name, or the beginning of an openid.
    """
    asked = _listed().where(*_matching(words)).order_by(_x.id.is_(None), _b.id.desc(), _m.id.desc())
    rows = session.execute(asked.offset((max(1, page) - 1) * PAGE_ROWS).limit(PAGE_ROWS + 1)).all()
    return [dict(row._mapping) for row in rows[:PAGE_ROWS]], len(rows) > PAGE_ROWS


def time_line(session: Session, member_id: int, limit: int = 200) -> list[Moment]:
    """Every click, scan, order and binding of a customer in the order in which they happened, the newest first."""
    return sorted(
        [*_events(session, member_id, limit), *_orders(session, member_id, limit)],
        key=lambda each: each.at,
        reverse=True,
    )[:limit]


def _listed() -> Select[Any]:
    return (
        select(_m.id, _m.openid, _b.bound_at, _b.valid_until, _d.code, _d.name, _x.id.label("dispute_id"))
        .select_from(t.member)
        .outerjoin(t.binding, (_b.member_id == _m.id) & _b.ended_at.is_(None))
        .outerjoin(t.distributor, _d.id == _b.distributor_id)
        .outerjoin(t.dispute, (_x.member_id == _m.id) & _x.decided_at.is_(None))
    )


def _matching(words: str) -> list[Any]:
    if not words:
        return [or_(_b.id.is_not(None), _x.id.is_not(None))]
    bought = select(_o.buyer_id).where(_o.order_no == words)
    person = (_d.code == words.upper(), _d.name == words)
    return [or_(_m.id.in_(bought), _m.openid.startswith(words, autoescape=True), *person)]


def _events(session: Session, member_id: int, limit: int) -> list[Moment]:
    rows = session.execute(
        select(_e.at, _e.act, _e.kind, _e.channel, _e.facts, _d.code, _d.name)
        .outerjoin(t.distributor, _d.id == _e.distributor_id)
        .where(_e.member_id == member_id)
        .order_by(_e.at.desc(), _e.id.desc())
        .limit(limit)
    )
    return [_moment(row) for row in rows]


def _moment(row: Any) -> Moment:
    who = (row.code, row.name) if row.code else None
    ends: tuple[dt.datetime | None, dt.datetime | None] = (None, None)
    terms = BindingTerms.model_validate(row.facts["terms"]) if "terms" in row.facts else None
    if terms is not None and terms.mode == "window" and row.kind in ("bind", "rebound", "renewed", "transferred"):
        ends = row.at + dt.timedelta(days=terms.valid_days), row.at + dt.timedelta(days=terms.protect_days)
    if terms is not None and row.kind == "invited":
        ends = row.at + dt.timedelta(hours=terms.compete_ttl_hours), None
    return Moment(row.at, row.kind, row.channel, who, row.facts.get("reason"), *ends)


def _orders(session: Session, member_id: int, limit: int) -> list[Moment]:
    rows = session.execute(
        select(_o.created_at, _o.order_no, _d.code, _d.name)
        .outerjoin(t.distributor, _d.id == _o.l1_id)
        .where(_o.buyer_id == member_id)
        .order_by(_o.created_at.desc())
        .limit(limit)
    )
    return [Moment(row.created_at, "counted", row.order_no, (row.code, row.name) if row.code else None) for row in rows]
