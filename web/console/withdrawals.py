"""提现: who wants to be paid, and what became of every payment."""

from flask import url_for

from distribution import earnings, listings, members, reports
from distribution import withdrawals as operation
from distribution.listings import Wanted
from distribution.refusals import Code, Refusal
from models.states import Role
from web.console.filters import words_of
from web.console.forms import Form
from web.console.visit import MONEY, Done, Subject, Visit

subject = Subject(distributors=True)
READERS = MONEY | {Role.SERVICE}
REASON = "请联系客服核对信息后重新申请"


@subject.page("/withdrawals/", may=READERS)
def withdrawals(visit: Visit) -> str:
    """提现列表"""
    wanted = Wanted(words=visit.query.get("q", "").strip()[:50], state=visit.query.get("state", ""), page=visit.page)
    return visit.show(
        "withdrawals.html",
        list=listings.withdrawals(visit.session, wanted),
        wanted=wanted,
        states=words_of("withdrawal"),
        troubled=set(reports.troubled(visit.session)),
        may_decide=visit.seat.role in MONEY,
        reason=REASON,
    )


@subject.page("/withdrawals/<no>", may=READERS)
def withdrawal(visit: Visit, no: str) -> str:
    """一笔提现"""
    row = operation.find(visit.session, no)
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="withdrawal")
    return visit.show(
        "withdrawal.html",
        row=row,
        person=members.get_distributor(visit.session, row.distributor_id),
        purse=earnings.purse(visit.session, row.distributor_id),
        alarms=reports.alarms_of(visit.session, no),
        others=[each for each in operation.latest(visit.session, row.distributor_id, 6) if each.no != no],
        changes=listings.audit(visit.session, None, subject=f"withdrawal:{no}"),
        may_decide=visit.seat.role in MONEY,
        reason=REASON,
    )


@subject.act("/withdrawals/<no>/approve", may=MONEY, again=withdrawal)
def approve_withdrawal(visit: Visit, no: str) -> Done:
    """通过"""
    version = _version(visit)
    operation.approve(visit.session, no, by=visit.seat.name, version=version, now=visit.now)
    return Done(f"已通过提现 {no}，正在打款。", _onward(visit, no))


@subject.act("/withdrawals/<no>/reject", may=MONEY, again=withdrawal)
def reject_withdrawal(visit: Visit, no: str) -> Done:
    """驳回"""
    form = Form(visit.given)
    reason = form.text("reason", most=100)
    form.check()
    version = _version(visit)
    operation.reject(visit.session, no, by=visit.seat.name, reason=reason, version=version, now=visit.now)
    return Done(f"已驳回提现 {no}，钱已退回，原因已告诉本人。", _onward(visit, no))


def _version(visit: Visit) -> int:
    form = Form(visit.given)
    version = form.whole("version")
    form.check()
    return version


def _onward(visit: Visit, no: str) -> str:
    """Back to the list it was decided from, else to the withdrawal's own page."""
    if visit.given.get("from") == "list":
        return url_for("console.withdrawals", state="requested")
    return url_for("console.withdrawal", no=no)
