"""An account found again by somebody with another WeChat: claimed on a page, compared for people, moved by people."""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from distribution import (
    audit,
    binding_acts,
    binding_rows,
    bindings,
    drafts,
    expiries,
    giving_way,
    notices,
    profiles,
    tickets,
)
from distribution.binding_rows import RECOVERED, Act
from distribution.giving_way import APPLICANTS, InTheWay
from distribution.policy import Policy
from distribution.refusals import Code, Refusal
from distribution.rules import identity, masking
from distribution.rules.calendar import shown_full
from models import Distributor, Ticket
from models import tables as t

#: What somebody adds to one claim before people have looked.
_MOST_TRIES = 5
_FOUND = "账号找回来了🎉 佣金、客户和团队都在这个微信上。\n回复“我的收益”看看；不是你本人申请的请马上回复“人工”。"
_LEFT = "你的分销账号已按申请转到另一个微信，这里不再能查和提。\n不是你本人申请的，请马上回复“人工”。"
_d, _i, _w = t.distributor.c, t.customer_invitation.c, t.withdrawal.c


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a move meets at the other WeChat: the account in its way, and whose customer that WeChat is.

    ``own``: it is a customer of the account itself, or invited by it, which ends with the move; ``holder`` is another
    distributor who keeps the customer.
    """

    in_the_way: InTheWay | None = None
    own: bool = False
    holder: Distributor | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """The account that a claim comes nearest to, and what of the claim is right of it."""

    distributor_id: int | None = None
    phone: bool = False
    name: bool = False
    proof: bool = False


def claim(session: Session, member_id: int, *, phone: str, name: str, proof: str, now: dt.datetime) -> Ticket:
    """Somebody says which account is his: a ticket with what is right of it; the claimant is told nothing of that.

    ``proof`` is an invitation code or a withdrawal's number, or empty. Raises Refusal: invalid_phone, invalid_name,
    already_distributor for who has an account here that passed, too_many after five claims that wait.
    """
    if identity.parse_phone(phone) is None:
        raise Refusal(Code.INVALID_PHONE)
    if identity.parse_name(name) is None:
        raise Refusal(Code.INVALID_NAME)
    own = session.scalars(select(Distributor).where(_d.member_id == member_id)).first()
    if own is not None and own.state not in APPLICANTS:
        raise Refusal(Code.ALREADY_DISTRIBUTOR, distributor=own.code)
    waiting = tickets.open_of_member(session, member_id, kind="profile")
    if waiting is not None and len(tickets.notes(session, waiting.id)) >= _MOST_TRIES:
        raise Refusal(Code.TOO_MANY, claims=_MOST_TRIES)
    match = _nearest(session, phone=identity.parse_phone(phone) or "", name=name.strip(), proof=proof.strip().upper())
    text = f"换了微信，想找回账号：{masking.phone(phone)}，{masking.name(name)}" + (
        "，附了邀请码或提现单号" if proof else ""
    )
    facts: dict[str, Any] = {"recover": asdict(match)}
    return tickets.open_ticket(session, member_id, kind="profile", text=text, facts=facts, now=now)


def outlook(session: Session, distributor_id: int, member_id: int, *, now: dt.datetime) -> Outlook:
    """What moving an account to this WeChat would meet; writes nothing."""
    held = bindings.binding_of(session, member_id, now)
    own = held is not None and held.distributor_id == distributor_id
    holder = session.get(Distributor, held.distributor_id) if held is not None and not own else None
    return Outlook(giving_way.find(session, member_id), own or _invited(session, member_id, distributor_id), holder)


def move(
    session: Session, distributor_id: int, member_id: int, *, policy: Policy, by: str, now: dt.datetime
) -> Distributor:
    """Let an account belong to another WeChat; its money, customers and team stay with it, and both are told.

    An application that owns nothing gives way: it takes the old WeChat. Raises Refusal: not_found, illegal_state where
    it is there already, wechat_taken where another account stays there, too_many while a withdrawal is under way.
    """
    # Whoever applies on that WeChat meanwhile waits, or was first.
    binding_rows.lock(session, member_id)
    row = session.get(Distributor, distributor_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="distributor")
    other = giving_way.find(session, member_id, locked=True)
    if row.member_id == member_id:
        raise Refusal(Code.ILLEGAL_STATE, state="moved", wanted="moved")
    if other is not None and other.holds:
        raise Refusal(Code.WECHAT_TAKEN, distributor=other.distributor.code, holds=other.holds)
    if profiles.has_open_withdrawal(session, distributor_id):
        raise Refusal(Code.TOO_MANY, open=1)
    _release(session, member_id, distributor_id, policy=policy, by=by, now=now)
    drafts.drop(session, member_id)
    before = row.member_id
    facts: dict[str, Any] = {"before": before, "after": member_id}
    if other is not None:
        giving_way.change_places(session, row, other.distributor, by=by, now=now)
        facts["reason"] = f"{other.distributor.code} 让位，换到原来的微信"
    row.member_id = member_id
    session.flush()
    audit.write(session, actor=by, action="distributor.wechat", subject=f"distributor:{row.id}", facts=facts, now=now)
    for person, text in ((before, _LEFT), (member_id, _FOUND)):
        _tell(session, row, person, text, now=now)
    return row


def _release(
    session: Session, member_id: int, distributor_id: int, *, policy: Policy, by: str, now: dt.datetime
) -> None:
    """Nobody is his own customer, nor invited by himself; whoever else has the customer keeps him (R17)."""
    expiries.close_of(session, member_id, now=now)
    held = bindings.binding_of(session, member_id, now)
    if (held is None or held.distributor_id != distributor_id) and not _invited(session, member_id, distributor_id):
        return
    facts = {"reason": "找回账号", "by": by}
    act = Act("release", now, policy.binding, RECOVERED, distributor_id, facts)
    binding_acts.perform(session, member_id, act, now=now, told=False)
    told = {"reason": "找回账号"}
    audit.write(session, actor=by, action="customer.unbound", subject=f"customer:{member_id}", facts=told, now=now)


def _invited(session: Session, member_id: int, distributor_id: int) -> bool:
    found = select(_i.until).where(_i.member_id == member_id, _i.distributor_id == distributor_id)
    return session.scalar(found) is not None


def _tell(session: Session, row: Distributor, member_id: int, text: str, *, now: dt.datetime) -> None:
    facts = {"thing": "分销账号", "status": "已换微信", "time": shown_full(now), "number": row.code}
    once = f"moved:{row.id}:{member_id}:{int(now.timestamp() * 1000)}"
    notices.tell_member(session, member_id, "state", text, once=once, facts=facts, now=now)


def _nearest(session: Session, *, phone: str, name: str, proof: str) -> Match:
    """The account of which most is right; of a name alone nothing is said."""
    paid = select(_w.distributor_id).where(_w.no == proof)
    asked = select(Distributor).where(or_(_d.phone == phone, _d.code == proof, _d.id.in_(paid)))
    rows = session.scalars(asked.where(_d.state.not_in(APPLICANTS)).order_by(_d.id).limit(20))
    withdrawn = session.scalar(paid)
    found = [
        Match(row.id, row.phone == phone, row.name == name, bool(proof) and (row.code == proof or row.id == withdrawn))
        for row in rows
    ]
    return max(found, key=lambda each: each.phone + each.name + each.proof, default=Match())
