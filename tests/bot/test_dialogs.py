"""Who answers what, as people see it."""

import datetime as dt
from collections.abc import Callable

import pytest
from bot_parts import Someone, dispatcher_of, meanings
from little_shop import following, noted, router

from bot.dispatcher import Observation
from bot.messages import Told, Unknown, Viewed, Voice
from models.database import Database

UNDERSTAND = meanings(
    earnings="赚了多少呀",
    rules="佣金几个点",
    withdraw="想提点钱",
    cancel="算了不提了",
    confirm="好的",
    deny="不要",
    back="上一步",
)


@pytest.fixture
def observed() -> list[Observation]:
    return []


@pytest.fixture
def alice(sqlite_database: Database, clock, observed: list[Observation]) -> Someone:  # type: ignore[no-untyped-def]
    dispatcher = dispatcher_of(sqlite_database, clock, [router], understand=UNDERSTAND, observer=observed.append)
    return Someone(dispatcher, clock)


def test_words_patterns_and_meanings_find_their_handler(alice: Someone) -> None:
    alice.talks(
        ("规则", "佣金 10%"),
        ("规则！", "佣金 10%"),
        ("佣金几个点", "佣金 10%"),
        ("订单 E100", "订单 E100"),
        ("今天天气", "没看懂"),
        ("", "没看懂"),
    )


def test_a_question_leads_to_the_next_and_facts_come_back(alice: Someone, sqlite_database: Database) -> None:
    alice.talks(("提现", "提多少？"), ("２００", "提 200 元？"), ("1", "已提交 200 元"), ("1", "没看懂"))

    assert noted(sqlite_database, "paid") == 1


def test_a_wrong_answer_is_asked_again(alice: Someone) -> None:
    alice.talks(
        ("提现", "提多少？"),
        ("很多", "请发数字"),
        ("30", "提 30 元？"),
        ("好的", "回复 1 确认"),
        ("确认", "已提交 30 元"),
    )


def test_a_no_leaves_the_question_open(alice: Someone) -> None:
    alice.talks(("提现", "提多少？"), ("5", "不行：below_minimum"), ("50", "提 50 元？"))


def test_a_question_in_between_is_answered_and_the_step_asked_again(alice: Someone) -> None:
    alice.talks(
        ("提现", "提多少？"),
        ("规则", "佣金 10%\n\n提多少？"),
        ("佣金几个点", "佣金 10%\n\n提多少？"),
        ("订单 E1", "订单 E1\n\n提多少？"),
        ("30", "提 30 元？"),
        ("余额", "可提现 ¥60.00\n\n还提吗？"),
        ("只给分销员", "不行：not_a_distributor\n\n还提吗？"),
        ("1", "已提交 30 元"),
    )


def test_what_would_change_something_does_not_interrupt(alice: Someone, sqlite_database: Database) -> None:
    alice.talks(("提现", "提多少？"), ("写", "请发数字"), ("想提点钱", "请发数字"), ("30", "提 30 元？"))

    assert noted(sqlite_database, "written") == 0


def test_another_question_of_ours_replaces_the_open_one(alice: Someone) -> None:
    alice.talks(("提现", "提多少？"), ("换地址", "新地址？"), ("30", "搬到 30"))


@pytest.mark.parametrize("word", ["取消", "0", "退出", "０", "取消。", "算了不提了"])
def test_cancelling_closes_the_question(alice: Someone, word: str) -> None:
    alice.talks(("提现", "提多少？"), (word, "已退出"), ("200", "没看懂"))


def test_a_step_may_have_its_own_parting_words(alice: Someone, sqlite_database: Database) -> None:
    alice.talks(("提现", "提多少？"), ("30", "提 30 元？"), ("0", "没有提 30 元"), ("1", "没看懂"))
    alice.talks(("提现", "提多少？"), ("40", "提 40 元？"), ("算了不提了", "没有提 40 元"))

    assert noted(sqlite_database, "paid") == 0


@pytest.mark.parametrize("word", ["不要", "上一步"])
def test_no_and_back_are_for_the_step(alice: Someone, word: str) -> None:
    alice.talks(("换地址", "新地址？"), (word, f"搬到 {word}"))


def test_an_offer_never_insists(alice: Someone) -> None:
    alice.talks(("余额", "可提现 ¥60.00\n\n1 提现\n2 明细"), ("2", "明细在此"), ("2", "没看懂"))
    alice.talks(("余额", "可提现 ¥60.00\n\n1 提现\n2 明细"), ("佣金几个点", "佣金 10%"), ("2", "没看懂"))
    alice.talks(("余额", "可提现 ¥60.00\n\n1 提现\n2 明细"), ("写", "第 1 次"), ("2", "没看懂"))
    alice.talks(("余额", "可提现 ¥60.00\n\n1 提现\n2 明细"), ("提现", "提多少？"), ("2", "提 2 元？"))


@pytest.mark.parametrize(
    "elsewhere", [lambda a: a.taps("BALANCE"), lambda a: a.scans("d7"), lambda a: a.follows(), lambda a: a.leaves()]
)
def test_a_tap_or_a_scan_closes_the_question(alice: Someone, elsewhere: Callable[[Someone], str]) -> None:
    alice.talks(("提现", "提多少？"))
    elsewhere(alice)

    assert alice.says("200") == "没看懂"


def test_a_picture_or_a_report_leaves_the_question_open(alice: Someone) -> None:
    alice.talks(("提现", "提多少？"))
    assert alice.sends() == "收到图片"
    assert alice.hears_of("masssendjobfinish") == ""

    alice.talks(("200", "提 200 元？"))


@pytest.mark.parametrize(("minutes", "said"), [(4.9, "已提交 30 元"), (5.1, "已过期")])
def test_a_money_question_lives_five_minutes(alice: Someone, clock, minutes: float, said: str) -> None:  # type: ignore[no-untyped-def]
    alice.talks(("提现", "提多少？"), ("30", "提 30 元？"))
    clock.advance(minutes=minutes)

    alice.talks(("1", said))


@pytest.mark.parametrize(("minutes", "said"), [(9.9, "提 30 元？"), (10.1, "已过期")])
def test_any_other_question_lives_ten_minutes(alice: Someone, clock, minutes: float, said: str) -> None:  # type: ignore[no-untyped-def]
    alice.talks(("提现", "提多少？"))
    clock.advance(minutes=minutes)

    alice.talks(("30", said))


def test_a_lapsed_question_is_mentioned_once_and_only_to_an_answer(alice: Someone, clock) -> None:  # type: ignore[no-untyped-def]
    alice.talks(("提现", "提多少？"))
    clock.advance(dt.timedelta(hours=1))
    alice.talks(("好的", "已过期"), ("好的", "没看懂"), ("提现", "提多少？"))
    clock.advance(dt.timedelta(hours=1))

    alice.talks(("规则", "佣金 10%"))


def test_speech_is_as_good_as_typing(alice: Someone) -> None:
    heard = alice.gives(alice.message(Voice, recognition="规则。"))
    silent = alice.gives(alice.message(Voice))

    assert (heard, silent) == ("佣金 10%", "没看懂")


def test_what_nobody_takes_is_passed_over(alice: Someone, observed: list[Observation]) -> None:
    for kind, fields in ((Viewed, {"url": "x"}), (Unknown, {"kind": "x"}), (Told, {"name": "location"})):
        assert alice.gives(alice.message(kind, **fields)) == ""

    assert observed == []


def test_only_a_message_that_writes_makes_a_member(alice: Someone, sqlite_database: Database) -> None:
    alice.says("规则")
    assert not following(sqlite_database, "oAlice")

    alice.says("写")

    assert following(sqlite_database, "oAlice")


def test_a_trace_tells_who_answered_what(alice: Someone, observed: list[Observation]) -> None:
    alice.says("佣金几个点")
    alice.says("提现")

    told = [(each.openid, each.handler, each.intent, each.reply, each.inbox_key) for each in observed]
    assert told == [
        ("oAlice", "little_shop.rules", "rules", "佣金 10%", "oAlice:1"),
        ("oAlice", "little_shop.begin", None, "提多少？", "oAlice:2"),
    ]
