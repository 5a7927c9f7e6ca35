"""One suite for every way to keep conversations; then what only Redis can suffer."""

import datetime as dt
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from flaky_line import FlakyLine

from bot.conversation import KEEP, Conversations, Late, MemoryConversations, Question
from bot.redis_conversation import RedisConversations, connect

UNTIL = dt.datetime(2026, 11, 23, 2, 5, tzinfo=dt.UTC)
ASKED = Question("withdrawal.amount", "多少？", UNTIL, 5, {"fen": 2000}, offer=False)


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.redis)])
def conversations(request: pytest.FixtureRequest) -> Conversations:
    if request.param == "memory":
        return MemoryConversations(seconds=0.3, most_waiting=4, most_per_minute=5)
    client = connect(request.getfixturevalue("redis_url"))
    return RedisConversations(client, seconds=0.3, most_waiting=4, most_per_minute=5)


def test_a_question_stays_until_it_is_answered(conversations: Conversations) -> None:
    conversations.finish(conversations.begin("o1", "k1"), ASKED, {"kind": "silence"})
    turn = conversations.begin("o1", "k2")
    assert turn.question == ASKED
    conversations.finish(turn, KEEP, None)
    turn = conversations.begin("o1", "k3")
    assert turn.question == ASKED
    conversations.finish(turn, None, None)

    assert conversations.begin("o1", "k4").question is None


def test_questions_of_two_people_do_not_mix(conversations: Conversations) -> None:
    conversations.finish(conversations.begin("o1", "k1"), ASKED, None)

    assert conversations.begin("o2", "k2").question is None


def test_a_repeat_gets_the_answer_and_holds_nothing(conversations: Conversations) -> None:
    conversations.finish(conversations.begin("o1", "k1"), None, {"kind": "text", "text": "好"})

    turn = conversations.begin("o1", "k1")
    again = conversations.begin("o1", "k1")

    assert turn.answer == again.answer == {"kind": "text", "text": "好"}
    assert not turn.held


def test_a_message_without_an_answer_may_come_again(conversations: Conversations) -> None:
    conversations.finish(conversations.begin("o1", "k1"), KEEP, None)

    assert conversations.begin("o1", "k1").held


def test_the_second_message_waits_for_the_first(conversations: Conversations) -> None:
    first = conversations.begin("o1", "k1")
    timer = threading.Timer(0.1, conversations.finish, (first, ASKED, None))
    timer.start()

    second = conversations.begin("o1", "k2")

    assert second.question == ASKED
    timer.join()


def test_a_repeat_that_comes_meanwhile_waits_for_the_answer(conversations: Conversations) -> None:
    first = conversations.begin("o1", "k1")
    timer = threading.Timer(0.1, conversations.finish, (first, None, {"kind": "text", "text": "好"}))
    timer.start()

    assert conversations.begin("o1", "k1").answer == {"kind": "text", "text": "好"}
    timer.join()
    assert conversations.begin("o1", "k2").held


def test_who_waits_too_long_is_late(conversations: Conversations) -> None:
    conversations.begin("o1", "k1")

    with pytest.raises(Late) as other:
        conversations.begin("o1", "k2")
    with pytest.raises(Late) as same:
        conversations.begin("o1", "k1")

    assert (other.value.repeat, same.value.repeat) == (False, True)


def test_nobody_waits_behind_a_full_queue(conversations: Conversations) -> None:
    conversations.begin("o1", "k0")
    waiting = [threading.Thread(target=late, args=(conversations, f"k{n}")) for n in range(1, 5)]
    for thread in waiting:
        thread.start()
    time.sleep(0.05)

    began = time.monotonic()
    late(conversations, "k9")

    assert time.monotonic() - began < 0.1
    for thread in waiting:
        thread.join()


def late(conversations: Conversations, key: str) -> None:
    with pytest.raises(Late):
        conversations.begin("o1", key)


def test_a_flood_is_passed_over_but_events_are_not(conversations: Conversations) -> None:
    turns = [conversations.begin("o1", f"k{n}", counted=True) for n in range(1)]
    conversations.finish(turns[0], None, None)
    for number in range(1, 5):
        conversations.finish(conversations.begin("o1", f"k{number}", counted=True), None, None)

    assert conversations.begin("o1", "k6", counted=True).flooded
    event = conversations.begin("o1", "k7")
    assert event.held
    conversations.finish(event, None, None)
    assert conversations.begin("o2", "k8", counted=True).held


def test_messages_of_one_person_are_worked_on_one_by_one(conversations: Conversations) -> None:
    at_work, most, mutex = 0, 0, threading.Lock()

    def work(number: int) -> None:
        nonlocal at_work, most
        turn = conversations.begin("o1", f"k{number}")
        with mutex:
            at_work += 1
            most = max(most, at_work)
        time.sleep(0.01)
        with mutex:
            at_work -= 1
        conversations.finish(turn, KEEP, None)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == 1


def test_memory_forgets_the_oldest_answers() -> None:
    memory = MemoryConversations(most_answers=2)
    for number in range(3):
        memory.finish(memory.begin("o1", f"k{number}"), None, {"n": number})

    assert memory.begin("o1", "k2").answer == {"n": 2}
    assert memory.begin("o1", "k0").held


@pytest.fixture
def line(redis_url: str, tmp_path: Path) -> Iterator[FlakyLine]:
    """Redis behind a line that can be cut or made deaf."""
    with FlakyLine(redis_url.removeprefix("unix://"), tmp_path / "line.sock") as line:
        yield line


@pytest.mark.redis
def test_two_processes_share_a_person(redis_url: str) -> None:
    one, two = (RedisConversations(connect(redis_url), seconds=0.2) for _ in range(2))
    turn = one.begin("o1", "k1")
    with pytest.raises(Late):
        two.begin("o1", "k2")
    one.finish(turn, ASKED, {"kind": "silence"})

    assert two.begin("o1", "k1").answer == {"kind": "silence"}
    assert two.begin("o1", "k2").question == ASKED


@pytest.mark.redis
def test_a_dead_holder_is_overtaken_and_cannot_speak_any_more(redis_url: str) -> None:
    dead, alive = (RedisConversations(connect(redis_url), seconds=0.2) for _ in range(2))
    turn = dead.begin("o1", "k1")
    connect(redis_url).delete("fenxiao:lock:o1")
    taken = alive.begin("o1", "k2")
    dead.finish(turn, ASKED, None)
    alive.finish(taken, KEEP, None)

    assert alive.begin("o1", "k3").question is None


@pytest.mark.redis
def test_a_flushed_redis_is_a_fresh_start(redis_url: str) -> None:
    conversations = RedisConversations(connect(redis_url))
    conversations.finish(conversations.begin("o1", "k1"), ASKED, None)
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
        client.script_flush()

    turn = conversations.begin("o1", "k2")

    assert turn.question is None
    conversations.finish(turn, ASKED, None)
    assert conversations.begin("o1", "k3").question == ASKED


@pytest.mark.redis
@pytest.mark.parametrize("trouble", ["cut", "deaf"])
def test_without_redis_the_talk_goes_on_in_memory(line: FlakyLine, trouble: str) -> None:
    conversations = RedisConversations(connect(line.url, seconds=0.2), seconds=1.0)
    conversations.finish(conversations.begin("o1", "k1"), None, None)
    getattr(line, trouble)()

    conversations.finish(conversations.begin("o1", "k2"), ASKED, {"kind": "silence"})
    began = time.monotonic()
    turn = conversations.begin("o1", "k3")

    assert turn.question == ASKED
    assert time.monotonic() - began < 0.1
    assert conversations.begin("o1", "k2").answer == {"kind": "silence"}


@pytest.mark.redis
def test_redis_lost_in_the_middle_of_a_message_loses_nothing_said(line: FlakyLine) -> None:
    conversations = RedisConversations(connect(line.url, seconds=0.2), seconds=1.0)
    turn = conversations.begin("o1", "k1")
    line.cut()

    conversations.finish(turn, ASKED, {"kind": "silence"})

    assert conversations.begin("o1", "k1").answer == {"kind": "silence"}
    assert conversations.begin("o1", "k2").question == ASKED
