"""When a run takes what is due, and that nobody is parted, passed over for good, or settled twice."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distribution import earnings, policy, settlement, settlement_batches, settlement_holds
from distribution.policy_parts import CycleTerms
from distribution.refusals import Code, Refusal
from distribution.rules.calendar import SHANGHAI
from distribution.rules.settlement import settled_until, settles_at
from distribution.shapes import LineReport
from models import tables as t

CYCLES = st.one_of(
    st.builds(CycleTerms, mode=st.just("daily")),
    st.builds(CycleTerms, mode=st.just("weekly"), weekday=st.integers(1, 7)),
    st.builds(CycleTerms, mode=st.sampled_from(["monthly", "quarterly"]), day=st.integers(1, 31)),
)
_START = dt.datetime(2020, 1, 1, tzinfo=SHANGHAI)
MOMENTS = st.integers(0, 20 * 365 * 24 * 60).map(lambda minutes: _START + dt.timedelta(minutes=minutes))


@given(CYCLES, MOMENTS)
def test_a_row_settles_at_its_moment_and_not_a_tick_before(cycle, due):
    moment = settles_at(cycle, due)

    assert settled_until(cycle, moment) > due
    assert settled_until(cycle, moment - dt.timedelta(microseconds=1)) <= due or moment == due


@given(CYCLES, MOMENTS, MOMENTS)
def test_a_later_run_never_takes_less(cycle, one, other):
    earlier, later = sorted((one, other))

    assert settled_until(cycle, earlier) <= settled_until(cycle, later)


def under(shop, **cycle):
    document = {"cycle": cycle}
    shop.write(
        lambda s: policy.publish(s, merchant_id=1, document=document, effective_from=shop.now, by="boss", now=shop.now)
    )


def settle(shop, **more):
    return shop.write(lambda s: settlement.settle_due(s, now=shop.now, **more))


def available(shop, person):
    return shop.ask(lambda s: earnings.purse(s, person.id)).available_fen


def test_a_monthly_cycle_keeps_rows_until_its_day_and_tells_when(shop):
    alice = shop.distributor("爱丽丝")
    under(shop, mode="monthly", day=5)
    shop.order("E1", "received", distributor_code=alice.code)
    shop.clock.advance(days=8)
    assert settle(shop) == 0
    coming = shop.ask(lambda s: settlement.next_due(s, now=shop.now))
    shop.clock.set(coming)

    assert (coming.astimezone(SHANGHAI).day, settle(shop), available(shop, alice)) == (5, 1, 1000)


def test_a_threshold_is_each_persons_own(shop):
    alice, bob = shop.distributor("爱丽丝"), shop.distributor("鲍勃")
    under(shop, mode="threshold", fen=2000)
    for number, person in enumerate((alice, alice, bob)):
        shop.order(f"E{number}", "received", distributor_code=person.code)
    assert shop.ask(lambda s: settlement.next_due(s, now=shop.now)) == shop.now + dt.timedelta(days=7)
    shop.clock.advance(days=7)

    assert (settle(shop), available(shop, alice), available(shop, bob)) == (2, 2000, 0)
    assert shop.ask(lambda s: settlement.next_due(s, now=shop.now)) is None


def test_by_hand_nothing_settles_until_the_batch_is_confirmed(shop):
    alice = shop.distributor("爱丽丝")
    under(shop, mode="manual")
    shop.order("E1", "received", distributor_code=alice.code)
    shop.clock.advance(days=8)
    assert settle(shop) == 0
    listing = shop.ask(lambda s: settlement_batches.due(s, 1, until=shop.now))
    shop.write(lambda s: settlement_batches.confirm(s, 1, listing, by="boss", now=shop.now))

    assert (listing.rows, listing.people, listing.fen) == (1, 1, 1000)
    assert (settle(shop), available(shop, alice)) == (1, 1000)


def test_a_batch_that_changed_since_it_was_listed_is_not_confirmed(shop):
    alice = shop.distributor("爱丽丝")
    shop.order("E1", "received", distributor_code=alice.code)
    shop.clock.advance(days=8)
    listing = shop.ask(lambda s: settlement_batches.due(s, 1, until=shop.now))
    shop.refund("R1", "E1", 4_000)
    with pytest.raises(Refusal) as refused:
        shop.write(lambda s: settlement_batches.confirm(s, 1, listing, by="boss", now=shop.now))

    assert refused.value.code is Code.STALE_VERSION


def test_small_chunks_settle_everybody_once_in_the_order_of_people(shop):
    people = [shop.distributor(name) for name in ("爱丽丝", "鲍勃", "卡罗尔")]
    for number in range(9):
        shop.order(f"E{number}", "received", distributor_code=people[number % 3].code)
    shop.clock.advance(days=7)
    after, rows = 0, []
    while after is not None:
        chunk = shop.write(lambda s, after=after: settlement.settle_chunk(s, now=shop.now, after=after, limit=2))
        rows.append(chunk.rows)
        after = chunk.after

    assert [each for each in rows if each] == [3, 3, 3]
    assert [available(shop, person) for person in people] == [3000] * 3


def test_what_cannot_be_settled_is_held_back_and_stops_nobody_else(shop):
    alice, bob = shop.distributor("爱丽丝"), shop.distributor("鲍勃")
    lines = (LineReport(1, "AJ250", "糕", 1, 10_000), LineReport(2, "AJ251", "糕", 1, 20_000))
    shop.order("E1", "received", distributor_code=alice.code, lines=lines)
    shop.order("E2", "received", distributor_code=bob.code)
    shop.clock.advance(days=7)
    taken = poison(shop, 1)

    assert (settle(shop), available(shop, alice), available(shop, bob)) == (2, 2000, 1000)
    held = shop.ask(lambda s: settlement_holds.of_merchant(s, 1))
    assert [(row["order_no"], row["fen"]) for row in held] == [("E1", 1000)]
    assert shop.ask(lambda s: settlement.next_due(s, now=shop.now)) is None
    heal(shop, taken)
    shop.write(lambda s: settlement_holds.try_again(s, 1, alice.id, by="boss", now=shop.now))
    assert (settle(shop), available(shop, alice)) == (1, 3000)


def poison(shop, commission_id):
    """Somebody used the reference of a settlement before it: that row cannot be settled."""
    from sqlalchemy import insert

    row = {"reference": f"commission:{commission_id}:settled", "cause": "x", "actor": "x", "at": shop.now, "digest": ""}
    return shop.write(lambda s: s.execute(insert(t.journal).values(row).returning(t.journal.c.id)).scalar_one())


def heal(shop, journal_id):
    from sqlalchemy import text

    from models import guards

    def undo(session):
        guards.remove(session.connection())
        session.execute(text("delete from journal where id = :id"), {"id": journal_id})
        guards.install(session.connection())

    shop.write(undo)
