"""Regional agents: who shares in the orders shipped to a region, and for how long (R60, R61, R65)."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import audit, members, policy, standing
from distribution.refusals import Code, Refusal
from distribution.rules import region_code
from distribution.rules.terms import Term
from models import RegionAgent
from models import tables as t
from models.states import DistributorState

PLACE_MOST, REASON_MOST = 40, 200
_SCOPES = ("district", "city", "province")
_r, _d = t.region_agent.c, t.distributor.c


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent in office; ``place`` is what the merchant calls the region."""

    distributor_id: int
    scope: str
    code: str
    valid_from: dt.datetime | None
    place: str


def appoint(
    session: Session,
    merchant_id: int,
    distributor_id: int,
    *,
    scope: str,
    code: str,
    place: str = "",
    valid_from: dt.datetime | None = None,
    valid_until: dt.datetime | None = None,
    by: str,
    now: dt.datetime,
) -> RegionAgent:
    """Make somebody the agent of a region for ``[valid_from, valid_until)``; orders created earlier stay as they are.

    Raises Refusal: not_found, invalid_region (no such code in this scope), invalid_term, region_taken (another term of
    the code overlaps while the policy's tenure is exclusive, or the same person has one).
    """
    if region_code.scope_of(code) != scope or len(place) > PLACE_MOST:
        raise Refusal(Code.INVALID_REGION, scope=scope, region=code)
    if valid_from is not None and valid_until is not None and valid_from >= valid_until:
        raise Refusal(Code.INVALID_TERM)
    members.get_distributor(session, distributor_id)
    _lock(session, merchant_id)
    tenure = policy.in_force(session, merchant_id, now).region.tenure
    wanted = Term(valid_from, valid_until)
    for held in _of_code(session, merchant_id, code):
        if wanted.overlaps(term(held)) and (tenure == "exclusive" or held.distributor_id == distributor_id):
            other = members.get_distributor(session, held.distributor_id)
            raise Refusal(Code.REGION_TAKEN, region=code, distributor=other.code, until=held.valid_until)
    row = RegionAgent(
        merchant_id=merchant_id, distributor_id=distributor_id, scope=scope, code=code, place=place.strip(),
        tenure=tenure, valid_from=valid_from, valid_until=valid_until, appointed_at=now, appointed_by=by,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _note(session, row, "agent.appointed", {"scope": scope, "region": code}, by=by, now=now)
    return row


def end(session: Session, merchant_id: int, agent_id: int, *, reason: str, by: str, now: dt.datetime) -> RegionAgent:
    """End an appointment now, before its term; Refusal not_found, illegal_state when it is over already."""
    row = session.get(RegionAgent, agent_id, with_for_update=True, populate_existing=True)
    if row is None or row.merchant_id != merchant_id:
        raise Refusal(Code.NOT_FOUND, what="region_agent")
    if term(row).last <= now:
        raise Refusal(Code.ILLEGAL_STATE)
    row.ended_at, row.ended_by, row.end_reason = now, by, reason.strip()[:REASON_MOST]
    session.flush()
    _note(session, row, "agent.ended", {"region": row.code, "reason": row.end_reason}, by=by, now=now)
    return row


def term(row: RegionAgent) -> Term:
    """When an agent is in office."""
    return Term(row.valid_from, row.valid_until, row.ended_at)


def ever_of(session: Session, merchant_id: int, codes: Collection[str]) -> set[str]:
    """Those of the regions that a merchant ever had an agent for."""
    if not codes:
        return set()
    return set(session.scalars(select(_r.code).where(_r.merchant_id == merchant_id, _r.code.in_(sorted(codes)))))


def for_address(session: Session, merchant_id: int, address: Mapping[str, Any], at: dt.datetime) -> list[Agent]:
    """Who was in office and active at ``at`` for the district, city and province of an address, in that order.

    Agents of one code come by the beginning of their terms, an open one first, then by their appointment.
    """
    codes = {scope: code for scope in _SCOPES if isinstance(code := address.get(scope), str)}
    if not codes:
        return []
    rows = session.scalars(
        select(RegionAgent).where(_r.merchant_id == merchant_id, _r.code.in_(sorted(set(codes.values()))))
    )
    found = [row for row in rows if codes.get(row.scope) == row.code and term(row).covers(at)]
    states = standing.at(session, {row.distributor_id for row in found}, at) if found else {}
    active = [row for row in found if states[row.distributor_id].state == DistributorState.ACTIVE]
    active.sort(key=lambda row: (_SCOPES.index(row.scope), term(row).first, row.id))
    return [Agent(row.distributor_id, row.scope, row.code, row.valid_from, row.place) for row in active]


def list_of(
    session: Session, merchant_id: int, *, distributor_id: int | None = None, limit: int = 500
) -> list[dict[str, Any]]:
    """Every appointment of a merchant, or of one person, the newest first, with who it is."""
    found = (
        select(t.region_agent, _d.code.label("distributor_code"), _d.name)
        .join(t.distributor, _d.id == _r.distributor_id)
        .where(_r.merchant_id == merchant_id)
        .order_by(_r.id.desc())
        .limit(limit)
    )
    if distributor_id is not None:
        found = found.where(_r.distributor_id == distributor_id)
    return [dict(row) for row in session.execute(found).mappings()]


def _of_code(session: Session, merchant_id: int, code: str) -> Sequence[RegionAgent]:
    rows = select(RegionAgent).where(_r.merchant_id == merchant_id, _r.code == code).order_by(_r.id)
    return session.scalars(rows).all()


def _lock(session: Session, merchant_id: int) -> None:
    # Two appointments at once could overlap without seeing each other: the merchant's row is their lock.
    merchant = t.merchant.c
    if session.scalar(select(merchant.id).where(merchant.id == merchant_id).with_for_update(key_share=True)) is None:
        raise Refusal(Code.NOT_FOUND, what="merchant")


def _note(session: Session, row: RegionAgent, action: str, facts: dict[str, Any], *, by: str, now: dt.datetime) -> None:
    subject = f"distributor:{row.distributor_id}"
    facts = {"agent": row.id, **facts}
    audit.write(session, actor=by, action=action, subject=subject, merchant_id=row.merchant_id, facts=facts, now=now)
