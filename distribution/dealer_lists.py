"""What pages and the chat read about dealers: who they are, what they order, what their own prices are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, select
from sqlalchemy.orm import Session

from distribution import dealer_deposits
from distribution.policy import Policy
from distribution.rules import dealer as rule
from models import Dealer, DealerOrder, Order, OrderLine, Product
from models import tables as t

_dealer, _d, _o, _x, _l = t.dealer.c, t.distributor.c, t.order.c, t.dealer_order.c, t.order_line.c
_p, _k = t.product.c, t.dealer_cultivation.c


@dataclass(frozen=True, slots=True)
class OwnPrice:
    """A product at a dealer's own price; ``margin_fen`` is what the list price leaves him a piece."""

    product: Product
    unit_fen: int

    @property
    def margin_fen(self) -> int:
        """List price less his own."""
        return self.product.price_fen - self.unit_fen


@dataclass(frozen=True, slots=True)
class Shown:
    """A dealer order with its lines."""

    order: Order
    sale: DealerOrder
    lines: Sequence[OrderLine]
    dealer: dict[str, Any]


def dealers_of(session: Session, merchant_id: int, dealer_id: int | None = None) -> list[dict[str, Any]]:
    """A merchant's dealers, or one of them: the person, his parent and what is left of his deposit."""
    parent, above = t.dealer.alias("parent"), t.distributor.alias("above")
    found = (
        select(t.dealer, _d.name, _d.code, _d.state.label("person_state"))
        .add_columns(above.c.name.label("parent_name"), above.c.code.label("parent_code"))
        .add_columns(_deposit().label("deposit_fen"), _bought().label("bought_fen"))
        .join(t.distributor, _d.id == _dealer.distributor_id)
        .outerjoin(parent, parent.c.id == _dealer.parent_id)
        .outerjoin(above, above.c.id == parent.c.distributor_id)
        .where(_dealer.merchant_id == merchant_id)
        .order_by(_dealer.id)
    )
    if dealer_id is not None:
        found = found.where(_dealer.id == dealer_id)
    return [dict(row) for row in session.execute(found).mappings()]


def orders_of(session: Session, merchant_id: int, dealer_id: int, limit: int = 30) -> list[dict[str, Any]]:
    """A dealer's orders, the newest first, with what they cost less what came back."""
    found = (
        select(_o.order_no, _o.state, _o.created_at, _x.kind, _x.pays_by, _kept().label("paid_fen"))
        .join(t.order, _o.id == _x.order_id)
        .where(_x.merchant_id == merchant_id, _x.dealer_id == dealer_id)
        .order_by(_o.id.desc())
        .limit(limit)
    )
    # PostgreSQL's sum of 64-bit integers is a decimal.
    return [{**row, "paid_fen": int(row["paid_fen"])} for row in session.execute(found).mappings()]


def order(session: Session, merchant_id: int, order_no: str) -> Shown | None:
    """A dealer order with its lines and its dealer; None if there is none."""
    found = select(Order, DealerOrder).join(t.dealer_order, _x.order_id == _o.id)
    row = session.execute(found.where(_o.merchant_id == merchant_id, _o.order_no == order_no)).first()
    if row is None:
        return None
    lines = session.scalars(select(OrderLine).where(_l.order_id == row[0].id).order_by(_l.id)).all()
    return Shown(row[0], row[1], lines, dealers_of(session, merchant_id, row[1].dealer_id)[0])


def own_prices(session: Session, dealer: Dealer, terms: Policy, limit: int = 20) -> list[OwnPrice]:
    """What the merchant sells now at the dealer's own price; nothing where his grade has none."""
    bp = terms.dealers.grades_bp.get(dealer.grade)
    if bp is None:
        return []
    sold = select(Product).where(_p.merchant_id == dealer.merchant_id, _p.on_sale, _p.stock > 0)
    rows = session.scalars(sold.order_by(_p.id).limit(limit))
    return [OwnPrice(row, rule.unit_price(row.price_fen, bp)) for row in rows]


def deposit(session: Session, dealer: Dealer) -> int:
    """What is left of a dealer's deposit, in fen."""
    return dealer_deposits.balance(session, dealer.id)


def purchases(dealer_id: int) -> Select[Any]:
    """Fen that a dealer's received purchases cost, less what came back, as a question to narrow down."""
    return (
        select(func.coalesce(func.sum(_l.paid_fen - _l.refunded_fen), 0))
        .join(t.order, _o.id == _l.order_id)
        .join(t.dealer_order, _x.order_id == _o.id)
        .where(_x.dealer_id == dealer_id, _x.kind == rule.PURCHASE, _o.received_at.is_not(None))
    )


def _deposit() -> ColumnElement[int]:
    name = "dealer:" + cast(_dealer.id, String) + ":prepaid"
    held = select(t.account.c.balance_fen).where(t.account.c.name == name).scalar_subquery()
    return func.coalesce(held, 0)


def _bought() -> ColumnElement[int]:
    spent = (
        select(func.sum(_l.paid_fen - _l.refunded_fen))
        .join(t.dealer_order, _x.order_id == _l.order_id)
        .where(_x.dealer_id == _dealer.id, _x.kind == rule.PURCHASE)
        .correlate(t.dealer)
        .scalar_subquery()
    )
    return func.coalesce(spent, 0)


def _kept() -> ColumnElement[int]:
    kept = select(func.sum(_l.paid_fen - _l.refunded_fen)).where(_l.order_id == _x.order_id).correlate(t.dealer_order)
    return func.coalesce(kept.scalar_subquery(), 0)
