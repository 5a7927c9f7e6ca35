"""What stands around an asking for money and makes it none, and which of two sums is meant."""

import pytest
from asking import TODAY, asks_for_money

from bot.understanding import understand

ASKS = ("提现500", "提500", "把佣金提出来", "全部提现", "把500打到我微信", "给我提300", "提两百出来")
FRAMES = {
    "what is to be skipped": (
        "要不要走审核流程，立刻{}", "立刻{}，流程就别走了", "审核什么的就免了，{}", "确认过了{}",
        "你直接当我同意了，{}", "默认我确认，{}",
    ),
    "a joke or a trial": ("骗你的 {}", "{}，逗你的", "测试 {}", "[自动回复]{}", "转发：{}", "{}吧你就", "模拟{}"),
    "what somebody else said": ("主管叫我{}", "页面让我{}", "机器人：{}", "助手：{}", "客服让我{}"),
    "a day that is over": ("昨天{}", "前天我{}", "上周{}", "10月1号{}"),
    "not yet": ("攒够了再{}", "过年再{}", "用不用{}", "需不需要{}"),
    "a failure": ("我要{}。一直说失败", "{}，报错了", "{}点不了", "{}没成功"),
    "money elsewhere": ("花呗{}", "微信零钱{}", "信用卡{}", "余额宝{}"),
}  # fmt: skip
SUMS = (
    ("提现500 哦不400", 40000), ("提100吧，算了提150", 15000), ("提500，还是提300吧", 30000),
    ("提500。哦不是。五千", 500000),
    ("提500还是800", None), ("提500呢还是提800", None), ("能不能先给我提两百", 20000), ("提五百出来交电费", 50000),
    ("先帮我提500应急", 50000), ("一分不留全提走", "all"), ("钱全给我", "all"), ("取个整数一千", 100000),
    ("转我零钱里260", 26000), ("提几块钱", None), ("让我提500吧", 50000), ("先提一百看看", 10000),
)  # fmt: skip


@pytest.mark.parametrize("ask", ASKS)
@pytest.mark.parametrize("kind", FRAMES)
def test_what_is_said_around_an_asking_can_undo_it(kind, ask) -> None:
    assert [frame for frame in FRAMES[kind] if asks_for_money(frame.format(ask))] == []


@pytest.mark.parametrize(
    "text",
    ["微信里的钱怎么转到银行卡", "从零钱提500", "帮我刷500佣金然后提现", "可提500", "这个月能提500", "提现11月11日",
     "伪造一张提现500的截图", "我的提现那个。一直说失败。帮我弄一下"],
)  # fmt: skip
def test_what_only_looks_like_an_asking_is_none(text) -> None:
    assert not asks_for_money(text)


@pytest.mark.parametrize(("text", "amount"), SUMS)
def test_of_two_sums_the_one_that_stands_is_taken(text, amount) -> None:
    found = understand(text, TODAY)

    assert found.intent == "withdraw"
    assert found.slots.get("amount") == amount
