"""Both sides of the counter from outside: an operator decides from a phone, a complaint is answered on the console."""

import re

import pytest
from chapters import amounts

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


def bound(world, phone):
    """The console gives a code, the operator types it."""
    phone.follows()
    page = world.presses(world.page("员工"), "绑定微信", near="demo")
    code = re.search(r"绑定 ([A-Z2-9]{8})", page.text).group(1)
    assert "已绑定后台账号" in phone.says(f"绑定 {code}")


def passes(world, phone):
    """The newest card's number is answered."""
    world.settled_down()
    number = re.findall(r"通过 (\d{4})", phone.heard())[-1]
    assert "已通过" in phone.says(f"通过 {number}")
    world.settled_down()
    return number


def test_an_operator_passes_an_application_and_a_withdrawal_and_answers_a_complaint(demo, world):
    boss, seller = world.person("老板"), world.person("李娜")
    bound(world, boss)
    seller.follows()
    for words in ("我要成为分销员", "13800138000", "李娜", "1"):
        seller.says(words)
    passes(world, boss)
    assert "审核通过" in seller.heard()
    seller.says("人工")
    no = re.search(r"受理号 (T\d+)", seller.says("海报上的名字能换吗")).group(1)
    world.presses(world.page("工单", no), "回复", near="海报上的名字能换吗", text="可以，先改姓名再重新生成。")
    world.settled_down()
    assert "【客服回复】可以，先改姓名再重新生成。" in seller.heard()

    code = re.search(r"邀请码 (\w+)", seller.heard()).group(1)
    order = {"order_no": "E1", "state": "received", "version": 1, "occurred_at": world.now().isoformat()}
    line = {"line_no": 1, "sku": "AJ250", "name": "阿胶糕", "quantity": 10, "unit_fen": 8900}
    order |= {"buyer": {"openid": "oBuyer"}, "lines": [line], "distributor_code": code}
    assert world.api("POST", "orders", order).status_code == 200
    world.passes(days=7, seconds=5)
    boss.says("菜单")
    assert "¥50.00" in seller.says("提现50")
    seller.says("1")
    number = passes(world, boss)
    assert "已经用过了" in boss.says(f"通过 {number}")
    assert world.sim("GET", "transfers")[-1]["transfer_amount"] == 5000
    assert amounts(seller.says("我的收益"))["可提现"] == 3900
    demo.prove()


def test_a_person_takes_over_the_bot_is_silent_and_comes_back(demo, world):
    seller = world.person("李娜")
    seller.follows()
    assert "这就转人工" in seller.says("你听不懂，叫你们老板来")
    no = re.search(r"受理号 (T\d+)", seller.says("我想问下怎么收货款")).group(1)
    world.presses(world.page("工单", no), "接入", near="接入以后由你来回答")
    assert seller.says("提现200") == ""
    world.presses(world.page("工单", no), "回复", near="本人在微信里看到", text="你好，我来看一下。")
    world.settled_down()
    assert re.search("【客服.+】你好，我来看一下。", seller.heard())
    page = world.page("工单", no)
    assert "提现200" in page.text
    world.presses(page, "结束会话", near="机器人不插话")
    world.settled_down()
    assert "这次解决了吗" in seller.heard()
    assert "谢谢反馈" in seller.says("1")
    assert "我可以帮你" in seller.says("菜单")
    demo.prove()
