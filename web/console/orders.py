"""订单: what the mall reported, who earns on it and why."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from distribution import listings
from distribution import orders as operation
from distribution.listings import Wanted
from distribution.rules.calendar import shown_full, start_of
from web.console.exports import noted
from web.console.filters import word, words_of
from web.console.sheets import MOST_ROWS, Sheet, money
from web.console.visit import MONEY, Subject, Visit

subject = Subject()


@subject.page("/orders/")
def orders(visit: Visit) -> str:
    """订单列表"""
    since, until = _day(visit.query.get("since", "")), _day(visit.query.get("until", ""))
    wanted = _wanted(visit.query, visit.page)
    found = listings.orders(visit.session, visit.seat.merchant_id, wanted)
    return visit.show("orders.html", list=found, wanted=wanted, states=words_of("order"), since=since, until=until)


@subject.page("/orders/<order_no>")
def order(visit: Visit, order_no: str) -> str:
    """一笔订单"""
    listings.order_id(visit.session, visit.seat.merchant_id, order_no)
    view = operation.view(visit.session, visit.seat.merchant_id, order_no)
    assert view is not None, "an order with an id has a view"
    moments = [
        (word, dt.datetime.fromisoformat(view[name]))
        for name, word in (
            ("created_at", "下单"),
            ("paid_at", "付款"),
            ("shipped_at", "发货"),
            ("received_at", "收货"),
            ("closed_at", "关闭"),
        )
        if name in view
    ]
    due = {row["why"].get("due_at") for row in view["commissions"]} - {None}
    return visit.show(
        "order.html",
        order=view,
        moments=moments,
        due=dt.datetime.fromisoformat(min(due)) if due else None,
        people=listings.names(
            visit.session, {row["who"] for row in view["explanations"] + view["commissions"]} - {None}
        ),
        unpaid=[one for one in view["explanations"] if one["reason"]],
        total=sum(row["fen"] for row in view["commissions"]),
        base=sum(line["base_fen"] for line in view["lines"]),
    )


@subject.act("/orders/export", may=MONEY)
def export_orders(visit: Visit) -> Sheet:
    """导出"""
    wanted = replace(_wanted(visit.given, 1), rows=MOST_ROWS)
    found = listings.orders(visit.session, visit.seat.merchant_id, wanted)
    noted(visit, "orders", len(found.rows))
    header = ("订单号", "下单时间", "状态", "商品实付", "推广人", "推广人邀请码", "邀请人", "邀请人邀请码", "佣金")
    rows = [
        (
            row["order_no"],
            shown_full(row["created_at"]),
            word(row["state"], "order"),
            money(row["paid_fen"]),
            row["l1_name"],
            row["l1_code"],
            row["l2_name"],
            row["l2_code"],
            money(row["commission_fen"]),
        )
        for row in found.rows
    ]
    return Sheet("orders", header, rows)


def _wanted(values: Mapping[str, str], page: int) -> Wanted:
    since, until = _day(values.get("since", "")), _day(values.get("until", ""))
    return Wanted(
        words=values.get("q", "").strip()[:64],
        state=values.get("state", ""),
        since=start_of(since) if since else None,
        until=start_of(until + dt.timedelta(days=1)) if until else None,
        page=page,
    )


def _day(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2200 else None
