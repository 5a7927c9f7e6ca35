"""What the chat leads to outside of it: a picture sent back, a name looked at, a word when a sum is there."""

import base64

import pytest
import requests
from chapters import joins
from world import Person, told_link

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture
def seller(world) -> Person:
    who = world.person("李娜")
    joins(world, who, "李娜", "13900139000")
    return who


def sells(world, seller, pieces):
    """Somebody bought by the seller's link and has received it; what is due is settled."""
    customer = world.person("李敏")
    customer.follows()
    customer.opens(told_link(seller.says("推广链接")))
    world.passes(seconds=2)
    bought = customer.buys("AJ250", pieces)["order_no"]
    for step in ("ship", "receive"):
        world.sim("POST", f"people/{customer.openid}/orders/{bought}/{step}", {})
    world.passes(days=7, minutes=1)


def test_a_poster_that_is_sent_back_is_known(world, seller):
    seller.says("生成海报")
    assert "版式" in seller.says("1")
    world.settled_down()
    picture = {"image_base64": base64.b64encode(seller.last_picture()).decode()}
    world.sim("POST", f"people/{seller.openid}/send_image", picture)
    world.settled_down()
    assert "这是你的海报：即食阿胶糕 250g" in seller.heard()

    other = world.person("王芳")
    other.follows()
    world.sim("POST", f"people/{other.openid}/send_image", picture)
    world.settled_down()
    assert "图里是本店的“即食阿胶糕 250g”" in other.heard()
    assert "李娜" not in other.heard()


def test_a_sum_that_is_waited_for_is_told_and_a_name_is_looked_at_before_it_leaves(demo, world, seller):
    assert "满 ¥50.00 就提醒你一次" in seller.says("满五十提醒我")
    rules = {"withdraw.verify_name": "1", "withdraw.to_balance": "1"}
    world.presses(world.page("规则"), "发布新版本", near="提现", **rules)
    sells(world, seller, 10)
    assert len([each for each in seller.messages() if "可提现提醒" in str(each.get("data"))]) == 1

    asked = seller.says("全部提现")
    assert "先核对一次实名" in asked
    page = told_link(asked)
    assert "登记的收款人是 李*" in seller.opens(page)["html"]
    wrong = requests.post(page, data={"name": "李娜", "number": "110105194912310021"}, timeout=20)
    assert (wrong.status_code, "身份证号不对" in wrong.text) == (422, True)
    assert "实名通过" in requests.post(page, data={"name": "李娜", "number": "11010519491231002X"}, timeout=20).text
    assert "实名通过（李*）" in seller.says("继续")
    assert "到商城余额" in seller.says("3")
    assert "单号" in seller.says("1")
    assert "提现中 ¥89.00" in seller.says("我的收益")
    demo.prove()
