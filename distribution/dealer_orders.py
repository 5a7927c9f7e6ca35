"""What dealers buy and sell: prices frozen with the order, earnings up the chain as commission rows (R70-R76)."""

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from distribution import (
    agents,
    attribution,
    audit,
    commissions,
    dealer_deposits,
    dealers,
    members,
    order_notices,
    order_rows,
    orders,
    people,
    policy,
    pricing,
    refunds,
)
from distribution.dealer_shapes import Sale, SaleLine, SaleOutcome
from distribution.policy import Policy
from distribution.refusals import Code, Refusal
from distribution.rules import commission, goods, lifecycle
from distribution.rules import dealer as rule
from distribution.rules.regions import Agent
from distribution.shapes import LineReport, OrderReport, RefundLine, RefundReport
from models import Dealer, DealerOrder, Order, OrderLine, Product
from models import tables as t
from models.states import OrderState, RefundState

_STATES = (*lifecycle.reached(OrderState.RECEIVED), OrderState.CLOSED)
_p, _line, _c, _x, _o = t.product.c, t.order_line.c, t.commission.c, t.dealer_order.c, t.order.c


def record(session: Session, merchant_id: int, sale: Sale, *, appid: str, by: str, now: dt.datetime) -> SaleOutcome:
    """Take over a dealer's order: frozen and paid when it is first heard of, later reports only carry it on.

    Raises Refusal: invalid_order, not_a_dealer, dealer_stopped, unknown_grade, unknown_product, deposit_too_small;
    lines_changed when the number is another order's.
    """
    _check(sale)
    order = order_rows.find_locked(session, merchant_id, sale.order_no)
    if order is None:
        order, applied = _create(session, merchant_id, sale, appid=appid, by=by, now=now), True
        _carry_on(session, order, sale, appid=appid, now=now)
    else:
        _same(session, order, sale)
        applied = _carry_on(session, order, sale, appid=appid, now=now)
    return _outcome(session, order, applied)


def take_back(
    session: Session, merchant_id: int, order_no: str, pieces: Mapping[int, int], *, refund_no: str, now: dt.datetime
) -> int:
    """``pieces`` of lines {line_no: quantity} were returned: paid back at the order's own prices; the fen (R74).

    Earnings are reckoned anew for what is kept, on the path of every refund. Raises Refusal: not_found, unknown_line,
    illegal_state when nothing of it is left.
    """
    order = order_rows.find_locked(session, merchant_id, order_no)
    if order is None or order.channel != "dealer":
        raise Refusal(Code.NOT_FOUND, what="dealer_order")
    lines = {line.line_no: line for line in order_rows.lines_of(session, order.id)}
    if pieces.keys() - lines.keys():
        raise Refusal(Code.UNKNOWN_LINE, order_no=order_no)
    back = [_returned(lines[number], quantity) for number, quantity in sorted(pieces.items())]
    if not any(line.quantity for line in back):
        raise Refusal(Code.ILLEGAL_STATE)
    report = RefundReport(refund_no, order_no, RefundState.REFUNDED, now, tuple(back))
    applied = refunds.record(session, merchant_id, report, now=now).applied
    return sum(line.fen for line in back) if applied else 0


def sold_by(session: Session, merchant_id: int, order_no: str) -> tuple[Order, DealerOrder] | None:
    """A dealer order with the prices of its chain; None if there is none."""
    found = (
        select(Order, DealerOrder)
        .join(t.dealer_order, _x.order_id == _o.id)
        .where(_o.merchant_id == merchant_id, _o.order_no == order_no)
    )
    row = session.execute(found).first()
    return (row[0], row[1]) if row else None


def _check(sale: Sale) -> None:
    numbers = [line.line_no for line in sale.lines]
    if not numbers or len(set(numbers)) != len(numbers):
        raise Refusal(Code.INVALID_ORDER, field="lines", why="line numbers must be there and different")
    if any(line.quantity < 1 or (line.list_fen or 0) < 0 or (line.paid_fen or 0) < 0 for line in sale.lines):
        raise Refusal(Code.INVALID_ORDER, field="lines", why="quantities start at one, amounts at zero")
    if any((line.paid_fen is None) == (sale.kind == rule.RETAIL) for line in sale.lines):
        raise Refusal(Code.INVALID_ORDER, field="lines", why="retail lines say what was paid, purchases do not")
    if sale.kind not in (rule.PURCHASE, rule.RETAIL) or sale.state not in _STATES:
        raise Refusal(Code.INVALID_ORDER, field="state", why="a kind or state that does not exist")
    if sale.pays_by not in ("prepaid", "outside") or (sale.pays_by == "prepaid" and sale.kind == rule.RETAIL):
        raise Refusal(Code.INVALID_ORDER, field="pays_by", why="only purchases are paid from a deposit")


def _create(session: Session, merchant_id: int, sale: Sale, *, appid: str, by: str, now: dt.datetime) -> Order:
    dealer = dealers.find(session, merchant_id, sale.distributor_id)
    if dealer is None:
        raise Refusal(Code.NOT_A_DEALER)
    created = sale.created_at or sale.occurred_at
    terms = policy.in_force(session, merchant_id, created)
    chain = dealers.chain(session, dealer, terms)
    order = _order(session, merchant_id, sale, terms, created=created)
    _name_buyer(session, order, sale, appid=appid, now=now)
    session.add(order)
    session.flush()
    products = _products(session, merchant_id, {line.sku for line in sale.lines})
    told = []
    for line in sale.lines:
        product = products.get(line.sku)
        priced = rule.prices(_list_fen(line, product), chain)
        session.add(_line_row(order, line, priced, kind=sale.kind, product=product))
        session.flush()
        told.append(dict(rule.told(line.line_no, _list_fen(line, product), priced)))
    made = DealerOrder(
        order_id=order.id, merchant_id=merchant_id, dealer_id=dealer.id, kind=sale.kind, pays_by=sale.pays_by,
        prices=told, made_by=by, made_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    if terms.dealers.region_share:
        _share_with_agents(session, order, terms)
    _pay(session, order, dealer, made, now=now)
    return order


def _order(session: Session, merchant_id: int, sale: Sale, terms: Policy, *, created: dt.datetime) -> Order:
    return Order(
        merchant_id=merchant_id, order_no=sale.order_no, channel="dealer", state=OrderState.PAID, version=1,
        created_at=created, created_known=True, paid_at=sale.occurred_at, policy_id=terms.id or None, parties={},
        address=sale.address, shipment=sale.shipment,
    )  # fmt: skip


def _name_buyer(session: Session, order: Order, sale: Sale, *, appid: str, now: dt.datetime) -> None:
    order.buyer_openid, order.buyer_external_id = sale.buyer_openid, sale.buyer_external_id
    if sale.buyer_openid:
        order.buyer_id = people.meet(session, appid, sale.buyer_openid, now).member_id
    elif sale.kind == rule.PURCHASE:
        order.buyer_id = members.get_distributor(session, sale.distributor_id).member_id


def _line_row(
    order: Order, line: SaleLine, priced: Sequence[rule.Price], *, kind: str, product: Product | None
) -> OrderLine:
    paid = line.paid_fen if line.paid_fen is not None else priced[0].unit_fen * line.quantity
    unit, discount = rule.split_paid(paid, line.quantity)
    name = line.name or (product.name if product else line.sku)
    return OrderLine(
        order_id=order.id, line_no=line.line_no, sku=line.sku, name=name, quantity=line.quantity,
        unit_fen=unit, discount_fen=discount, paid_fen=paid, base_fen=paid,
        category=product.category if product else None, cost_fen=product.cost_fen if product else None,
        offers=list(rule.offers(kind, priced)),
    )  # fmt: skip


def _share_with_agents(session: Session, order: Order, terms: Policy) -> None:
    found = agents.for_address(session, order.merchant_id, order.address or {}, order.created_at)
    shared = [Agent(agent.distributor_id, agent.scope) for agent in found]
    order.parties = {"agents": [{"who": agent.id, "scope": agent.scope} for agent in shared]} if shared else {}
    for row in order_rows.lines_of(session, order.id):
        line: goods.Line = pricing.as_sold(row)
        row.offers = [*row.offers, *commission.offers(terms, line, (), agents=shared, band=None)]
    session.flush()


def _pay(session: Session, order: Order, dealer: Dealer, made: DealerOrder, *, now: dt.datetime) -> None:
    lines = order_rows.lines_of(session, order.id)
    paid = sum(line.paid_fen for line in lines)
    if made.pays_by == "prepaid":
        dealer_deposits.spend(session, order, dealer.id, paid, by=made.made_by, now=now)
    shares = pricing.shares(pricing.terms_of(session, order), lines)
    gone = attribution.terminated(session, {share.distributor_id for share in shares})
    shares = [share for share in shares if share.distributor_id not in gone]
    commissions.earn(session, order, lines, shares, now=now)
    facts = {"order_no": order.order_no, "kind": made.kind, "paid_fen": paid}
    audit.write(
        session, actor=made.made_by, action="dealer.ordered", subject=f"distributor:{dealer.distributor_id}",
        merchant_id=order.merchant_id, facts=facts, now=now,
    )  # fmt: skip
    order_notices.paid(session, order, shares, now=now)
    refunds.apply_parked(session, order, now=now)


def _same(session: Session, order: Order, sale: Sale) -> None:
    held = session.get(DealerOrder, order.id)
    dealer = dealers.find(session, order.merchant_id, sale.distributor_id)
    if held is None or dealer is None or (held.kind, held.dealer_id) != (sale.kind, dealer.id):
        raise Refusal(Code.LINES_CHANGED, order_no=order.order_no)
    rows = {line.line_no: (line.sku, line.quantity, line.paid_fen) for line in order_rows.lines_of(session, order.id)}
    for line in sale.lines:
        sku, quantity, paid = rows.pop(line.line_no, ("", 0, 0))
        if (sku, quantity, paid) != (line.sku, line.quantity, paid if line.paid_fen is None else line.paid_fen):
            raise Refusal(Code.LINES_CHANGED, order_no=order.order_no)
    if rows:
        raise Refusal(Code.LINES_CHANGED, order_no=order.order_no)


def _carry_on(session: Session, order: Order, sale: Sale, *, appid: str, now: dt.datetime) -> bool:
    """Bring the order to a later state as any other order; False where that is no news."""
    if sale.state == order.state or not lifecycle.order_may_become(order.state, sale.state):
        return False
    lines = tuple(
        LineReport(line.line_no, line.sku, line.name, line.quantity, line.unit_fen, line.discount_fen)
        for line in order_rows.lines_of(session, order.id)
    )
    report = OrderReport(
        order.order_no, sale.state, order.version + 1, sale.occurred_at, lines, created_at=order.created_at,
        shipment=sale.shipment,
    )  # fmt: skip
    return orders.record(session, order.merchant_id, report, appid=appid, now=now).applied


def _returned(line: OrderLine, quantity: int) -> RefundLine:
    kept = line.quantity - line.refunded_quantity
    quantity = min(max(0, quantity), kept)
    return RefundLine(line.line_no, quantity, goods.returned_fen(line.paid_fen - line.refunded_fen, kept, quantity))


def _products(session: Session, merchant_id: int, skus: set[str]) -> dict[str, Product]:
    rows = session.scalars(select(Product).where(_p.merchant_id == merchant_id, _p.sku.in_(skus)))
    return {row.sku: row for row in rows}


def _list_fen(line: SaleLine, product: Product | None) -> int:
    if line.list_fen is not None:
        return line.list_fen
    if product is None:
        raise Refusal(Code.UNKNOWN_PRODUCT, sku=line.sku)
    return product.price_fen


def _outcome(session: Session, order: Order, applied: bool) -> SaleOutcome:
    kept = func.coalesce(func.sum(_line.paid_fen - _line.refunded_fen), 0)
    pays = int(session.scalar(select(kept).where(_line.order_id == order.id)) or 0)
    rows = commissions.rows_of(session, order.id)
    return SaleOutcome(order.order_no, applied, pays, pays - sum(row["fen"] for row in rows), rows)
