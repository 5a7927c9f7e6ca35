"""What distributors hear about their customers: bound, lost, about to be lost."""

import datetime as dt

from sqlalchemy.orm import Session

from distribution import notices
from distribution.binding_rows import Act
from distribution.rules import masking
from distribution.rules.binding import Customer, Held
from distribution.rules.calendar import shown_day, shown_full
from models import Dispute, Distributor


def changed(session: Session, member_id: int, before: Customer, after: Customer, *, act: Act, now: dt.datetime) -> None:
    """Tell whoever won or lost the customer by ``act``; a binding that had run out before is no loss any more."""
    old, new = before.holder(act.at), after.holder(act.at)
    same = old is not None and new is not None and old.distributor_id == new.distributor_id
    if new is not None and not same:
        _bound(session, member_id, new, act, now=now)
    if old is not None and not same:
        _lost(session, member_id, old, act, now=now)


def ended(session: Session, distributor_id: int, count: int, day: dt.date, *, now: dt.datetime) -> None:
    """Tell somebody how many customers ran out, once a day."""
    text = (
        f"有 {count} 位客户的绑定到期了，期间没有再下单，以后他们的订单不再算给你。\n"
        "再请他们点一次你的链接就能重新绑定。"
    )
    _tell(session, distributor_id, text, "已到期", once=f"customers_ended:{distributor_id}:{day}", now=now)


def expiring(session: Session, distributor_id: int, count: int, day: dt.date, *, now: dt.datetime) -> None:
    """Tell somebody how many customers run out in the next days, once a day."""
    text = f"提醒一下：有 {count} 位客户的绑定 3 天内到期。\n他们下一单就会自动续上；可以趁现在发条好物给他们。"
    _tell(session, distributor_id, text, "即将到期", once=f"customers_expiring:{distributor_id}:{day}", now=now)


def decided(
    session: Session, distributor_id: int, *, won: bool, reason: str, dispute_id: int, now: dt.datetime
) -> None:
    """Tell one side how a dispute about a customer ended, and why."""
    outcome = "客户归你" if won else "客户不归你"
    text = f"关于一位客户归属的争议，商家已作出决定：{outcome}。\n理由：{reason}\n之前的订单都不变；有疑问回复“人工”。"
    _tell(session, distributor_id, text, outcome, once=f"dispute:{dispute_id}:{distributor_id}", now=now)


def opened(session: Session, distributor_id: int, *, dispute_id: int, now: dt.datetime) -> None:
    """Tell one side that a customer is in dispute."""
    text = "有一位客户的归属有争议，商家正在查看点击、扫码和订单记录。\n有结果会告诉你，这期间的订单照常计算。"
    _tell(session, distributor_id, text, "处理中", once=f"dispute_opened:{dispute_id}:{distributor_id}", now=now)


def answered(session: Session, row: Dispute, *, now: dt.datetime) -> None:
    """Tell the customer who asked for another distributor what was decided."""
    winner = session.get(Distributor, row.winner_id) if row.winner_id else None
    if winner is None:
        text, status = "店铺核实后，已解除你和原来那位的绑定。\n以后扫谁的码，就由谁服务。", "已解绑"
    elif winner.id == row.claimant_id:
        text, status = f"换人申请通过了，从现在起由{masking.name(winner.name)}为你服务，价格和售后都一样。", "已更换"
    else:
        text, status = f"换人申请没有通过，仍由{masking.name(winner.name)}为你服务，价格和售后都一样。", "维持不变"
    said = f"{text}\n店铺的理由：{row.reason}\n有疑问回复“人工”。"
    facts = {"thing": "更换服务人申请", "status": status, "time": shown_full(now)}
    notices.tell_member(session, row.member_id, "customer", said, once=f"served:{row.id}", facts=facts, now=now)


def _bound(session: Session, member_id: int, held: Held, act: Act, *, now: dt.datetime) -> None:
    at = held.bound_at
    text = f"{shown_day(at)}有一位新客户通过你的推广进来了。\n他下单后会第一时间告诉你。"
    if act.act == "transfer":
        text = f"商家把一位客户转给了你，从{shown_day(at)}起他的订单算给你。"
    _tell(session, held.distributor_id, text, "已绑定", once=f"bound:{member_id}:{int(at.timestamp())}", at=at, now=now)


def _lost(session: Session, member_id: int, held: Held, act: Act, *, now: dt.datetime) -> None:
    if act.act == "release":
        return
    why = {"order": "他通过别人的推广下了单", "click": "他点了别人的推广"}.get(act.act)
    reason = f"原因：{act.facts['reason']}" if act.facts.get("reason") else f"原因：{why or '归属有更正'}"
    text = f"你的一位客户从{shown_day(act.at)}起不再归你，之前的订单和佣金都不变。\n{reason}。有疑问回复“人工”。"
    once = f"lost:{member_id}:{held.distributor_id}:{int(act.at.timestamp())}"
    _tell(session, held.distributor_id, text, "已解绑", once=once, at=act.at, now=now)


def _tell(
    session: Session,
    distributor_id: int,
    text: str,
    status: str,
    *,
    once: str,
    now: dt.datetime,
    at: dt.datetime | None = None,
) -> None:
    facts = {"thing": "新客户" if status == "已绑定" else "客户归属", "status": status, "time": shown_full(at or now)}
    notices.tell(session, distributor_id, "customer", text, once=once, facts=facts, now=now)
