"""An order's lines priced: their bases and offers frozen at creation, and the amounts these give of what is left."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from distribution import attribution, order_rows, policy
from distribution.policy import Policy
from distribution.rules import commission, goods, rates
from distribution.rules.commission import Outcome, Remains, Share
from distribution.rules.goods import Deductions, Line
from models import Order, OrderLine


def freeze(session: Session, order: Order) -> None:
    """Write down what each line is worth and who is offered what on it, under the order's policy and parties (R16)."""
    terms = policy.by_id(session, order.policy_id)
    rows = order_rows.lines_of(session, order.id)
    sold = [as_sold(row) for row in rows]
    off = Deductions(order.coupon_fen, order.points_fen, order.freight_fen)
    paid = goods.paid_amounts(sold, off, kind=terms.base)
    for row, line, fen in zip(rows, sold, paid, strict=True):
        row.paid_fen, row.refunded_fen = fen, min(row.refunded_fen, fen)
        row.base_fen = goods.commission_base(line, kind=terms.base, paid_fen=fen, left_fen=fen, pieces=line.quantity)
    band = rates.band_of(terms, sum(row.base_fen for row in rows))
    places, agents = attribution.places_of(order), attribution.agents_of(order)
    for row, line in zip(rows, sold, strict=True):
        row.offers = list(commission.offers(terms, line, places, agents=agents, band=band))
    session.flush()


def terms_of(session: Session, order: Order) -> Policy:
    """The settings that an order is reckoned with; what dealers earn is their own price, no rate that a cap may cut."""
    terms = policy.by_id(session, order.policy_id)
    if order.channel == "dealer":
        return terms.model_copy(update={"base": "paid_goods", "line_cap_bp": 10_000})
    return terms


def outcomes(terms: Policy, rows: Sequence[OrderLine]) -> list[Outcome]:
    """What every offer of the order gives now; those of 0 fen with their reason."""
    return commission.outcomes(terms, [remains(terms, row) for row in rows])


def shares(terms: Policy, rows: Sequence[OrderLine]) -> list[Share]:
    """What is earned on the order now."""
    return commission.shares(outcomes(terms, rows))


def remains(terms: Policy, row: OrderLine) -> Remains:
    """What stands of a line after the refunds so far."""
    left, pieces = row.paid_fen - row.refunded_fen, row.quantity - row.refunded_quantity
    base = goods.commission_base(as_sold(row), kind=terms.base, paid_fen=row.paid_fen, left_fen=left, pieces=pieces)
    return Remains(row.line_no, row.offers, row.quantity, pieces, left, base, row.base_fen)


def as_sold(row: OrderLine) -> Line:
    """The line as the rules read it, with the product's rule, category and cost of the time of the order."""
    return Line(row.line_no, row.quantity, row.unit_fen, row.discount_fen, row.category, row.cost_fen, row.product_rule)
