"""区域代理: who shares in the orders of which region, for how long."""

from flask import url_for

from distribution import agents as operation
from distribution import members, policy, region_names
from distribution.rules.calendar import shown_full
from distribution.rules.region_code import scope_of
from distribution.rules.terms import Term
from web.console.forms import Form
from web.console.terms import ends
from web.console.visit import OPERATIONS, Done, Subject, Visit

subject = Subject()
SCOPES = {"district": "区县", "city": "市", "province": "省"}


@subject.page("/agents/")
def region_agents(visit: Visit) -> str:
    """区域代理"""
    merchant = visit.seat.merchant_id
    rows = operation.list_of(visit.session, merchant)
    return visit.show(
        "agents.html",
        rows=[(row, _standing(visit, row)) for row in rows],
        scopes=SCOPES,
        terms=policy.in_force(visit.session, merchant, visit.now).region,
        may_change=visit.seat.role in OPERATIONS,
    )


@subject.act("/agents/", may=OPERATIONS, again=region_agents)
def appoint_agent(visit: Visit) -> Done:
    """任命"""
    form = Form(visit.given)
    person_code, (code, name) = form.text("distributor", most=10), _region(form)
    place, (since, until) = form.text("place", most=operation.PLACE_MOST, needed=False), ends(visit, form)
    scope = scope_of(code)
    person = members.find_by_code(visit.session, person_code)
    if person is None:
        form.wrong("distributor", "没有这个邀请码")
    form.check()
    assert person is not None
    assert scope is not None
    row = operation.appoint(
        visit.session, visit.seat.merchant_id, person.id, scope=scope, code=code, place=place or name,
        valid_from=since, valid_until=until, by=visit.seat.name, now=visit.now,
    )  # fmt: skip
    return Done(f"已任命 {person.name} 为 {row.place or row.code} 的{SCOPES[scope]}代理。", _here())


@subject.act("/agents/<int:agent_id>/end", may=OPERATIONS, again=lambda visit, **_: region_agents(visit))
def end_agent(visit: Visit, agent_id: int) -> Done:
    """结束任命"""
    form = Form(visit.given)
    reason = form.text("reason", most=100)
    form.check()
    row = operation.end(
        visit.session, visit.seat.merchant_id, agent_id, reason=reason, by=visit.seat.name, now=visit.now
    )
    return Done(f"{row.place or row.code} 的代理已结束，{shown_full(visit.now)} 起的订单不再计给他。", _here())


def _region(form: Form) -> tuple[str, str]:
    """The code that was typed or meant by a name, and the region's name as far as it is known."""
    told = form.text("code", most=operation.PLACE_MOST)
    found = region_names.matching(told)
    if len(found) == 1:
        return found[0].code, found[0].name[-operation.PLACE_MOST :]
    if len(found) > 1:
        form.wrong("code", "有几个同名的，写全或填代码：" + "、".join(f"{each.name} {each.code}" for each in found))
    elif scope_of(told) is None:
        form.wrong("code", "没有这个地方：写名称（浙江、杭州、杭州西湖区）或六位区划代码（330106）")
    return told, ""


def _standing(visit: Visit, row: dict[str, object]) -> str:
    """Whether an appointment is in office, not yet, or over."""
    term = Term(row["valid_from"], row["valid_until"], row["ended_at"])  # type: ignore[arg-type]
    if term.covers(visit.now):
        return "active"
    return "coming" if term.first > visit.now and term.first < term.last else "over"


def _here() -> str:
    return url_for("console.region_agents")
