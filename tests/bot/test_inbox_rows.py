"""The rows of the inbox and the people they are from, on both databases."""

import threading
from collections.abc import Callable
from typing import Any

from bot_parts import APP_ID

from distribution import inbox, people
from distribution.inbox import Claimed, Repeat
from distribution.people import Person
from models import Distributor
from models.database import Database


def claim(session: Any, key: str, clock: Any) -> Claimed | Repeat:
    return inbox.claim(session, key, openid="oAlice", kind="said", now=clock.now())


def test_a_message_is_claimed_once(database: Database, clock: Any) -> None:
    with database.transaction() as session:
        claimed = claim(session, "k1", clock)
        assert isinstance(claimed, Claimed)
        inbox.store_answer(session, claimed.id, {"kind": "text", "text": "好"})

    with database.transaction() as session:
        assert claim(session, "k1", clock) == Repeat({"kind": "text", "text": "好"}, clock.now())
        assert isinstance(claim(session, "k2", clock), Claimed)


def test_a_rollback_hands_the_message_over(database: Database, clock: Any) -> None:
    try:
        with database.transaction() as session:
            claim(session, "k1", clock)
            raise ValueError
    except ValueError:
        pass

    with database.transaction() as session:
        assert isinstance(claim(session, "k1", clock), Claimed)


def test_the_second_claim_waits_for_the_first(
    database: Database, another_connection: Callable[[], Database], clock: Any
) -> None:
    other, seen = another_connection(), []

    def second() -> None:
        with other.transaction() as session:
            seen.append(claim(session, "k1", clock))

    with database.transaction() as session:
        claimed = claim(session, "k1", clock)
        assert isinstance(claimed, Claimed)
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.2)
        assert seen == []
        inbox.store_answer(session, claimed.id, {"kind": "silence"})
    thread.join(5)

    assert seen == [Repeat({"kind": "silence"}, clock.now())]


def test_a_stranger_is_recognised_as_nobody(database: Database) -> None:
    with database.reading() as session:
        assert people.recognise(session, APP_ID, "oAlice") == Person(None, "oAlice")
        assert inbox.recognise(session, "k1", appid=APP_ID, openid="oAlice") == (Person(None, "oAlice"), None)


def test_somebody_is_met_once_per_account(database: Database, clock: Any) -> None:
    with database.transaction() as session:
        first = people.meet(session, APP_ID, "oAlice", clock.now())
        again = people.meet(session, APP_ID, "oAlice", clock.now())
        elsewhere = people.meet(session, "wxAnother", "oAlice", clock.now())

    assert first == again
    assert first.member_id != elsewhere.member_id
    assert (first.following, first.notices, first.state) == (False, True, None)


def test_a_distributor_is_recognised_with_standing_and_answer(database: Database, clock: Any) -> None:
    with database.transaction() as session:
        alice = people.meet(session, APP_ID, "oAlice", clock.now())
        row = Distributor(member_id=alice.member_id, code="C8F3Q", name="李娜", phone="13800138000", state="frozen")
        row.terms_version, row.applied_at = "1", clock.now()
        session.add(row)
        session.flush()
        claimed = claim(session, "k1", clock)
        assert isinstance(claimed, Claimed)
        inbox.store_answer(session, claimed.id, {"kind": "silence"})
        number = row.id

    with database.reading() as session:
        person, repeat = inbox.recognise(session, "k1", appid=APP_ID, openid="oAlice")

    assert (person.distributor_id, person.code, person.name, person.state) == (number, "C8F3Q", "李娜", "frozen")
    assert repeat == Repeat({"kind": "silence"}, clock.now())


def test_poison_is_kept_with_its_cause(database: Database, clock: Any) -> None:
    with database.transaction() as session:
        for _ in range(2):
            inbox.quarantine(
                session,
                "k1",
                openid="oAlice",
                kind="said",
                message={"text": "坏"},
                answer={"kind": "silence"},
                error="x" * 9000,
                now=clock.now(),
            )

    with database.reading() as session:
        (row,) = inbox.quarantined(session)
        assert inbox.count_quarantined(session) == 1
    assert (row.openid, row.message, len(row.error)) == ("oAlice", {"text": "坏"}, 4000)
