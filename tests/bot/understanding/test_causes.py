"""What people's ways of writing change nothing of: figures apart, sounds, things in a row, names that look alike."""

import datetime as dt
from typing import Any

import pytest

from bot.understanding import understand

TODAY = dt.date(2026, 11, 23)


def heard(text: str) -> tuple[str, dict[str, Any]]:
    found = understand(text, TODAY)
    return found.intent, {name: value for name, value in found.slots.items() if name != "period"}


@pytest.mark.parametrize(
    ("apart", "together"),
    [
        ("提 2 0 0", "提200"), ("查单号 20261115 0033 4455", "查单号 2026111500334455"),
        ("订单号 E2026 1120 150301", "订单号 E20261120150301"), ("最近 7 天收益", "最近7天收益"),
        ("zuijin 7 tian shouyi", "最近7天收益"), ("尾號8866發貨了嗎", "尾号8866发货了吗"), ("提現五佰元", "提现五百元"),
    ],
)  # fmt: skip
def test_figures_are_the_same_however_they_are_typed(apart, together) -> None:
    assert understand(apart, TODAY).slots == understand(together, TODAY).slots


@pytest.mark.parametrize(
    ("latin", "intent"),
    [("yong jin duo shao", "earnings"), ("haibao mianmo", "poster"), ("ke ti xian duo shao", "earnings"),
     ("yi fa huo", "orders"), ("guize shuoming", "rules"), ("not this one", "deny")],
)  # fmt: skip
def test_latin_words_are_read_with_the_fewest_words(latin, intent) -> None:
    assert heard(latin)[0] == intent


@pytest.mark.parametrize(
    "goods", ["豆浆机", "洗地机", "扫地机器人", "太阳镜", "点读笔", "双肩包", "拼图", "老花镜", "垃圾袋"]
)
@pytest.mark.parametrize(
    ("frame", "intent"), [("{}的海报", "poster"), ("卖{}赚了多少", "earnings"), ("{}还有货吗", "products")]
)
def test_names_of_goods_are_left_whole(frame, intent, goods) -> None:
    assert heard(frame.format(goods)) == (intent, heard(frame.format("面膜"))[1] | {"product": goods})


@pytest.mark.parametrize("thing", ["燕麦棒", "即食海蜇", "无线鼠标"])
def test_unknown_goods_can_be_asked_for(thing) -> None:
    assert heard(f"你们有没有{thing}") == ("products", {"product": thing})


@pytest.mark.parametrize("not_wanted", ["要紫砂壶的不要玻璃杯的海报", "别要玻璃杯的 给我紫砂壶的海报"])
def test_what_is_not_wanted_is_not_the_product(not_wanted) -> None:
    assert heard(not_wanted) == ("poster", {"product": "紫砂壶"})


@pytest.mark.parametrize(
    ("text", "first", "then"),
    [("我这周的订单和佣金", "orders", "earnings"), ("看下客户 再看看团队", "customers", "team"),
     ("订单查一下，再看看提现到账没", "orders", "withdrawal_status")],
)  # fmt: skip
def test_things_named_together_are_wishes_in_their_order(text, first, then) -> None:
    found = understand(text, TODAY)

    assert (found.intent, [request.intent for request in found.also]) == (first, [then])


@pytest.mark.parametrize(
    "text",
    [
        "退订",
        "只要提现到账的通知，别的都关了",
        "只留提现通知",
        "除了提现进度其他通知都关掉",
        "其他消息别发",
        "只要提现进度的提醒",
    ],
)
def test_nothing_but_money_is_the_same_wish_as_no_notices(text) -> None:
    assert heard(text)[0] == "unsubscribe"


@pytest.mark.parametrize(
    ("text", "topic"),
    [("客户会不会被别人抢走", "bind"), ("客户退款我要倒贴吗", "refund"), ("为什么我的佣金是冻结的", "settle"),
     ("签收几天后可以提现", "settle"), ("卖200的东西我能赚多少", "rate"), ("别人买了我有多少钱", "rate"),
     ("你们几级分销", "rate"), ("提现是秒到吗", "withdraw"), ("老公用我的码买算佣金吗", "self_buy")],
)  # fmt: skip
def test_a_question_about_a_rule_is_no_report_and_no_wish(text, topic) -> None:
    assert heard(text) == ("rules", {"topic": topic})


@pytest.mark.parametrize("day", ["昨天", "上周", "10月1号"])
def test_a_withdrawal_told_of_a_day_that_is_over_is_asked_after(day) -> None:
    assert heard(f"我{day}提现500") == ("withdrawal_status", {"amount": 50000})
    assert heard(f"{day}提200")[0] == "withdrawal_status"
    assert heard("今天先提五十") == ("withdraw", {"amount": 5000})


@pytest.mark.parametrize(
    "text",
    ["京东客服电话", "滴滴怎么投诉", "怎么注册公司", "申请信用卡", "微信怎么注销", "天猫佣金几号结", "怎么发布商品",
     "帮我查我老公赚了多少", "网赌提款审核不通过", "提升自己的能力", "中奖了点链接", "我店里怎么装分销 给我店用"],
)  # fmt: skip
def test_other_companies_offices_and_purses_are_none_of_this_shop(text) -> None:
    assert heard(text)[0] == "other"


@pytest.mark.parametrize("said", ["上周一共出了几单", "上周共出了几单"])
def test_a_word_that_begins_like_a_weekday_names_no_day(said) -> None:
    assert understand(said, TODAY).slots["period"] == (dt.date(2026, 11, 16), dt.date(2026, 11, 23))
