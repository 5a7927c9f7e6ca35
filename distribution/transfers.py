"""What WeChat Pay tells of a withdrawal's transfer: followed, compared, never guessed (R40, R45)."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from distribution import audit, outbox, payouts, withdrawal_notices, withdrawals
from distribution.refusals import Code, Refusal
from distribution.rules import lifecycle
from distribution.rules.calendar import shown_full
from distribution.rules.withdrawal import CONFIRM_WITHIN, REMINDERS, backoff, next_look
from models import Withdrawal
from models import tables as t
from models.states import WithdrawalState as State

_w = t.withdrawal.c
SENDING, UNKNOWN, WAITING = "SENDING", "UNKNOWN", "WAIT_USER_CONFIRM"
_RETURNED = {"FAIL", "CANCELLED"}
_SOURCES = {"answer": "微信支付的回复", "query": "微信支付的查询结果", "notice": "微信支付的通知"}
_BY_HAND = {"paid": "withdrawal.paid_by_hand", "failed": "withdrawal.failed_by_hand"}
_WORDS = {
    "OVERDUE_CLOSE": "超过 24 小时没确认，微信已关闭这笔",
    "MERCHANT_NOT_CONFIRM": "超过 24 小时没确认，微信已关闭这笔",
    "NAME_NOT_CORRECT": "收款人姓名和微信实名不一致",
    "REAL_NAME_CHECK_FAIL": "收款微信还没有实名",
    "MCH_CANCEL": "这笔提现已撤回",
    "CANCELLED": "这笔提现已撤回",
}


@dataclass(frozen=True, slots=True)
class TransferNews:
    """A transfer as WeChat Pay tells it; ``fen`` and ``openid`` are compared with ours when they are told."""

    state: str
    bill_no: str | None = None
    package: str | None = None
    fail_reason: str | None = None
    fen: int | None = None
    openid: str | None = None


@dataclass(frozen=True, slots=True)
class Payout:
    """What the sender needs for one transfer; ``sent_before`` says to ask WeChat Pay first."""

    no: str
    openid: str
    net_fen: int
    name: str
    sent_before: bool


def begin(session: Session, no: str, *, now: dt.datetime) -> Payout | None:
    """Mark a withdrawal as being sent before anything is sent; None when there is nothing (more) to send.

    While payouts are stopped there is nothing to send; who lets them go on puts the payout into the outbox again.
    """
    if payouts.stopped(session) is not None:
        return None
    row = withdrawals.get_locked(session, no)
    if row.state not in (State.APPROVED, State.PAYING) or row.transfer_state not in (None, SENDING, UNKNOWN):
        return None
    if _alarmed(session, no):
        return None
    sent_before = row.transfer_state is not None
    if row.state == State.APPROVED:
        row.state = lifecycle.move(lifecycle.WITHDRAWAL, row.state, State.PAYING)
    row.transfer_state = row.transfer_state or SENDING
    row.next_query_at = now + dt.timedelta(minutes=5)
    session.flush()
    return Payout(no, row.openid, row.net_fen, row.payee_name, sent_before)


def record(session: Session, no: str, news: TransferNews, *, source: str, now: dt.datetime) -> str:
    """Take over a transfer's state; the withdrawal's state afterwards. A final state never changes.

    ``source`` is answer, query or notice.
    News that contradicts a final state, or another amount or payee, changes nothing and raises an alarm row.
    """
    row = withdrawals.get_locked(session, no)
    if (news.fen not in (None, row.net_fen)) or (news.openid not in (None, row.openid)):
        alarm(session, no, f"{_SOURCES[source]}里的金额或收款人与我们的不一致", now=now)
        return row.state
    if row.state in (State.PAID, State.RELEASED):
        _contradiction(session, row, news, source, now=now)
        return row.state
    if row.state == State.REQUESTED:
        alarm(session, no, f"还没有批准，{_SOURCES[source]}却说有这笔转账", now=now)
        return row.state
    if row.state == State.APPROVED:
        row.state = lifecycle.move(lifecycle.WITHDRAWAL, row.state, State.PAYING)
    row.transfer_bill_no = news.bill_no or row.transfer_bill_no
    _follow(session, row, news, now=now)
    return row.state


def record_unknown(session: Session, no: str, *, tries: int, now: dt.datetime) -> None:
    """Nobody knows what became of the transfer: it stays ``paying`` and is asked about."""
    row = withdrawals.get_locked(session, no)
    if row.state == State.PAYING and row.transfer_state in (SENDING, UNKNOWN):
        row.transfer_state, row.next_query_at = UNKNOWN, now + backoff(tries)
        session.flush()


def by_hand(session: Session, no: str, *, paid: bool, by: str, note: str, version: int, now: dt.datetime) -> Withdrawal:
    """An operator paid by bank or into the shop balance, or could not: ``note`` is the bank's number or the reason.

    Refusal stale_version; illegal_state unless it is approved and of such a channel.
    """
    row = withdrawals.get_locked(session, no, version)
    if row.channel == "wechat" or row.state not in (State.APPROVED, State.PAYING):
        raise Refusal(Code.ILLEGAL_STATE, state=row.state, wanted=State.PAID if paid else State.RELEASED)
    row.state, row.version = State.PAYING, row.version + 1
    row.transfer_state = "SUCCESS" if paid else "FAIL"
    row.transfer_bill_no = note if paid else None
    session.flush()
    action = _BY_HAND["paid" if paid else "failed"]
    audit.write(session, actor=by, action=action, subject=f"withdrawal:{no}", facts={"note": note}, now=now)
    if paid:
        withdrawals.settle_paid(session, row, now=now)
    else:
        withdrawals.release(session, row, reason=note, why="by_hand", now=now)
    return row


def take_notice(session: Session, event_id: str, no: str, news: TransferNews, *, now: dt.datetime) -> bool:
    """A verified notice; its id acts once. False for a repeat; Refusal not_found for a number we never made."""
    if withdrawals.find(session, no) is None:
        raise Refusal(Code.NOT_FOUND, what="withdrawal")
    try:
        with session.begin_nested():
            session.execute(insert(t.pay_notice).values(event_id=event_id, withdrawal_no=no, state=news.state, at=now))
    except IntegrityError:
        return False
    record(session, no, news, source="notice", now=now)
    return True


def next_query(session: Session) -> dt.datetime | None:
    """When the next question is due."""
    found = select(_w.next_query_at).where(_w.state == State.PAYING, _w.next_query_at.is_not(None))
    return session.scalar(found.order_by(_w.next_query_at).limit(1))


def remind(session: Session, no: str, *, now: dt.datetime) -> None:
    """Remind somebody whose transfer still waits, once at each of 1 h, 12 h and 23 h (R45)."""
    row = withdrawals.get_locked(session, no)
    if row.state != State.PAYING or row.transfer_state != WAITING or row.confirm_by is None:
        return
    made = row.confirm_by - CONFIRM_WITHIN
    passed = [index for index, after in enumerate(REMINDERS) if made + after <= now]
    if passed and now < row.confirm_by:
        withdrawal_notices.confirm(session, row, reminder=passed[-1] + 1, now=now)


def alarm(session: Session, no: str, what: str, *, now: dt.datetime) -> None:
    """Write down that a person must look; the withdrawal is not sent while an alarm is lit."""
    known = t.payment_alarm.c
    same = select(known.id).where(known.withdrawal_no == no, known.what == what, known.cleared_at.is_(None))
    if session.scalar(same) is None:
        session.execute(insert(t.payment_alarm).values(withdrawal_no=no, what=what, at=now))


def clear_alarms(session: Session, no: str, *, by: str, now: dt.datetime) -> int:
    """A person looked: the number's alarms go out, and a payout that stood still goes on; how many were lit."""
    row = withdrawals.find(session, no) and withdrawals.get_locked(session, no)
    lit = (t.payment_alarm.c.withdrawal_no == no, t.payment_alarm.c.cleared_at.is_(None))
    cleared = session.execute(
        update(t.payment_alarm).where(*lit).values(cleared_at=now).returning(t.payment_alarm.c.id)
    ).all()
    if cleared:
        audit.write(session, actor=by, action="withdrawal.alarms_cleared", subject=f"withdrawal:{no}", now=now)
    if (
        cleared
        and row
        and row.state in (State.APPROVED, State.PAYING)
        and row.transfer_state in (None, SENDING, UNKNOWN)
    ):
        outbox.again(session, f"payout:{no}", now=now)
    return len(cleared)


def _follow(session: Session, row: Withdrawal, news: TransferNews, *, now: dt.datetime) -> None:
    if news.state == "SUCCESS":
        row.transfer_state = news.state
        withdrawals.settle_paid(session, row, now=now)
    elif news.state in _RETURNED:
        row.transfer_state = news.state
        code = news.fail_reason or news.state
        reason = _WORDS.get(code, "微信没有付成")
        withdrawals.release(session, row, reason=reason, why=code, now=now)
    elif news.state == WAITING:
        first = row.transfer_state != WAITING
        row.transfer_state, row.package = WAITING, news.package or row.package
        row.confirm_by = row.confirm_by or now + CONFIRM_WITHIN
        row.next_query_at = next_look(row.confirm_by - CONFIRM_WITHIN, now)
        session.flush()
        if first:
            withdrawal_notices.confirm(session, row, reminder=0, now=now)
    else:
        row.transfer_state = news.state
        row.next_query_at = now + dt.timedelta(seconds=30)
    session.flush()


def _contradiction(session: Session, row: Withdrawal, news: TransferNews, source: str, *, now: dt.datetime) -> None:
    paid_here = row.state == State.PAID
    if (news.state == "SUCCESS") != paid_here and (news.state == "SUCCESS" or news.state in _RETURNED):
        ended = "已到账" if paid_here else "已退回"
        alarm(session, row.no, f"我们已记为{ended}，{_SOURCES[source]}却说 {news.state}（{shown_full(now)}）", now=now)


def _alarmed(session: Session, no: str) -> bool:
    lit = t.payment_alarm.c
    return session.scalar(select(lit.id).where(lit.withdrawal_no == no, lit.cleared_at.is_(None)).limit(1)) is not None
