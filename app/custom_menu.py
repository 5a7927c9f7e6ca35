"""The account's custom menu: three buttons, whose keys the handlers know."""

from typing import Any


def _click(name: str, key: str) -> dict[str, Any]:
    return {"type": "click", "name": name, "key": key}


BUTTONS: list[dict[str, Any]] = [
    {"name": "推广赚钱", "sub_button": [_click("生成海报", "POSTER"), _click("推广链接", "LINK")]},
    {
        "name": "我的收益",
        "sub_button": [_click("收益", "EARNINGS"), _click("提现", "WITHDRAW"), _click("订单", "ORDERS")],
    },
    _click("帮助", "HELP"),
]
