"""合规: alarms with what to decide, material held for its words, what the rules against pyramid selling look at."""

import datetime as dt

from flask import url_for

from distribution import campaign_lists, compliance, merchants, wording_check
from models.states import Role
from web.console.forms import Form
from web.console.visit import EVERYONE, OWNER, Done, Subject, Visit

subject = Subject(distributors=True)
_KINDS = {"tree": "团队规模", "recruiting": "邀请收入占比", "ring": "互相下单 / 共用信息", "entry": "入门费嫌疑"}


@subject.page("/compliance/", may=EVERYONE)
def guard(visit: Visit) -> str:
    """要看一眼的事，和不能说的话"""
    session, limits = visit.session, wording_check.limits()
    shops = merchants.everyone(session)
    since = visit.now - dt.timedelta(days=limits.recruiting_days)
    return visit.show(
        "guard.html",
        open=compliance.open_alarms(session),
        decided=compliance.decided_alarms(session),
        kinds=_KINDS,
        trees=compliance.trees(session)[:10],
        income=[(each.name, compliance.income_by_kind(session, each.id, since)) for each in shops],
        held=wording_check.held_material(session, visit.seat.merchant_id),
        words=wording_check.words(),
        limits=limits,
        may_change=visit.seat.role == Role.OWNER,
    )


@subject.act("/compliance/alarms/<int:alarm_id>", may=OWNER, again=lambda visit, alarm_id: guard(visit))
def decide_alarm(visit: Visit, alarm_id: int) -> Done:
    """处理一条提醒"""
    compliance.decide(visit.session, alarm_id, reason=_reason(visit), by=visit.seat.name, now=visit.now)
    return Done("已处理，理由记在操作日志里。", url_for("console.guard"))


@subject.act("/compliance/materials/<int:material_id>", may=OWNER, again=lambda visit, material_id: guard(visit))
def release_material(visit: Visit, material_id: int) -> Done:
    """放行一份素材"""
    row = campaign_lists.material_of(visit.session, visit.seat.merchant_id, material_id)
    words = wording_check.release(visit.session, row.id, reason=_reason(visit), by=visit.seat.name, now=visit.now)
    return Done(f"“{'”“'.join(words)}”已放行，理由记在操作日志里。", url_for("console.guard"))


def _reason(visit: Visit) -> str:
    form = Form(visit.given)
    reason = form.text("reason", most=100)
    form.check()
    return reason
