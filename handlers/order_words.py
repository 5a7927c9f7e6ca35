"""How orders are spoken of: their states, their buyers (never named in full), where the parcel is."""

import datetime as dt
from collections.abc import Mapping
from html import escape
from typing import Any

from distribution.order_lists import ShownOrder
from distribution.rules import masking
from distribution.rules.calendar import day_of, local, shown_time

STATES = {"unpaid": "待付款", "paid": "待发货", "shipped": "已发货", "received": "已收货", "closed": "已关闭"}


def buyer(row: ShownOrder) -> str:
    """Who bought: the family name where we know it, else a customer's number."""
    if row.buyer_name:
        return masking.name(row.buyer_name)
    return customer(row.buyer_id) if row.buyer_id else "客户"


def customer(member_id: int) -> str:
    """A customer without a name that we know."""
    return f"客户{member_id:04d}"


def parcel(row: ShownOrder, now: dt.datetime) -> str:
    """Where the goods are, as the mall told us."""
    shipment = row.shipment or {}
    number = str(shipment.get("tracking_no") or "")
    how = f"{shipment.get('carrier') or '快递'} {number[:2]}****{number[-4:]}" if number else ""
    if row.state == "shipped":
        return f"已发货{f'。{how}' if how else ''}{_underway(row, shipment, now)}{_page(shipment)}"
    if row.state == "received":
        return f"已收货{f'（{shown_time(row.received_at)}）' if row.received_at else ''}。{how}"
    return {
        "paid": "已付款，等店铺发货。",
        "unpaid": "还没有付款。",
        "closed": "这一单已关闭。",
    }[row.state]


def _underway(row: ShownOrder, shipment: Mapping[str, Any], now: dt.datetime) -> str:
    """The carrier's last news if the mall told it, else since when it is under way."""
    if not shipment.get("news"):
        since = f"，{shown_time(row.shipped_at)} 发出" if row.shipped_at else ""
        return f"{since}，签收前都在路上。"
    at = f"{_moment(str(shipment['news_at']), now)} " if shipment.get("news_at") else ""
    day = shipment.get("expected_on")
    expected = f"，预计{_near(dt.date.fromisoformat(str(day)), now)}送达" if day else ""
    return f"，{at}{shipment['news']}{expected}。"


def _moment(told: str, now: dt.datetime) -> str:
    at = dt.datetime.fromisoformat(told)
    return f"{_near(day_of(at), now)} {local(at):%H:%M}".lstrip()


def _near(day: dt.date, now: dt.datetime) -> str:
    days = (day - day_of(now)).days
    return {-1: "昨天", 0: "今天", 1: "明天", 2: "后天"}.get(days, f" {day.month}月{day.day}日")


def _page(shipment: Mapping[str, Any]) -> str:
    return f'\n<a href="{escape(str(shipment["url"]))}">完整物流</a>' if shipment.get("url") else ""
