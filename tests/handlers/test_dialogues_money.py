"""Model dialogues about earnings: the purse, spans of days, what is pending and when, what came back."""

import pytest
from dialogue_shop import says


@pytest.fixture
def lina(shop):
    """李娜 with ¥1,725.10 earned so far; it is 11月23日 10:30."""
    who = shop.chat.distributor("李娜", "o-lina")
    shop.sold(who, "08-01", 1_291_800, received="08-03")
    for day in range(10):
        shop.sold(who, f"10-0{1 + day % 7} 12:0{day}", 12_000, received="10-10")
    shop.sold(who, "10-07 20:00", 18_200, received="10-10")
    shop.sold(who, "11-03", 75_200, received="11-05")
    shop.sold(who, "11-09", 8_600, received="11-11")
    for minute in range(5):
        shop.sold(who, f"11-11 09:0{minute}", 10_520, received="11-13")
    shop.settles("11-22")
    shop.paid_out(who, 124_000, "11-22 12:00")
    shop.sold(who, "10-31", 10_800, received="11-21")
    shop.sold(who, "11-14", 35_300, received="11-18")
    shop.sold(who, "11-16", 6_700, received="11-18")
    shop.sold(who, "11-17", 60_600, received="11-21")
    shop.sold(who, "11-20", 27_500)
    for time in ("09:15", "10:02"):
        shop.sold(who, f"11-23 {time}", 8_900)
    shop.now("11-23 10:30")
    return who


def test_07_the_overview_adds_up_and_offers_the_next_steps(lina):
    said = says(lina, "我的收益", "可提现 ¥326.40", "待结算 ¥158.70（7 单）", "已提现 ¥1,240.00", "累计 ¥1,725.10")

    assert "本月 ¥284.30，今天 ¥17.80（11月23日 10:30）" in said
    assert said.endswith("1 提现\n2 待结算明细\n3 按月看")


def test_07_a_week_is_compared_with_the_one_before_and_its_best_day_named(lina):
    says(
        lina, "上上周赚了多少钱", "上上周（11月9日~11月15日）收益 ¥96.50，7 单", "已结算 ¥61.20，待结算 ¥35.30",
        "比再前一周多 ¥21.30", "其中11月11日一天 ¥52.60",
    )  # fmt: skip


def test_07_what_is_pending_is_listed_by_the_day_it_comes(lina):
    says(
        lina, "待结算的还有多少", "待结算 ¥158.70，7 单", "满 7 天", "11月25日前后 ¥42.00", "11月28日前后 ¥71.40",
        "等客户收货 ¥45.30（3 单）", "客户退款会相应减少",
    )  # fmt: skip


def test_07_a_holiday_leads_to_its_orders(lina):
    lina.says("待结算的还有多少")
    says(lina, "那国庆那几天呢", "国庆（10月1日~10月7日）收益 ¥138.20，11 单", "已全部结算", "1 看这 11 单", "2 按月看")
    says(lina, "1", "11 单", "佣金共 ¥138.20", "还有 6 单", "1 下一页")
    says(lina, "1", "佣金共 ¥138.20", "还有 1 单")


def test_07_by_month(lina):
    lina.says("我的收益")
    says(lina, "3", "11月 ¥284.30", "10月 ¥149.00，12 单", "8月 ¥1,291.80，1 单")


def test_08_the_money_that_arrived_is_told_with_what_is_left(lina):
    says(lina, "提现到账了吗", "到了。¥1,240.00", "11月22日 12:00 已进你的微信零钱", "现在可提现 ¥326.40", "1 提现记录")


def test_12_a_waiting_transfer_shows_its_link_and_deadline(shop, lina):
    shop.paid_out(lina, 20_000, "11-23 15:20", until="WAIT_USER_CONFIRM")
    shop.now("11-23 16:00")
    says(lina, "提现进度", "¥200.00", "就等你确认收款（11月24日 15:20 前）", "去确认收款", "钱不会丢", "1 撤回这笔")


def test_13_a_transfer_that_lapsed_is_where_it_was(shop, lina):
    shop.paid_out(lina, 20_000, "11-23 15:32", until="CANCELLED")
    shop.now("11-23 16:00")
    says(
        lina,
        "那个收款页面说已失效，我的钱呢",
        "钱没丢。¥200.00",
        "退回你的可提现",
        "原因",
        "现在可提现 ¥326.40",
        "1 重新提 ¥200.00",
    )


def test_14_the_rule_of_refunds_is_told_with_an_example(lina):
    says(lina, "退款了佣金怎么扣", "还没结算", "已经结算", "付 ¥100.00 佣金 ¥10.00，退 ¥40.00，扣 ¥4.00", "不用你掏钱")


def test_07_one_question_leads_to_the_next(lina):
    says(lina, "我的收益", "可提现 ¥326.40", "累计 ¥1,725.10", "3 按月看")
    says(lina, "上上周赚了多少钱", "收益 ¥96.50，7 单", "2 按月看")
    says(lina, "待结算的还有多少", "待结算 ¥158.70", "日期是预计")
    says(lina, "那国庆那几天呢", "国庆（10月1日~10月7日）收益 ¥138.20，11 单", "1 看这 11 单", "2 按月看")
    says(lina, "0", "1 生成海报")
