"""Policy: a merchant's settings as one frozen value, kept as versioned rows with an effective date."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from distribution.refusals import Code, Refusal
from models import PolicyVersion
from models.tables import merchant, policy_version

_row = policy_version.c

Bp = Annotated[int, Field(ge=0, le=10_000, strict=True)]
Fen = Annotated[int, Field(ge=0, le=10**12, strict=True)]
Days = Annotated[int, Field(ge=0, le=3650, strict=True)]
Hour = Annotated[int, Field(ge=0, le=23, strict=True)]

TERMS = (
    "只按客户真实成交计算佣金，最多两级，拉人没有奖励；加入不收任何费用。",
    "客户退款时，对应佣金扣回；已经结算的从可提现里扣，不够的从以后的佣金里抵。",
    "确认收货满规定天数后佣金转为可提现，提现到本人微信零钱，需在 24 小时内确认收款。",
    "不夸大宣传，不刷单，不冒用他人身份。",
)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rates(_Part):
    """Store rates in basis points per paid level."""

    l1: Bp = 1000
    l2: Bp = 500
    l3: Bp = 0


class BindingTerms(_Part):
    """How long a customer belongs to whom (R10)."""

    valid_days: Days = 30
    renew_on_order: bool = True


class WithdrawalTerms(_Part):
    """Limits of a withdrawal (R42, R43)."""

    min_fen: Fen = 1000
    max_fen: Fen | None = None
    max_per_day: Annotated[int, Field(ge=1, strict=True)] | None = None
    fee_bp: Bp = 0
    name_required_from_fen: Fen = 200_000
    wechat_min_fen: Fen = 10
    #: Up to this amount a request is approved by the policy itself (R54); 0 = always a person.
    auto_approve_up_to_fen: Fen = 0


class Policy(_Part):
    """Everything a merchant may decide at run time; ``id`` and ``version`` name the row it came from."""

    id: int = 0
    version: int = 0
    join_mode: Literal["apply", "everyone"] = "apply"
    reapply_days: Days = 1
    jurisdiction: str = "CN"
    depth: int = 2
    rounding: Literal["floor", "half_up"] = "floor"
    self_purchase: Literal["upline", "self", "none"] = "upline"
    store_rate_bp: Rates = Rates()
    line_cap_bp: Bp = 10_000
    freeze_days: Days = 7
    binding: BindingTerms = BindingTerms()
    withdraw: WithdrawalTerms = WithdrawalTerms()
    terms_version: str = "2026-11"
    terms: tuple[str, ...] = TERMS
    #: Local hours in which campaigns and non-money notices wait, (from, until); None = none.
    quiet_hours: tuple[Hour, Hour] | None = None


def read(document: Mapping[str, Any]) -> Policy:
    """A policy from a document; Refusal (invalid_policy, depth_not_allowed) when it cannot stand (R7)."""
    try:
        policy = Policy.model_validate(dict(document))
    except ValidationError as error:
        fields = {".".join(map(str, item["loc"])): item["msg"] for item in error.errors()}
        raise Refusal(Code.INVALID_POLICY, fields=fields) from error
    deepest = 2 if policy.jurisdiction.upper() == "CN" else 3
    if not 1 <= policy.depth <= deepest:
        raise Refusal(Code.DEPTH_NOT_ALLOWED, depth=policy.depth, deepest=deepest)
    return policy


def in_force(session: Session, merchant_id: int, at: dt.datetime) -> Policy:
    """The version of the merchant's policy in force at ``at``; the defaults (id 0) before the first one."""
    found = session.execute(
        select(_row.id, _row.version, _row.document)
        .where(_row.merchant_id == merchant_id, _row.effective_from <= at)
        .order_by(_row.effective_from.desc(), _row.version.desc())
        .limit(1)
    ).first()
    return _build(*found) if found else Policy()


def by_id(session: Session, policy_id: int | None) -> Policy:
    """The policy an order was made under."""
    row = session.get(PolicyVersion, policy_id) if policy_id else None
    return _build(row.id, row.version, row.document) if row else Policy()


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
    session.execute(select(merchant.c.id).where(merchant.c.id == merchant_id).with_for_update())
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
    return _build(row.id, row.version, row.document)


_built: dict[int, tuple[dict[str, Any], Policy]] = {}


def _build(row_id: int, version: int, document: Mapping[str, Any]) -> Policy:
    # Rows never change; but a process may see several databases with the same ids, so the document decides.
    told = {**document, "id": row_id, "version": version}
    known = _built.get(row_id)
    if known is None or known[0] != told:
        known = _built[row_id] = told, read(told)
    return known[1]
