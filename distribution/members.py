"""Followers and distributors: following, applying, and every change of standing."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import (
    audit,
    bindings,
    codes,
    commissions,
    customer_moves,
    decision_cards,
    drafts,
    levels,
    notices,
    purchases,
    standing,
    team,
)
from distribution.policy import Policy, for_distributors
from distribution.refusals import Code, Refusal
from distribution.rules import identity, joining, lifecycle, tapping
from distribution.rules.calendar import shown_full
from distribution.rules.money import percent
from models import Distributor, Member
from models import tables as t
from models.states import DistributorState as State


def record_follow(session: Session, member_id: int, *, at: dt.datetime, now: dt.datetime) -> bool:
    """Somebody follows the account since ``at``; True if that is news. An older event than the last changes nothing."""
    member = _locked_member(session, member_id)
    if member.follow_event_at is not None and at < member.follow_event_at:
        return False
    news = not member.following
    member.following, member.follow_event_at = True, at
    member.followed_at = at if news else member.followed_at
    session.flush()
    return news


def record_unfollow(session: Session, member_id: int, *, at: dt.datetime, now: dt.datetime) -> None:
    """Somebody left; the account, money and bindings stay as they are."""
    member = _locked_member(session, member_id)
    if member.follow_event_at is None or at >= member.follow_event_at:
        member.following, member.follow_event_at = False, at
        session.flush()


def away_since(session: Session, member_id: int) -> dt.datetime | None:
    """When somebody who does not follow now left the account; None for followers and for who never followed."""
    member = session.get(Member, member_id)
    return member.follow_event_at if member is not None and not member.following else None


def find_member(session: Session, member_id: int) -> Member | None:
    """The row, or None."""
    return session.get(Member, member_id)


def find_distributor(session: Session, distributor_id: int) -> Distributor | None:
    """The row, or None."""
    return session.get(Distributor, distributor_id)


def get_distributor(session: Session, distributor_id: int) -> Distributor:
    """The row; Refusal not_found."""
    row = session.get(Distributor, distributor_id)
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="distributor")
    return row


def find_by_code(session: Session, code: str) -> Distributor | None:
    """The distributor with this code, whatever the case it was typed in."""
    return session.scalars(select(Distributor).where(t.distributor.c.code == code.strip().upper())).first()


def find_by_member(session: Session, member_id: int) -> Distributor | None:
    """The distributor a member is, in whatever state."""
    return session.scalars(select(Distributor).where(t.distributor.c.member_id == member_id)).first()


def apply(
    session: Session,
    member_id: int,
    *,
    name: str,
    phone: str,
    invite_code: str | None,
    terms_version: str,
    policy: Policy,
    now: dt.datetime,
) -> Distributor:
    """Take an application (R1, R5); ``everyone`` and a met ``condition`` pass it at once. Consent was given.

    Raises Refusal: already_distributor, already_applied, frozen, terminated, reapply_later, assigned_only,
    condition_not_met, invalid_name, invalid_phone, unknown_invite_code. A phone that somebody else uses too is noted
    for whoever decides.
    """
    _locked_member(session, member_id)
    may_join(session, member_id, policy, now)
    old = find_by_member(session, member_id)
    _check_identity(name, phone)
    inviter_id = _inviter_for(session, member_id, invite_code, now)
    row = old or Distributor(
        member_id=member_id, code=codes.new_code(session), name=name, phone=phone, state=State.PENDING,
        terms_version=terms_version, applied_at=now,
    )  # fmt: skip
    row.name, row.phone, row.terms_version, row.applied_at = name, phone, terms_version, now
    row.state, row.decided_at, row.reason = State.PENDING, None, None
    session.add(row)
    session.flush()
    team.join(session, row.id, None if row.inviter_id else inviter_id)
    session.refresh(row)
    drafts.drop(session, member_id)
    _note_applied(session, row, now=now)
    if policy.join_mode in ("everyone", "condition"):
        _decide(session, row, State.ACTIVE, by="policy", reason=None, now=now)
    else:
        decision_cards.for_application(session, row, now=now)
    return row


def _check_identity(name: str, phone: str) -> None:
    if identity.parse_name(name) != name:
        raise Refusal(Code.INVALID_NAME)
    if identity.parse_phone(phone) != phone:
        raise Refusal(Code.INVALID_PHONE)


def may_join(session: Session, member_id: int, policy: Policy, now: dt.datetime) -> None:
    """Refusal when a follower may not apply: how he stands, or what he has not bought yet (R1, R2)."""
    may_apply(find_by_member(session, member_id), policy, now)
    if policy.join_mode == "condition":
        joining.check(policy.join, purchases.completed(session, member_id))


def may_apply(old: Distributor | None, policy: Policy, now: dt.datetime) -> None:
    """Refusal when somebody who stands like ``old`` may not apply (R1, R2)."""
    if policy.join_mode == "assigned" and (old is None or old.state == State.REJECTED):
        raise Refusal(Code.ASSIGNED_ONLY)
    if old is None:
        return
    codes = {
        State.ACTIVE: Code.ALREADY_DISTRIBUTOR,
        State.PENDING: Code.ALREADY_APPLIED,
        State.FROZEN: Code.FROZEN,
        State.TERMINATED: Code.TERMINATED,
    }
    if State(old.state) in codes:
        raise Refusal(codes[State(old.state)], distributor=old.code, applied_at=old.applied_at)
    again = (old.decided_at or old.applied_at) + dt.timedelta(days=policy.reapply_days)
    if now < again:
        raise Refusal(Code.REAPPLY_LATER, again=again, reason=old.reason)


def approve(session: Session, distributor_id: int, *, by: str, now: dt.datetime) -> Distributor:
    """Pass an application and tell the person; Refusal illegal_state if it is not waiting, gave_way if it gave way."""
    row = _locked(session, distributor_id)
    # What gave way stands on another WeChat than the one it came from.
    moved = audit.done_since(session, "distributor.wechat", f"distributor:{row.id}", row.applied_at)
    if row.state == State.REJECTED and moved:
        raise Refusal(Code.GAVE_WAY, distributor=row.code)
    _decide(session, row, State.ACTIVE, by=by, reason=None, now=now)
    rate = percent(for_distributors(session, now).store_rate_bp.l1)
    steps = (tapping.tap("生成第一张海报", 1), tapping.tap("我的推广链接", 2), tapping.tap("佣金规则"))
    opening = f"审核通过，欢迎加入🎉\n你的邀请码 {row.code}，佣金 {rate}，只按真实成交计佣。"
    text = "\n".join([opening, *steps, "点一下，或直接回复“生成海报”。"])
    _tell(session, row, "application", text, status="审核通过", once=_once("approved", row), now=now)
    return row


def reject(
    session: Session, distributor_id: int, *, by: str, reason: str, now: dt.datetime, told: bool = True
) -> Distributor:
    """Turn an application down with a reason the person reads, unless he is not ``told``.

    Refusal illegal_state if it is not waiting.
    """
    row = _locked(session, distributor_id)
    _decide(session, row, State.REJECTED, by=by, reason=reason, now=now)
    if not told:
        return row
    text = f"这次申请没有通过。\n原因：{reason}\n补充后可以重新申请，回复“我要成为分销员”；有疑问回复“人工”。"
    _tell(session, row, "application", text, status="未通过", once=_once("rejected", row), now=now)
    return row


def freeze(session: Session, distributor_id: int, *, by: str, reason: str, now: dt.datetime) -> Distributor:
    """Suspend: earns nothing on new orders, pending rows wait, no withdrawals (R3)."""
    row = _locked(session, distributor_id)
    _decide(session, row, State.FROZEN, by=by, reason=reason, now=now)
    text = f"你的分销资格已暂停，暂时不能提现、不能生成海报。\n原因：{reason}\n钱都在，一分不动。有疑问回复“人工”。"
    _tell(session, row, "state", text, status="已暂停", once=f"frozen:{row.id}:{_stamp(now)}", now=now)
    return row


def resume(session: Session, distributor_id: int, *, by: str, reason: str, now: dt.datetime) -> Distributor:
    """Lift a suspension."""
    row = _locked(session, distributor_id)
    _decide(session, row, State.ACTIVE, by=by, reason=None, now=now, note=reason)
    text = "你的分销资格已恢复，可以继续推广和提现。\n回复“我的收益”看看余额。"
    _tell(session, row, "state", text, status="已恢复", once=f"resumed:{row.id}:{_stamp(now)}", now=now)
    return row


def terminate(session: Session, distributor_id: int, *, by: str, reason: str, now: dt.datetime) -> Distributor:
    """清退: unsettled rows are voided, customers set free, the place in the tree stays vacant (R3)."""
    row = _locked(session, distributor_id)
    _decide(session, row, State.TERMINATED, by=by, reason=reason, now=now)
    commissions.void_pending(session, row.id, actor=by, now=now)
    customer_moves.release_all(session, row.id, now=now)
    text = f"你的分销资格已终止。\n原因：{reason}\n已结算的佣金仍会付给你；有疑问回复“人工”。"
    _tell(session, row, "state", text, status="已终止", once=f"terminated:{row.id}", now=now)
    return row


def same_phone(session: Session, row: Distributor) -> list[str]:
    """Codes of other people who gave the same phone: a hint, not a verdict."""
    others = select(t.distributor.c.code).where(t.distributor.c.phone == row.phone, t.distributor.c.id != row.id)
    return list(session.scalars(others.order_by(t.distributor.c.id).limit(5)))


def _decide(
    session: Session,
    row: Distributor,
    state: State,
    *,
    by: str,
    reason: str | None,
    now: dt.datetime,
    note: str | None = None,
) -> None:
    row.state = lifecycle.move(lifecycle.DISTRIBUTOR, row.state, state)
    row.decided_at, row.reason = now, reason
    session.flush()
    standing.note_state(session, row.id, state, by=by, reason=reason or note, now=now)
    _note(session, row, f"distributor.{state}", actor=by, now=now, reason=reason or note)


def _note_applied(session: Session, row: Distributor, *, now: dt.datetime) -> None:
    by, twins = f"member:{row.member_id}", same_phone(session, row)
    hint = f"手机号与 {'、'.join(twins)} 相同" if twins else None
    standing.note_state(session, row.id, State.PENDING, by=by, reason=None, now=now)
    _note(session, row, "distributor.applied", actor=by, reason=hint, now=now)


def _note(
    session: Session, row: Distributor, action: str, *, actor: str, now: dt.datetime, reason: str | None = None
) -> None:
    facts = {"reason": reason} if reason else {}
    audit.write(session, actor=actor, action=action, subject=f"distributor:{row.id}", facts=facts, now=now)


def _tell(
    session: Session, row: Distributor, kind: str, text: str, *, status: str, once: str, now: dt.datetime
) -> None:
    facts = {"thing": "分销员申请" if kind == "application" else "分销资格", "status": status, "time": shown_full(now)}
    facts |= {"number": row.code}
    notices.tell(session, row.id, kind, text, once=once, facts=facts, now=now)


def _inviter_for(session: Session, member_id: int, invite_code: str | None, now: dt.datetime) -> int | None:
    """Who invited an applicant: the given code's owner, else the distributor he is bound to as a customer."""
    if invite_code:
        inviter = find_by_code(session, invite_code)
        if inviter is None or inviter.state != State.ACTIVE or inviter.member_id == member_id:
            raise Refusal(Code.UNKNOWN_INVITE_CODE, invite_code=invite_code)
        if not levels.may_invite(session, inviter.id):
            raise Refusal(Code.MAY_NOT_INVITE)
        return inviter.id
    held = bindings.binding_of(session, member_id, now)
    return held.distributor_id if held and levels.may_invite(session, held.distributor_id) else None


def _once(what: str, row: Distributor) -> str:
    return f"{what}:{row.id}:{_stamp(row.applied_at)}"


def _stamp(moment: dt.datetime) -> int:
    return int(moment.timestamp() * 1000)


def _locked(session: Session, distributor_id: int) -> Distributor:
    row = session.get(Distributor, distributor_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="distributor")
    return row


def _locked_member(session: Session, member_id: int) -> Member:
    row = session.get(Member, member_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="member")
    return row
