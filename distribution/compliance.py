"""The compliance guard: alarms about trees, recruiting, rings, entry fees; a person decides each with a reason."""

import datetime as dt
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from distribution import audit, merchants, policy, reviews, rings, wording_check
from distribution.refusals import Code, Refusal
from distribution.rules import compliance as rule
from distribution.rules.compliance import Limits
from models import ComplianceAlarm
from models import tables as t
from models.states import DistributorState
from models.upsert import upsert

_a, _c, _d, _p, _path = t.compliance_alarm.c, t.commission.c, t.distributor.c, t.product.c, t.team_path.c
_INVITED = ("l2", "l3")
_ENTRY = "入门费"


def scan(session: Session, *, now: dt.datetime, limits: Limits | None = None) -> int:
    """Look at everything once; how many alarms are new. What was decided before is not raised again."""
    asked = limits or wording_check.limits()
    return sum(look(session, asked, now=now) for look in (_trees, _recruiting, _rings, _entries))


def open_alarms(session: Session) -> list[ComplianceAlarm]:
    """Alarms nobody has decided yet, the oldest first."""
    return list(session.scalars(select(ComplianceAlarm).where(_a.decided_at.is_(None)).order_by(_a.id)))


def decided_alarms(session: Session, limit: int = 50) -> list[ComplianceAlarm]:
    """What was decided, the newest first."""
    chosen = select(ComplianceAlarm).where(_a.decided_at.is_not(None)).order_by(_a.decided_at.desc()).limit(limit)
    return list(session.scalars(chosen))


def decide(session: Session, alarm_id: int, *, reason: str, by: str, now: dt.datetime) -> ComplianceAlarm:
    """Close an alarm with a reason; people held for it are let go and told. Refusal not_found, illegal_state."""
    row = session.get(ComplianceAlarm, alarm_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="alarm")
    if row.decided_at is not None:
        raise Refusal(Code.ILLEGAL_STATE, state="decided", wanted="decided")
    row.decided_at, row.decided_by, row.reason = now, by, reason
    session.flush()
    reviews.end(session, row.id, by=by, reason=reason, now=now)
    subject, facts = f"alarm:{row.subject}", {"reason": reason}
    audit.write(session, actor=by, action="alarm.decided", subject=subject, facts=facts, now=now)
    return row


def trees(session: Session, least: int = 1) -> list[dict[str, Any]]:
    """Every tree by its root: code, name, people (root included) and generations, the largest first."""
    root = t.distributor.alias("root")
    people, depth = func.count(), func.max(_path.depth) + 1
    rows = session.execute(
        select(root.c.id, root.c.code, root.c.name, people.label("people"), depth.label("generations"))
        .join(t.team_path, _path.ancestor_id == root.c.id)
        .join(t.distributor, _d.id == _path.descendant_id)
        .where(root.c.inviter_id.is_(None), _d.state.in_((DistributorState.ACTIVE, DistributorState.FROZEN)))
        .group_by(root.c.id, root.c.code, root.c.name)
        .having(people >= least)
        .order_by(people.desc(), root.c.id)
    )
    return [dict(row._mapping) for row in rows]


def income_by_kind(session: Session, merchant_id: int, since: dt.datetime) -> dict[str, int]:
    """Fen of a merchant's commissions on orders paid since then, by kind, refunds taken off."""
    rows = session.execute(
        select(_c.kind, func.sum(_c.fen)).where(_c.merchant_id == merchant_id, _c.paid_at >= since).group_by(_c.kind)
    )
    return {kind: int(fen) for kind, fen in rows}


def _trees(session: Session, limits: Limits, *, now: dt.datetime) -> int:
    new = 0
    for tree in trees(session, limits.tree_people):
        if rule.tree_is_large(tree["people"], tree["generations"], limits):
            # Whoever has accepted a tree hears of it again when it has doubled.
            doubled = (tree["people"] // limits.tree_people).bit_length()
            facts = {name: tree[name] for name in ("code", "name", "people", "generations")}
            new += _raise(session, "tree", f"tree:{tree['id']}:{doubled}", facts, now=now) is not None
    return new


def _recruiting(session: Session, limits: Limits, *, now: dt.datetime) -> int:
    new = 0
    for merchant in merchants.everyone(session):
        income = income_by_kind(session, merchant.id, now - dt.timedelta(days=limits.recruiting_days))
        invited, total = sum(income.get(kind, 0) for kind in _INVITED), sum(income.values())
        if rule.recruits_too_much(invited, total, limits):
            facts = {"merchant": merchant.name, "invited_fen": invited, "all_fen": total}
            new += _raise(session, "recruiting", f"recruiting:{merchant.id}:{now:%Y-%m}", facts, now=now) is not None
    return new


def _rings(session: Session, limits: Limits, *, now: dt.datetime) -> int:
    new = 0
    for ring in rings.find(session, limits, now=now):
        facts: dict[str, Any] = {"people": list(ring.people), "shared": ring.shared}
        if ring.orders:
            facts["orders"] = list(ring.orders)
        alarm_id = _raise(session, "ring", ring.subject, facts, now=now)
        if alarm_id is None:
            continue
        new += 1
        for person in () if ring.orders else ring.people:
            why = rings.reason(session, ring, person, limits)
            reviews.begin(session, person, alarm_id=alarm_id, reason=why, now=now)
    return new


def _entries(session: Session, limits: Limits, *, now: dt.datetime) -> int:
    """Goods that are called like an entry fee, and rules that ask for a purchase before anybody may join."""
    new = 0
    for product_id, name in session.execute(select(_p.id, _p.name).where(_p.on_sale).order_by(_p.id)):
        words = [word.phrase for word in wording_check.of_text(name) if _ENTRY in word.why]
        if words:
            facts = {"product": name, "words": words}
            new += _raise(session, "entry", f"entry:product:{product_id}", facts, now=now) is not None
    for merchant in merchants.everyone(session):
        terms = policy.in_force(session, merchant.id, now)
        if terms.join_mode == "condition" and (terms.join.spend_fen or terms.join.orders or terms.join.skus):
            facts = {"merchant": merchant.name, "policy_version": terms.version}
            new += _raise(session, "entry", f"entry:policy:{terms.id}", facts, now=now) is not None
    return new


def _raise(session: Session, kind: str, subject: str, facts: dict[str, Any], *, now: dt.datetime) -> int | None:
    """The new alarm's id; None when there was one about this subject."""
    row = {"kind": kind, "subject": subject, "facts": facts, "at": now}
    fresh = upsert(session, t.compliance_alarm).values(row).on_conflict_do_nothing(index_elements=["subject"])
    alarm_id: int | None = session.execute(fresh.returning(_a.id)).scalar()
    if alarm_id is not None:
        audit.write(session, actor="guard", action="alarm.raised", subject=f"alarm:{subject}", facts=facts, now=now)
    return alarm_id
