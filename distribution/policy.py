"""Policy: a merchant's settings as one frozen value, kept as versioned rows with an effective date."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Collection, Mapping
from typing import Annotated, Any, Literal
from weakref import WeakKeyDictionary

from pydantic import BeforeValidator, Field, StringConstraints, ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from distribution import merchants
from distribution.policy_parts import (
    Band,
    BindingTerms,
    Bp,
    CategoryRates,
    CycleTerms,
    Days,
    DealerTerms,
    Fen,
    Hour,
    JoinTerms,
    OwnRates,
    Part,
    ProductRule,
    Rates,
    RegionTerms,
    WithdrawalTerms,
)
from distribution.refusals import Code, Refusal
from models import PolicyVersion
from models.direct import Direct, stored
from models.tables import merchant, policy_version

_row = policy_version.c
#: Versions never change: what was read of a database is read once.
_built: WeakKeyDictionary[Any, dict[int, "Policy"]] = WeakKeyDictionary()
_FRESH = "policy.fresh"
#: So many moments are asked for one by one.
_FEW = 3
_IN_FORCE = Direct(
    "select p.id from policy p where p.merchant_id = :merchant and p.effective_from <= @instant(:at)"
    " order by p.effective_from desc, p.version desc limit 1"
)

TERMS = (
    "只按客户真实成交计算佣金，最多两级，拉人没有奖励；加入不收任何费用。",
    "客户退款时，对应佣金扣回；已经结算的从可提现里扣，不够的从以后的佣金里抵。",
    "确认收货满规定天数后佣金转为可提现，提现到本人微信零钱，需在 24 小时内确认收款。",
    "不夸大宣传，不刷单，不冒用他人身份。",
)


#: Where the merchant says the shop is; saying nothing counts as China (R7).
Country = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Z]{2}$"),
    BeforeValidator(lambda told: "CN" if told is None else str(told).strip().upper()),
]


class Policy(Part):
    """Everything a merchant may decide at run time; ``id`` and ``version`` name the row it came from."""

    id: int = 0
    version: int = 0
    join_mode: Literal["apply", "everyone", "assigned", "condition"] = "apply"
    join: JoinTerms = JoinTerms()
    reapply_days: Days = 1
    jurisdiction: Country = "CN"
    depth: Annotated[int, Field(strict=True)] = 2
    rounding: Literal["floor", "half_up"] = "floor"
    base: Literal["paid_goods", "paid_with_freight", "list_price", "profit"] = "paid_goods"
    self_purchase: Literal["upline", "self", "none"] = "upline"
    store_rate_bp: Rates = Rates()
    level_rate_bp: Mapping[str, OwnRates] = {}
    category_rate_bp: Mapping[str, CategoryRates] = {}
    amount_bands: tuple[Band, ...] = ()
    line_cap_bp: Bp = 10_000
    #: Most that one person may earn on one order, region shares not counted (R29); None = no cap.
    order_cap_fen: Fen | None = None
    freeze_days: Days = 7
    cycle: CycleTerms = CycleTerms()
    region: RegionTerms = RegionTerms()
    binding: BindingTerms = BindingTerms()
    withdraw: WithdrawalTerms = WithdrawalTerms()
    dealers: DealerTerms = DealerTerms()
    terms_version: str = "2026-11"
    terms: tuple[str, ...] = TERMS
    #: Local hours in which campaigns and non-money notices wait, (from, until); None = none.
    quiet_hours: tuple[Hour, Hour] | None = None


#: What holds before a merchant has decided anything.
_DEFAULTS = Policy()


def read(document: Mapping[str, Any]) -> Policy:
    """A policy from a document; Refusal (invalid_policy, depth_not_allowed) when it cannot stand (R7)."""
    try:
        policy = Policy.model_validate(dict(document))
    except ValidationError as error:
        raise _refusal(error) from error
    deepest = 2 if policy.jurisdiction == "CN" else 3
    if not 1 <= policy.depth <= deepest:
        raise Refusal(Code.DEPTH_NOT_ALLOWED, depth=policy.depth, deepest=deepest)
    return policy


def product_rule(document: Mapping[str, Any]) -> dict[str, Any]:
    """A product's own rule in full; Refusal invalid_policy when it is none (R25, R26)."""
    try:
        return ProductRule.model_validate(dict(document)).model_dump(mode="json", exclude_none=True)
    except ValidationError as error:
        raise _refusal(error) from error


def in_force(session: Session, merchant_id: int, at: dt.datetime) -> Policy:
    """The version of the merchant's policy in force at ``at``; the defaults (id 0) before the first one."""
    found = _IN_FORCE.rows(session, merchant=merchant_id, at=stored(at))
    return by_id(session, found[0][0]) if found else _DEFAULTS


def in_force_at(session: Session, merchant_id: int, moments: Collection[dt.datetime]) -> dict[dt.datetime, Policy]:
    """The version in force at each of these moments."""
    if len(moments) <= _FEW:
        return {moment: in_force(session, merchant_id, moment) for moment in moments}
    found = select(_row.effective_from, _row.id).where(_row.merchant_id == merchant_id)
    rows = session.execute(found.order_by(_row.effective_from, _row.version)).all()
    starts = [row.effective_from for row in rows]
    return {
        moment: by_id(session, rows[place - 1].id if (place := bisect_right(starts, moment)) else None)
        for moment in moments
    }


def for_distributors(session: Session, at: dt.datetime) -> Policy:
    """The version in force at ``at`` of the first merchant's policy, who runs the distributors."""
    shop = merchants.first(session)
    return in_force(session, shop.id if shop else 0, at)


def level_bp(policy: Policy, level: str | None) -> int:
    """What new orders pay the promoter who is on this level (None: on none), in basis points."""
    own = policy.level_rate_bp.get(level or "")
    return own.l1 if own else policy.store_rate_bp.l1


def by_id(session: Session, policy_id: int | None) -> Policy:
    """The policy an order was made under."""
    if not policy_id:
        return _DEFAULTS
    known = _built.setdefault(session.get_bind(), {})
    if policy_id in known and policy_id not in session.info.get(_FRESH, ()):
        return known[policy_id]
    row = session.get(PolicyVersion, policy_id)
    if row is None:
        return _DEFAULTS
    made = read({**row.document, "id": row.id, "version": row.version})
    # What this transaction published itself may still be rolled back, and its number be given to another.
    if policy_id not in session.info.get(_FRESH, ()):
        known[policy_id] = made
    return made


def publish(
    session: Session,
    *,
    merchant_id: int,
    document: Mapping[str, Any],
    effective_from: dt.datetime,
    by: str,
    now: dt.datetime,
) -> Policy:
    """Add the next version, in force from ``effective_from`` (not before ``now``); orders made earlier keep theirs."""
    clean = read({name: value for name, value in document.items() if name not in {"id", "version"}})
    # The merchant's row is the lock: two versions published at once come one after the other.
    session.execute(select(merchant.c.id).where(merchant.c.id == merchant_id).with_for_update(key_share=True))
    newest = session.scalar(select(func.max(_row.version)).where(_row.merchant_id == merchant_id))
    row = PolicyVersion(
        merchant_id=merchant_id,
        version=(newest or 0) + 1,
        effective_from=max(effective_from, now),
        document=clean.model_dump(mode="json", exclude={"id", "version"}),
        created_by=by,
        created_at=now,
    )
    session.add(row)
    session.flush()
    session.info.setdefault(_FRESH, set()).add(row.id)
    return by_id(session, row.id)


def _refusal(error: ValidationError) -> Refusal:
    fields = {".".join(map(str, item["loc"])): item["msg"] for item in error.errors()}
    return Refusal(Code.INVALID_POLICY, fields=fields)
