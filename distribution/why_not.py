"""What one person is told of one order: every own place with its reckoning, or the reason why there is no place."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import agents, explanations, order_rows, policy, team
from distribution.explanations import Explanation
from distribution.policy import Policy
from distribution.rules import commission as rule
from models import Order, RegionAgent
from models import tables as t

_o, _d, _r = t.order.c, t.distributor.c, t.region_agent.c
#: The order has nothing to do with the person; whether there is such an order is not told either.
NOT_YOURS = "not_yours"


@dataclass(frozen=True, slots=True)
class Asked:
    """The answer for one person: ``places`` of his own, or the ``reason`` why he has none; fen, ``due_at`` aware."""

    order_no: str
    state: str
    fen: int
    places: Sequence[Explanation]
    reason: str | None
    refunded: bool
    freeze_days: int
    due_at: dt.datetime | None


def of_person(session: Session, order_no: str, distributor_id: int) -> Asked | None:
    """What an order with this number means for somebody; None for one he has nothing to do with, and for none."""
    found = session.scalars(select(Order).where(_o.order_no == order_no).order_by(_o.id)).all()
    answers = [_asked(session, order, distributor_id) for order in found]
    related = [each for each in answers if each.reason != NOT_YOURS]
    return min(related, key=lambda each: each.reason is not None, default=None)


def reason_for(session: Session, order: Order, distributor_id: int) -> str:
    """Why somebody has no place in an order: the code of a reason, ``not_yours`` for a stranger."""
    terms = policy.by_id(session, order.policy_id)
    attributed = order.parties.get("attributed")
    buyer = _buyer(session, order)
    if isinstance(attributed, int):
        chain = [attributed, *team.uplines(session, attributed, most=10)]
        for kind, who, _ in rule.positions(terms, attributed=attributed, uplines=chain[1:], buyer=buyer):
            if who == distributor_id and (none := _empty(order, kind)):
                return none
        if distributor_id == buyer:
            return _own_purchase(terms) if attributed == buyer else "buyer"
        if distributor_id in chain:
            return "too_deep"
    elif distributor_id == buyer:
        return "no_distributor"
    return _as_agent(session, order, distributor_id) or NOT_YOURS


def _asked(session: Session, order: Order, distributor_id: int) -> Asked:
    code = session.scalar(select(_d.code).where(_d.id == distributor_id))
    own = [one for one in explanations.of_order(session, order) if one.who == code]
    reason = None if own else reason_for(session, order, distributor_id)
    lines = order_rows.shown_lines(session, order.id)
    return Asked(
        order_no=order.order_no,
        state=order.state,
        fen=sum(one.fen for one in own),
        places=own,
        reason=reason,
        refunded=any(line.refunded_fen for line in lines),
        freeze_days=policy.by_id(session, order.policy_id).freeze_days,
        due_at=min((one.due_at for one in own if one.due_at and one.state == "pending"), default=None),
    )


def _own_purchase(terms: Policy) -> str:
    return "self_purchase" if terms.self_purchase == "none" else "buyer_upline"


def _empty(order: Order, kind: str) -> str | None:
    """Why the place of this kind was left empty when the order was created."""
    places: Any = order.parties.get("places", [])
    return next((str(each["none"]) for each in places if each["kind"] == kind and "none" in each), None)


def _buyer(session: Session, order: Order) -> int | None:
    if order.buyer_id is None:
        return None
    return session.scalar(select(_d.id).where(_d.member_id == order.buyer_id))


def _as_agent(session: Session, order: Order, distributor_id: int) -> str | None:
    """Why somebody who was ever appointed for a region of the order's address has no share in it."""
    address: Mapping[str, Any] = order.address or {}
    codes = [str(code) for code in address.values() if code]
    held = session.scalars(
        select(RegionAgent).where(
            _r.merchant_id == order.merchant_id, _r.distributor_id == distributor_id, _r.code.in_(codes)
        )
    ).all()
    if not held:
        return None
    told: Any = order.parties.get("agents", [])
    if any(agent["who"] == distributor_id for agent in told):
        return "region_passed"
    return "agent_not_active" if any(agents.term(row).covers(order.created_at) for row in held) else "agent_not_in_term"
