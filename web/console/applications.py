"""审核: who wants to distribute."""

from flask import url_for

from distribution import listings, members
from web.console.forms import Form
from web.console.visit import PEOPLE, Done, Subject, Visit

subject = Subject(distributors=True)
REASON = "资料不完整，请补充后重新申请"


@subject.page("/applications/", may=PEOPLE)
def applications(visit: Visit, **_: object) -> str:
    """待审核的申请"""
    return visit.show("applications.html", list=listings.applications(visit.session, visit.page), reason=REASON)


@subject.act("/applications/<int:distributor_id>/approve", may=PEOPLE, again=applications)
def approve_application(visit: Visit, distributor_id: int) -> Done:
    """通过"""
    row = members.approve(visit.session, distributor_id, by=visit.seat.name, now=visit.now)
    return Done(f"已通过 {row.name} 的申请，邀请码 {row.code}，已通知本人。", url_for("console.applications"))


@subject.act("/applications/<int:distributor_id>/reject", may=PEOPLE, again=applications)
def reject_application(visit: Visit, distributor_id: int) -> Done:
    """驳回"""
    form = Form(visit.given)
    reason = form.text("reason", most=100)
    form.check()
    row = members.reject(visit.session, distributor_id, by=visit.seat.name, reason=reason, now=visit.now)
    return Done(f"已驳回 {row.name} 的申请，原因已告诉本人。", url_for("console.applications"))
