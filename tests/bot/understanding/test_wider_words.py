"""Ways of saying that stand for many sentences: counted posters, keeping customers, using goods, being told, sighs."""

import datetime as dt

import pytest

from bot.understanding import understand

TODAY = dt.date(2026, 11, 23)


def intent_of(text: str) -> str:
    return understand(text, TODAY).intent


@pytest.mark.parametrize(
    ("text", "goods"),
    [
        ("一张面霜一张眼霜", ["面霜", "眼霜"]),
        ("要两张 一张羽绒服一张毛衣", ["羽绒服", "毛衣"]),
        ("做一张口红一张面膜的海报", ["口红", "面膜"]),
        ("燕窝来一张 枸杞来一张", ["燕窝", "枸杞"]),
        ("海报要三张：面膜、口红、防晒", ["面膜", "口红", "防晒"]),
    ],
)
def test_posters_counted_apart_are_one_each(text, goods) -> None:
    found = understand(text, TODAY)
    wishes = [(found.intent, found.slots), *((each.intent, each.slots) for each in found.also)]

    assert wishes == [("poster", {"product": name}) for name in goods]


@pytest.mark.parametrize(
    "text",
    [
        "客户隔多久算流失",
        "客户几个月没买就掉了",
        "老客户过多长时间就不是我的了",
        "一个客户能绑几个人",
        "粉丝多少天自动解绑",
    ],
)
def test_how_long_a_customer_stays_is_a_rule_about_binding(text) -> None:
    found = understand(text, TODAY)

    assert (found.intent, found.slots) == ("rules", {"topic": "bind"})


@pytest.mark.parametrize("text", ["面膜怎么敷", "面膜敷多久合适", "面膜怎么涂", "面膜孕妇能用吗", "面膜哺乳期可以用吗"])
def test_how_goods_are_used_asks_about_the_goods(text) -> None:
    found = understand(text, TODAY)

    assert (found.intent, found.slots.get("product")) == ("products", "面膜")


@pytest.mark.parametrize("text", ["出单的时候提醒我一下", "有人下单了告诉我", "佣金到了就通知我一声", "下单之后提醒我"])
def test_who_wants_to_be_told_subscribes(text) -> None:
    assert intent_of(text) == "subscribe"


@pytest.mark.parametrize("text", ["挣钱好难啊", "做分销太累了", "客户真难伺候", "卖货越来越难做了"])
def test_a_sigh_asks_for_nothing(text) -> None:
    assert intent_of(text) == "other"


@pytest.mark.parametrize(
    ("text", "topic"),
    [("蜂蜜返多少", "rate"), ("卖两百的货给我多少", "rate"), ("你们有执照没", "legal"),
     ("客户会丢吗", "bind"), ("冻结是为什么", "settle"), ("发视频违规吗", "legal"), ("提现是什么意思", "withdraw"),
     ("电热毯能提多少成", "rate"), ("我拉的人卖货我有钱拿吗", "rate"),
     ("我给自己下一单能返吗", "self_buy"), ("七天无理由过了才结吗", "settle")],
)  # fmt: skip
def test_a_rule_is_asked_for_in_few_words(text, topic) -> None:
    found = understand(text, TODAY)

    assert (found.intent, found.slots["topic"]) == ("rules", topic)


@pytest.mark.parametrize(
    "text", ["到手的佣金有多少", "要一张有我头像和码的图", "带参数的链接有没有", "这个合法吗 会不会被抓"]
)
def test_what_only_describes_is_no_product(text) -> None:
    assert "product" not in understand(text, TODAY).slots


def test_a_question_that_ends_with_not_yet_is_a_wish_of_its_own() -> None:
    found = understand("今天开单没，海报也给我一张", TODAY)

    assert (found.intent, [each.intent for each in found.also]) == ("orders", ["poster"])


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("签收了几单", "completed"),
        ("发货了多少单", "shipped"),
        ("取消了几单", "closed"),
        ("发出去的货有哪些", "shipped"),
    ],
)
def test_orders_are_counted_by_what_became_of_them(text, status) -> None:
    found = understand(text, TODAY)

    assert (found.intent, found.slots.get("status")) == ("orders", status)
