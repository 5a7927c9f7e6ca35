"""What the clock does: each job finds its work in the rows, so that many workers and missed hours do no harm."""

from collections.abc import Callable
from datetime import datetime

import structlog

from distribution import (
    campaign_sends,
    campaigns,
    chain,
    expiries,
    heartbeats,
    outbox,
    payouts,
    poster_batches,
    proof,
    pruning,
    reminders,
    settlement,
    transfer_questions,
    transfers,
    withdrawals,
)
from distribution.transfers import SENDING, UNKNOWN
from models.database import Session
from scheduler import daily
from scheduler.parts import Parts
from scheduler.senders.payout import news_of
from wechat.errors import Outside
from wechat.pay import Pay, TransferState

log = structlog.get_logger()

_RECIPIENTS, _QUESTIONS = 200, 20


def settle(parts: Parts) -> int:
    """Make every commission that its merchant's cycle lets go available, people by people; how many rows."""
    rows, now = 0, parts.clock.now()
    while _is_due(parts, lambda session: settlement.next_due(session, now=now)):
        settled = _settle_everybody(parts, now)
        if not settled:
            break
        rows += settled
    if rows:
        log.info("settlement.done", rows=rows)
    return rows


def reconcile(parts: Parts) -> int:
    """Ask WeChat Pay about every transfer whose question is due; how many answers."""
    if parts.pay is None:
        return 0
    answers = 0
    while _is_due(parts, transfers.next_query):
        now = parts.clock.now()
        numbers = parts.database.write(lambda session: transfer_questions.take(session, now=now, limit=_QUESTIONS))  # noqa: B023
        if not numbers:
            break
        answers += sum(_ask(parts, parts.pay, no) for no in numbers)
    return answers


def feed_campaigns(parts: Parts) -> int:
    """Hand the people of due campaigns to the outbox, gather who is left, close what is over; how many changes."""
    now, changes = parts.clock.now(), 0
    with parts.database.reading() as session:
        if not campaign_sends.anything_due(session, now=now):
            return 0
    while fed := parts.database.write(lambda session: campaigns.feed(session, now=now, batch=_RECIPIENTS)):
        changes += fed

    def close(session: Session) -> int:
        gathered = campaign_sends.gather(session, now=now)
        untold = campaign_sends.close_untold(session, now=now)
        return gathered + untold + campaigns.close_finished(session, now=now)

    return changes + parts.database.write(close)


def expire_bindings(parts: Parts) -> int:
    """Close bindings that ran out and remind of those that will; how many."""
    done = 0
    while _is_due(parts, expiries.next_due):
        now = parts.clock.now()
        some = parts.database.write(lambda session: expiries.run(session, now=now))  # noqa: B023
        if not some:
            break
        done += some
    return done


def remind(parts: Parts) -> int:
    """Tell people that the sum they wait for can be withdrawn; how many."""
    with parts.database.reading() as session:
        if not reminders.anything_due(session):
            return 0
    now = parts.clock.now()
    return parts.database.write(lambda session: reminders.tell(session, now=now))


def beat(parts: Parts, worker: str) -> None:
    """Say that this worker lives."""
    now = parts.clock.now()
    parts.database.write(lambda session: heartbeats.beat(session, f"worker:{worker}", now=now))


def prove(parts: Parts) -> bool:
    """Add the books up again; a difference is shouted, stops every payout, and is kept for whoever looks (R46)."""
    seal(parts)
    with parts.database.snapshot() as session:
        broken = {finding.name: finding.rows for finding in proof.prove(session) if not finding.ok}
    for name, rows in broken.items():
        log.error("ledger.broken", invariant=name, rows=rows[:5])
    now, facts = parts.clock.now(), {"ok": not broken, "broken": sorted(broken), "rows": broken}

    def record(session: Session) -> None:
        heartbeats.beat(session, "prove", now=now, facts=facts)
        if broken:
            payouts.stop(session, cause="proof", reason="；".join(sorted(broken))[:200], by="clock", now=now)

    parts.database.write(record)
    return not broken


def seal(parts: Parts) -> int:
    """Seal what was written since the last seal; each digest goes to the log, where the database cannot reach."""
    made = chain.seal_all(parts.database.write, now=parts.clock.now())
    for sealed in made:
        log.info("ledger.sealed", seal=sealed.id, book=sealed.book, last_id=sealed.last_id, digest=sealed.digest)
    return len(made)


def prune(parts: Parts) -> int:
    """Drop what nobody needs any more: signs of life of dead workers, log-ins and cards that ran out; how many."""
    now = parts.clock.now()
    prunes = (heartbeats.forget, pruning.log_ins, pruning.cards)
    return parts.database.write(lambda session: sum(drop(session, now=now) for drop in prunes))


def next_due(parts: Parts) -> datetime | None:
    """The next moment at which any row wants something done."""
    with parts.database.reading() as session:
        moments = [outbox.next_due(session), settlement.next_due(session, now=parts.clock.now())]
        moments += [campaigns.next_due(session), campaign_sends.next_untold(session), daily.next_due(session)]
        moments += [poster_batches.next_due(session)]
        moments += [transfers.next_query(session)] if parts.pay is not None else []
    return min((moment for moment in moments if moment is not None), default=None)


def _settle_everybody(parts: Parts, now: datetime) -> int:
    """Once through all people, a transaction for every chunk."""
    rows, after = 0, 0
    while True:
        chunk = parts.database.write(lambda session: settlement.settle_chunk(session, now=now, after=after))  # noqa: B023
        rows += chunk.rows
        if chunk.after is None:
            return rows
        after = chunk.after


def _is_due(parts: Parts, question: Callable[[Session], datetime | None]) -> bool:
    with parts.database.reading() as session:
        due = question(session)
    return due is not None and due <= parts.clock.now()


def _ask(parts: Parts, pay: Pay, no: str) -> bool:
    try:
        state = pay.query_transfer(no)
    except Outside as error:
        log.warning("reconcile.unanswered", no=no, action=error.action, code=error.code)
        return False
    now = parts.clock.now()
    if state is None:
        parts.database.write(lambda session: _never_made(session, no, now))
    else:
        parts.database.write(lambda session: _take_over(session, no, state, now))
    return True


def _take_over(session: Session, no: str, state: TransferState, now: datetime) -> None:
    transfers.record(session, no, news_of(state), source="query", now=now)
    transfers.remind(session, no, now=now)


def _never_made(session: Session, no: str, now: datetime) -> None:
    """WeChat Pay does not know the number: the same number is sent again, unless it once did."""
    row = withdrawals.find(session, no)
    if row is None or row.transfer_state not in (SENDING, UNKNOWN):
        transfers.alarm(session, no, "微信支付查不到这笔转账", now=now)
        return
    outbox.again(session, f"payout:{no}", now=now)
