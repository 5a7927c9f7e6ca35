"""佣金试算 and the margin of a product on the console."""

import re

import pytest
from test_rule_pages import draft_form, terms_of

from distribution import products
from web.console import trial

MATRIX = {"l1": 900, "l2": 100, "l3": 0}


def words(page) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def tries(desk, **given) -> str:
    query = {"try": "1", "line.0.unit": "100", "line.0.quantity": "1", "line.1.quantity": "1", "line.2.quantity": "1"}
    return words(desk.browser.get("/console/trial/", query_string=query | given))


def test_an_invented_order_is_priced_under_both_rules_with_every_reason(desk) -> None:
    desk.press(draft_form(desk), **{"store_rate_bp.l1": "20", "line_cap_bp": "22"})

    page = tries(desk, coupon="10")

    assert "现在的规则 商品实付 ¥90.00，奖励 ¥13.50，留给店铺 ¥76.50" in page
    assert "¥90.00 × 10%（店铺比例）" in page
    assert "草稿 商品实付 ¥90.00，奖励 ¥19.80，留给店铺 ¥70.20" in page
    assert "封顶前 ¥4.50，商品封顶" in page


def test_a_real_seller_stands_where_he_stands(shop, desk) -> None:
    above = shop.distributor("李娜")
    seller = shop.distributor("王芳", inviter=above.code)

    page = tries(desk, seller=seller.code.lower())
    assert f"王芳 {seller.code}" in page
    assert f"李娜 {above.code}" in page
    own = tries(desk, seller=seller.code, own="1")
    assert "没有邀请人" in own
    assert "王芳" not in own.split("现在的规则")[1]
    assert "没有找到邀请码 NOBODY" in tries(desk, seller="nobody")


def test_a_product_brings_its_price_cost_and_rule(shop, desk) -> None:
    number = shop.product(price_fen=10_000, cost_fen=6_000)
    with shop.database.transaction() as session:
        rule = {"fixed_fen": {"l1": 300, "l2": 100}}
        products.set_rule(session, shop.merchant_id, number, rule, by="老板", now=shop.clock.now())

    page = tries(desk, **{"line.0.product": str(number), "line.0.unit": "", "line.0.quantity": "2"})

    assert "商品实付 ¥200.00，奖励 ¥8.00，成本 ¥120.00，留给店铺 ¥72.00" in page
    assert "每件 ¥3.00 × 2 件（商品固定金额）" in page


def test_mistakes_of_an_invented_order_stand_beside_their_fields(desk) -> None:
    page = tries(desk, **{"line.0.quantity": "0", "coupon": "500", "district": "x"})

    for said in ("请填 1 到 10000 之间的整数", "优惠券加积分超过了商品金额", "请填 6 位区划代码"):
        assert said in page
    assert "至少填一件商品" in tries(desk, **{"line.0.unit": ""})


@pytest.fixture
def sold(shop, mall):
    """Two people's orders, one of them refunded in part."""
    above = shop.distributor("李娜")
    seller = shop.distributor("王芳", inviter=above.code)
    now = shop.clock.now().isoformat()
    for number, fen in ((1, 10_000), (2, 33_333)):
        line = {"line_no": 1, "sku": "A", "name": "礼盒", "quantity": 1, "unit_fen": fen}
        mall.order(order_no=f"E{number}", occurred_at=now, lines=[line], distributor_code=seller.code)
    refund = {"refund_no": "R1", "order_no": "E1", "state": "refunded", "occurred_at": now}
    mall.send("POST", "/refunds", refund | {"lines": [{"line_no": 1, "quantity": 0, "fen": 5000}]})
    shop.clock.advance(seconds=1)
    return seller, above


def test_real_orders_are_gone_through_again_under_the_draft(desk, sold) -> None:
    desk.press(draft_form(desk), **{"store_rate_bp.l1": "12", "store_rate_bp.l2": "4"})

    page = words(desk.open("/trial/?days=7"))

    assert "订单 2 现在的佣金 ¥57.49 按草稿 ¥61.32 多付 ¥3.83 有变化的人 2" in page
    assert "王芳" in page.split("多得的")[1].split("少得的")[0]
    assert "李娜" in page.split("少得的")[1]


def test_too_many_orders_are_not_gone_through_while_somebody_waits(desk, sold, monkeypatch) -> None:
    monkeypatch.setattr(trial, "MOST_ORDERS", 1)

    assert "这段时间有 2 笔订单，一次算不完" in desk.open("/trial/?days=7").text


def test_the_changes_are_exported_and_the_export_is_noted(desk, sold) -> None:
    desk.press(draft_form(desk), **{"store_rate_bp.l1": "12"})

    sheet = desk.send("/trial/?days=7", "导出表格").data.decode("utf-8-sig").splitlines()

    assert sheet == [
        "邀请码,姓名,现在的佣金,按草稿的佣金,差额", f"{sold[0].code},王芳,38.33,45.99,7.66",
    ]  # fmt: skip
    assert "导出列表" in desk.open("/journal/").text


def test_a_draft_that_loses_money_is_published_from_the_trial_only_when_confirmed(shop, desk) -> None:
    shop.product(price_fen=10_000, cost_fen=8_400)
    desk.press(draft_form(desk), **{"store_rate_bp.l1": "12"})
    assert "可能超过毛利" in desk.open("/trial/").text

    assert desk.send("/trial/", "发布草稿").status_code == 422
    assert desk.send("/trial/", "发布草稿", accept_loss="1").status_code == 303

    assert terms_of(shop).store_rate_bp.l1 == 1200


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"way": "off"}, {"disabled": True}),
        ({"way": "own", "l1": "8", "l2": "0"}, {"rate_bp": {"l1": 800, "l2": 0, "l3": 0}}),
        ({"way": "fixed", "fixed_l1": "3", "fixed_l2": "0.5"}, {"fixed_fen": {"l1": 300, "l2": 50, "l3": 0}}),
        ({"way": "level", "level.0.l1": "9", "level.0.l2": "1"}, {"level_rate_bp": {"金牌": MATRIX}}),
        ({"way": "store"}, None),
    ],
)  # fmt: skip
def test_a_product_takes_every_kind_of_rule_and_shows_it_again(shop, desk, given, rule) -> None:
    desk.send("/levels/", "新增等级", name="金牌")
    number = shop.product()

    desk.send(f"/products/{number}", "保存", **given)
    desk.send(f"/products/{number}", "保存")

    with shop.database.reading() as session:
        assert products.find(session, number).rule == rule


def test_half_an_own_rule_of_a_product_is_refused(shop, desk) -> None:
    answer = desk.send(f"/products/{shop.product()}", "保存", way="own", l1="8")

    assert answer.status_code == 422
    assert "每一级都要填，不给就填 0" in answer.text


def test_a_product_shows_its_margin_and_refuses_a_loss_unless_confirmed(shop, desk) -> None:
    number = shop.product(price_fen=10_000)
    desk.send(f"/products/{number}", "保存", cost="60")
    page = words(desk.open(f"/products/{number}"))
    assert "价格 ¥100.00 直接推广 -¥10.00 邀请人 -¥5.00 成本 -¥60.00 留给店铺 ¥25.00" in page

    answer = desk.send(f"/products/{number}", "保存", way="fixed", fixed_l1="41", fixed_l2="0")
    assert answer.status_code == 422
    assert "会亏 ¥1.00" in answer.text
    sent = {"way": "fixed", "fixed_l1": "41", "fixed_l2": "0", "accept_loss": "1"}
    assert desk.send(f"/products/{number}", "保存", **sent).status_code == 303
    assert "-¥1.00" in desk.open("/products/").text
