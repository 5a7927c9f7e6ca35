"""Tasks paid by sales after the last refund; points and badges that are no money."""

import datetime as dt

import pytest
from sqlalchemy import func, select, text

from distribution import (
    earnings,
    honours,
    members,
    metrics,
    points,
    proof,
    tasks,
)
from distribution.refusals import Code, Refusal
from distribution.rules.task import Tier
from models import tables as t

TIERS = (Tier(10_000, 500), Tier(20_000, 1_500))


def task(shop, kind="sales", mode="highest", tiers=TIERS, days=30):
    span = (shop.now, shop.now + dt.timedelta(days=days))
    told = {"name": "开门红", "kind": kind, "mode": mode, "tiers": tiers, "audience": {"kind": "all"}}
    return shop.write(lambda s: tasks.create(s, 1, **told, span=span, by="boss", now=shop.now)).id


def evaluated(shop, task_id):
    shop.write(lambda s: tasks.evaluate(s, task_id, now=shop.now))
    return [(row["name"], row["net_fen"], row["bonus_fen"]) for row in shop.ask(lambda s: tasks.results(s, task_id))]


def test_a_bonus_waits_for_the_last_possible_refund(shop):
    alice, no = shop.distributor("爱丽丝"), task(shop)
    shop.order("E1", "received", distributor_code=alice.code)
    shop.order("E2", "received", distributor_code=alice.code)
    shop.clock.advance(days=36, hours=23)
    assert evaluated(shop, no) == []

    shop.refund("R1", "E2", 10_000)
    shop.clock.advance(hours=1)
    assert evaluated(shop, no) == [("爱丽丝", 10_000, 500)]
    assert evaluated(shop, no) == [("爱丽丝", 10_000, 500)]
    assert shop.ask(lambda s: s.scalar(select(func.count()).select_from(t.bonus))) == 1


def test_who_is_decided_need_not_wait_for_others(shop):
    alice, bob, no = shop.distributor("爱丽丝"), shop.distributor("鲍勃"), task(shop)
    shop.order("E1", "received", distributor_code=alice.code)
    shop.order("E2", "shipped", distributor_code=bob.code)
    shop.clock.advance(days=40)
    assert evaluated(shop, no) == [("爱丽丝", 10_000, 500)]

    shop.order("E2", "received", 2, distributor_code=bob.code)
    shop.clock.advance(days=7)
    assert len(evaluated(shop, no)) == 2


def test_inviting_is_paid_by_the_invited_ones_own_sales_never_by_heads(shop):
    alice, no = shop.distributor("爱丽丝"), task(shop, kind="invited")
    bob = shop.distributor("鲍勃", invited_by=alice.code)
    shop.distributor("卡罗尔", invited_by=alice.code)
    shop.order("E1", "received", distributor_code=bob.code)
    shop.order("E2", "received", distributor_code=alice.code, buyer="oother")
    shop.clock.advance(days=60)

    assert evaluated(shop, no) == [("爱丽丝", 10_000, 500)]


def test_a_stopped_task_pays_nothing(shop):
    alice, no = shop.distributor("爱丽丝"), task(shop)
    shop.order("E1", "received", distributor_code=alice.code)
    shop.write(lambda s: tasks.stop(s, no, by="boss", now=shop.now))
    shop.clock.advance(days=60)

    assert evaluated(shop, no) == []


@pytest.mark.parametrize("tiers", [(), (Tier(0, 5),), (Tier(5, 1), Tier(5, 2)), (Tier(5, -1),)])
def test_a_task_without_sane_tiers_is_refused(shop, tiers):
    with pytest.raises(Refusal) as refused:
        task(shop, tiers=tiers)

    assert refused.value.code == Code.INVALID_TASK


def test_how_far_somebody_is_counts_what_is_completed(shop):
    alice = shop.distributor("爱丽丝")
    task(shop)
    shop.order("E1", "received", distributor_code=alice.code)

    [so_far] = shop.ask(lambda s: tasks.running_for(s, alice.id, now=shop.now))

    assert (so_far.net_fen, so_far.bonus_fen, so_far.next) == (10_000, 500, Tier(20_000, 1_500))


def test_checking_in_gives_points_once_a_day_and_more_on_the_seventh(shop):
    alice = shop.distributor("爱丽丝")
    given = []
    for _ in range(7):
        given.append(shop.write(lambda s: points.check_in(s, alice.id, now=shop.now)).points)
        given.append(shop.write(lambda s: points.check_in(s, alice.id, now=shop.now)).points)
        shop.clock.advance(days=1)

    assert given == [5, 0] * 6 + [20, 0]
    assert shop.ask(lambda s: points.balance(s, alice.id)) == 50


def test_points_are_no_money(shop):
    alice = shop.distributor("爱丽丝")
    shop.write(lambda s: points.check_in(s, alice.id, now=shop.now))

    assert shop.ask(lambda s: earnings.purse(s, alice.id)).total_fen == 0


def test_unused_points_expire_the_oldest_used_first(shop):
    alice = shop.distributor("爱丽丝")
    shop.write(lambda s: points.add(s, alice.id, 10, cause="a", now=shop.now))
    shop.clock.advance(days=100)
    shop.write(lambda s: points.add(s, alice.id, 10, cause="b", now=shop.now))
    shop.write(lambda s: points.take(s, alice.id, 4, cause="gift:1", now=shop.now))
    shop.clock.advance(days=265)

    assert shop.write(lambda s: points.expire(s, now=shop.now)) == 1
    assert shop.write(lambda s: points.expire(s, now=shop.now)) == 0
    assert shop.ask(lambda s: points.balance(s, alice.id)) == 10


def test_nobody_uses_more_points_than_there_are(shop):
    alice = shop.distributor("爱丽丝")

    with pytest.raises(Refusal) as refused:
        shop.write(lambda s: points.take(s, alice.id, 1, cause="gift:1", now=shop.now))

    assert refused.value.code == Code.INSUFFICIENT


def test_daily_tasks_give_their_points_when_they_are_done(shop):
    alice = shop.distributor("爱丽丝")
    shop.order("E1", distributor_code=alice.code)

    done = {each.name: each.done for each in shop.write(lambda s: points.daily(s, alice.id, now=shop.now))}

    assert done == {"poster": False, "visit": False, "order": True}
    assert shop.ask(lambda s: points.balance(s, alice.id)) == 10


def test_badges_are_given_once_for_what_was_really_done(shop):
    alice = shop.distributor("爱丽丝")
    shop.order("E1", "received", distributor_code=alice.code)

    def award():
        return shop.write(lambda s: honours.award(s, metrics.of_everyone(s), now=shop.now))

    assert (award(), award()) == (1, 0)
    shop.clock.advance(days=100)
    award()
    assert [each.word for each, _ in shop.ask(lambda s: honours.of_distributor(s, alice.id))] == [
        "首单达人",
        "百日同行",
    ]


@pytest.mark.parametrize(
    "change",
    [
        "update point_entry set balance = balance + 1 where id = 1",
        "update point_entry set points = points + 1 where id = 1",
        "delete from point_entry where id = 1",
        "update task_result set bonus_fen = bonus_fen + 1",
        "update task_result set net_fen = 1",
        "delete from task_result",
    ],
)
def test_the_proof_notices_what_was_changed_by_hand(shop, change):
    alice, no = shop.distributor("爱丽丝"), task(shop)
    shop.order("E1", "received", distributor_code=alice.code)
    shop.write(lambda s: points.add(s, alice.id, 10, cause="a", now=shop.now))
    shop.write(lambda s: points.add(s, alice.id, 10, cause="b", now=shop.now))
    shop.clock.advance(days=60)
    evaluated(shop, no)

    def tried(session):
        session.execute(text(change))
        raise Undone(proof.holds(session))

    with pytest.raises(Undone) as undone:
        shop.write(tried)
    assert undone.value.args == (False,)


class Undone(Exception):
    """Takes the answer out of a transaction that is rolled back."""


def test_frozen_people_wait_for_their_bonus(shop):
    alice, no = shop.distributor("爱丽丝"), task(shop)
    shop.order("E1", "received", distributor_code=alice.code)
    shop.clock.advance(days=40)
    shop.write(lambda s: members.freeze(s, alice.id, by="boss", reason="核对", now=shop.now))
    assert evaluated(shop, no) == []

    shop.write(lambda s: members.resume(s, alice.id, by="boss", reason="好了", now=shop.now))
    assert evaluated(shop, no) == [("爱丽丝", 10_000, 500)]
