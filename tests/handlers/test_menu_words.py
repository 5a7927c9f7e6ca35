"""The account's buttons and the menu's numbers do what they say after any message, and inside any question."""

import pytest
from dialogue_shop import says
from money_shop import lina_with, withdrawn

from app.custom_menu import BUTTONS

SAY = {
    "POSTER": "推哪一个",
    "LINK": "推广链接",
    "EARNINGS": "可提现 ¥326.40",
    "WITHDRAW": "请发要提的金额",
    "ORDERS": "单",
    "HELP": "1 生成海报",
}
NUMBERS = {
    "1": "推哪一个",
    "2": "推广链接",
    "3": "可提现 ¥326.40",
    "4": "请发要提的金额",
    "5": "单",
    "6": "还可以",
    "0": "1 生成海报",
}
QUESTIONS = ["提现100", "提现", "人工", "改手机号", "生成海报", "注销账号", "投诉", "提一万二"]


@pytest.fixture
def lina(shop):
    return lina_with(shop, available=32_640)


def keys():
    leaves = [leaf for button in BUTTONS for leaf in button.get("sub_button", [button])]
    return [leaf["key"] for leaf in leaves if leaf["type"] == "click"]


@pytest.mark.parametrize("key", keys())
def test_a_button_works_in_the_middle_of_every_question(shop, lina, key):
    for question in QUESTIONS:
        lina.says(question)
        assert SAY[key] in lina.taps(key), question
    lina.says("1")
    assert withdrawn(shop, lina) == []


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_works_after_the_menu_whatever_was_asked_before(lina, number):
    for question in QUESTIONS:
        lina.says(question)
        lina.says("取消")
        lina.says("菜单")
        says(lina, number, NUMBERS[number])
        lina.says("取消")


@pytest.mark.parametrize("word", ["菜单", "我的收益", "佣金规则", "我的工单"])
def test_a_word_is_answered_inside_every_question(lina, word):
    for question in QUESTIONS:
        lina.says(question)
        answer = says(lina, word, "")
        assert "没看懂" not in answer
