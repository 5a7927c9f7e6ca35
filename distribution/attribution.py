"""Who an order belongs to, frozen when it is first heard of (R16-R19)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from distribution import bindings, policy, team
from distribution.rules import commission as rule
from models import Order, OrderLine
from models import tables as t
from models.states import DistributorState

_d = t.distributor.c


def attribute(session: Session, order: Order, code: str | None) -> tuple[str, ...]:
    """Set ``l1_id``, ``l2_id``, ``l3_id``; warnings for a code that is nobody's or somebody's who is not active.

    A given code decides alone; else a distributor's own purchase is his, else the buyer's binding at the order's
    creation decides (R13). A position whose person is not active then stays empty for ever.
    """
    terms = policy.in_force(session, order.merchant_id, order.created_at)
    buyer = _distributor_of(session, order.buyer_id)
    by_code = _active_with_code(session, code) if code else None
    attributed = by_code or _of_buyer(session, order)
    uplines = team.uplines(session, attributed) if attributed else []
    people = rule.positions(terms, attributed=attributed, uplines=uplines, buyer=buyer)
    active = _active(session, {person for person in people if person is not None})
    places = [person if person in active else None for person in people] + [None] * 3
    order.l1_id, order.l2_id, order.l3_id = places[:3]
    return ("unknown_distributor",) if code and by_code is None else ()


def origin(session: Session, order: Order, code: str | None) -> int | None:
    """The distributor an order is traced back to, whether or not that one may earn."""
    return (_active_with_code(session, code) if code else None) or _of_buyer(session, order)


def terminated(session: Session, ids: set[int]) -> set[int]:
    """Who of them is gone for good; nobody goes before this transaction ends."""
    # The key-share lock waits for a termination under way, which voids what it sees, and then sees its outcome.
    standing = select(_d.id, _d.state).where(_d.id.in_(ids)).order_by(_d.id).with_for_update(read=True, key_share=True)
    return {row.id for row in session.execute(standing) if row.state == DistributorState.TERMINATED}


def product_rules(session: Session, merchant_id: int, skus: set[str]) -> dict[str, dict[str, Any]]:
    """The products' own commission rules now, by sku; products without one are left out."""
    p = t.product.c
    rows = session.execute(
        select(p.sku, p.rule).where(p.merchant_id == merchant_id, p.sku.in_(skus), p.rule.is_not(None))
    )
    return {sku: dict(own) for sku, own in rows if own}


def as_sold(line: OrderLine) -> rule.Line:
    """The line as the rule reads it, with the product's rule of the time of the order."""
    snapshot: Mapping[str, Any] | None = line.product_rule
    return rule.Line(line.line_no, line.quantity, line.unit_fen, line.discount_fen, snapshot)


def _active_with_code(session: Session, code: str) -> int | None:
    found = select(_d.id).where(_d.code == code.strip().upper(), _d.state == DistributorState.ACTIVE)
    return session.scalar(found)


def _distributor_of(session: Session, member_id: int | None) -> int | None:
    if member_id is None:
        return None
    standing = or_(_d.state == DistributorState.ACTIVE, _d.state == DistributorState.FROZEN)
    return session.scalar(select(_d.id).where(_d.member_id == member_id, standing))


def _of_buyer(session: Session, order: Order) -> int | None:
    return _distributor_of(session, order.buyer_id) or _bound_to(session, order)


def _bound_to(session: Session, order: Order) -> int | None:
    held = bindings.binding_of(session, order.buyer_id, order.created_at) if order.buyer_id else None
    return held.distributor_id if held else None


def _active(session: Session, ids: set[int]) -> set[int]:
    return set(session.scalars(select(_d.id).where(_d.id.in_(ids), _d.state == DistributorState.ACTIVE)))
