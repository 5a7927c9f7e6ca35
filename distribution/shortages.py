"""Paid but not to be shipped: the pieces go back as a refund, on the path of every refund (R81)."""

import datetime as dt

from sqlalchemy.orm import Session

from distribution import audit, order_rows, refunds
from distribution.refusals import Code, Refusal
from distribution.rules import goods
from distribution.shapes import RefundLine, RefundReport
from models.states import OrderState, RefundState


def cannot_ship(
    session: Session,
    merchant_id: int,
    order_no: str,
    line_no: int,
    *,
    quantity: int,
    refund_no: str,
    by: str,
    now: dt.datetime,
) -> int:
    """Take ``quantity`` pieces of a paid line back before they are shipped; the fen that go back to the buyer.

    ``refund_no`` is the mall's number of the same refund, so that its own report later changes nothing more.
    Raises Refusal: not_found, unknown_line, illegal_state (not paid, shipped already, or fewer pieces left).
    """
    order = order_rows.find_locked(session, merchant_id, order_no)
    if order is None:
        raise Refusal(Code.NOT_FOUND, what="order")
    line = next((each for each in order_rows.lines_of(session, order.id) if each.line_no == line_no), None)
    if line is None:
        raise Refusal(Code.UNKNOWN_LINE, order_no=order_no)
    left = line.quantity - line.refunded_quantity
    if order.state != OrderState.PAID or not 1 <= quantity <= left:
        raise Refusal(Code.ILLEGAL_STATE, state=order.state)
    fen = goods.returned_fen(line.paid_fen - line.refunded_fen, left, quantity)
    report = RefundReport(refund_no, order_no, RefundState.REFUNDED, now, (RefundLine(line_no, quantity, fen),))
    if not refunds.record(session, merchant_id, report, now=now).applied:
        raise Refusal(Code.ILLEGAL_STATE)
    facts = {"line_no": line_no, "quantity": quantity, "fen": fen, "refund_no": refund_no}
    audit.write(
        session, actor=by, action="order.cannot_ship", subject=f"order:{order_no}", merchant_id=merchant_id,
        facts=facts, now=now,
    )  # fmt: skip
    return fen
