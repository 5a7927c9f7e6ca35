"""Rows of the outbox: claimed by one, fenced by lease, in a person's order."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from distribution import outbox
from models import Member
from models.database import Database


@pytest.fixture
def person(database: Database, clock) -> int:
    with database.transaction() as session:
        member = Member(appid="wx1", openid="o-alice", following=True, created_at=clock.now())
        session.add(member)
        session.flush()
        return member.id


def put(database: Database, clock, kind: str, once: str, **more) -> bool:
    with database.transaction() as session:
        return outbox.put(session, kind, {"n": once}, once=once, now=clock.now(), **more)


def claim(database: Database, clock, limit: int = 10, worker: str = "w") -> list[outbox.Claimed]:
    with database.transaction() as session:
        return outbox.claim(session, worker, now=clock.now(), limit=limit)


def test_a_once_is_taken_for_ever(database: Database, clock) -> None:
    assert put(database, clock, "payout", "payout:1")
    assert not put(database, clock, "payout", "payout:1")

    assert [row.once for row in claim(database, clock)] == ["payout:1"]


def test_a_claimed_row_is_nobody_elses_until_its_lease_ends(database: Database, clock) -> None:
    put(database, clock, "payout", "a")
    assert claim(database, clock) != []
    assert claim(database, clock) == []

    clock.advance(seconds=60)
    assert [row.tries for row in claim(database, clock)] == [2]


def test_who_lost_the_lease_cannot_end_the_row(database: Database, clock) -> None:
    put(database, clock, "payout", "a")
    (slow,) = claim(database, clock)
    clock.advance(seconds=61)
    (quick,) = claim(database, clock)

    with database.transaction() as session:
        assert not outbox.done(session, slow.id, slow.holder, result="late", now=clock.now())
        assert outbox.done(session, quick.id, quick.holder, result="sent", now=clock.now())


def test_a_persons_messages_wait_for_the_one_before(database: Database, clock, person: int) -> None:
    put(database, clock, "notice", "first", member_id=person)
    put(database, clock, "notice", "second", member_id=person)
    (first,) = claim(database, clock)
    with database.transaction() as session:
        outbox.retry(session, first.id, first.holder, reason="busy", not_before=clock.now() + timedelta(minutes=1))

    assert claim(database, clock) == []
    with database.reading() as session:
        assert outbox.next_due(session) == clock.now() + timedelta(minutes=1)
    clock.advance(minutes=1)
    assert [row.once for row in claim(database, clock)] == ["first"]


def test_a_money_notice_goes_before_campaigns_put_earlier(database: Database, clock, person: int) -> None:
    put(database, clock, "campaign", "campaign:1", member_id=person)
    put(database, clock, "notice", "paid", member_id=person)

    assert [row.once for row in claim(database, clock)] == ["paid", "campaign:1"]


def test_a_row_given_back_unbegun_is_no_try(database: Database, clock) -> None:
    put(database, clock, "payout", "a")
    (row,) = claim(database, clock)
    with database.transaction() as session:
        assert outbox.release(session, row.id, row.holder, reason="busy", not_before=clock.now())

    assert [again.tries for again in claim(database, clock)] == [1]


def test_what_was_given_up_can_be_asked_for_again(database: Database, clock) -> None:
    put(database, clock, "payout", "a")
    (row,) = claim(database, clock)
    with database.transaction() as session:
        outbox.give_up(session, row.id, row.holder, reason="closed", now=clock.now())
        assert outbox.next_due(session) is None
        assert outbox.again(session, "a", now=clock.now())

    assert [again.once for again in claim(database, clock)] == ["a"]


def test_many_workers_share_the_rows_without_a_double(database: Database, clock) -> None:
    with database.transaction() as session:
        for n in range(60):
            outbox.put(session, "payout", {}, once=f"p{n}", now=clock.now())

    def work(worker: int) -> list[str]:
        mine: list[str] = []
        while rows := claim(database, clock, 4, f"w{worker}"):
            mine += [row.once for row in rows]
        return mine

    with ThreadPoolExecutor(4) as pool:
        taken = [once for part in pool.map(work, range(4)) for once in part]
    assert len(taken) == len(set(taken))
    assert sorted(taken + [row.once for row in claim(database, clock, 60)]) == sorted(f"p{n}" for n in range(60))
