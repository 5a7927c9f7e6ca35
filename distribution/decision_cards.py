"""Cards for operators who decide in the chat: one question to one operator, under a number that counts once."""

import datetime as dt
import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import doubts, merchants, notices, operator_bindings, policy, quiet_hours
from distribution.rules import masking
from distribution.rules.calendar import shown_full, shown_time
from distribution.rules.money import yuan
from models import DecisionCard, Distributor, Withdrawal
from models import tables as t
from models.states import DistributorState, WithdrawalState

CARD_LIFE = dt.timedelta(minutes=30)
_c, _d, _w = t.decision_card.c, t.distributor.c, t.withdrawal.c


def for_application(session: Session, row: Distributor, *, now: dt.datetime) -> None:
    """Ask every bound operator who may pass applications; the applicant is not asked."""
    for operator_id, member_id in operator_bindings.deciding(session, "application"):
        if member_id != row.member_id:
            _ask(session, operator_id, member_id, application(session, operator_id, row, now=now), now=now)


def for_withdrawal(session: Session, row: Withdrawal, *, now: dt.datetime) -> None:
    """Ask every bound operator who may pay, when the amount may be decided in a chat; the applicant is not asked."""
    if row.fen > most_fen(session, now=now):
        return
    own = session.scalar(select(_d.member_id).where(_d.id == row.distributor_id))
    for operator_id, member_id in operator_bindings.deciding(session, "withdrawal"):
        if member_id != own:
            _ask(session, operator_id, member_id, withdrawal(session, operator_id, row, now=now), now=now)


def most_fen(session: Session, *, now: dt.datetime) -> int:
    """The largest withdrawal that may be decided in a chat; 0 = none."""
    shop = merchants.first(session)
    return policy.in_force(session, shop.id, now).withdraw.chat_approve_up_to_fen if shop else 0


def application(session: Session, operator_id: int, row: Distributor, *, now: dt.datetime) -> DecisionCard:
    """A card about an application as it stands now."""
    return _make(session, operator_id, "application", subject=str(row.id), version=stamp(row.applied_at), now=now)


def withdrawal(session: Session, operator_id: int, row: Withdrawal, *, now: dt.datetime) -> DecisionCard:
    """A card about a withdrawal as it stands now."""
    return _make(session, operator_id, "withdrawal", subject=row.no, version=row.version, now=now)


def words(session: Session, card: DecisionCard) -> str:
    """What a card asks, in one line; empty when its subject is gone."""
    if card.kind == "application":
        person = session.get(Distributor, int(card.subject))
        return f"新申请：{masking.name(person.name)}，{masking.phone(person.phone)}" if person else ""
    row = _withdrawal_of(session, card)
    if row is None:
        return ""
    who = masking.name(session.scalar(select(_d.name).where(_d.id == row.distributor_id)) or "")
    return f"提现 {yuan(row.fen)}（{row.no}），{who}，到账 {yuan(row.net_fen)}"


def question(session: Session, card: DecisionCard, *, now: dt.datetime) -> str:
    """What a card asks, and what whoever decides should know of it."""
    row = _withdrawal_of(session, card) if card.kind == "withdrawal" else None
    known = doubts.about(session, row, now=now) if row is not None else []
    return "\n".join([words(session, card), *(f"请留意：{each}" for each in known)])


def waiting(
    session: Session, operator_id: int, member_id: int, kinds: list[str], *, now: dt.datetime, limit: int = 3
) -> list[DecisionCard]:
    """Fresh cards for what waits longest, of these kinds; what is the operator's own is left to others."""
    cards: list[DecisionCard] = []
    if "withdrawal" in kinds:
        asked = select(Withdrawal).join(t.distributor, _d.id == _w.distributor_id)
        asked = asked.where(_w.state == WithdrawalState.REQUESTED, _d.member_id != member_id)
        asked = asked.where(_w.fen <= most_fen(session, now=now)).order_by(_w.id).limit(limit)
        cards += [withdrawal(session, operator_id, row, now=now) for row in session.scalars(asked)]
    if "application" in kinds:
        pending = select(Distributor).where(_d.state == DistributorState.PENDING, _d.member_id != member_id)
        pending = pending.order_by(_d.id).limit(limit - len(cards))
        cards += [application(session, operator_id, row, now=now) for row in session.scalars(pending)]
    return cards


def find(session: Session, operator_id: int, number: str) -> DecisionCard | None:
    """The newest card of this operator under a number, locked; None for a wrong or somebody else's number."""
    found = select(DecisionCard).where(_c.operator_id == operator_id, _c.number == number)
    found = found.order_by(_c.id.desc()).limit(1).with_for_update()
    return session.scalars(found.execution_options(populate_existing=True)).first()


def stamp(moment: dt.datetime) -> int:
    """A moment as the version of what carries none."""
    return int(moment.timestamp() * 1000)


def _withdrawal_of(session: Session, card: DecisionCard) -> Withdrawal | None:
    return session.scalars(select(Withdrawal).where(_w.no == card.subject)).first()


def _make(
    session: Session, operator_id: int, kind: str, *, subject: str, version: int, now: dt.datetime
) -> DecisionCard:
    taken = set(session.scalars(select(_c.number).where(_c.operator_id == operator_id, _c.until > now)))
    number = next(each for each in iter(lambda: f"{secrets.randbelow(9000) + 1000}", None) if each not in taken)
    card = DecisionCard(
        operator_id=operator_id, number=number, kind=kind, subject=subject, version=version, made_at=now,
        until=now + CARD_LIFE,
    )  # fmt: skip
    session.add(card)
    session.flush()
    return card


def _ask(session: Session, operator_id: int, member_id: int, card: DecisionCard, *, now: dt.datetime) -> None:
    """Through the outbox; in quiet hours once for all, without a number that would have lapsed by the morning."""
    thing = "新的分销申请" if card.kind == "application" else "新的提现申请"
    facts = {"thing": thing, "number": card.number, "status": "待审核", "time": shown_full(now)}
    quiet = quiet_hours.until(session, None, now=now)
    if quiet is None:
        text = (
            f"{question(session, card, now=now)}\n回复“通过 {card.number}”或“驳回 {card.number} 原因”。\n"
            f"编号 {shown_time(card.until)} 前有效，只能用一次；回复“待审核”看全部。"
        )
        once = f"card:{card.id}"
    else:
        text, once = "有新的申请在等审核，回复“待审核”查看。", f"cards:{operator_id}:{stamp(quiet)}"
    notices.tell_member(session, member_id, "card", text, once=once, facts=facts, now=now)
