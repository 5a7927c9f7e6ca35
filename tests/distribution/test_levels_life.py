"""Levels: reached by completed sales, kept by quarters, with what they permit."""

import pytest

from distribution import (
    bonuses,
    level_reviews,
    levels,
    metrics,
    policy,
    standing,
    withdrawals,
)
from distribution.refusals import Code, Refusal


def level(shop, name, rank, need=None, keep=None, **permissions):
    def make(session):
        row = levels.make_level(session, name, rank, by="boss", now=shop.now)
        told = {"mode": "any", "need": need or {}, "keep": keep or {}, "permissions": permissions}
        return levels.shape_level(session, row.id, **told, by="boss", now=shop.now)

    return shop.write(make)


def promoted(shop):
    return shop.write(lambda s: levels.promote(s, metrics.of_everyone(s), now=shop.now))


def level_of(shop, person):
    held = shop.ask(lambda s: levels.progress(s, person.id, shop.now)).current
    return held.name if held else None


def test_a_level_is_reached_by_completed_orders_only(shop):
    level(shop, "银牌", 2, {"sales_fen": 10_000})
    alice = shop.distributor("爱丽丝")
    shop.order("E1", "paid", distributor_code=alice.code)
    assert promoted(shop) == 0

    shop.order("E1", "received", 2, distributor_code=alice.code)
    assert promoted(shop) == 1
    assert (level_of(shop, alice), promoted(shop)) == ("银牌", 0)


def test_refunded_money_does_not_count(shop):
    level(shop, "银牌", 2, {"sales_fen": 10_000})
    alice = shop.distributor("爱丽丝")
    shop.order("E1", "received", distributor_code=alice.code)
    shop.refund("R1", "E1", 1)

    assert promoted(shop) == 0


def test_progress_says_what_is_missing(shop):
    silver = level(shop, "银牌", 2, {"sales_fen": 25_000, "orders": 3})
    alice = shop.distributor("爱丽丝")
    shop.order("E1", "received", distributor_code=alice.code)

    found = shop.ask(lambda s: levels.progress(s, alice.id, shop.now))

    assert (found.current, found.next.id) == (None, silver.id)
    assert found.missing == {"sales_fen": 15_000, "orders": 2}


def test_figures_of_everybody_and_of_one_are_the_same(shop):
    alice = shop.distributor("爱丽丝")
    bob = shop.distributor("鲍勃", invited_by=alice.code)
    carol = shop.distributor("卡罗尔", invited_by=bob.code)
    shop.order("E1", "received", distributor_code=carol.code)
    shop.order("E2", "received", distributor_code=alice.code, buyer="oother")

    everyone = shop.ask(metrics.of_everyone)
    for person in (alice, bob, carol):
        one = shop.ask(lambda s, who=person.id: metrics.of_one(s, who))
        assert dict.fromkeys(metrics.METRICS, 0) | everyone.get(person.id, {}) == one
    assert everyone[alice.id]["team_sales_fen"] == 20_000
    assert (everyone[alice.id]["direct_team"], everyone[alice.id]["selling_team"]) == (1, 1)


def test_a_level_that_is_not_kept_is_lost_after_fourteen_days(shop):
    level(shop, "铜牌", 1, {"orders": 1})
    level(shop, "银牌", 2, {"sales_fen": 10_000}, keep={"orders": 1})
    alice = shop.distributor("爱丽丝")
    shop.order("E1", "received", distributor_code=alice.code)
    promoted(shop)
    shop.clock.advance(days=200)

    assert shop.write(lambda s: level_reviews.warn(s, now=shop.now)) == 1
    assert shop.write(lambda s: level_reviews.warn(s, now=shop.now)) == 0
    shop.clock.advance(days=13, hours=23)
    assert shop.write(lambda s: level_reviews.judge(s, now=shop.now)) == 0
    shop.clock.advance(hours=1)
    assert shop.write(lambda s: level_reviews.judge(s, now=shop.now)) == 1
    assert (level_of(shop, alice), promoted(shop)) == ("铜牌", 0)


def test_a_level_is_kept_by_what_comes_in_during_the_notice(shop):
    level(shop, "银牌", 2, {"sales_fen": 10_000}, keep={"orders": 1})
    alice = shop.distributor("爱丽丝")
    shop.order("E1", "received", distributor_code=alice.code)
    promoted(shop)
    shop.clock.advance(days=200)
    shop.write(lambda s: level_reviews.warn(s, now=shop.now))

    shop.order("E2", "received", distributor_code=alice.code)
    shop.clock.advance(days=14)
    shop.write(lambda s: level_reviews.judge(s, now=shop.now))

    assert level_of(shop, alice) == "银牌"


def test_every_change_of_a_level_is_remembered(shop):
    silver = level(shop, "银牌", 2, {"orders": 1})
    alice = shop.distributor("爱丽丝")
    before = shop.now
    shop.clock.advance(days=1)
    shop.order("E1", "received", distributor_code=alice.code)
    promoted(shop)

    def name(at):
        return shop.ask(lambda s: standing.at(s, [alice.id], at))[alice.id].level_name

    assert (name(before), name(shop.now)) == (None, silver.name)


def test_a_level_may_let_small_withdrawals_pass(shop):
    gold = level(shop, "金牌", 3, direct_withdrawal_up_to_fen=3_000)
    alice = shop.distributor("爱丽丝")
    give(shop, alice, 10_000)
    shop.write(lambda s: levels.set_level(s, alice.id, gold.id, by="boss", now=shop.now))

    def withdraw(fen, key):
        terms = {"request_key": key, "policy": policy.Policy(), "now": shop.now}
        return shop.write(lambda s: withdrawals.request(s, alice.id, fen, **terms)).state

    assert (withdraw(3_000, "a"), withdraw(3_001, "b")) == ("approved", "requested")


def test_a_level_may_end_inviting(shop):
    single = level(shop, "普通", 1, max_team=1)
    alice = shop.distributor("爱丽丝")
    shop.write(lambda s: levels.set_level(s, alice.id, single.id, by="boss", now=shop.now))
    shop.distributor("鲍勃", invited_by=alice.code)

    with pytest.raises(Refusal) as refused:
        shop.distributor("卡罗尔", invited_by=alice.code)

    assert refused.value.code == Code.MAY_NOT_INVITE


def give(shop, person, fen):
    told = {"merchant_id": 1, "distributor_id": person.id, "fen": fen, "kind": "manual", "reference": "manual:1"}
    shop.write(lambda s: bonuses.credit(s, **told, why={}, by="boss", now=shop.now))
