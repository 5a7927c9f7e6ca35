"""Orders as malls report them: the present state is taken over, money follows on payment, receipt and closing."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import (
    attribution,
    commissions,
    explanations,
    new_order_facts,
    new_orders,
    order_creation,
    order_notices,
    order_rows,
    order_turns,
    people,
    policy,
    pricing,
    products,
    refunds,
    tallies,
)
from distribution.refusals import Code, Refusal
from distribution.rules import lifecycle
from distribution.shapes import LineReport, OrderOutcome, OrderReport
from models import Order, OrderLine
from models import tables as t
from models.states import OrderState

_o = t.order.c
T = TypeVar("T")


def record(
    session: Session, merchant_id: int, report: OrderReport, *, appid: str, now: dt.datetime, tell: bool = True
) -> OrderOutcome:
    """Take over an order's present state; a version not above the one held changes nothing but when it was created.

    ``tell`` False: nobody is told of it. Raises Refusal: buyer_changed, lines_changed, illegal_state
    (contradictions), invalid_order.
    """
    if fault := _fault(report):
        raise fault
    if not new_order_facts.known(session, merchant_id, [report.order_no]):
        return _record_new(session, merchant_id, [report], appid=appid, now=now, tell=tell)[0]
    order = order_rows.get_locked(session, merchant_id, report.order_no)
    if report.version <= order.version:
        if report.version < order.version and _same_buyer(order, report):
            order_creation.learn(session, order, report, now=now)
        return OrderOutcome(report.order_no, False, commissions.rows_of(session, order.id))
    _contradictions(session, order, report)
    order_creation.learn(session, order, report, now=now)
    warnings = _take_over(session, order, report, appid=appid, now=now)
    _advance(session, order, report, now=now, tell=tell)
    return OrderOutcome(report.order_no, True, commissions.rows_of(session, order.id), warnings)


def record_all(
    session: Session,
    merchant_id: int,
    reports: Sequence[OrderReport],
    *,
    appid: str,
    now: dt.datetime,
    tell: bool = True,
) -> list[OrderOutcome]:
    """As ``record`` one after the other, those nobody has heard of in a handful of statements; a few thousand at most.

    ``tell`` False: nobody is told of them, for orders of the past. Raises the Refusals of ``record``.
    """
    for fault in map(_fault, reports):
        if fault:
            raise fault

    def one(report: OrderReport) -> OrderOutcome:
        return record(session, merchant_id, report, appid=appid, now=now, tell=tell)

    return _in_turn(session, merchant_id, reports, one, appid=appid, now=now, tell=tell)


def record_each(
    session: Session, merchant_id: int, reports: Sequence[OrderReport], *, appid: str, now: dt.datetime
) -> list[OrderOutcome | Refusal]:
    """As ``record_all``, but a report that is refused is answered by its Refusal and leaves nothing behind.

    Raises what cannot be laid to one report, a Refusal that the books of new orders meet too; the caller's transaction
    must then be rolled back.
    """

    def one(report: OrderReport) -> OrderOutcome | Refusal:
        try:
            with session.begin_nested():
                return record(session, merchant_id, report, appid=appid, now=now)
        except Refusal as refusal:
            return refusal

    faults = [_fault(report) for report in reports]
    sound = [report for report, fault in zip(reports, faults, strict=True) if fault is None]
    done = iter(_in_turn(session, merchant_id, sound, one, appid=appid, now=now, tell=True))
    return [fault or next(done) for fault in faults]


def _in_turn(
    session: Session,
    merchant_id: int,
    reports: Sequence[OrderReport],
    one: Callable[[OrderReport], T],
    *,
    appid: str,
    now: dt.datetime,
    tell: bool,
) -> list[OrderOutcome | T]:
    """Those nobody has heard of together, the others one by one, as if all of them came one after the other."""
    places = order_turns.ahead(session, merchant_id, reports)
    fresh = [reports[place] for place in places]
    done = _record_new(session, merchant_id, fresh, appid=appid, now=now, tell=tell) if fresh else []
    found = dict(zip(places, done, strict=True))
    return [found.get(place) or one(report) for place, report in enumerate(reports)]


def _record_new(
    session: Session, merchant_id: int, reports: Sequence[OrderReport], *, appid: str, now: dt.datetime, tell: bool
) -> list[OrderOutcome]:
    """Take over orders nobody has heard of, and the refunds that came before those that are paid."""
    told = new_orders.record(session, merchant_id, reports, appid=appid, now=now, tell=tell)
    paid = [report.order_no for report in reports if lifecycle.is_paid(report.state)]
    early = refunds.parked(session, merchant_id, paid)
    for place, each in enumerate(told):
        if each.order_no in early:
            order = order_rows.get_locked(session, merchant_id, each.order_no)
            refunds.apply_parked(session, order, now=now)
            told[place] = replace(each, commissions=commissions.rows_of(session, order.id))
    return told


def view(session: Session, merchant_id: int, order_no: str) -> dict[str, Any] | None:
    """The order as we hold it, its commission rows and why, and why others earn nothing; None if there is none."""
    order = session.scalars(select(Order).where(_o.merchant_id == merchant_id, _o.order_no == order_no)).first()
    if order is None:
        return None
    moments = ("created_at", "paid_at", "shipped_at", "received_at", "closed_at")
    shown = {name: value.isoformat() for name in moments if (value := getattr(order, name)) is not None}
    names = ("line_no", "sku", "name", "quantity", "unit_fen", "discount_fen", "base_fen", "refunded_fen")
    return {
        "order_no": order.order_no,
        "state": order.state,
        "version": order.version,
        "buyer": {"openid": order.buyer_openid, "external_id": order.buyer_external_id},
        "distributor_code": order.distributor_code,
        **shown,
        "coupon_fen": order.coupon_fen,
        "points_fen": order.points_fen,
        "freight_fen": order.freight_fen,
        "address": order.address,
        "shipment": order.shipment,
        "lines": [{name: getattr(line, name) for name in names} for line in order_rows.shown_lines(session, order.id)],
        "commissions": commissions.rows_of(session, order.id),
        "explanations": [_explained(one) for one in explanations.of_order(session, order)],
    }


def _explained(one: explanations.Explanation) -> dict[str, Any]:
    """One place on one line, as machines read it: what stands and why, or the reason why nothing does."""
    names = ("line_no", "kind", "who", "fen", "state", "reason")
    return {name: getattr(one, name) for name in names} | {"why": one.facts}


def _fault(report: OrderReport) -> Refusal | None:
    """What is wrong with a report whatever we know of its order."""
    numbers = [line.line_no for line in report.lines]
    goods = sum(line.unit_fen * line.quantity - line.discount_fen for line in report.lines)
    if not numbers or len(set(numbers)) != len(numbers):
        return Refusal(Code.INVALID_ORDER, field="lines", why="line numbers must be there and different")
    if any(line.discount_fen > line.unit_fen * line.quantity for line in report.lines):
        return Refusal(Code.INVALID_ORDER, field="lines", why="a discount above the line's amount")
    if report.coupon_fen + report.points_fen > goods:
        return Refusal(Code.INVALID_ORDER, field="coupon_fen", why="coupon and points above the goods' amount")
    return None


def _describe(order: Order, report: OrderReport) -> None:
    order.version = report.version
    order.distributor_code = report.distributor_code or order.distributor_code
    order.coupon_fen, order.points_fen = report.coupon_fen, report.points_fen
    order.freight_fen = report.freight_fen
    order.address = report.address or order.address
    order.shipment = report.shipment or order.shipment


def _contradictions(session: Session, order: Order, report: OrderReport) -> None:
    if not _same_buyer(order, report):
        raise Refusal(Code.BUYER_CHANGED, order_no=order.order_no)
    if not lifecycle.order_may_become(order.state, report.state):
        raise Refusal(Code.ILLEGAL_STATE, state=order.state, wanted=report.state)
    if order.paid_at is None:
        return
    money = (order.coupon_fen, order.points_fen)
    held = sorted(_told(line) for line in order_rows.lines_of(session, order.id))
    if held != sorted(_told(line) for line in report.lines) or money != (report.coupon_fen, report.points_fen):
        raise Refusal(Code.LINES_CHANGED, order_no=order.order_no)


def _told(line: Any) -> tuple[int, str, int, int, int]:
    return line.line_no, line.sku, line.quantity, line.unit_fen, line.discount_fen


def _same_buyer(order: Order, report: OrderReport) -> bool:
    """Whether nobody else is told; until payment, who was not known may still be named."""
    pairs = ((order.buyer_openid, report.buyer_openid), (order.buyer_external_id, report.buyer_external_id))
    named = order.paid_at is None
    return all(told is None or told == held or (held is None and named) for held, told in pairs)


def _take_over(session: Session, order: Order, report: OrderReport, *, appid: str, now: dt.datetime) -> tuple[str, ...]:
    given = (order.distributor_code, order.buyer_openid, attribution.frozen_region(order))
    _describe(order, report)
    if order.paid_at is not None:
        return ()
    _name_buyer(session, order, report, appid=appid, now=now)
    _rewrite_lines(session, order, report)
    # Who was named first is frozen; until payment a mall may still name whom it did not know.
    same = given == (order.distributor_code, order.buyer_openid, attribution.region_of(order))
    warnings = () if same else _attributed(session, order, report)
    pricing.freeze(session, order)
    return warnings


def _attributed(session: Session, order: Order, report: OrderReport) -> tuple[str, ...]:
    return attribution.attribute(session, order, report.distributor_code or order.distributor_code, report.decided)


def _name_buyer(session: Session, order: Order, report: OrderReport, *, appid: str, now: dt.datetime) -> None:
    order.buyer_openid = order.buyer_openid or report.buyer_openid
    order.buyer_external_id = order.buyer_external_id or report.buyer_external_id
    if order.buyer_id is None and order.buyer_openid:
        order.buyer_id = people.meet(session, appid, order.buyer_openid, now).member_id


def _rewrite_lines(session: Session, order: Order, report: OrderReport) -> None:
    """Until payment the lines may change; a product that stays is still sold as it was at creation (R16)."""
    held = order_rows.lines_of(session, order.id)
    if [_whole(line) for line in held] == [_whole(line) for line in report.lines]:
        return
    known = products.sold_as(session, order.merchant_id, {line.sku for line in report.lines})
    known |= {line.sku: products.SoldAs(line.product_rule, line.category, line.cost_fen) for line in held}
    order_rows.drop_lines(session, held)
    session.add_all(_line(order, line, known.get(line.sku, products.UNKNOWN)) for line in report.lines)
    session.flush()


def _line(order: Order, told: LineReport, sold: products.SoldAs) -> OrderLine:
    return OrderLine(
        order_id=order.id, line_no=told.line_no, sku=told.sku, name=told.name, quantity=told.quantity,
        unit_fen=told.unit_fen, discount_fen=told.discount_fen, category=sold.category, cost_fen=sold.cost_fen,
        product_rule=sold.rule,
    )  # fmt: skip


def _whole(line: Any) -> tuple[Any, ...]:
    return *_told(line), line.name


def _advance(session: Session, order: Order, report: OrderReport, *, now: dt.datetime, tell: bool) -> None:
    at = report.occurred_at
    fresh = [state for state in lifecycle.reached(report.state) if getattr(order, f"{state}_at") is None]
    for state in fresh:
        setattr(order, f"{state}_at", at)
    order.state = report.state
    session.flush()
    if OrderState.PAID in fresh:
        _pay(session, order, now=now, tell=tell)
    if OrderState.RECEIVED in fresh:
        terms = policy.by_id(session, order.policy_id)
        commissions.start_freeze(session, order.id, at + dt.timedelta(days=terms.freeze_days))
    if OrderState.CLOSED in fresh and order.paid_at is not None:
        refunds.close(session, order, now=now, tell=tell)


def _pay(session: Session, order: Order, *, now: dt.datetime, tell: bool) -> None:
    terms = policy.by_id(session, order.policy_id)
    lines = order_rows.lines_of(session, order.id)
    shares = pricing.shares(terms, lines)
    gone = attribution.terminated(session, {share.distributor_id for share in shares})
    shares = [share for share in shares if share.distributor_id not in gone]
    commissions.earn(session, order, lines, shares, now=now)
    tallies.touch(session, order.id)
    if tell:
        order_notices.paid(session, order, shares, now=now)
    refunds.apply_parked(session, order, now=now)
