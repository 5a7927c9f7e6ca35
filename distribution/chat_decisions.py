"""Deciding by a card's number: the console's operations, roles, limits and audit, for the operator it was sent to."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from distribution import decision_cards, members, withdrawals
from distribution.operator_bindings import MAY
from distribution.refusals import Code, Refusal
from models import DecisionCard, Distributor, Operator
from models.states import DistributorState, WithdrawalState


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a card: done, first (of two people), used, lapsed, changed, barred, large or unknown."""

    outcome: str
    words: str = ""


def decide(
    session: Session, operator: Operator, member_id: int, number: str, *, passes: bool, reason: str, now: dt.datetime
) -> Decided:
    """Pass or turn down what a card asks, once; whatever does not fit exactly does nothing and says why.

    Raises the Refusals of the operations behind it: other_person_needed, payout_day_limit.
    """
    card = decision_cards.find(session, operator.id, number)
    if card is None:
        return Decided("unknown")
    words = decision_cards.words(session, card)
    if card.used_at is not None:
        return Decided("used", words)
    if now >= card.until:
        return Decided("lapsed", words)
    if operator.role not in MAY[card.kind]:
        return Decided("barred", words)
    act = _application if card.kind == "application" else _withdrawal
    outcome = act(session, card, operator, member_id, passes=passes, reason=reason, now=now)
    if outcome in ("done", "first"):
        card.used_at = now
        session.flush()
    return Decided(outcome, words)


def _application(
    session: Session, card: DecisionCard, operator: Operator, member_id: int, *, passes: bool, reason: str,
    now: dt.datetime,
) -> str:  # fmt: skip
    row = session.get(Distributor, int(card.subject), with_for_update=True, populate_existing=True)
    if row is None or row.state != DistributorState.PENDING or decision_cards.stamp(row.applied_at) != card.version:
        return "changed"
    if row.member_id == member_id:
        return "barred"
    if passes:
        members.approve(session, row.id, by=operator.name, now=now)
    else:
        members.reject(session, row.id, by=operator.name, reason=reason, now=now)
    return "done"


def _withdrawal(
    session: Session, card: DecisionCard, operator: Operator, member_id: int, *, passes: bool, reason: str,
    now: dt.datetime,
) -> str:  # fmt: skip
    row = withdrawals.get_locked(session, card.subject)
    if row.state != WithdrawalState.REQUESTED or row.version != card.version:
        return "changed"
    if row.fen > decision_cards.most_fen(session, now=now):
        return "large"
    if members.get_distributor(session, row.distributor_id).member_id == member_id:
        raise Refusal(Code.OTHER_PERSON_NEEDED, no=row.no)
    if passes:
        done = withdrawals.approve(session, row.no, by=operator.name, version=card.version, now=now)
        return "first" if done.state == WithdrawalState.REQUESTED else "done"
    withdrawals.reject(session, row.no, by=operator.name, reason=reason, version=card.version, now=now)
    return "done"
