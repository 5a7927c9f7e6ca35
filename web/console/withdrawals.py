"""提现: who wants to be paid, and what became of every payment."""

from collections.abc import Mapping
from dataclasses import replace

from flask import url_for

from distribution import doubts, earnings, listings, members, payouts, reports, transfers
from distribution import withdrawals as operation
from distribution.listings import Wanted
from distribution.refusals import Code, Refusal
from distribution.rules.calendar import shown_full
from models.states import Role
from models.states import WithdrawalState as State
from web.console.exports import noted
from web.console.filters import word, words_of
from web.console.forms import Form
from web.console.sheets import MOST_ROWS, Sheet, money
from web.console.visit import MONEY, Done, Subject, Visit

subject = Subject(distributors=True)
READERS = MONEY | {Role.SERVICE}
REASON = "请联系客服核对信息后重新申请"


@subject.page("/withdrawals/", may=READERS)
def withdrawals(visit: Visit, **_: object) -> str:
    """提现列表"""
    wanted = _wanted(visit.query, visit.page)
    return visit.show(
        "withdrawals.html",
        list=listings.withdrawals(visit.session, wanted),
        wanted=wanted,
        states=words_of("withdrawal"),
        troubled=set(reports.troubled(visit.session)),
        strays=reports.stray_alarms(visit.session),
        stop=payouts.stopped(visit.session),
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
        doubts=doubts.about(visit.session, row, now=visit.now) if row.state == State.REQUESTED else [],
        stop=payouts.stopped(visit.session),
        others=[each for each in operation.latest(visit.session, row.distributor_id, 6) if each.no != no],
        changes=listings.audit(visit.session, None, subject=f"withdrawal:{no}"),
        may_decide=visit.seat.role in MONEY,
        reason=REASON,
    )


@subject.act("/withdrawals/<no>/approve", may=MONEY, again=withdrawal)
def approve_withdrawal(visit: Visit, no: str) -> Done:
    """通过"""
    version = _version(visit)
    row = operation.approve(visit.session, no, by=visit.seat.name, version=version, now=visit.now)
    return Done(_approved(row.state, row.channel, no), _onward(visit, no))


@subject.act("/withdrawals/<no>/reject", may=MONEY, again=withdrawal)
def reject_withdrawal(visit: Visit, no: str) -> Done:
    """驳回"""
    form = Form(visit.given)
    reason = form.text("reason", most=100)
    form.check()
    version = _version(visit)
    operation.reject(visit.session, no, by=visit.seat.name, reason=reason, version=version, now=visit.now)
    return Done(f"已驳回提现 {no}，钱已退回，原因已告诉本人。", _onward(visit, no))


@subject.act("/withdrawals/<no>/paid", may=MONEY, again=withdrawal)
def paid_by_hand(visit: Visit, no: str) -> Done:
    """已打款"""
    return _by_hand(visit, no, paid=True, said=f"提现 {no} 已记为打款完成，本人会收到通知。")


@subject.act("/withdrawals/<no>/failed", may=MONEY, again=withdrawal)
def failed_by_hand(visit: Visit, no: str) -> Done:
    """没打成"""
    return _by_hand(visit, no, paid=False, said=f"提现 {no} 没打成，钱已退回，原因已告诉本人。")


@subject.act("/payouts/stop", may=MONEY, again=withdrawals)
def stop_payouts(visit: Visit) -> Done:
    """暂停打款"""
    form = Form(visit.given)
    reason = form.text("reason", most=100)
    form.check()
    payouts.stop(visit.session, cause="person", reason=reason, by=visit.seat.name, now=visit.now)
    return Done("打款已暂停，通过的提现会等着，不会丢。", url_for("console.withdrawals"))


@subject.act("/payouts/resume", may=MONEY, again=withdrawals)
def resume_payouts(visit: Visit) -> Done:
    """恢复打款"""
    form = Form(visit.given)
    reason = form.text("reason", most=100)
    form.check()
    waiting = payouts.resume(visit.session, by=visit.seat.name, reason=reason, now=visit.now)
    return Done(f"打款已恢复，等着的 {waiting} 笔接着发。", url_for("console.withdrawals"))


@subject.act("/withdrawals/<no>/alarms/clear", may=MONEY, again=withdrawal)
def clear_alarms(visit: Visit, no: str) -> Done:
    """已核对"""
    transfers.clear_alarms(visit.session, no, by=visit.seat.name, now=visit.now)
    if operation.find(visit.session, no) is None:
        return Done(f"{no} 已核对。", url_for("console.withdrawals", state="paying"))
    return Done(f"提现 {no} 的异常已核对，没发出的打款会接着发。", url_for("console.withdrawal", no=no))


@subject.act("/withdrawals/export", may=MONEY)
def export_withdrawals(visit: Visit) -> Sheet:
    """导出"""
    found = listings.withdrawals(visit.session, replace(_wanted(visit.given, 1), rows=MOST_ROWS))
    noted(visit, "withdrawals", len(found.rows))
    header = (
        "提现单",
        "分销员",
        "邀请码",
        "方式",
        "申请",
        "手续费",
        "代扣税",
        "到账",
        "状态",
        "申请时间",
        "结束时间",
        "说明",
    )
    rows = [
        (
            row["no"],
            row["name"],
            row["code"],
            word(row["channel"], "channel"),
            money(row["fen"]),
            money(row["fee_fen"]),
            money(row["tax_fen"]),
            money(row["net_fen"]),
            word(row["state"], "withdrawal"),
            shown_full(row["requested_at"]),
            shown_full(row["ended_at"]) if row["ended_at"] else "",
            row["reason"],
        )
        for row in found.rows
    ]
    return Sheet("withdrawals", header, rows)


def _wanted(values: Mapping[str, str], page: int) -> Wanted:
    return Wanted(words=values.get("q", "").strip()[:50], state=values.get("state", ""), page=page)


def _version(visit: Visit) -> int:
    form = Form(visit.given)
    version = form.whole("version")
    form.check()
    return version


def _by_hand(visit: Visit, no: str, *, paid: bool, said: str) -> Done:
    form = Form(visit.given)
    note, version = form.text("note", most=100), form.whole("version")
    form.check()
    transfers.by_hand(visit.session, no, paid=paid, by=visit.seat.name, note=note, version=version, now=visit.now)
    return Done(said, url_for("console.withdrawal", no=no))


def _approved(state: str, channel: str, no: str) -> str:
    if state == "requested":
        return f"你已同意提现 {no}；金额较大，等另一位同事也通过后打款。"
    return f"已通过提现 {no}，正在打款。" if channel == "wechat" else f"已通过提现 {no}，请转账后点“已打款”。"


def _onward(visit: Visit, no: str) -> str:
    """Back to the list it was decided from, else to the withdrawal's own page."""
    if visit.given.get("from") == "list":
        return url_for("console.withdrawals", state="requested")
    return url_for("console.withdrawal", no=no)
