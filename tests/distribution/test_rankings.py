"""Boards: net of refunds, ties to the earlier one, the same as counting every order again."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from distribution import contests, earnings, ranking, tallies, tally_rebuild, team_lists
from distribution.rules.calendar import day_of
from distribution.shapes import LineReport
from models import tables as t


def sell(shop, person, no, fen=10_000, **more):
    lines = (LineReport(1, "AJ250", "即食阿胶糕", 1, fen),)
    shop.order(no, distributor_code=person.code, lines=lines, **{"buyer": f"o{no}", **more})
    return changed(shop)


def changed(shop):
    """Every order is noted as changed and added up, as the worker does."""

    def again(session):
        for order_id in session.scalars(select(t.order.c.id)):
            tallies.touch(session, order_id)
        while tallies.refresh(session):
            pass

    shop.write(again)


def board(shop, by="sales", period="month", limit=10):
    return [
        (row.name, row.value) for row in shop.ask(lambda s: ranking.board(s, by, period, limit, now=shop.now))
    ]  # fmt: skip


def test_the_better_one_stands_above_and_nobody_without_sales_is_listed(shop):
    alice, bob = shop.distributor("爱丽丝"), shop.distributor("鲍勃")
    shop.distributor("卡罗尔")
    sell(shop, alice, "E1", 5_000)
    sell(shop, bob, "E2", 9_000)

    assert board(shop) == [("鲍勃", 9_000), ("爱丽丝", 5_000)]
    assert board(shop, "orders") == [("爱丽丝", 1), ("鲍勃", 1)]


def test_of_equals_the_earlier_one_is_better(shop):
    alice, bob = shop.distributor("爱丽丝"), shop.distributor("鲍勃")
    sell(shop, bob, "E1")
    shop.clock.advance(minutes=1)
    sell(shop, alice, "E2")

    assert board(shop) == [("鲍勃", 10_000), ("爱丽丝", 10_000)]


def test_a_refund_takes_a_place_away(shop):
    alice, bob = shop.distributor("爱丽丝"), shop.distributor("鲍勃")
    sell(shop, alice, "E1")
    sell(shop, bob, "E2", 9_000)
    shop.refund("R1", "E1", 10_000)
    changed(shop)

    assert board(shop) == [("鲍勃", 9_000)]


def test_ones_own_place_says_how_far_the_next_one_is(shop):
    alice, bob = shop.distributor("爱丽丝"), shop.distributor("鲍勃")
    carol = shop.distributor("卡罗尔")
    sell(shop, alice, "E1", 5_000)
    sell(shop, bob, "E2", 9_000)

    def place(person):
        return shop.ask(lambda s: ranking.place_of(s, person.id, "sales", "month", now=shop.now))

    assert place(bob) == ranking.Place(1, 9_000)
    assert place(alice) == ranking.Place(2, 5_000, behind=4_000)
    assert place(carol) == ranking.Place(None, 0)


def test_yesterday_is_not_on_todays_board_but_on_the_months(shop):
    alice = shop.distributor("爱丽丝")
    sell(shop, alice, "E1")
    shop.clock.advance(days=1)

    assert board(shop, period="day") == []
    assert board(shop, period="all") == [("爱丽丝", 10_000)]


def test_whoever_invites_is_shown_by_the_number_of_people(shop):
    alice = shop.distributor("爱丽丝")
    shop.distributor("鲍勃", invited_by=alice.code)

    assert board(shop, "invitations") == [("爱丽丝", 1)]


def test_an_upline_is_on_the_board_of_earnings_without_a_sale(shop):
    alice = shop.distributor("爱丽丝")
    bob = shop.distributor("鲍勃", invited_by=alice.code)
    sell(shop, bob, "E1")

    assert board(shop, "earnings") == [("鲍勃", 1_000), ("爱丽丝", 500)]
    assert board(shop) == [("鲍勃", 10_000)]


def test_a_nightly_look_finds_what_no_change_told(shop):
    alice = shop.distributor("爱丽丝")
    shop.order("E1", distributor_code=alice.code)
    shop.write(lambda s: s.execute(delete(t.sales_change)))

    shop.write(lambda s: tallies.add_up(s, day_of(shop.now)))

    assert board(shop) == [("爱丽丝", 10_000)]


@pytest.fixture
def trio(shop):
    return [shop.distributor(name) for name in ("爱丽丝", "鲍勃", "卡罗尔")]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 50_000), st.integers(0, 60_000)), max_size=6))
def test_the_board_is_what_counting_every_order_again_gives(shop, trio, history):
    for who, fen, back in history:
        no = f"E{next(shop.numbers)}"
        sell(shop, trio[who], no, fen)
        if back:
            shop.refund(f"R{no}", no, back)
    changed(shop)

    def recounted(session):
        net = t.order_line.c.paid_fen - t.order_line.c.refunded_fen
        rows = session.execute(select(t.order.c.l1_id, net).join(t.order_line, t.order_line.c.order_id == t.order.c.id))
        total = {}
        for who, fen in rows:
            total[who] = total.get(who, 0) + fen
        return sorted((fen for fen in total.values() if fen), reverse=True)

    assert [value for _, value in board(shop, limit=100)] == shop.ask(recounted)


def contest(shop, prizes=(5_000, 3_000), days=7):
    span = (shop.now, shop.now + dt.timedelta(days=days))
    return shop.write(
        lambda s: contests.create(s, 1, name="周赛", prizes_fen=prizes, span=span, by="boss", now=shop.now)
    ).id


def evaluate(shop, contest_id):
    return shop.write(lambda s: contests.evaluate(s, contest_id, now=shop.now))


def available(shop, person):
    return shop.ask(lambda s: earnings.purse(s, person.id)).available_fen


def test_prizes_are_paid_once_when_nothing_can_change_any_more(shop):
    alice, bob = shop.distributor("爱丽丝"), shop.distributor("鲍勃")
    no = contest(shop)
    shop.order("E1", "received", distributor_code=alice.code, buyer="o1")
    shop.order("E2", "received", distributor_code=bob.code, buyer="o2")
    shop.refund("R2", "E2", 1)
    shop.clock.advance(days=13, hours=23)
    assert evaluate(shop, no) == []

    shop.clock.advance(hours=1)
    assert [place.prize_fen for place in evaluate(shop, no)] == [5_000, 3_000]
    assert evaluate(shop, no) == []
    assert (available(shop, alice), available(shop, bob)) == (5_000, 3_000)


def test_a_contest_waits_for_an_open_after_sale(shop):
    alice = shop.distributor("爱丽丝")
    no = contest(shop)
    shop.order("E1", "received", distributor_code=alice.code)
    shop.refund("R1", "E1", 0, state="opened")
    shop.clock.advance(days=20)
    assert evaluate(shop, no) == []

    shop.refund("R1", "E1", 0, state="closed")
    assert len(evaluate(shop, no)) == 1


def test_a_team_page_counts_two_generations(shop):
    alice = shop.distributor("爱丽丝")
    bob = shop.distributor("鲍勃", invited_by=alice.code)
    carol = shop.distributor("卡罗尔", invited_by=bob.code)
    shop.distributor("戴夫", invited_by=carol.code)
    sell(shop, carol, "E1", 7_000)

    team = shop.ask(lambda s: team_lists.page(s, alice.id, now=shop.now))

    assert team.people == {1: 1, 2: 1}
    assert team.net_fen == {1: 0, 2: 7_000}
    assert [(row.name, row.net_fen) for row in team.members] == [("鲍勃", 0), ("卡罗尔", 7_000)]


def test_sums_made_anew_are_the_sums_that_were_kept_up(shop):
    alice = shop.distributor("爱丽丝")
    bob = shop.distributor("鲍勃", invited_by=alice.code)
    for number in range(9):
        sell(shop, (alice, bob)[number % 2], f"E{number}", 1_000 + number)
        shop.clock.advance(days=4, hours=3)
    shop.refund("R1", "E3", 500)
    changed(shop)

    def sums(session):
        return [
            sorted(tuple(row)[:-1] for row in session.execute(select(table)))
            for table in (t.distributor_day, t.distributor_span)
        ]

    kept = shop.ask(sums)
    shop.write(tally_rebuild.rebuild)
    assert shop.ask(sums) == kept
