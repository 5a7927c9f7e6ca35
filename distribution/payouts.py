"""The switch that stops every payout: turned by a person, by a broken proof, by a bill that differs (R46)."""

import datetime as dt
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from distribution import audit
from distribution.refusals import Code, Refusal
from models import PayoutStop
from models import tables as t
from models.states import OutboxState, WithdrawalState

Cause = Literal["person", "proof", "reconciliation"]
_s, _w, _o = t.payout_stop.c, t.withdrawal.c, t.outbox_row.c
#: Transfers that were not made yet, or nobody knows whether they were.
_UNSENT = ("SENDING", "UNKNOWN")


def stopped(session: Session) -> PayoutStop | None:
    """The oldest stop that holds now; None while payouts go out."""
    return session.scalars(select(PayoutStop).where(_s.ended_at.is_(None)).order_by(_s.id).limit(1)).first()


def stop(session: Session, *, cause: Cause, reason: str, by: str, now: dt.datetime) -> bool:
    """Stop every payout until a person lets them go on; False when this cause holds them already.

    What was sent before is still asked about; nothing new is sent.
    """
    same = select(_s.id).where(_s.ended_at.is_(None), _s.cause == cause).limit(1)
    if session.scalar(same) is not None:
        return False
    session.add(PayoutStop(cause=cause, reason=reason, begun_by=by, begun_at=now))
    session.flush()
    facts = {"cause": cause, "reason": reason}
    audit.write(session, actor=by, action="payouts.stopped", subject="payouts", facts=facts, now=now)
    return True


def resume(session: Session, *, by: str, reason: str, now: dt.datetime) -> int:
    """End every stop; the payouts that waited go out. How many wait; Refusal illegal_state when nothing was stopped."""
    ended = update(t.payout_stop).where(_s.ended_at.is_(None)).values(ended_at=now, ended_by=by).returning(_s.id)
    if not session.execute(ended).all():
        raise Refusal(Code.ILLEGAL_STATE, state="going", wanted="going")
    audit.write(session, actor=by, action="payouts.resumed", subject="payouts", facts={"reason": reason}, now=now)
    waits = _w.state.in_((WithdrawalState.APPROVED, WithdrawalState.PAYING))
    unsent = _w.transfer_state.is_(None) | _w.transfer_state.in_(_UNSENT)
    once = select("payout:" + _w.no).where(_w.channel == "wechat", waits, unsent)
    again = (
        update(t.outbox_row)
        .where(_o.once.in_(once), _o.state.in_((OutboxState.DONE, OutboxState.GIVEN_UP)))
        .values(state=str(OutboxState.WAITING), not_before=now, tries=0, done_at=None)
        .returning(_o.id)
    )
    return len(session.execute(again).all())
