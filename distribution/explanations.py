"""Why an amount is what it is, and why there is none: every offer of an order told with its reason (R25-R29)."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import order_rows, pricing
from models import Order
from models import tables as t
from models.states import CommissionState, OrderState

_o, _c, _d = t.order.c, t.commission.c, t.distributor.c


@dataclass(frozen=True, slots=True)
class Explanation:
    """One person's place on one line: what stands in fen, how it came about, or the ``reason`` why it is nothing.

    ``facts`` hold base_fen, rate_bp or fixed_fen, source, rounding, cap and capped_from_fen, as far as they apply.
    """

    line_no: int
    goods: str
    kind: str
    who: str | None
    fen: int
    state: str | None
    due_at: dt.datetime | None
    facts: dict[str, Any]
    reason: str | None


def of_order(session: Session, order: Order) -> list[Explanation]:
    """Every offer of the order, in the order in which its pool was shared out, as it stands now."""
    terms = pricing.terms_of(session, order)
    lines = order_rows.shown_lines(session, order.id)
    outcomes = pricing.outcomes(terms, lines)
    goods = {line.line_no: (line.id, line.name) for line in lines}
    standing = _standing(session, order.id)
    codes = _codes(session, {one.who for one in outcomes if one.who})
    told = []
    for one in outcomes:
        line_id, name = goods[one.line_no]
        stands = standing.get((line_id, one.kind, one.who or 0))
        fen, state, due_at = stands or (0, None, None)
        reason = _reason(order, one.reason, state)
        code = codes.get(one.who or 0)
        told.append(Explanation(one.line_no, name, one.kind, code, fen, state, due_at, one.why, reason))
    return told


def _standing(session: Session, order_id: int) -> dict[tuple[int, str, int], tuple[int, str, dt.datetime | None]]:
    rows = session.execute(
        select(_c.line_id, _c.kind, _c.distributor_id, _c.fen, _c.state, _c.due_at)
        .where(_c.order_id == order_id)
        .order_by(_c.id)
    )
    sums: dict[tuple[int, str, int], tuple[int, str, dt.datetime | None]] = {}
    for line_id, kind, who, fen, state, due_at in rows:
        before = sums.get((line_id, kind, who), (0, state, due_at))
        sums[line_id, kind, who] = (before[0] + fen, state, due_at or before[2])
    return sums


def _codes(session: Session, ids: set[int]) -> dict[int, str]:
    return {row.id: row.code for row in session.execute(select(_d.id, _d.code).where(_d.id.in_(ids)))}


def _reason(order: Order, priced: str | None, state: str | None) -> str | None:
    """Why nothing stands: the order first, then the person, then the sum."""
    if order.paid_at is None:
        return "not_paid"
    if state == CommissionState.VOID and priced is None:
        return "terminated"
    if order.state == OrderState.CLOSED:
        return "closed"
    return priced
