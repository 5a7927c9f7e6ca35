"""What people hear about orders: one message each and event, with their own total."""

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from distribution import ledger, notices
from distribution.rules.calendar import shown_day, shown_full
from distribution.rules.commission import Share
from distribution.rules.money import yuan
from models import Order
from models import tables as t

_c = t.commission.c
#: How a commission stands that was just earned.
PENDING = "待结算"


def paid(session: Session, order: Order, shares: Sequence[Share], *, now: dt.datetime) -> None:
    """Tell everybody who earns on a new order."""
    for person, (fen, kinds) in totals(shares).items():
        text = paid_text(order.order_no, _goods(session, order), kinds, fen)
        _tell(session, order, person, text, fen=fen, status=PENDING, event="paid", now=now)


def totals(shares: Sequence[Share]) -> dict[int, tuple[int, set[str]]]:
    """What each person earns in all, in fen, and in which kinds."""
    found: dict[int, tuple[int, set[str]]] = {}
    for share in sorted(shares, key=lambda one: one.distributor_id):
        fen, kinds = found.get(share.distributor_id, (0, set()))
        found[share.distributor_id] = fen + share.fen, kinds | {share.kind}
    return found


def paid_text(order_no: str, sold: str, kinds: set[str], fen: int) -> str:
    """What somebody reads who earns ``fen`` on a new order of ``sold``."""
    return (
        f"{_opening(kinds)}预计佣金 {yuan(fen)}\n订单 {order_no}，{sold}\n"
        "客户确认收货、过了售后期就转为可提现。回复“我的收益”看合计。"
    )


def _opening(kinds: set[str]) -> str:
    if "l1" in kinds:
        return "出单啦🎉 "
    if kinds & {"l2", "l3"}:
        return "你的团队出单了：下级成交，"
    if any(kind.startswith("dealer") for kind in kinds):
        return "有订货单成交："
    return "你代理的区域出单了："


def taken_back(session: Session, order: Order, changed: Mapping[int, int], *, once: str, now: dt.datetime) -> None:
    """Tell everybody whose commission a refund lowered, and what is owed if money was out already."""
    for person, fen in sorted(changed.items()):
        if fen >= 0:
            continue
        owed = -ledger.balance(session, ledger.purse(person, "owed"))
        debt = f"\n其中还差 {yuan(owed)}，从以后的佣金里抵，不用你掏钱。" if owed > 0 else ""
        text = f"订单 {order.order_no} 客户退款，佣金扣回 {yuan(-fen)}。{debt}\n有疑问回复“人工”。"
        _tell(session, order, person, text, fen=-fen, status="已扣回", event=once, now=now)


def reattributed(session: Session, order: Order, changed: Mapping[int, int], *, now: dt.datetime) -> None:
    """Tell whoever gained or lost an order whose moment of creation was put right."""
    for person, fen in sorted(changed.items()):
        gained = fen > 0
        text = f"订单 {order.order_no} 的下单时间有更正，归属随之更改：" + (
            f"预计佣金 {yuan(fen)} 计给你。" if gained else f"佣金 {yuan(-fen)} 不再计给你。"
        )
        status = "待结算" if gained else "已更正"
        text = f"{text}\n有疑问回复“人工”。"
        _tell(session, order, person, text, fen=abs(fen), status=status, event="created", now=now)


def _tell(
    session: Session,
    order: Order,
    person: int,
    text: str,
    *,
    fen: int,
    status: str,
    event: str,
    now: dt.datetime,
) -> None:
    once = f"order:{order.id}:{event}:{person}"
    told = facts(order.order_no, _goods(session, order), fen, status=status, now=now)
    notices.tell(session, person, "refund" if status == "已扣回" else "order", text, once=once, facts=told, now=now)


def _goods(session: Session, order: Order) -> str:
    line = t.order_line.c
    first, lines = session.execute(select(func.min(line.name), func.count()).where(line.order_id == order.id)).one()
    return goods(order.paid_at or order.created_at, first, lines)


def goods(paid_at: dt.datetime, first: str, lines: int) -> str:
    """The day of an order and what was bought, named by the first line."""
    return f"{shown_day(paid_at)} {first}" + (f" 等 {lines} 样" if lines > 1 else "")


def facts(order_no: str, sold: str, fen: int, *, status: str, now: dt.datetime) -> dict[str, str]:
    """The same for a template message."""
    return {"number": order_no, "amount": yuan(fen), "time": shown_full(now), "status": status, "thing": sold}
