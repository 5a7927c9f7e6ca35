"""Rules tried on real orders: those in force give what stands, others what they would have given; nothing is kept."""

import datetime as dt
import hashlib
import tracemalloc
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_shop import OPENED, Earned, document, named, play, stored, story
from sqlalchemy import insert, select
from sqlmodel import SQLModel

from distribution import members, policy, replay
from distribution.shapes import LineReport
from models import tables as t

SPAN = {"since": OPENED, "until": OPENED + dt.timedelta(days=30)}


class Gone(Exception):
    """Ends a transaction of which nothing shall stay."""


def tried(database, told, rules, draft=None) -> tuple[Earned, Earned]:
    """(what stands, what the replay of ``draft`` says) of a shop that is thrown away."""
    found: list[Earned] = []

    def attempt(session):
        merchant = play(session, told, rules)
        session.flush()
        found.append(stored(session, merchant))
        terms = policy.read(draft) if draft else policy.in_force(session, merchant, OPENED)
        seen = replay.replay(session, merchant, terms, keep_rows=True, **SPAN)
        found.append(named(session, seen.rows))
        assert seen.after_fen == sum(found[1].values())
        assert seen.before_fen == sum(found[0].values())
        raise Gone

    with pytest.raises(Gone):
        database.write(attempt)
    return found[0], found[1]


dice = st.integers(min_value=0, max_value=2**40).map(Random)
random_shops = settings(
    max_examples=30, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@pytest.mark.timeout(400)
@random_shops
@given(roll=dice)
def test_the_rules_in_force_give_exactly_what_stands(database, roll) -> None:
    told, rules = story(roll), document(roll)

    standing, replayed = tried(database, told, rules)

    assert replayed == standing


@pytest.mark.timeout(400)
@random_shops
@given(roll=dice)
def test_other_rules_give_what_the_same_orders_earn_once_they_are_published(database, roll) -> None:
    told, rules, draft = story(roll), document(roll), document(roll)

    _, replayed = tried(database, told, rules, draft)
    earned, _ = tried(database, told, draft)

    assert replayed == earned


def test_the_shops_tried_are_not_dull(sqlite_database) -> None:
    """Caps, regions, levels, refunds and closed orders all occur among them."""
    kinds, ends, sums = set(), set(), 0
    for number in range(60, 100):
        roll = Random(number)
        told, rules = story(roll), document(roll)
        standing, _ = tried(sqlite_database, told, rules)
        kinds |= {slot[2] for slot in standing}
        ends |= {each["end"] for each in told.orders} | {"refund" for each in told.orders if each["refunds"]}
        sums += len(standing)

    assert kinds == {"l1", "l2", "l3", "region_district", "region_city", "region_province"}
    assert ends == {"paid", "received", "closed", "refund"}
    assert sums > 100


def digest(database) -> dict[str, tuple[int, str]]:
    """Of every table the number of rows and a digest of all that stands in them."""
    found = {}
    with database.reading() as session:
        for name, table in SQLModel.metadata.tables.items():
            rows = session.execute(select(table).order_by(*table.primary_key.columns)).all()
            found[name] = len(rows), hashlib.sha256(repr(rows).encode()).hexdigest()
    return found


def test_a_replay_writes_nothing(database) -> None:
    roll = Random(7)
    merchant = database.write(lambda session: play(session, story(roll), document(roll)))
    before = digest(database)

    def look(session):
        replay.replay(session, merchant, policy.read(document(roll)), keep_rows=True, **SPAN)
        assert not session.new
        assert not session.dirty

    database.write(look)

    assert digest(database) == before
    assert before["commission"][0] > 0


def test_only_paid_orders_of_the_span_and_the_merchant_are_gone_through(shop) -> None:
    alice = shop.distributor("爱丽丝")
    for no, state in (("E1", "paid"), ("E2", "unpaid")):
        shop.order(no, state, distributor_code=alice.code)
    after = shop.clock.advance(days=1)
    shop.order("E3", distributor_code=alice.code)

    def look(since, until, merchant=1):
        terms = policy.Policy()
        return shop.ask(lambda session: replay.replay(session, merchant, terms, since=since, until=until)).orders

    assert look(OPENED, after) == 1
    assert look(after, after + dt.timedelta(seconds=1)) == 1
    assert look(OPENED, after + dt.timedelta(days=1)) == 2
    assert look(OPENED, after + dt.timedelta(days=1), merchant=2) == 0


def test_changes_come_by_their_size_and_lines_over_margin_are_named(shop) -> None:
    alice, bob = shop.distributor("爱丽丝"), shop.distributor("鲍勃")
    with shop.database.transaction() as session:
        session.execute(t.product.update().values(cost_fen=9_000))
    shop.order("E1", distributor_code=alice.code)
    shop.order("E2", distributor_code=bob.code, lines=(LineReport(1, "AJ250", "即食阿胶糕", 2, 10_000),))
    draft = policy.read({"store_rate_bp": {"l1": 1500, "l2": 0}})

    seen = shop.ask(lambda s: replay.replay(s, 1, draft, since=OPENED, until=shop.now + dt.timedelta(days=1)))

    assert seen.changes() == [(bob.id, 2000, 3000), (alice.id, 1000, 1500)]
    assert seen.lines_over_margin == 2
    assert (seen.over_margin[0].order_no, seen.over_margin[0].margin_fen, seen.over_margin[0].rewards_fen) == (
        "E1", 1000, 1500,
    )  # fmt: skip


def test_somebody_whose_rows_were_voided_is_not_promised_them_again(shop) -> None:
    alice = shop.distributor("爱丽丝")
    shop.order("E1", distributor_code=alice.code)
    shop.write(lambda s: members.terminate(s, alice.id, by="老板", reason="x", now=shop.now))

    seen = shop.ask(lambda s: replay.replay(s, 1, policy.Policy(), since=OPENED, until=shop.now + dt.timedelta(1)))

    assert (seen.before_fen, seen.after_fen, seen.changes()) == (0, 0, [])


@pytest.mark.slow
def test_memory_stays_flat_over_five_thousand_orders(shop) -> None:
    alice = shop.distributor("爱丽丝")
    shop.order("E1", distributor_code=alice.code)
    _copy(shop, 5_000)
    draft = policy.read({"store_rate_bp": {"l1": 1200}})

    def peak(days: int) -> tuple[int, int]:
        tracemalloc.start()
        seen = shop.ask(lambda s: replay.replay(s, 1, draft, since=OPENED, until=shop.now + dt.timedelta(seconds=days)))
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return seen.orders, found

    peak(600)
    few, little = peak(1_000)
    many, much = peak(6_000)

    assert (few, many) == (1_000, 5_000)
    assert much < little * 1.3
    assert shop.ask(lambda s: replay.replay(s, 1, draft, since=OPENED, until=shop.now + dt.timedelta(1))).after_fen == (
        5_000 * 1200
    )


def _copy(shop, wanted: int) -> None:
    """The one order again and again, a second apart; rows are copied, since posting so many takes minutes."""
    with shop.database.transaction() as session:
        order = dict(session.execute(select(t.order)).mappings().one())
        line = dict(session.execute(select(t.order_line)).mappings().one())
        at = order["created_at"]
        rows = [
            order | {"id": number, "order_no": f"C{number}", "created_at": at + dt.timedelta(seconds=number - 1)}
            for number in range(2, wanted + 1)
        ]
        session.execute(insert(t.order), rows)
        session.execute(insert(t.order_line), [line | {"id": row["id"], "order_id": row["id"]} for row in rows])
