"""Refunds: opened ones block settlement, refunded ones take the commission back, early ones wait for their order."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import (
    attribution,
    audit,
    commissions,
    dealer_deposits,
    order_notices,
    order_rows,
    policy,
    pricing,
    tallies,
)
from distribution.refusals import Code, Refusal
from distribution.shapes import RefundOutcome, RefundReport
from models import Order, OrderLine, Refund
from models import tables as t
from models.direct import Direct, as_rows
from models.states import CommissionState, OrderState, RefundState

_r = t.refund.c


def record(session: Session, merchant_id: int, report: RefundReport, *, now: dt.datetime) -> RefundOutcome:
    """Take over a refund's state; ``refunded`` is final, otherwise the latest ``occurred_at`` decides.

    Raises Refusal: unknown_line, refund_of_other_order.
    """
    order = order_rows.find_locked(session, merchant_id, report.order_no)
    order_rows.serialize(session, f"refund:{merchant_id}:{report.refund_no}")
    held = session.scalars(
        select(Refund).where(_r.merchant_id == merchant_id, _r.refund_no == report.refund_no)
    ).first()
    if held is not None and held.order_no != report.order_no:
        raise Refusal(Code.REFUND_OF_OTHER_ORDER, refund_no=report.refund_no, order_no=held.order_no)
    if order is not None:
        _check_lines(session, order, report)
    if held is not None and not _is_news(held, report):
        return RefundOutcome(report.refund_no, False)
    row = held or Refund(
        merchant_id=merchant_id,
        refund_no=report.refund_no,
        order_no=report.order_no,
        state=report.state,
        occurred_at=report.occurred_at,
        lines=[],
        created_at=now,
    )
    before = _case_lines(row) if row.applied == RefundState.OPENED else []
    row.state, row.occurred_at, row.freight_fen = report.state, report.occurred_at, report.freight_fen
    row.lines = [{"line_no": line.line_no, "quantity": line.quantity, "fen": line.fen} for line in report.lines]
    session.add(row)
    session.flush()
    if order is not None and order.paid_at is not None:
        _apply(session, order, row, before, now=now)
    return RefundOutcome(report.refund_no, True)


_PARKED = Direct(
    "select f.order_no from @each(:rows) cross join refund f"
    " where f.merchant_id = :merchant and f.order_no = r.value ->> 0 and f.applied is null"
)


def parked(session: Session, merchant_id: int, order_nos: Sequence[str]) -> set[str]:
    """Which of these orders have refunds that came before them."""
    rows = as_rows((order_no,) for order_no in order_nos)
    return {order_no for (order_no,) in _PARKED.rows(session, merchant=merchant_id, rows=rows)}


def apply_parked(session: Session, order: Order, *, now: dt.datetime) -> None:
    """Apply what came before its order was paid, the oldest first."""
    parked = select(Refund).where(
        _r.merchant_id == order.merchant_id, _r.order_no == order.order_no, _r.applied.is_(None)
    )
    for row in session.scalars(parked.order_by(_r.occurred_at, _r.id)).all():
        _apply(session, order, row, [], now=now)


def close(session: Session, order: Order, *, now: dt.datetime, tell: bool = True) -> None:
    """A paid order was closed: what commission is left goes back; ``tell`` False: nobody is told."""
    for line in order_rows.lines_of(session, order.id):
        line.refunded_fen, line.refunded_quantity, line.open_cases = line.paid_fen, line.quantity, 0
    session.flush()
    reference = f"order:{order.merchant_id}:{order.order_no}:closed"
    changed = _reprice(session, order, cause="closed", reference=reference, why={"closed": True}, now=now)
    dealer_deposits.give_back(session, order, reference, now=now)
    if tell:
        order_notices.taken_back(session, order, changed, once=reference, now=now)


def all_pending(session: Session, order: Order) -> bool:
    """Whether nothing of the order was settled or ended yet."""
    return all(row.state == CommissionState.PENDING for row in commissions.standing(session, order.id))


def reattribute(session: Session, order: Order, *, now: dt.datetime) -> None:
    """Move every commission of a paid order to the people it belongs to after all."""
    pricing.freeze(session, order)
    _count_again(session, order)
    cause = f"created:{int(order.created_at.timestamp() * 1_000_000)}"
    reference = f"order:{order.merchant_id}:{order.order_no}:{cause}"
    changed = _reprice(session, order, cause=cause, reference=reference, why={"reattributed": True}, now=now)
    if order.received_at is not None:
        commissions.start_freeze(session, order.id, _due(order, policy.by_id(session, order.policy_id)))
    order_notices.reattributed(session, order, changed, now=now)


def _is_news(held: Refund, report: RefundReport) -> bool:
    if held.state == RefundState.REFUNDED:
        return False
    if report.state == RefundState.REFUNDED:
        return True
    # Of two states in one moment the case's end is the later one, whichever came first.
    return (report.occurred_at, report.state == RefundState.CLOSED) > (
        held.occurred_at,
        held.state == RefundState.CLOSED,
    )


def _check_lines(session: Session, order: Order, report: RefundReport) -> None:
    known = {line.line_no for line in order_rows.lines_of(session, order.id)}
    unknown = sorted({line.line_no for line in report.lines} - known)
    if unknown:
        raise Refusal(Code.UNKNOWN_LINE, order_no=order.order_no, lines=unknown)


def _apply(session: Session, order: Order, row: Refund, opened: list[int], *, now: dt.datetime) -> None:
    row.applied = row.state
    if order.state == OrderState.CLOSED:
        session.flush()
        return
    lines = {line.line_no: line for line in order_rows.lines_of(session, order.id)}
    _count_cases(lines, opened, -1)
    if row.state == RefundState.OPENED:
        _count_cases(lines, _case_lines(row), 1)
    session.flush()
    if row.state != RefundState.REFUNDED:
        return
    for told in row.lines:
        line = lines.get(_number(told, "line_no"))
        if line is None:
            _note_unknown_line(session, order, row, told, now=now)
        else:
            line.refunded_fen = min(line.paid_fen, line.refunded_fen + _number(told, "fen"))
            line.refunded_quantity = min(line.quantity, line.refunded_quantity + _number(told, "quantity"))
    session.flush()
    reference = f"refund:{order.merchant_id}:{row.refund_no}"
    why = {"refund_no": row.refund_no}
    changed = _reprice(session, order, cause=f"refund:{row.refund_no}", reference=reference, why=why, now=now)
    dealer_deposits.give_back(session, order, reference, now=now)
    order_notices.taken_back(session, order, changed, once=reference, now=now)


def _note_unknown_line(
    session: Session, order: Order, row: Refund, told: dict[str, object], *, now: dt.datetime
) -> None:
    """A refund that came before its order names a line the order does not have: the merchant must hear of it."""
    facts = {"refund_no": row.refund_no, "line_no": told["line_no"], "fen": told["fen"]}
    subject = f"order:{order.merchant_id}:{order.order_no}"
    audit.write(
        session, actor="mall", action="refund.unknown_line", subject=subject, merchant_id=order.merchant_id,
        facts=facts, now=now,
    )  # fmt: skip


def _reprice(
    session: Session, order: Order, *, cause: str, reference: str, why: dict[str, Any], now: dt.datetime
) -> dict[int, int]:
    """Bring every commission of the order to what the remaining bases give (R30, R31)."""
    tallies.touch(session, order.id)
    terms = pricing.terms_of(session, order)
    lines = order_rows.lines_of(session, order.id)
    ids = {line.line_no: line.id for line in lines}
    stands = {(row.line_id, row.kind, row.distributor_id): 0 for row in commissions.standing(session, order.id)}
    shares = pricing.shares(terms, lines)
    earned = {(ids[share.line_no], share.kind, share.distributor_id): share.fen for share in shares}
    gone = attribution.terminated(session, {slot[2] for slot in earned.keys() - stands.keys()})
    wanted = stands | {slot: fen for slot, fen in earned.items() if slot in stands or slot[2] not in gone}
    spent = {line.id for line in lines if _is_spent(line)}
    offered = {(line.id, offer["kind"], offer["who"]) for line in lines for offer in line.offers}
    over = {slot for slot in stands if slot[0] in spent or slot not in offered}
    due = _due(order, terms) if order.received_at else None
    return commissions.adjust(session, order, wanted, commissions.Change(cause, reference, why, due, now), over=over)


def _due(order: Order, terms: policy.Policy) -> dt.datetime:
    assert order.received_at is not None, "nothing falls due before receipt"
    return order.received_at + dt.timedelta(days=terms.freeze_days)


def _count_again(session: Session, order: Order) -> None:
    """What came back of each line: of a line that is worth more than it was, more of the refunds counts."""
    back: dict[int, int] = defaultdict(int)
    applied = _r.applied == RefundState.REFUNDED
    refunded = select(_r.lines).where(_r.merchant_id == order.merchant_id, _r.order_no == order.order_no, applied)
    for told in (told for lines in session.scalars(refunded) for told in lines):
        back[_number(told, "line_no")] += _number(told, "fen")
    for line in order_rows.lines_of(session, order.id):
        line.refunded_fen = line.paid_fen if order.closed_at else min(line.paid_fen, back[line.line_no])
    session.flush()


def _case_lines(row: Refund) -> list[int]:
    return [_number(told, "line_no") for told in row.lines]


def _count_cases(lines: dict[int, OrderLine], numbers: list[int], by: int) -> None:
    for number in set(numbers):
        if number in lines:
            lines[number].open_cases = max(0, lines[number].open_cases + by)


def _number(told: dict[str, object], name: str) -> int:
    value = told[name]
    assert isinstance(value, int), "refund lines are parsed at the edge"
    return value


def _is_spent(line: OrderLine) -> bool:
    """Whether nothing can be earned on a line any more; of what cost nothing, when its pieces are back."""
    gone = line.refunded_fen >= line.paid_fen
    return gone and (line.paid_fen > 0 or line.refunded_quantity >= line.quantity)
