"""Withdrawals: asked, looked at, paid or given back; every hold ends exactly once (R40-R45)."""

import datetime as dt
import secrets
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from distribution import (
    audit,
    debts,
    decision_cards,
    desks,
    doubts,
    ledger,
    levels,
    outbox,
    real_names,
    reviews,
    withdrawal_limits,
    withdrawal_notices,
)
from distribution.policy import Policy
from distribution.refusals import Code, Refusal
from distribution.rules import lifecycle
from distribution.rules.calendar import local
from distribution.rules.withdrawal import Channel, Quote, check, needs_second, passes_by_itself
from models import Distributor, Withdrawal
from models import tables as t
from models.states import DistributorState
from models.states import WithdrawalState as State

_w = t.withdrawal.c
#: The name of the application is taken as the payee's real one.
APPLICANT = "applicant"
#: How long after a move to another WeChat every withdrawal is looked at by people.
_LOOKED_AT_AFTER = dt.timedelta(days=7)
#: Where the money of a channel leaves the books.
_LEAVES = {"wechat": ledger.BANK, "bank": ledger.BANK_TRANSFER, "balance": ledger.SHOP_BALANCE}


def quote(
    session: Session,
    distributor_id: int,
    fen: int,
    *,
    policy: Policy,
    now: dt.datetime,
    channel: Channel = "wechat",
    real_name: str | None = APPLICANT,
) -> Quote:
    """What withdrawing ``fen`` would mean now: fee, tax and net; Refusal in the order of R42.

    Who was never passed or is frozen is refused first; who was terminated may still take what is settled (R3).
    """
    person = session.get(Distributor, distributor_id)
    if person is None:
        raise Refusal(Code.NOT_A_DISTRIBUTOR)
    if person.state not in (DistributorState.ACTIVE, DistributorState.TERMINATED):
        raise Refusal(Code.FROZEN, reason=person.reason, since=person.decided_at)
    reviews.refuse_held(session, distributor_id)
    desks.refuse_at_desk(session, distributor_id, now=now)
    terms, named = policy.withdraw, bool(person.name if real_name == APPLICANT else real_name)
    if terms.verify_name and not real_names.passed(session, person):
        terms, named = terms.model_copy(update={"name_required_from_fen": 0}), False
    standing = withdrawal_limits.standing(session, distributor_id, terms, has_real_name=named, now=now)
    return check(terms, fen, channel, standing)


def request(
    session: Session,
    distributor_id: int,
    fen: int,
    *,
    request_key: str,
    policy: Policy,
    now: dt.datetime,
    channel: Channel = "wechat",
    real_name: str | None = APPLICANT,
    payee_account: str | None = None,
) -> Withdrawal:
    """Reserve ``fen`` for a payment; the same ``request_key`` gives the first withdrawal again (R41).

    Raises the Refusals of ``quote``; two at once cannot both take the same money.
    """
    # One person's requests come one after another: repeats are found and limits are counted under this lock.
    person = session.get(Distributor, distributor_id, with_for_update=True, populate_existing=True)
    known = _asked_before(session, distributor_id, request_key)
    if known is not None:
        return known
    if person is None:
        raise Refusal(Code.NOT_A_DISTRIBUTOR)
    offer = quote(session, distributor_id, fen, policy=policy, now=now, channel=channel, real_name=real_name)
    openid = session.scalar(select(t.member.c.openid).where(t.member.c.id == person.member_id))
    assert openid is not None, "a distributor has a member"
    row = Withdrawal(
        no=_new_no(session, now), distributor_id=distributor_id, request_key=request_key, state=State.REQUESTED,
        fen=fen, fee_fen=offer.fee_fen, tax_fen=offer.tax_fen, net_fen=offer.net_fen, channel=channel, openid=openid,
        payee_name=person.name if real_name in (APPLICANT, None) else real_name, payee_account=payee_account,
        needs_second=needs_second(policy.withdraw, fen), requested_at=now,
    )  # fmt: skip
    session.add(row)
    _post(session, row, "requested", [(_purse(row, "available"), _purse(row, "withdrawing"), fen)], now=now)
    session.flush()
    if _passes_by_itself(session, row, policy, now=now):
        approve(session, row.no, by="policy", version=row.version, now=now)
    else:
        decision_cards.for_withdrawal(session, row, now=now)
    return row


def _asked_before(session: Session, distributor_id: int, request_key: str) -> Withdrawal | None:
    known = find_by_key(session, request_key)
    if known is not None and known.distributor_id != distributor_id:
        raise Refusal(Code.DUPLICATE_REFERENCE, reference=request_key)
    return known


def approve(session: Session, no: str, *, by: str, version: int, now: dt.datetime) -> Withdrawal:
    """Let a withdrawal be paid; above the limit the first operator only agrees, and a second one lets it be paid.

    Refusal stale_version when the form is older than the row, illegal_state, other_person_needed when the second is
    the first, payout_day_limit when the day's limit is reached.
    """
    row = get_locked(session, no, version)
    state = lifecycle.move(lifecycle.WITHDRAWAL, row.state, State.APPROVED)
    withdrawal_limits.check_day(session, row.fen, now=now)
    if row.needs_second and row.first_by is None:
        row.first_by, row.first_at, row.version = by, now, row.version + 1
        session.flush()
        subject, facts = f"withdrawal:{no}", {"fen": row.fen}
        audit.write(session, actor=by, action="withdrawal.first_approved", subject=subject, facts=facts, now=now)
        return row
    if row.needs_second and row.first_by == by:
        raise Refusal(Code.OTHER_PERSON_NEEDED, no=no)
    row.state = state
    _decided(session, row, "withdrawal.approved", by=by, reason=None, now=now)
    if row.channel == "wechat":
        outbox.put(session, "payout", {"no": no}, once=f"payout:{no}", now=now)
    return row


def reject(session: Session, no: str, *, by: str, reason: str, version: int, now: dt.datetime) -> Withdrawal:
    """Refuse a waiting withdrawal with a reason; the money goes back at once."""
    row = get_locked(session, no, version)
    if row.state != State.REQUESTED:
        raise Refusal(Code.ILLEGAL_STATE, state=row.state, wanted=State.RELEASED)
    _decided(session, row, "withdrawal.rejected", by=by, reason=reason, now=now)
    release(session, row, reason=reason, why="rejected", now=now)
    return row


def cancel(session: Session, no: str, *, by: str, now: dt.datetime) -> Withdrawal:
    """The applicant takes it back: at once while it waits, through WeChat Pay while it waits for his confirmation."""
    row = get_locked(session, no)
    if row.state == State.REQUESTED:
        _decided(session, row, "withdrawal.cancelled", by=by, reason="本人撤回", now=now)
        release(session, row, reason="本人撤回", why="cancelled", now=now)
        return row
    if row.state != State.PAYING or row.transfer_state != "WAIT_USER_CONFIRM":
        raise Refusal(Code.ILLEGAL_STATE, state=row.state, wanted=State.RELEASED)
    outbox.put(session, "cancel_transfer", {"no": no}, once=f"cancel:{no}", now=now)
    audit.write(session, actor=by, action="withdrawal.cancelling", subject=f"withdrawal:{no}", now=now)
    return row


def release(session: Session, row: Withdrawal, *, reason: str, why: str, now: dt.datetime) -> None:
    """Give the whole hold back, pay what is owed out of it, and tell the person."""
    row.state = lifecycle.move(lifecycle.WITHDRAWAL, row.state, State.RELEASED)
    row.reason, row.ended_at, row.next_query_at, row.package = reason, now, None, None
    _post(session, row, "returned", [(_purse(row, "withdrawing"), _purse(row, "available"), row.fen)], now=now)
    debts.make_good(session, row.distributor_id, f"withdrawal:{row.no}:netting", at=now)
    session.flush()
    withdrawal_notices.returned(session, row, why=why, now=now)


def settle_paid(session: Session, row: Withdrawal, *, now: dt.datetime) -> None:
    """It was paid: the hold leaves the books through its channel's account, fees and tax."""
    row.state = lifecycle.move(lifecycle.WITHDRAWAL, row.state, State.PAID)
    row.ended_at, row.next_query_at, row.package = now, None, None
    held, out = _purse(row, "withdrawing"), _LEAVES[row.channel]
    moves = [(held, out, row.net_fen), (held, ledger.FEES, row.fee_fen), (held, ledger.TAX, row.tax_fen)]
    _post(session, row, "paid", moves, now=now)
    session.flush()
    withdrawal_notices.paid(session, row, now=now)


def latest(session: Session, distributor_id: int, limit: int = 5) -> list[Withdrawal]:
    """A person's withdrawals, the newest first."""
    found = select(Withdrawal).where(_w.distributor_id == distributor_id).order_by(_w.id.desc()).limit(limit)
    return list(session.scalars(found))


def last_account(session: Session, distributor_id: int) -> str | None:
    """The bank account somebody asked to be paid to last."""
    found = select(_w.payee_account).where(_w.distributor_id == distributor_id, _w.channel == "bank")
    account: str | None = session.scalar(found.order_by(_w.id.desc()).limit(1))
    return account


def to_take_back(session: Session, distributor_id: int) -> Withdrawal | None:
    """The newest withdrawal its applicant can still take back."""
    unconfirmed = and_(_w.state == State.PAYING, _w.transfer_state == "WAIT_USER_CONFIRM")
    found = select(Withdrawal).where(_w.distributor_id == distributor_id, or_(_w.state == State.REQUESTED, unconfirmed))
    return session.scalars(found.order_by(_w.id.desc()).limit(1)).first()


def find(session: Session, no: str) -> Withdrawal | None:
    """The withdrawal with this number."""
    return session.scalars(select(Withdrawal).where(_w.no == no)).first()


def find_by_key(session: Session, request_key: str) -> Withdrawal | None:
    """The withdrawal that was made under this key of a request."""
    return session.scalars(select(Withdrawal).where(_w.request_key == request_key)).first()


def get_locked(session: Session, no: str, version: int | None = None) -> Withdrawal:
    """The withdrawal, locked until the transaction ends; Refusal not_found, stale_version if it is another version."""
    row = session.scalars(
        select(Withdrawal).where(_w.no == no).with_for_update().execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="withdrawal")
    if version is not None and row.version != version:
        raise Refusal(Code.STALE_VERSION, no=no)
    return row


def _decided(session: Session, row: Withdrawal, action: str, *, by: str, reason: str | None, now: dt.datetime) -> None:
    row.version += 1
    row.decided_at, row.decided_by = now, by
    session.flush()
    facts: dict[str, Any] = {"fen": row.fen} | ({"reason": reason} if reason else {})
    audit.write(session, actor=by, action=action, subject=f"withdrawal:{row.no}", facts=facts, now=now)


def _passes_by_itself(session: Session, row: Withdrawal, policy: Policy, *, now: dt.datetime) -> bool:
    """Whether the policy or the person's level lets it pass, and the day's limit too (R54)."""
    level_fen = levels.direct_up_to(session, row.distributor_id)
    if not passes_by_itself(policy.withdraw, row.fen, level_fen=level_fen):
        return False
    # Whoever talked a shop into handing him an account waits for a second look before the money is gone.
    if audit.done_since(session, "distributor.wechat", f"distributor:{row.distributor_id}", now - _LOOKED_AT_AFTER):
        return False
    if reviews.in_question(session, row.distributor_id) or doubts.about(session, row, now=now):
        return False
    return withdrawal_limits.left_today(session, policy.withdraw, now=now, exact=True) >= row.fen


def _post(session: Session, row: Withdrawal, what: str, moves: list[ledger.Move], *, now: dt.datetime) -> None:
    reference = f"withdrawal:{row.no}:{what}"
    ledger.post(session, reference, moves, cause=f"withdrawal {row.no}", actor="withdrawals", at=now)


def _purse(row: Withdrawal, kind: str) -> str:
    return ledger.purse(row.distributor_id, kind)


def _new_no(session: Session, now: dt.datetime) -> str:
    while True:
        no = f"W{local(now):%Y%m%d}{secrets.randbelow(10**8):08d}"
        if find(session, no) is None:
            return no
