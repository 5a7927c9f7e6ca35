"""A payout: WeChat Pay is asked about the number before it is asked to pay, and never under another number."""

from datetime import datetime

import structlog

from distribution import transfers
from distribution.outbox import Claimed
from distribution.transfers import Payout, TransferNews
from models.database import Session
from scheduler.outcomes import Done, Outcome, Record, Retry, backoff, told
from scheduler.parts import Parts
from wechat.errors import Action, Outside
from wechat.pay import Pay, Transfer, TransferState

log = structlog.get_logger()

#: From here on WeChat Pay wants the payee's real name; below, a nickname would only fail its check.
_NAMED_FROM_FEN = 200_000
_OFF_WAIT, _STOP_WAIT = 600.0, 300.0


def send(parts: Parts, row: Claimed) -> Outcome:
    """Have one transfer made; an unknown outcome is left to the questions of the clock."""
    if parts.pay is None:
        return Retry("WeChat Pay is not configured", _OFF_WAIT, free=True)
    no, now = str(row.facts["no"]), parts.clock.now()
    payout = parts.database.write(lambda session: transfers.begin(session, no, now=now))
    if payout is None:
        return Done("nothing to send")
    try:
        known = parts.pay.query_transfer(no) if payout.sent_before else None
        if known is not None:
            return Done(f"known: {known.state}", recorded(no, known, "query"))
        answer = parts.pay.create_transfer(_transfer(payout))
    except Outside as error:
        return _refused(row, no, error)
    return Done(f"created: {answer.state}", recorded(no, answer, "answer"))


def cancel(parts: Parts, row: Claimed) -> Outcome:
    """Ask WeChat Pay to take a transfer back; what becomes of it is asked about afterwards."""
    if parts.pay is None:
        return Retry("WeChat Pay is not configured", _OFF_WAIT, free=True)
    no = str(row.facts["no"])
    try:
        answer = parts.pay.cancel_transfer(no)
    except Outside as error:
        return _not_taken_back(parts.pay, row, no, error)
    return Done(f"asked: {answer.state}", recorded(no, answer, "answer"))


def recorded(no: str, state: TransferState, source: str) -> Record:
    """Takes over what WeChat Pay told."""
    news = news_of(state)
    return lambda session, now: transfers.record(session, no, news, source=source, now=now)


def news_of(state: TransferState) -> TransferNews:
    """WeChat Pay's answer in the words of the business."""
    return TransferNews(
        state=str(state.state),
        bill_no=state.bill_no or None,
        package=state.package,
        fail_reason=state.fail_reason,
        fen=state.fen,
        openid=state.openid,
    )


def _transfer(payout: Payout) -> Transfer:
    name = payout.name if payout.net_fen >= _NAMED_FROM_FEN else None
    return Transfer(payout.no, payout.openid, payout.net_fen, name=name)


def _refused(row: Claimed, no: str, error: Outside) -> Outcome:
    if error.alarm:
        log.error("payout.alarm", no=no, call=error.call, code=error.code)
    if error.action is Action.RETRY:
        return Retry(told(error), max(error.retry_after, backoff(row)))
    if error.action is Action.STOP:
        return Retry(told(error), max(_STOP_WAIT, backoff(row)))

    def unknown(session: Session, now: datetime) -> None:
        transfers.record_unknown(session, no, tries=row.tries, now=now)

    return Done(f"unknown: {told(error)}", unknown)


def _not_taken_back(pay: Pay, row: Claimed, no: str, error: Outside) -> Outcome:
    if error.action is not Action.UNKNOWN:
        return Retry(told(error), max(error.retry_after, backoff(row)))
    try:
        state = pay.query_transfer(no)
    except Outside as unanswered:
        return Retry(told(unanswered), backoff(row))
    if state is None or state.state == "WAIT_USER_CONFIRM":
        return Retry(told(error), backoff(row))
    return Done(f"too late: {state.state}", recorded(no, state, "query"))
