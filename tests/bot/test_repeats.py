"""Repeats, crashes, poison and disorder: one message has one effect and one answer."""

import datetime as dt
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import pytest
from bot_parts import Someone, dispatcher_of
from little_shop import following, noted, router
from sqlalchemy.exc import OperationalError

from bot.context import Context
from bot.conversation import MemoryConversations
from bot.dispatcher import Busy, Dispatcher
from bot.messages import Followed, Left, Said
from bot.redis_conversation import RedisConversations, connect
from bot.replies import Ask, Reply, Text, shown
from bot.router import Router
from distribution import inbox
from models.database import Database, DatabaseDown


def someone(database: Database, clock: Any, **parts: Any) -> Someone:
    return Someone(dispatcher_of(database, clock, [router], **parts), clock)


def test_a_repeat_is_answered_the_same_and_changes_nothing(database: Database, clock: Any) -> None:
    alice = someone(database, clock)
    message = alice.message(Said, text="写")

    answers = {alice.gives(message) for _ in range(5)}

    assert answers == {"第 1 次"}
    assert noted(database) == 1


def test_a_repeat_after_a_crash_before_the_answer_is_answered_the_same(database: Database, clock: Any) -> None:
    alice = someone(database, clock)
    message = alice.message(Said, text="写")
    alice.gives(message)
    alice.says("写")

    after = someone(database, clock)

    assert after.gives(message) == "第 1 次"
    assert noted(database) == 2


def test_a_repeat_a_year_later_changes_nothing(database: Database, clock: Any) -> None:
    alice = someone(database, clock)
    message = alice.message(Said, text="写")
    alice.gives(message)
    clock.advance(dt.timedelta(days=400))

    assert someone(database, clock).gives(message) == "第 1 次"
    assert noted(database) == 1


def test_a_crash_does_not_lose_the_question_of_the_repeated_answer(database: Database, clock: Any) -> None:
    first = someone(database, clock)
    message = first.message(Said, text="提现")
    first.gives(message)

    again = someone(database, clock)
    again.gives(message)

    assert again.gives(again.message(Said, text="30", key="k9")) == "提 30 元？"


def test_an_answer_that_is_repeated_does_not_answer_the_next_question(database: Database, clock: Any) -> None:
    """The confirmation came twice; the process that answered first is gone."""
    first = someone(database, clock)
    first.talks(("提现", "提多少？"), ("30", "提 30 元？"))
    message = first.message(Said, text="1")
    first.gives(message)
    second = someone(database, clock)
    second.gives(second.message(Said, text="换地址", key="k9"))

    assert second.gives(message) == "已提交 30 元"
    assert second.gives(second.message(Said, text="杭州", key="k10")) == "搬到 杭州"


@pytest.mark.parametrize("shared", [False, pytest.param(True, marks=pytest.mark.redis)])
def test_a_thousand_repeats_at_64_threads_have_one_effect(
    database: Database, clock: Any, shared: bool, request: pytest.FixtureRequest
) -> None:
    redis_url = request.getfixturevalue("redis_url") if shared else ""
    parts = {"conversations": RedisConversations(connect(redis_url))} if shared else {}
    processes = [someone(database, clock, **parts).dispatcher for _ in range(2)]
    message = someone(database, clock).message(Said, text="写")

    with ThreadPoolExecutor(64) as threads:
        answers = Counter(threads.map(lambda n: answered(processes[n % 2], message), range(1000)))

    assert set(answers) <= {"第 1 次", ""}
    assert answers["第 1 次"] > 900
    assert noted(database) == 1


def answered(dispatcher: Dispatcher, message: Said) -> str:
    return shown(dispatcher.answer(message))


def test_a_second_delivery_waits_for_the_first(sqlite_database: Database, clock: Any) -> None:
    slow, working = Router(), threading.Event()
    hold = threading.Event()

    @slow.text("慢")
    def handler(ctx: Context) -> Reply:
        working.set()
        hold.wait(2)
        return Text("好了")

    alice = Someone(dispatcher_of(sqlite_database, clock, [slow]), clock)
    message = alice.message(Said, text="慢")
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(answered, alice.dispatcher, message)
        working.wait(2)
        second = threads.submit(answered, alice.dispatcher, message)
        hold.set()

        assert (first.result(), second.result()) == ("好了", "好了")


def test_a_no_leaves_nothing_behind(database: Database, clock: Any) -> None:
    alice = someone(database, clock)

    assert alice.says("拒绝") == "不行：sold_out"
    assert noted(database) == 0


@pytest.mark.parametrize("text", ["坏", "坏读", "空", "坏事实"])
def test_poison_is_set_apart_with_its_cause_and_the_next_message_flows(
    database: Database, clock: Any, text: str
) -> None:
    alice = someone(database, clock)
    message = alice.message(Said, text=text)

    answers = {alice.gives(message), alice.gives(message), someone(database, clock).gives(message)}

    assert answers == {"没处理好"}
    assert noted(database) == 0
    with database.reading() as session:
        (row,) = inbox.quarantined(session)
        assert inbox.count_quarantined(session) == 1
    assert row.message["text"] == text
    assert "little_shop.py" in row.error or "gave no reply" in row.error or "not JSON serializable" in row.error
    assert alice.says("写") == "第 1 次"


def test_poison_in_a_dialog_leaves_the_question_open(sqlite_database: Database, clock: Any) -> None:
    fragile, broken = Router(), [True]

    @fragile.text("开始", reads=True)
    def start(ctx: Context) -> Reply:
        return Ask("go", "好吗？")

    @fragile.step("go")
    def go(ctx: Context, said: str) -> Reply:
        if broken.pop():
            raise OSError("once")
        return Text("走")

    broken.insert(0, False)
    alice = Someone(dispatcher_of(sqlite_database, clock, [fragile]), clock)

    alice.talks(("开始", "好吗？"), ("好", "没处理好"), ("好", "走"))


def test_who_writes_follows_even_when_only_reading(database: Database, clock: Any) -> None:
    alice = someone(database, clock)
    alice.follows()
    alice.leaves()
    clock.advance(dt.timedelta(minutes=1))

    assert alice.says("余额").startswith("可提现 ¥60.00")
    assert following(database, "oAlice")


@pytest.mark.parametrize("first", ["follow", "leave"])
def test_the_newest_event_decides_whatever_its_order(database: Database, clock: Any, first: str) -> None:
    alice = someone(database, clock)
    followed = alice.message(Followed, at=clock.now())
    left = alice.message(Left, at=clock.now() + dt.timedelta(seconds=30))

    for event in (followed, left) if first == "follow" else (left, followed):
        alice.gives(event)

    assert not following(database, "oAlice")


def test_nobody_reads_an_answer_to_leaving(database: Database, clock: Any) -> None:
    assert someone(database, clock).leaves() == ""


def test_two_events_of_one_second_both_count(database: Database, clock: Any) -> None:
    alice = someone(database, clock)
    alice.follows("d7", key="o:1:subscribe:qrscene_d7")
    alice.scans("d7")

    assert following(database, "oAlice")
    assert noted(database, "scanned") == 1


class Down(Database):
    """A database that is out of reach while `out` is set."""

    out = False

    def reading(self) -> Any:
        self._check()
        return super().reading()

    def transaction(self) -> Any:
        self._check()
        return super().transaction()

    def _check(self) -> None:
        if self.out:
            raise DatabaseDown("gone")


def test_a_lost_database_means_later_and_nothing_is_remembered(database_url: str, clock: Any) -> None:
    database = Down(database_url)
    alice = someone(database, clock)
    messages = [alice.message(Said, text=text) for text in ("写", "规则")]
    database.out = True
    for message in messages:
        with pytest.raises(Busy):
            alice.gives(message)
    database.out = False

    assert [alice.gives(message) for message in messages] == ["第 1 次", "佣金 10%"]
    database.close()


def test_a_passing_conflict_of_the_database_is_no_poison(sqlite_database: Database, clock: Any) -> None:
    class Deadlock(Exception):
        sqlstate = "40P01"

    unlucky = Router()

    @unlucky.text("撞")
    def handler(ctx: Context) -> Reply:
        raise OperationalError("update", {}, Deadlock())

    alice = Someone(dispatcher_of(sqlite_database, clock, [unlucky]), clock)

    with pytest.raises(Busy):
        alice.says("撞")
    with sqlite_database.reading() as session:
        assert inbox.count_quarantined(session) == 0


def test_when_every_desk_is_taken_a_flood_of_one_person_is_passed_over(sqlite_database: Database, clock: Any) -> None:
    began, go_on = threading.Event(), threading.Event()
    slow = Router()

    @slow.text("慢", reads=True)
    def handler(ctx: Context) -> Reply:
        began.set()
        go_on.wait(3)
        return Text("好了")

    conversations = MemoryConversations(most_per_minute=3)
    dispatcher = dispatcher_of(sqlite_database, clock, [router, slow], conversations=conversations, at_once=1)
    noisy, calm = Someone(dispatcher, clock, "oNoisy"), Someone(dispatcher, clock, "oCalm")
    with ThreadPoolExecutor(8) as pool:
        waiting = pool.submit(calm.says, "慢")
        began.wait(3)
        flood = [pool.submit(noisy.says, "规则") for _ in range(6)]
        wait(flood, timeout=0.5)
        go_on.set()
        heard = sorted(each.result() for each in flood)

    assert heard == [""] * 3 + ["佣金 10%"] * 3
    assert waiting.result() == "好了"


def test_while_a_desk_is_free_nobody_is_counted(sqlite_database: Database, clock: Any) -> None:
    conversations = MemoryConversations(most_per_minute=3)
    noisy = Someone(dispatcher_of(sqlite_database, clock, [router], conversations=conversations), clock, "oNoisy")

    assert [noisy.says("规则") for _ in range(6)] == ["佣金 10%"] * 6


def test_an_observer_that_fails_costs_no_answer(sqlite_database: Database, clock: Any) -> None:
    def fail(_: Any) -> None:
        raise ValueError("trace")

    assert someone(sqlite_database, clock, observer=fail).says("规则") == "佣金 10%"
