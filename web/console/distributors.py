"""分销员: who distributes, how it goes, and every change of standing."""

from collections.abc import Mapping
from dataclasses import replace

from flask import url_for

from distribution import earnings, levels, listings, members, team, withdrawals
from distribution.listings import Wanted
from distribution.refusals import Code, Refusal
from distribution.rules.calendar import shown_full
from models.states import Role
from web.console.exports import noted
from web.console.filters import word, words_of
from web.console.forms import Form, number
from web.console.sheets import MOST_ROWS, Sheet, money
from web.console.visit import MONEY, OPERATIONS, OWNER, PEOPLE, Done, Subject, Visit

subject = Subject(distributors=True)


@subject.page("/distributors/")
def distributors(visit: Visit) -> str:
    """分销员列表"""
    wanted = _wanted(visit.query, visit.page)
    return visit.show(
        "distributors.html",
        list=listings.distributors(visit.session, wanted),
        wanted=wanted,
        states=words_of("distributor"),
        levels=levels.all_levels(visit.session),
        tags=levels.all_tags(visit.session),
    )


@subject.page("/distributors/<int:distributor_id>")
def distributor(visit: Visit, distributor_id: int, **_: object) -> str:
    """一位分销员"""
    session = visit.session
    row = members.get_distributor(session, distributor_id)
    worn = levels.tag_ids(session, row.id)
    return visit.show(
        "distributor.html",
        row=row,
        phone_shown=visit.seat.role in PEOPLE,
        purse=earnings.purse(session, row.id),
        inviter=members.find_distributor(session, row.inviter_id) if row.inviter_id else None,
        levels=levels.all_levels(session),
        tags=[each for each in levels.all_tags(session) if each.id in worn],
        commissions=listings.commissions(session, row.id),
        customers=listings.customers(session, row.id),
        team=listings.team(session, row.id),
        withdrawals=withdrawals.latest(session, row.id, 10),
        changes=listings.audit(session, None, subject=f"distributor:{row.id}"),
        may_change=visit.seat.role in OPERATIONS,
        may_end=visit.seat.role == Role.OWNER,
        may_read_money=visit.seat.role in MONEY,
    )


@subject.act("/distributors/<int:distributor_id>/level", may=OPERATIONS, again=distributor)
def set_level(visit: Visit, distributor_id: int) -> Done:
    """设置等级"""
    row = members.get_distributor(visit.session, distributor_id)
    level_id = number(visit.given.get("level", ""))
    levels.give(visit.session, row.id, level_id, by=visit.seat.name, now=visit.now)
    return _back(row.id, f"已更新 {row.name} 的等级。")


@subject.act("/distributors/<int:distributor_id>/tags", may=OPERATIONS, again=distributor)
def add_tag(visit: Visit, distributor_id: int) -> Done:
    """加标签"""
    row = members.get_distributor(visit.session, distributor_id)
    form = Form(visit.given)
    name = form.text("tag", most=30)
    form.check()
    levels.tag(visit.session, row.id, name, by=visit.seat.name, now=visit.now)
    return _back(row.id, f"已给 {row.name} 加上标签“{name}”。")


@subject.act("/distributors/<int:distributor_id>/untag/<int:tag_id>", may=OPERATIONS, again=distributor)
def remove_tag(visit: Visit, distributor_id: int, tag_id: int) -> Done:
    """去标签"""
    row = members.get_distributor(visit.session, distributor_id)
    levels.untag(visit.session, row.id, tag_id, by=visit.seat.name, now=visit.now)
    return _back(row.id, "标签已去掉。")


@subject.act("/distributors/<int:distributor_id>/inviter", may=OPERATIONS, again=distributor)
def move_distributor(visit: Visit, distributor_id: int) -> Done:
    """更换邀请人"""
    form = Form(visit.given)
    code, reason = form.text("inviter", most=10, needed=False), form.text("reason", most=100)
    found = members.find_by_code(visit.session, code) if code else None
    if code and found is None:
        form.wrong("inviter", "没有这个邀请码")
    form.check()
    to = found.id if found else None
    team.move(visit.session, distributor_id, to, by=visit.seat.name, reason=reason, now=visit.now)
    where = f"到 {found.name} 名下" if found else "，不再有邀请人"
    return _back(distributor_id, f"已移动{where}，整个下级一起；之前的订单不变。")


@subject.act("/distributors/<int:distributor_id>/freeze", may=OPERATIONS, again=distributor)
def freeze(visit: Visit, distributor_id: int) -> Done:
    """冻结"""
    reason = _reason(visit)
    row = members.freeze(visit.session, distributor_id, by=visit.seat.name, reason=reason, now=visit.now)
    return _back(row.id, f"已冻结 {row.name}，原因已告诉本人。")


@subject.act("/distributors/<int:distributor_id>/resume", may=OPERATIONS, again=distributor)
def resume(visit: Visit, distributor_id: int) -> Done:
    """恢复"""
    if members.get_distributor(visit.session, distributor_id).state != "frozen":
        raise Refusal(Code.ILLEGAL_STATE)
    reason = _reason(visit)
    row = members.resume(visit.session, distributor_id, by=visit.seat.name, reason=reason, now=visit.now)
    return _back(row.id, f"已恢复 {row.name}。")


@subject.act("/distributors/<int:distributor_id>/terminate", may=OWNER, again=distributor)
def terminate(visit: Visit, distributor_id: int) -> Done:
    """清退"""
    form = Form(visit.given)
    if not form.ticked("sure"):
        form.wrong("sure", "清退不能撤销，请先勾选确认")
    form.check()
    reason = _reason(visit)
    row = members.terminate(visit.session, distributor_id, by=visit.seat.name, reason=reason, now=visit.now)
    return _back(row.id, f"已清退 {row.name}：待结算佣金作废，已结算的仍可提现。")


@subject.act("/distributors/export", may=OWNER)
def export_distributors(visit: Visit) -> Sheet:
    """导出"""
    found = listings.distributors(visit.session, replace(_wanted(visit.given, 1), rows=MOST_ROWS))
    noted(visit, "distributors", len(found.rows))
    header = ("邀请码", "姓名", "手机号", "等级", "上级", "客户", "订单", "累计佣金", "可提现", "状态", "申请时间")
    rows = [
        (
            row["code"],
            row["name"],
            row["phone"],
            row["level"],
            row["upline"],
            row["customers"],
            row["orders"],
            money(row["earned_fen"]),
            money(row["available_fen"]),
            word(row["state"], "distributor"),
            shown_full(row["applied_at"]),
        )
        for row in found.rows
    ]
    return Sheet("distributors", header, rows)


def _wanted(values: Mapping[str, str], page: int) -> Wanted:
    return Wanted(
        words=values.get("q", "").strip()[:50],
        state=values.get("state", ""),
        level_id=number(values.get("level", "")),
        tag_id=number(values.get("tag", "")),
        page=page,
    )


def _reason(visit: Visit) -> str:
    form = Form(visit.given)
    reason = form.text("reason", most=100)
    form.check()
    return reason


def _back(distributor_id: int, said: str) -> Done:
    return Done(said, url_for("console.distributor", distributor_id=distributor_id))
