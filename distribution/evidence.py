"""What an inspection asks for, as tables: rules, consents, trees, commissions by level, payouts, words, trail."""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from distribution import compliance, merchants, proof
from distribution.rules import masking
from distribution.rules.calendar import shown_full
from distribution.rules.money import percent
from models import tables as t

_a, _al, _b, _ca, _d, _m, _p, _r, _w = (
    t.audit_entry.c,
    t.compliance_alarm.c,
    t.bonus.c,
    t.campaign.c,
    t.distributor.c,
    t.material.c,
    t.policy_version.c,
    t.refund.c,
    t.withdrawal.c,
)
_EVER = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of the folder; ``note`` says in a sentence what it shows."""

    name: str
    title: str
    note: str
    header: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Told:
    """A table that is a plain list of rows; ``masked`` is the place of a name."""

    name: str
    title: str
    note: str
    header: tuple[str, ...]
    asked: Select[Any]
    masked: int | None = None


def sheets(session: Session) -> Iterator[Sheet]:
    """Every table, one after the other; people's names are masked, amounts are in fen."""
    yield _listed(session, _RULES)
    yield _listed(session, _CONSENTS)
    yield _trees(session)
    yield _commissions(session)
    for told in _LISTS:
        yield _listed(session, told)
    yield _proof(session)
    yield _listed(session, _TRAIL)


def _trees(session: Session) -> Sheet:
    rows = [
        (str(each["code"]), masking.name(each["name"]), str(each["people"]), str(each["generations"]))
        for each in compliance.trees(session)
    ]
    note = "每棵邀请树的人数和层数（含树顶）；佣金只付两级，与层数无关。"
    return Sheet("trees", "团队", note, ("树顶邀请码", "姓名", "人数", "层数"), rows)


def _commissions(session: Session) -> Sheet:
    rows = []
    for merchant in merchants.everyone(session):
        income = compliance.income_by_kind(session, merchant.id, _EVER)
        total = sum(income.values()) or 1
        rows += [
            (merchant.name, kind, str(fen), percent(fen * 10_000 // total)) for kind, fen in sorted(income.items())
        ]
    note = "l1 推广人，l2 邀请人；全部来自真实成交。"
    return Sheet("commissions", "佣金按层级", note, ("商家", "层级", "分", "占比"), rows)


def _proof(session: Session) -> Sheet:
    rows = [(each.name, "相符" if each.ok else "不符", "; ".join(each.rows)) for each in proof.prove(session)]
    heads = session.scalar(select(func.count()).select_from(t.posting))
    return Sheet("proof", "账本核对", f"导出时重新核对了全部 {heads} 条分录。", ("核对", "结果", "不符的行"), rows)


def _listed(session: Session, told: _Told) -> Sheet:
    rows = [
        tuple(masking.name(str(cell)) if place == told.masked else _word(cell) for place, cell in enumerate(row))
        for row in session.execute(told.asked)
    ]
    return Sheet(told.name, told.title, told.note, told.header, rows)


def _word(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return shown_full(cell)
    return json.dumps(cell, ensure_ascii=False) if isinstance(cell, dict | list) else str(cell)


_RULES = _Told(
    "rules",
    "规则的每一版",
    "付佣层级、比例、提现规则；国内最多两级。",
    ("商家", "版本", "生效时间", "发布人", "全文"),
    select(t.merchant.c.name, _p.version, _p.effective_from, _p.created_by, _p.document)
    .join(t.merchant, t.merchant.c.id == _p.merchant_id)
    .order_by(_p.merchant_id, _p.version),
)
_CONSENTS = _Told(
    "consents",
    "加入与同意",
    "每位分销员书面同意的规则版本；加入不收费。",
    ("邀请码", "姓名", "状态", "同意的版本", "申请时间"),
    select(_d.code, _d.name, _d.state, _d.terms_version, _d.applied_at).order_by(_d.id),
    masked=1,
)
_LISTS = (
    _Told(
        "refunds",
        "退款",
        "每笔退款的状态和扣回。",
        ("退款单", "订单", "状态", "处理到", "时间"),
        select(_r.refund_no, _r.order_no, _r.state, _r.applied, _r.occurred_at).order_by(_r.id),
    ),
    _Told(
        "payouts",
        "提现与打款",
        "每笔提现、扣的税费和结果。",
        ("单号", "分", "手续费", "税", "实付", "状态", "审核人", "申请时间", "结束时间"),
        select(_w.no, _w.fen, _w.fee_fen, _w.tax_fen, _w.net_fen, _w.state, _w.decided_by)
        .add_columns(_w.requested_at, _w.ended_at)
        .order_by(_w.id),
    ),
    _Told(
        "bonuses",
        "奖励",
        "任务、排行和手动奖励，都以成交为前提，没有人头奖。",
        ("编号", "种类", "分", "依据", "时间"),
        select(_b.reference, _b.kind, _b.fen, _b.why, _b.at).order_by(_b.id),
    ),
    _Told(
        "campaigns",
        "群发过的文字",
        "每次群发的原文、批准人和时间。",
        ("标题", "正文", "状态", "批准人", "时间"),
        select(_m.title, _m.text, _ca.state, _ca.approved_by, _ca.send_at)
        .join(t.campaign, _ca.material_id == _m.id)
        .order_by(_ca.id),
    ),
    _Told(
        "alarms",
        "合规提醒",
        "系统提醒过什么，谁怎么处理的。",
        ("种类", "事实", "提醒时间", "处理人", "理由", "处理时间"),
        select(_al.kind, _al.facts, _al.at, _al.decided_by, _al.reason, _al.decided_at).order_by(_al.id),
    ),
)
_TRAIL = _Told(
    "audit",
    "操作日志",
    "谁在什么时候改了什么。",
    ("时间", "谁", "做了什么", "对象", "事实"),
    select(_a.at, _a.actor, _a.action, _a.subject, _a.facts).order_by(_a.id),
)
