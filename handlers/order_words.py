"""How orders are spoken of: their states, their buyers (never named in full), where the parcel is."""

from distribution.order_lists import ShownOrder
from distribution.rules import masking
from distribution.rules.calendar import shown_time

STATES = {"unpaid": "待付款", "paid": "待发货", "shipped": "已发货", "received": "已收货", "closed": "已关闭"}


def buyer(row: ShownOrder) -> str:
    """Who bought: the family name where we know it, else a customer's number."""
    if row.buyer_name:
        return masking.name(row.buyer_name)
    return customer(row.buyer_id) if row.buyer_id else "客户"


def customer(member_id: int) -> str:
    """A customer without a name that we know."""
    return f"客户{member_id:04d}"


def parcel(row: ShownOrder) -> str:
    """Where the goods are, as the mall told us."""
    shipment = row.shipment or {}
    number = str(shipment.get("tracking_no") or "")
    how = f"{shipment.get('carrier') or '快递'} {number[:2]}****{number[-4:]}" if number else ""
    if row.state == "shipped":
        since = f"，{shown_time(row.shipped_at)} 发出" if row.shipped_at else ""
        return f"已发货。{how}{since}，签收前都在路上。"
    if row.state == "received":
        return f"已收货{f'（{shown_time(row.received_at)}）' if row.received_at else ''}。{how}"
    return {
        "paid": "已付款，等店铺发货。",
        "unpaid": "还没有付款。",
        "closed": "这一单已关闭。",
    }[row.state]
