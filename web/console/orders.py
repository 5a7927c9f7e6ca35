"""订单: what the mall reported, who earns on it and why."""

import datetime as dt

from distribution import listings
from distribution import orders as operation
from distribution.listings import Wanted
from distribution.rules.calendar import start_of
from web.console.filters import words_of
from web.console.visit import Subject, Visit

subject = Subject()


@subject.page("/orders/")
def orders(visit: Visit) -> str:
    """订单列表"""
    query = visit.query
    since, until = _day(query.get("since", "")), _day(query.get("until", ""))
    wanted = Wanted(
        words=query.get("q", "").strip()[:64],
        state=query.get("state", ""),
        since=start_of(since) if since else None,
        until=start_of(until + dt.timedelta(days=1)) if until else None,
        page=visit.page,
    )
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
        people=listings.names(visit.session, {row["who"] for row in view["commissions"]}),
        total=sum(row["fen"] for row in view["commissions"]),
        base=sum(line["base_fen"] for line in view["lines"]),
    )


def _day(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2200 else None
