"""Publishing the merchant's rules: checked against margins, written down, told to every distributor beforehand."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from distribution import audit, margins, merchants, notices, policy, rule_drafts
from distribution.notices import Notice
from distribution.policy import Policy
from distribution.policy_words import Difference, differences
from distribution.refusals import Code, Refusal
from distribution.rules.calendar import shown_full, shown_time
from models import PolicyVersion
from models import tables as t
from models.states import DistributorState

_v, _d = t.policy_version.c, t.distributor.c
#: Changes told in a notice at most, and people put into the outbox by one statement.
_TOLD, _BATCH = 8, 2000
_HEARS = (DistributorState.ACTIVE, DistributorState.FROZEN)


def publish(
    session: Session,
    *,
    merchant_id: int,
    document: Mapping[str, Any],
    effective_from: dt.datetime,
    accept_loss: bool = False,
    by: str,
    now: dt.datetime,
) -> Policy:
    """The next version of the rules; the draft is done with, every distributor hears what changes for him.

    Raises Refusal: invalid_policy, depth_not_allowed, and above_margin (with the products) where rewards could pass
    the margin of a product and ``accept_loss`` does not say that this is known (R29).
    """
    clean = policy.read({name: value for name, value in document.items() if name not in {"id", "version"}})
    losing = margins.over(session, merchant_id, clean)
    if losing and not accept_loss:
        raise Refusal(Code.ABOVE_MARGIN, products=[each.name for each in losing])
    at = max(effective_from, now)
    before = policy.in_force(session, merchant_id, at)
    row = policy.publish(
        session, merchant_id=merchant_id, document=document, effective_from=at, by=by, now=now
    )  # fmt: skip
    rule_drafts.drop(session, merchant_id)
    changed = differences(before, row)
    audit.write(
        session,
        actor=by,
        action="policy.published",
        subject=f"policy:{row.id}",
        merchant_id=merchant_id,
        facts={"version": row.version, "from": shown_full(at), "changes": len(changed), "below_cost": len(losing)},
        now=now,
    )
    if before.id:
        _tell(session, merchant_id, row, changed, at=at, now=now)
    return row


def upcoming(session: Session, merchant_id: int, now: dt.datetime) -> list[tuple[int, dt.datetime]]:
    """(version, moment) of every version that is not in force yet, the next one first."""
    found = select(_v.version, _v.effective_from).where(_v.merchant_id == merchant_id, _v.effective_from > now)
    return [(version, at) for version, at in session.execute(found.order_by(_v.effective_from))]


def history(
    session: Session, merchant_id: int, limit: int = 20
) -> list[tuple[PolicyVersion, Policy, list[Difference]]]:
    """Every version, the newest first, with what it changed of the one that was in force before it."""
    rows = session.scalars(
        select(PolicyVersion).where(_v.merchant_id == merchant_id).order_by(_v.version.desc()).limit(limit + 1)
    ).all()
    found = []
    for place, row in enumerate(rows[:limit]):
        earlier = _before(rows[place + 1 :], row)
        terms = policy.by_id(session, row.id)
        base = policy.by_id(session, earlier.id) if earlier else Policy()
        found.append((row, terms, differences(base, terms)))
    return found


def _before(rows: Sequence[PolicyVersion], row: PolicyVersion) -> PolicyVersion | None:
    """The version that was in force when ``row`` took effect, of those published before it."""
    stood = [each for each in rows if each.effective_from <= row.effective_from]
    return max(stood, key=lambda each: (each.effective_from, each.version), default=None)


def _tell(
    session: Session,
    merchant_id: int,
    row: Policy,
    changed: Sequence[Difference],
    *,
    at: dt.datetime,
    now: dt.datetime,
) -> None:
    told = [each for each in changed if each.told]
    if not told:
        return
    shop = merchants.find(session, merchant_id)
    facts = {"thing": "分销规则调整", "amount": "", "time": shown_full(at), "number": f"第 {row.version} 版"}
    facts["status"] = "已生效" if at <= now else "待生效"
    text = words(shop.name if shop else "店铺", told, at=at, now=now)
    people = session.scalars(select(_d.id).where(_d.state.in_(_HEARS)).order_by(_d.id)).all()
    for first in range(0, len(people), _BATCH):
        some = people[first : first + _BATCH]
        made = [Notice(each, "rules", text, f"policy:{row.id}:{each}", facts) for each in some]
        notices.tell_all(session, made, now=now)


def words(shop: str, told: Sequence[Difference], *, at: dt.datetime, now: dt.datetime) -> str:
    """The notice of a change: since when, what from and to, and that earlier orders stay."""
    since = "从现在起" if at <= now else f"{shown_time(at)} 起"
    lines = [f"· {each.label}：{_short(each.before)} → {_short(each.after)}" for each in told[:_TOLD]]
    if len(told) > _TOLD:
        lines.append(f"· 另有 {len(told) - _TOLD} 处调整")
    ends = "之前的订单仍按原来的规则。\n回复“佣金规则”看全文，有疑问回复“人工”。"
    return "\n".join([f"{shop}的分销规则有调整，{since}的新订单按新规则：", *lines, ends])


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:29]}…"


def count_told(session: Session) -> int:
    """How many people hear of a change."""
    return int(session.scalar(select(func.count()).where(_d.state.in_(_HEARS))) or 0)
