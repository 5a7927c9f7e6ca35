"""Why an order or a customer is not somebody's, told with the time line; a claim that the merchant decides."""

import pytest
from dialogue_shop import at, says
from money_shop import told
from sqlalchemy import select

from distribution import bindings, customer_claims, customer_moves, disputes, people, policy, serving_wishes
from distribution.refusals import Code, Refusal
from models import tables as t

NO = "E20261120001"


@pytest.fixture
def lina(shop):
    shop.now("10-01 09:00")
    return shop.chat.distributor("李娜", "o-lina")


@pytest.fixture
def zhou(shop, lina):
    return shop.chat.distributor("周航", "o-zhou")


def clicks(shop, who, moment, openid="o-buyer"):
    """A customer opens somebody's link; the customer's member id."""
    with shop.chat.database.transaction() as session:
        person = people.meet(session, "wx0123456789abcdef", openid, at(moment))
        terms = policy.in_force(session, 1, at(moment))
        facts = {"channel": "link", "at": at(moment), "now": at(moment)}
        bindings.click(session, person.member_id, who.distributor_id, policy=terms, **facts)
        return person.member_id


@pytest.fixture
def taken(shop, lina, zhou):
    """李娜 came first, but the order of 11-20 is 周航's; the customer's member id."""
    member = clicks(shop, lina, "10-05 10:00")
    clicks(shop, zhou, "10-10 10:00")
    clicks(shop, zhou, "11-10 10:00")
    shop.sold(zhou, "11-20 12:00", 8_900, no=NO, buyer_openid="o-buyer", distributor_code=None)
    shop.sold(zhou, "11-22 12:00", 5_900, no="E20261122002", buyer_openid="o-buyer", distributor_code=None)
    shop.now("11-23 10:30")
    return member


def holder(shop, member):
    with shop.chat.database.reading() as session:
        held = bindings.binding_of(session, member, shop.chat.clock.now())
        return held.distributor_id if held else None


def open_claims(shop):
    x = t.dispute.c
    with shop.chat.database.reading() as session:
        rows = session.execute(select(x.claimant_id, x.claim, x.opened_by).where(x.decided_at.is_(None)))
        return [tuple(row) for row in rows]


def decided(shop, member, winner, reason):
    with shop.chat.database.transaction() as session:
        now = shop.chat.clock.now()
        row = disputes.find_open(session, member)
        terms = policy.in_force(session, 1, now)
        disputes.decide(
            session, row.id, winner.distributor_id if winner else None, policy=terms, by="老板", reason=reason, now=now
        )


def test_an_order_of_somebody_else_is_told_with_the_whole_time_line_and_masked(shop, lina, zhou, taken):
    said = says(
        lina,
        f"为什么 {NO} 不是我的",
        f"订单 {NO} 计给周*：11月20日 12:00 下单时客户归周*",
        f"客户{taken:04d}的归属经过",
        "10月5日 10:00 你：成为客户（保护到 11月4日 10:00",
        "10月10日 10:00 周*：点了推广，归属不变（在保护期内",
        "11月10日 10:00 周*：成为客户",
        "11月20日 12:00 周*：订单计给",
        "归属在下单那一刻定下，以后不变",
        "1 我有异议，请店铺裁定",
        "2 客户归属的规则",
    )
    assert "周航" not in said
    assert "o-buyer" not in said
    assert "E20261122002" not in said


@pytest.mark.parametrize("words", [f"归属 {NO}", f"时间线：{NO}", f"{NO} 为什么不算我的", f"{NO}明明是我的客户"])
def test_it_is_asked_for_in_many_words(lina, taken, words):
    says(lina, words, f"订单 {NO} 计给周*", "归属经过", "1 我有异议")


def test_a_claim_is_put_to_the_merchant_and_the_decision_told_to_both(shop, lina, zhou, taken):
    lina.says(f"归属 {NO}")
    says(lina, "1", f"客户{taken:04d}", "为什么该归你", "0 不用了")
    says(lina, "好", "请用一句话说说")
    says(
        lina,
        "她 10 月 5 日就扫了我的海报，一直是我在聊",
        "已交给店铺裁定",
        "双方都会收到通知",
        "已有的订单不变",
        "争议进度",
    )
    claim = (lina.distributor_id, "她 10 月 5 日就扫了我的海报，一直是我在聊", f"distributor:{lina.distributor_id}")
    assert open_claims(shop) == [claim]
    for person in (lina, zhou):
        assert "归属有争议" in told(shop, person)[-1]
    says(lina, "争议进度", f"客户{taken:04d}（11月23日提出）：店铺在核对")

    decided(shop, taken, lina, "聊天记录在先")
    assert holder(shop, taken) == lina.distributor_id
    assert "客户归你。\n理由：聊天记录在先" in told(shop, lina)[-1]
    assert "客户不归你" in told(shop, zhou)[-1]
    says(lina, "争议进度", "归你，理由：聊天记录在先")
    says(lina, f"归属 {NO}", f"订单 {NO} 计给周*")


def test_a_claim_waits_and_is_not_made_twice(shop, lina, zhou, taken):
    for expected in ("已交给店铺裁定", "还在核对，不用重复提交"):
        lina.says(f"归属 {NO}")
        lina.says("1")
        says(lina, "她先扫了我的码", expected)
    assert len(open_claims(shop)) == 1
    decided(shop, taken, zhou, "系统记录清楚")
    lina.says(f"归属 {NO}")
    lina.says("1")
    says(lina, "她先扫了我的码啊", "已经裁定过", "系统记录清楚")
    assert open_claims(shop) == []


def test_who_has_the_customer_is_told_so(shop, lina, zhou, taken):
    said = says(zhou, f"归属 客户{taken:04d}", f"客户{taken:04d}现在归你", "你：成为客户")
    assert "我有异议" not in said
    assert "李*" in said
    zhou.says(f"归属有异议 客户{taken:04d}")
    says(zhou, "他一直是我的客户", "现在就归你，不用裁定")


def test_a_stranger_hears_nothing_of_order_customer_or_dispute(shop, lina, zhou, taken):
    wang = shop.chat.distributor("王芳", "o-wang")
    neutral = wang.says("为什么 E20269999999")
    assert wang.says(f"为什么 {NO}") == neutral.replace("E20269999999", NO)
    says(wang, f"归属 {NO}", "没有找到和你有关的订单")
    says(wang, f"归属 客户{taken:04d}", "没有和你有关的这位客户")
    says(wang, f"归属有异议 客户{taken:04d}", "没有和你有关的这位客户")
    assert open_claims(shop) == []
    says(wang, "争议进度", "没有和你有关的归属争议")


@pytest.mark.parametrize("words", ["客户被抢了", "我的客户怎么变成别人的了", "为什么这个客户不是我的了"])
def test_who_lost_customers_sees_which_and_why(shop, lina, zhou, taken, words):
    says(lina, words, "回复“归属”加订单号", f"1 客户{taken:04d}，11月4日")
    says(lina, "1", f"客户{taken:04d}现在归周*", "11月10日 10:00 周*：成为客户", "1 我有异议，请店铺裁定")


def test_who_lost_nobody_reads_the_rule(shop, lina):
    says(lina, "客户被抢了", "归属记录", "1 客户怎么算我的")


def test_an_order_with_a_code_says_that_the_code_decided(shop, lina, zhou):
    clicks(shop, lina, "11-19 10:00")
    shop.sold(zhou, "11-20 12:00", 8_900, no=NO, buyer_openid="o-buyer")
    shop.now("11-23 10:30")
    says(lina, f"归属 {NO}", f"订单 {NO} 计给周*：下单时带的是周*的推广码")


def test_a_long_story_fits_a_bubble(shop, lina, zhou, taken):
    for minute in range(30):
        clicks(shop, lina, f"11-12 09:{minute:02d}")
    says(lina, f"归属 客户{taken:04d}", "更早还有", "归属在下单那一刻定下")


def test_nobody_claims_himself(shop, lina):
    own = clicks(shop, lina, "11-19 10:00", openid="o-lina")
    shop.now("11-23 10:30")
    assert "我有异议" not in says(lina, f"归属 客户{own:04d}", "你：点了自己的推广")
    says(lina, f"归属有异议 客户{own:04d}", "自己不能成为自己的客户")
    with shop.chat.database.transaction() as session, pytest.raises(Refusal) as refused:
        customer_claims.claim(session, own, lina.distributor_id, words="我的", now=shop.chat.clock.now())
    assert refused.value.code == Code.SELF


def test_nobody_asks_to_be_served_by_himself(shop, lina, zhou):
    own = clicks(shop, zhou, "11-18 10:00", openid="o-lina")
    clicks(shop, lina, "11-19 10:00", openid="o-lina")
    shop.now("11-23 10:30")
    says(lina, "提交更换申请", "先扫一下那位的码")
    with shop.chat.database.transaction() as session, pytest.raises(Refusal) as refused:
        serving_wishes.ask(session, own, lina.distributor_id, now=shop.chat.clock.now())
    assert refused.value.code == Code.SELF


def test_a_merchants_reason_is_read_by_whom_it_speaks_of_alone(shop, lina, zhou, taken):
    with shop.chat.database.transaction() as session:
        now = shop.chat.clock.now()
        facts = {"policy": policy.in_force(session, 1, now), "by": "老板", "reason": "周航刷单，王女士投诉", "now": now}
        customer_moves.transfer(session, taken, lina.distributor_id, **facts)
    wang = shop.chat.distributor("王芳", "o-wang")
    clicks(shop, wang, "11-23 10:31")
    shop.now("11-23 10:40")
    assert "投诉" not in says(wang, f"归属 客户{taken:04d}", "李*：商家转移（", "你：点了推广")
    says(lina, f"归属 客户{taken:04d}", "你：商家转移（周航刷单，王女士投诉")
