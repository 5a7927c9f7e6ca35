"""What dealers put down with a merchant, and how their orders use it (R76)."""

import datetime as dt

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from distribution import audit, dealers, ledger, notices
from distribution.refusals import Code, Refusal
from distribution.rules.calendar import shown_full
from distribution.rules.money import yuan
from models import Dealer, DealerDeposit, Order
from models import tables as t

REFERENCE_MOST = 60
_deposit, _x, _line = t.dealer_deposit.c, t.dealer_order.c, t.order_line.c


def account(dealer_id: int) -> str:
    """A dealer's deposit; it can never go below zero."""
    return f"dealer:{dealer_id}:prepaid"


def takings(merchant_id: int) -> str:
    """What a merchant has taken from its dealers, deposits paid in counting against it."""
    return f"merchant:{merchant_id}:dealers"


def balance(session: Session, dealer_id: int) -> int:
    """What of a dealer's deposit is left, in fen."""
    return ledger.balance(session, account(dealer_id))


def pay_in(
    session: Session, merchant_id: int, dealer_id: int, *, fen: int, reference: str, by: str, now: dt.datetime
) -> DealerDeposit:
    """Book money a dealer paid in; ``reference`` (a bank's or pay order's number) counts once for a merchant.

    Raises Refusal: not_found, invalid_amount (not above zero), duplicate_reference.
    """
    row = dealers.get(session, merchant_id, dealer_id)
    reference = reference.strip()
    if fen <= 0 or not reference or len(reference) > REFERENCE_MOST:
        raise Refusal(Code.INVALID_AMOUNT, fen=fen)
    name = f"dealer:{merchant_id}:{reference}:paid_in"
    moves = [(takings(merchant_id), account(row.id), fen)]
    ledger.post(session, name, moves, cause="dealer paid in", actor=by, at=now)
    made = DealerDeposit(dealer_id=row.id, fen=fen, reference=name, by=by, at=now)
    session.add(made)
    session.flush()
    facts = {"dealer": row.id, "fen": fen, "reference": reference}
    audit.write(
        session, actor=by, action="dealer.paid_in", subject=f"distributor:{row.distributor_id}",
        merchant_id=merchant_id, facts=facts, now=now,
    )  # fmt: skip
    _tell(session, row, fen, name, now=now)
    return made


def spend(session: Session, order: Order, dealer_id: int, fen: int, *, by: str, now: dt.datetime) -> None:
    """Pay an order from the deposit; Refusal deposit_too_small."""
    held = ledger.hold(session, [account(dealer_id)])[account(dealer_id)]
    if held < fen:
        raise Refusal(Code.DEPOSIT_TOO_SMALL, deposit_fen=held, fen=fen)
    if fen:
        reference = f"order:{order.merchant_id}:{order.order_no}:prepaid"
        moves = [(account(dealer_id), takings(order.merchant_id), fen)]
        ledger.post(session, reference, moves, cause=f"order {order.order_no}", actor=by, at=now)


def give_back(session: Session, order: Order, reference: str, *, now: dt.datetime) -> int:
    """Bring the deposit of a prepaid dealer order to what was refunded of it by now; the fen given back."""
    if order.channel != "dealer":
        return 0
    found = session.execute(select(_x.dealer_id, _x.pays_by, _x.returned_fen).where(_x.order_id == order.id)).one()
    if found.pays_by != "prepaid":
        return 0
    refunded = sum(map(int, session.scalars(select(_line.refunded_fen).where(_line.order_id == order.id))))
    back = refunded - int(found.returned_fen)
    if back <= 0:
        return 0
    moves = [(takings(order.merchant_id), account(found.dealer_id), back)]
    ledger.post(session, f"{reference}:prepaid_back", moves, cause=reference, actor="orders", at=now)
    session.execute(update(t.dealer_order).where(_x.order_id == order.id).values(returned_fen=refunded))
    return back


def list_of(session: Session, dealer_id: int, limit: int = 50) -> list[DealerDeposit]:
    """What a dealer paid in, the newest first."""
    chosen = select(DealerDeposit).where(_deposit.dealer_id == dealer_id).order_by(_deposit.id.desc()).limit(limit)
    return list(session.scalars(chosen))


def _tell(session: Session, row: Dealer, fen: int, once: str, *, now: dt.datetime) -> None:
    left = balance(session, row.id)
    facts = {"thing": "预存货款", "amount": yuan(fen), "time": shown_full(now), "status": "已入账"}
    text = f"预存货款 {yuan(fen)} 已入账，现在可用 {yuan(left)}。\n回复“订货”看你的价格和货款。"
    notices.tell(session, row.distributor_id, "deposit", text, once=once, facts=facts, now=now)
