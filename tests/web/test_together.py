"""Those who wait at the same moment are served at once; nobody gets what is another's, or waits for ever."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from models.database import DatabaseDown
from web.together import Alone, Together


class Counter:
    """Serves numbers, the first group when it is told to; ``fault`` may stumble over a group."""

    def __init__(self, fault=lambda items: None, **limits):
        self.groups, self.alone, self.fault = [], [], fault
        self.begun, self.gate = threading.Event(), threading.Event()
        self.together = Together(self._many, self._one, **limits)

    def _many(self, _, take):
        items = take()
        self.groups.append(items)
        if not self.begun.is_set():
            self.begun.set()
            self.gate.wait(10)
        self.fault(items)
        return [item * 10 if isinstance(item, int) else item for item in items]

    def _one(self, _, item):
        self.alone.append(item)
        self.fault([item])
        return item * 10

    def meet(self, *items, meanwhile=None):
        """What each of them gets when the first is being served while the others come, one after the other."""
        with ThreadPoolExecutor(len(items)) as pool:
            asked = []
            for number, item in enumerate(items):
                asked.append(pool.submit(self.together.do, 1, item))
                self.begun.wait(10)
                while number and self.waiting() < number:
                    time.sleep(0.001)
            if meanwhile:
                meanwhile()
            self.gate.set()
            return [each.exception() or each.result() for each in asked]

    def waiting(self):
        return waiting(self.together)


def waiting(together):
    """How many stand in the first merchant's line."""
    return len(together._lines[1]._waiting) if 1 in together._lines else 0


def test_those_who_wait_are_served_at_once_in_the_order_they_came() -> None:
    counter = Counter()

    assert counter.meet(*range(9)) == [number * 10 for number in range(9)]
    assert counter.groups == [[0], [1, 2, 3, 4, 5, 6, 7, 8]]


def test_so_many_are_served_at_once_and_no_more() -> None:
    counter = Counter(most=3)
    counter.meet(*range(8))

    assert counter.groups == [[0], [1, 2, 3], [4, 5, 6], [7]]


def test_who_comes_alone_waits_for_nobody() -> None:
    counter = Counter()
    counter.gate.set()

    assert [counter.together.do(1, number) for number in range(3)] == [0, 10, 20]
    assert counter.groups == [[0], [1], [2]]


def test_an_exception_among_the_answers_is_only_its_callers() -> None:
    told = Counter().meet(0, 1, ValueError("mine"), 3)

    assert (told[0], told[1], told[3]) == (0, 10, 30)
    assert repr(told[2]) == "ValueError('mine')"


def test_who_is_to_be_served_alone_is() -> None:
    together = Together(lambda _, take: [Alone() for _ in take()], lambda _, item: item + 1)

    assert together.do(1, 1) == 2


@pytest.mark.parametrize("error", [ValueError, KeyError])
def test_where_a_group_stumbles_each_meets_his_own(error) -> None:
    def fault(items):
        if 2 in items:
            raise error("poison")

    counter = Counter(fault)
    told = counter.meet(0, 1, 2, 3)

    assert (told[0], told[1], told[3]) == (0, 10, 30)
    assert isinstance(told[2], error)
    assert sorted(counter.alone) == [1, 2, 3]


def test_a_leader_who_is_ended_leaves_nobody_behind() -> None:
    def fault(items):
        if len(items) > 1:
            raise SystemExit

    counter = Counter(fault)
    told = counter.meet(0, 1, 2, 3)

    assert isinstance(told[1], SystemExit)
    assert (told[0], told[2], told[3]) == (0, 20, 30)
    assert counter.together.do(1, 4) == 40


def test_a_leader_who_is_ended_before_anybody_is_served_is_followed_by_the_next() -> None:
    ended = []

    def many(_, take):
        if not ended:
            ended.append(True)
            raise SystemExit
        return list(take())

    together = Together(many, lambda _, item: item)
    with pytest.raises(SystemExit):
        together.do(1, 1)

    assert together.do(1, 2) == 2


def test_nobody_waits_longer_than_told_for_his_turn() -> None:
    counter = Counter(seconds=0.05)
    told = counter.meet(0, 1, 2, meanwhile=lambda: time.sleep(0.2))

    assert told[0] == 0
    assert [type(each) for each in told[1:]] == [DatabaseDown, DatabaseDown]
    assert counter.groups == [[0]]
    assert counter.together.do(1, 3) == 30


def test_whose_turn_began_hears_what_becomes_of_it() -> None:
    counter = Counter(lambda items: time.sleep(0.2 if len(items) > 1 else 0), seconds=0.1)

    assert counter.meet(0, 1, 2) == [0, 10, 20]


def test_a_database_that_is_down_is_down_for_all_who_wait() -> None:
    waits = threading.Event()

    def many(_, take):
        waits.wait(10)
        raise DatabaseDown("no answer")

    together = Together(many, lambda _, item: item)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(together.do, 1, number) for number in range(4)]
        while waiting(together) < 4:
            time.sleep(0.001)
        waits.set()
        told = [each.exception() for each in asked]

    assert [str(each) for each in told] == ["no answer"] * 4
    assert len({id(each) for each in told}) == 4


def test_who_had_no_turn_goes_and_the_next_in_the_line_leads() -> None:
    waits, turns = threading.Event(), iter([DatabaseDown("no turn")])

    def many(_, take):
        waits.wait(10)
        for error in turns:
            raise error
        return list(take())

    together = Together(many, lambda _, item: item)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(together.do, 1, 0)]
        while waiting(together) < 1:
            time.sleep(0.001)
        asked += [pool.submit(together.do, 1, number) for number in (1, 2, 3)]
        while waiting(together) < 4:
            time.sleep(0.001)
        waits.set()

        assert str(asked[0].exception()) == "no turn"
        assert [each.result(10) for each in asked[1:]] == [1, 2, 3]


def test_merchants_do_not_wait_for_each_other() -> None:
    counter = Counter()
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(counter.together.do, 1, 1)
        counter.begun.wait(10)

        assert counter.together.do(2, 2) == 20
        counter.gate.set()
        assert held.result() == 10


def test_in_any_crowd_each_gets_his_own() -> None:
    dice = random.Random(7)
    poison = {dice.randrange(4000) for _ in range(60)}

    def fault(items):
        if poison.intersection(items):
            raise ValueError(items)

    counter = Counter(fault)
    counter.gate.set()

    def ask(number):
        try:
            return counter.together.do(1, number)
        except ValueError as error:
            return error.args

    with ThreadPoolExecutor(16) as pool:
        told = list(pool.map(ask, range(4000)))
    assert told == [([number],) if number in poison else number * 10 for number in range(4000)]
    assert sorted(item for group in counter.groups for item in group) == list(range(4000))
    assert counter.waiting() == 0
