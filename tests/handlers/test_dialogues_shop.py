"""Model dialogues about scanning, links and the suspended."""

import pytest
from dialogue_shop import at, says
from money_shop import told

from distribution import bindings, disputes, members, policy, posters
from models import Product, Scene


@pytest.fixture
def lina(shop):
    return shop.chat.distributor("李娜", "o-lina")


def poster_scene(shop, who, sku):
    """The code of somebody's poster of a product."""
    with shop.chat.database.transaction() as session:
        product = session.query(Product).filter_by(sku=sku).one()
        now = shop.chat.clock.now()
        asked = {"product_id": product.id, "purpose": "product", "request_key": f"{who.openid}{sku}"}
        posters.ask(session, who.distributor_id, **asked, now=now)
        found = session.query(Scene).filter_by(distributor_id=who.distributor_id, product_id=product.id).one()
        return found.code


def test_01_a_customer_scans_asks_the_price_and_wants_to_join(shop, lina):
    shop.now("11-23 10:00")
    guest = shop.chat.person("o-limin")
    said = guest.follows(poster_scene(shop, lina, "AJ"))
    assert "即食阿胶糕 250g，¥89.00，现在有货" in said
    assert said.endswith("1 看全部商品\n2 查我的订单\n3 我也想分享赚佣金")
    price = says(guest, "这个多少钱包邮", "即食阿胶糕 250g 现价 ¥89.00", "看商品 / 下单", "运费", "人工")
    assert "赚 ¥" not in price
    says(guest, "3", "申请免费，不用囤货，约 1 分钟", "只按真实成交给佣金，拉人没有奖励", "1 现在申请")
    says(guest, "1", "第 1 步")


def test_02_a_bound_customer_is_told_who_serves_and_until_when(shop, lina):
    zhou = shop.chat.distributor("周航", "o-zhou")
    guest = shop.chat.person("o-limin")
    shop.now("11-10 10:00")
    guest.follows(poster_scene(shop, lina, "AJ"))
    shop.now("11-23 10:00")
    said = guest.scans(poster_scene(shop, zhou, "CHERRY"))
    assert "周航分享的是" in said
    assert "¥168.00" in said
    assert "你目前由李娜服务（到 12月10日），价格和售后都一样" in said
    says(
        guest,
        "我想换成周航给我服务",
        "可以",
        "12月10日前更换要店铺核实一下，之后扫谁的码就归谁",
        "1 提交更换申请（换成周*）",
        "2 先不换",
    )
    says(guest, "2", "好，维持不变", "点上面的链接")
    assert serving(shop, guest) == (lina.distributor_id, None)


def serving(shop, guest):
    """Whose customer somebody is, and the claim that waits for the merchant."""
    with shop.chat.database.reading() as session:
        member = guest.member_id(session)
        held, case = bindings.binding_of(session, member, shop.chat.clock.now()), disputes.find_open(session, member)
        return held.distributor_id, case and (case.id, case.claimant_id, case.holder_id, case.opened_by)


def decides(shop, case, winner, reason):
    now = shop.chat.clock.now()
    with shop.chat.database.transaction() as session:
        how = {"policy": policy.in_force(session, 1, now), "by": "老板", "reason": reason, "now": now}
        disputes.decide(session, case, winner, **how)


@pytest.fixture
def between(shop, lina):
    """A customer of 李娜 who came by 周航's code as well."""
    zhou, guest = shop.chat.distributor("周航", "o-zhou"), shop.chat.person("o-limin")
    shop.now("11-10 10:00")
    guest.follows(poster_scene(shop, lina, "AJ"))
    shop.now("11-23 10:00")
    guest.scans(poster_scene(shop, zhou, "CHERRY"))
    return zhou, guest


@pytest.mark.parametrize("yes", ["1", "提交更换申请", "好的"])
def test_02_a_change_that_is_asked_for_is_decided_by_the_merchant_and_told(shop, lina, between, yes):
    zhou, guest = between
    guest.says("我想换成周航给我服务")
    says(guest, yes, "已提交：换成周*", "1 个工作日", "结果我会通知你")
    _, (case, claimant, holder, by) = serving(shop, guest)
    assert (claimant, holder, by.startswith("member:")) == (zhou.distributor_id, lina.distributor_id, True)
    says(guest, "我想换成周航给我服务", "已经交给店铺核实，不用再提交", "目前由李*服务")
    decides(shop, case, zhou.distributor_id, "本人申请")
    assert "从现在起由周*为你服务" in told(shop, guest)[-1]
    assert serving(shop, guest) == (zhou.distributor_id, None)
    assert "客户归你" in told(shop, zhou)[-1]
    assert "客户不归你" in told(shop, lina)[-1]


def test_02_a_change_that_is_turned_down_leaves_everything_and_says_why(shop, lina, between):
    _, guest = between
    guest.says("提交更换申请")
    guest.says("1")
    decides(shop, serving(shop, guest)[1][0], lina.distributor_id, "保护期内")
    assert "仍由李*为你服务，价格和售后都一样。\n店铺的理由：保护期内" in told(shop, guest)[-1]
    assert serving(shop, guest) == (lina.distributor_id, None)
    says(guest, "我想换成周航给我服务", "店铺刚核实过", "1 人工")


def test_02_who_was_never_sent_by_anybody_else_is_told_to_scan_first(shop, lina):
    guest = shop.chat.person("o-limin")
    guest.follows(poster_scene(shop, lina, "AJ"))
    says(guest, "我想换成周航给我服务", "你目前由李*服务", "先扫一下那位的码")
    says(guest, "提交更换申请", "先扫一下那位的码")


def test_06_the_link_of_the_shop_and_of_a_product(lina):
    says(lina, "不是海报，我要的是链接", f"https://shop.test/s/{lina.code}", "1 某个商品的链接", "2 换成二维码")
    says(lina, "1", "1 坚果礼盒 ¥128.00（赚 ¥12.80）")
    says(lina, "1", "坚果礼盒 ¥128.00的链接", "/p/", lina.code, "卖一件赚 ¥12.80")


def test_24_the_suspended_are_told_since_when_why_and_that_the_money_is_there(shop, lina):
    shop.sold(lina, "11-01", 326_400, received="11-02")
    shop.sold(lina, "11-15", 158_700)
    shop.settles("11-20")
    with shop.chat.database.transaction() as session:
        members.freeze(session, lina.distributor_id, by="老板", reason="3 单疑似自买自退，店铺在核查", now=at("11-20"))
    shop.now("11-23 10:30")
    says(
        lina, "生成海报", "11月20日起已暂停", "3 单疑似自买自退", "可提现 ¥326.40，待结算 ¥158.70", "1 提交说明",
        "2 转人工",
    )  # fmt: skip
    says(lina, "我的收益", "可提现 ¥326.40", "待结算 ¥158.70")
