"""The main job from outside: from 我要成为分销员 to money received, and what comes after."""

import io

import pytest
from chapters import amounts, is_paid, joins, scans_poster
from PIL import Image, ImageDraw

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture
def people(world):
    """陈晓燕 invited 李娜; 李敏 only buys. (inviter, seller, her code, customer)"""
    inviter, seller, customer = world.person("陈晓燕"), world.person("李娜"), world.person("李敏")
    first = joins(world, inviter, "陈晓燕", "13800138000")
    code = joins(world, seller, "李娜", "13900139000", invite_code=first)
    return inviter, seller, code, customer


def test_from_joining_to_money_received_and_back(demo, world, people):
    inviter, seller, code, customer = people
    scans_poster(world, seller, customer)
    demo.prove()

    bought = customer.buys("AJ250", 30)["order_no"]
    world.settled_down()
    assert "¥267.00" in seller.heard()
    assert "¥133.50" in inviter.heard()
    demo.prove()

    for step in ("ship", "receive"):
        world.sim("POST", f"people/{customer.openid}/orders/{bought}/{step}", {})
    world.passes(days=7)
    assert "佣金结算" in seller.heard()
    assert amounts(seller.says("我的收益")) == {"可提现": 26700, "待结算": 0, "已提现": 0, "累计": 26700}
    demo.prove()

    is_paid(world, seller)
    assert amounts(seller.says("我的收益")) == {"可提现": 6700, "待结算": 0, "已提现": 20000, "累计": 26700}
    demo.prove()

    world.sim("POST", f"people/{customer.openid}/orders/{bought}/refund", {})
    world.settled_down()
    after = {"可提现": 0, "待结算": 0, "已提现": 20000, "待抵扣": 20000, "累计": 0}
    assert amounts(seller.says("我的收益")) == after
    assert world.api("GET", f"distributors/{code}").json()["owed_fen"] == 20000
    demo.prove()


def test_an_order_paid_today_is_counted_today(demo, world):
    alice = world.person("陈晓燕")
    code = joins(world, alice, "陈晓燕", "13800138000")
    order = {
        "order_no": "E1",
        "state": "paid",
        "version": 1,
        "occurred_at": world.now().isoformat(),
        "buyer": {"external_id": "u-77"},
        "distributor_code": code,
        "lines": [{"line_no": 1, "sku": "AJ250", "name": "阿胶糕", "quantity": 1, "unit_fen": 8900}],
    }
    first = world.api("POST", "orders", order, key="once")
    again = world.api("POST", "orders", order, key="once")
    world.settled_down()

    assert first.json() == again.json()
    assert first.json()["commissions"][0]["fen"] == 890
    assert "¥8.90" in alice.says("今天赚了多少")
    told = [each for each in alice.messages() if "¥8.90" in each.get("text", "") and "E1" in each.get("text", "")]
    assert len(told) == 1


def test_material_reaches_each_distributor_once_and_nobody_else(demo, world):
    alice, customer = world.person("陈晓燕"), world.person("李敏")
    joins(world, alice, "陈晓燕", "13800138000")
    customer.follows()
    picture = io.BytesIO()
    drawn = Image.new("RGB", (400, 300), "#d24")
    ImageDraw.Draw(drawn).ellipse((50, 50, 200, 200), fill="white")
    drawn.save(picture, "JPEG")
    page = world.page("素材", "新建素材")
    at = (world.now()).strftime("%Y-%m-%dT%H:%M")
    page = world.presses(
        page,
        "下一步：核对发给谁",
        near="素材",
        title="冬日上新",
        text="阿胶糕到货啦",
        audience="all",
        send_at=at,
        picture=("a.jpg", picture.getvalue(), "image/jpeg"),
    )
    page = world.presses(page, "批准", near="冬日上新")
    world.passes(minutes=2)

    assert alice.heard().count("阿胶糕到货啦") == 1
    assert any(each["type"] == "image" for each in alice.messages())
    assert "阿胶糕到货啦" not in customer.heard()
    page = world.browser.get(page.url, timeout=20)
    assert "陈晓燕" in page.text
    assert "已发送" in page.text


def test_killed_at_any_moment_it_goes_on_where_it_was(demo, world):
    alice = world.person("陈晓燕")
    joins(world, alice, "陈晓燕", "13800138000")
    world.passes(days=3)
    before = world.now()
    demo.kill()
    again = demo.start()

    assert (again.now() - before).total_seconds() < 120
    alice.world = again
    assert "可提现 ¥0.00" in alice.says("我的收益")
    demo.prove()
