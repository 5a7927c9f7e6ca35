"""When an order was created, which late reports may still tell, and whose it was at that moment (R13, R16)."""

import datetime as dt

from sqlalchemy.orm import Session

from distribution import attribution, policy, pricing, refunds
from distribution.shapes import OrderReport
from models import Order


def learn(session: Session, order: Order, report: OrderReport, *, now: dt.datetime) -> None:
    """Take over a moment of creation that is told, else the one of an older version; the first one told stays.

    Whose the order was then decides, as if the reports had come in their order; what was settled stays.
    """
    told = _told(order, report)
    if told is None:
        return
    before = _ground(session, order)
    order.created_at, order.created_known = told, report.created_at is not None
    terms = policy.in_force(session, order.merchant_id, told).id or None
    if before == (_ground(session, order)[0], terms):
        session.flush()
        return
    if order.paid_at is not None and not refunds.all_pending(session, order):
        session.flush()
        return
    order.policy_id = terms
    attribution.attribute(session, order, order.distributor_code)
    if order.paid_at is not None:
        # The rows that stand tell of other terms, whether or not they differ in fen.
        order.parties = order.parties | {"dated_anew": True}
    session.flush()
    if order.paid_at is not None:
        refunds.reattribute(session, order, now=now)
    else:
        pricing.freeze(session, order)


def _told(order: Order, report: OrderReport) -> dt.datetime | None:
    if order.created_known:
        return None
    if report.created_at is not None:
        return report.created_at
    late = report.version < order.version and report.occurred_at < order.created_at
    return report.occurred_at if late else None


def _ground(session: Session, order: Order) -> tuple[int | None, int | None]:
    return attribution.origin(session, order, order.distributor_code), order.policy_id
