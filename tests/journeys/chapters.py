"""Chapters of the story, told from outside: joining, a poster scanned, a withdrawal paid."""

import io
import re

from PIL import Image
from world import Person, World, told_link

PRODUCT = {"name": "即食阿胶糕 250g", "price_fen": 8900, "stock": 50}


def amounts(text: str) -> dict[str, int]:
    """The purse's lines of 我的收益, in fen."""
    found = re.findall(r"(可提现|待结算|提现中|已提现|待抵扣|累计) (-?)¥([\d,]+)\.(\d\d)", text)
    return {name: int(f"{sign}{whole.replace(',', '')}{cents}") for name, sign, whole, cents in found}


def joins(world: World, person: Person, name: str, phone: str, *, invite_code: str | None = None) -> str:
    """Apply in the chat, be passed in the console, be told; the new distributor's code."""
    person.follows()
    opening = f"邀请码 {invite_code} 注册" if invite_code else "我要成为分销员"
    assert "手机号" in person.says(opening)
    assert "姓名" in person.says(phone)
    assert "1 同意" in person.says(name)
    assert "提交成功" in person.says("1")
    world.presses(world.page("审核"), "通过", near=name)
    world.settled_down()
    code = re.search(r"邀请码 (\w+)", person.heard().split("审核通过")[-1])
    assert code, person.heard()
    return code.group(1)


def scans_poster(world: World, seller: Person, customer: Person) -> None:
    """The seller has a poster drawn, the customer scans it and opens its link."""
    assert "1 即食阿胶糕" in seller.says("生成海报")
    seller.says("1")
    world.settled_down()
    poster = seller.last_picture()
    assert Image.open(io.BytesIO(poster)).size == (1080, 1920)
    customer.scans(poster)
    told = customer.heard()
    assert seller.name in told
    assert "¥89.00" in told
    assert customer.opens(told_link(customer.messages()[-1]["text"]))["status"] == 200


def is_paid(world: World, seller: Person) -> None:
    """提现200: asked, confirmed, approved, sent, received."""
    assert "¥200.00" in seller.says("提现200")
    assert "单号" in seller.says("1")
    world.presses(world.page("提现"), "通过", near=seller.name)
    world.settled_down()
    transfer = world.sim("GET", "transfers")[-1]
    assert (transfer["state"], transfer["transfer_amount"]) == ("WAIT_USER_CONFIRM", 20000)
    page = seller.opens(told_link(seller.messages()[-1]["text"]))
    assert "¥200.00" in page["html"]
    world.sim("POST", f"transfers/{transfer['out_bill_no']}/confirm", {})
    world.settled_down()
