"""规则: what the merchant decided, and the next version of it."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from distribution import audit, listings, policy
from distribution.rules.commission import EXAMPLE_FEN, example
from models.states import Role
from web.console.audiences import suggested_time
from web.console.forms import Form
from web.console.visit import OWNER, Done, Subject, Visit

subject = Subject()
_MODES = {"apply": "逐个审核", "everyone": "申请即通过"}
_SELF = {"upline": "算给邀请人", "self": "算给自己", "none": "不算佣金"}


@subject.page("/rules/")
def rules(visit: Visit) -> str:
    """现在的规则和下一版"""
    terms = policy.in_force(visit.session, visit.seat.merchant_id, visit.now)
    return visit.show(
        "rules.html",
        terms=terms,
        example=example(terms),
        left=EXAMPLE_FEN - sum(example(terms)),
        versions=listings.policy_versions(visit.session, visit.seat.merchant_id),
        modes=_MODES,
        own=_SELF,
        suggested=suggested_time(visit.now),
        may_change=visit.seat.role == Role.OWNER,
        runs=visit.seat.runs_distributors,
    )


@subject.act("/rules/", may=OWNER, again=rules)
def publish_rules(visit: Visit) -> Done:
    """发布新版本"""
    session, merchant = visit.session, visit.seat.merchant_id
    held = policy.in_force(session, merchant, visit.now).model_dump(mode="json", exclude={"id", "version"})
    form = Form(visit.given)
    document = {**held, **_told(form, held, runs=visit.seat.runs_distributors)}
    since = form.moment("effective_from")
    form.check()
    row = policy.publish(
        session,
        merchant_id=merchant,
        document=document,
        effective_from=since or visit.now,
        by=visit.seat.name,
        now=visit.now,
    )
    audit.write(
        session,
        actor=visit.seat.name,
        action="policy.published",
        subject=f"policy:{row.id}",
        merchant_id=merchant,
        facts={"version": row.version, "l1": row.store_rate_bp.l1, "l2": row.store_rate_bp.l2},
        now=visit.now,
    )
    return Done(f"第 {row.version} 版规则已发布，之前的订单仍按原来的规则。", url_for("console.rules"))


def _told(form: Form, held: Mapping[str, Any], *, runs: bool) -> dict[str, Any]:
    """What the form changes; how people join and are paid is the first merchant's to say."""
    depth = form.whole("depth", least=1, most=3)
    rates = {**held["store_rate_bp"], "l1": form.bp("l1"), "l2": form.bp("l2") if depth > 1 else 0}
    if sum(rates.values()) > 10_000:
        form.wrong("l1", "两级加起来不能超过 100%")
    told: dict[str, Any] = {
        "depth": depth,
        "store_rate_bp": rates,
        "freeze_days": form.whole("freeze_days", most=365),
        "self_purchase": form.choice("self_purchase", _SELF),
    }
    if not runs:
        return told
    least, most = form.fen("min"), form.fen("max", needed=False)
    if most and most < least:
        form.wrong("max", "最高不能低于最低")
    withdraw = {"min_fen": least, "max_fen": most or None, "fee_bp": form.bp("fee")}
    withdraw["auto_approve_up_to_fen"] = form.fen("auto", needed=False)
    binding = {**held["binding"], "valid_days": form.whole("valid_days", least=1, most=3650)}
    return told | {
        "join_mode": form.choice("join_mode", _MODES),
        "binding": binding,
        "withdraw": {**held["withdraw"], **withdraw},
        "quiet_hours": _quiet(form),
    }


def _quiet(form: Form) -> tuple[int, int] | None:
    if not form.ticked("quiet"):
        return None
    return form.whole("quiet_from", most=23), form.whole("quiet_until", most=23)
