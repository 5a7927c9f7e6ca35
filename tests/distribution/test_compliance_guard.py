"""The guard: large trees, circles of purchases, listed words; and no way to be paid without a completed order."""

import pytest
from sqlalchemy import func, select

from distribution import (
    bonuses,
    campaigns,
    compliance,
    ledger,
    materials,
    reviews,
    rings,
    settlement,
    withdrawals,
    wording_check,
)
from distribution.policy import Policy
from distribution.refusals import Code, Refusal
from distribution.rules import compliance as rule
from distribution.rules.compliance import Limits
from models import tables as t


def scan(shop):
    return shop.write(lambda s: compliance.scan(s, now=shop.now))


def alarms(shop):
    return {row.kind: row.facts for row in shop.ask(compliance.open_alarms)}


def plant(shop, people):
    """A tree of so many people in three generations, the root among them."""
    root = shop.distributor("根根")
    child = shop.distributor("子子", invited_by=root.code)
    shop.distributor("孙孙", invited_by=child.code)
    for number in range(people - 3):
        shop.distributor(f"叶子{chr(0x4E00 + number)}", invited_by=root.code)


def test_a_tree_of_thirty_in_three_generations_is_shown(shop):
    plant(shop, 30)
    scan(shop)

    assert alarms(shop)["tree"]["people"] == 30
    assert scan(shop) == 0


def test_a_tree_of_twenty_nine_is_not(shop):
    plant(shop, 29)

    assert scan(shop) == 0


def test_thirty_people_in_two_generations_are_not_shown(shop):
    root = shop.distributor("根根")
    for number in range(40):
        shop.distributor(f"叶子{chr(0x4E00 + number)}", invited_by=root.code)

    assert scan(shop) == 0


def circle(shop):
    """Three who each buy by the next one's link."""
    people = [shop.distributor(name) for name in ("爱丽丝", "鲍勃", "卡罗尔")]
    for number, buyer in enumerate(("爱丽丝", "鲍勃", "卡罗尔")):
        seller = people[(number + 1) % 3]
        shop.order(f"E{number}", "received", buyer=f"o{buyer}", distributor_code=seller.code)
    return people


def test_a_ring_of_three_is_held_and_each_can_read_why(shop):
    people = circle(shop)

    scan(shop)

    for person in people:
        held = shop.ask(lambda s, who=person.id: reviews.of_distributor(s, who))
        assert "互相下单" in held.reason
        assert person.name not in held.reason


def test_two_who_buy_from_each_other_are_not_held(shop):
    alice, bob = shop.distributor("爱丽丝"), shop.distributor("鲍勃")
    shop.order("E1", buyer="o爱丽丝", distributor_code=bob.code)
    shop.order("E2", buyer="o鲍勃", distributor_code=alice.code)

    assert scan(shop) == 0


def pair(shop, times, others=0):
    """Two who bought so often from each other; the second sold to others too."""
    people = [shop.distributor(name) for name in ("爱丽丝", "鲍勃")]
    for number in range(times):
        for buyer, seller in (("爱丽丝", people[1]), ("鲍勃", people[0])):
            shop.order(f"E{number}{buyer}", "received", buyer=f"o{buyer}", distributor_code=seller.code)
    for number in range(others):
        shop.order(f"O{number}", buyer=f"o客{number}", distributor_code=people[1].code)
    return people


def test_two_who_sell_to_each_other_alone_are_shown_and_nothing_of_theirs_is_held(shop):
    people = pair(shop, 3)

    assert (scan(shop), scan(shop)) == (1, 0)
    assert alarms(shop)["ring"] == {"people": [each.id for each in people], "shared": "", "orders": [3, 3]}
    shop.clock.advance(days=8)
    shop.write(lambda s: settlement.settle_due(s, now=shop.now))
    for person in people:
        assert shop.ask(lambda s, who=person.id: reviews.of_distributor(s, who)) is None
        assert shop.ask(lambda s, who=person.id: ledger.balance(s, ledger.purse(who, "available"))) == 3000


def test_what_two_in_question_take_out_is_looked_at_until_that_is_decided(shop):
    people = pair(shop, 3)
    stranger = shop.distributor("卡罗尔")
    shop.order("E9", "received", buyer="o客", distributor_code=stranger.code)
    scan(shop)
    shop.clock.advance(days=8)
    shop.write(lambda s: settlement.settle_due(s, now=shop.now))
    terms = Policy(withdraw={"auto_approve_up_to_fen": 50_000, "max_per_day": 9})

    def states():
        def ask(s, who):
            key = f"{who}:{shop.now}"
            return withdrawals.request(s, who, 1000, request_key=key, policy=terms, now=shop.now).state

        return [shop.write(lambda s, who=each.id: ask(s, who)) for each in asking]

    asking = [*people, stranger]
    assert states() == ["requested", "requested", "approved"]
    [alarm] = shop.ask(compliance.open_alarms)
    shop.write(lambda s: compliance.decide(s, alarm.id, reason="夫妻店", by="boss", now=shop.now))
    shop.clock.advance(minutes=1)
    asking = people
    assert states() == ["approved", "approved"]


@pytest.mark.parametrize(("times", "others"), [(2, 0), (3, 1)])
def test_two_who_buy_seldom_from_each_other_or_sell_to_others_are_nobodys_business(shop, times, others):
    pair(shop, times, others)

    assert scan(shop) == 0


def test_a_pair_within_a_circle_is_told_with_the_circle(shop):
    alice, _, carol = circle(shop)
    for number in range(3):
        shop.order(f"P{number}", buyer="o爱丽丝", distributor_code=carol.code)
        shop.order(f"Q{number}", buyer="o卡罗尔", distributor_code=alice.code)

    assert [(len(ring.people), ring.orders) for ring in shop.ask(lambda s: rings.find(s, Limits(), now=shop.now))] == [
        (3, ())
    ]


def test_money_of_a_ring_waits_until_somebody_has_looked(shop):
    people = circle(shop)
    scan(shop)
    shop.clock.advance(days=8)

    def settled():
        shop.write(lambda s: settlement.settle_due(s, now=shop.now))
        return [shop.ask(lambda s, who=p.id: ledger.balance(s, ledger.purse(who, "available"))) for p in people]

    assert settled() == [0, 0, 0]
    with pytest.raises(Refusal) as refused:
        shop.write(lambda s: withdrawals.request(s, people[0].id, 1000, request_key="k", policy=Policy(), now=shop.now))
    assert refused.value.code == Code.UNDER_REVIEW

    [alarm] = shop.ask(compliance.open_alarms)
    shop.write(lambda s: compliance.decide(s, alarm.id, reason="是一家人", by="boss", now=shop.now))
    assert settled() == [1000, 1000, 1000]
    assert scan(shop) == 0


def test_three_with_one_phone_are_held(shop):
    for name in ("爱丽丝", "鲍勃", "卡罗尔"):
        person = shop.distributor(name)
        shop.write(
            lambda s, who=person.id: s.execute(
                t.distributor.update().where(t.distributor.c.id == who).values(phone="13800138000")
            )
        )

    found = shop.ask(lambda s: rings.find(s, Limits(), now=shop.now))

    assert [ring.shared for ring in found] == ["手机号"]


def test_income_that_comes_mostly_from_invited_people_is_shown(shop):
    alice = shop.distributor("爱丽丝")
    bob = shop.distributor("鲍勃", invited_by=alice.code)
    shop.order("E1", distributor_code=bob.code)
    limits = Limits(recruiting_bp=3000, recruiting_from_fen=1)

    assert shop.write(lambda s: compliance.scan(s, now=shop.now, limits=limits)) == 1
    assert alarms(shop)["recruiting"] == {"merchant": "禾苗好物", "invited_fen": 500, "all_fen": 1500}


def drafted(shop, text):
    def make(session):
        row = materials.create(session, 1, title="上新", text=text, picture_id=None, by="boss", now=shop.now)
        plan = {"material_id": row.id, "audience": {"kind": "all"}, "send_at": shop.now, "by": "boss", "now": shop.now}
        return campaigns.plan(session, 1, **plan)

    return shop.write(make)


def test_a_broadcast_with_any_listed_phrase_is_held(shop):
    shop.distributor("爱丽丝")
    for word in wording_check.words():
        campaign = drafted(shop, f"姐妹们，{' '.join(word.phrase)}！")

        with pytest.raises(Refusal) as refused:
            shop.write(lambda s, each=campaign.id: campaigns.approve(s, each, by="boss", now=shop.now))

        assert refused.value.code == Code.WORDING_HELD
        assert word.phrase in refused.value.facts["words"]
    assert shop.ask(lambda s: materials.about(s, None)) == []


def test_an_owner_may_let_words_pass_with_a_reason(shop):
    shop.distributor("爱丽丝")
    campaign = drafted(shop, "我们不收入会费")
    shop.write(lambda s: wording_check.release(s, campaign.material_id, reason="否定句", by="boss", now=shop.now))

    assert shop.write(lambda s: campaigns.approve(s, campaign.id, by="boss", now=shop.now)).state == "approved"


def test_ordinary_words_are_not_held():
    assert wording_check.of_text("中秋上新：即食阿胶糕 250g，满 200 减 20，老客户回购最多") == []


def test_joining_moves_no_money(shop):
    plant(shop, 12)

    assert shop.ask(lambda s: s.scalar(select(func.count()).select_from(t.posting))) == 0


@pytest.mark.parametrize(
    ("bought", "groups"),
    [
        ({1: {2}, 2: {3}, 3: {1}}, [{1, 2, 3}]),
        ({1: {2}, 2: {3}}, []),
        ({1: {2}, 2: {1}, 3: {1}}, []),
        ({1: {2}, 2: {3}, 3: {4, 1}, 4: {5}, 5: {6}, 6: {4}}, [{4, 5, 6}, {1, 2, 3}]),
    ],
)
def test_circles_are_found_whatever_hangs_on_them(bought, groups):
    assert rule.circles(bought, 3) == [frozenset(group) for group in groups]


def test_three_who_use_one_mall_account_are_held(shop):
    seller = shop.distributor("店小二")
    for number, name in enumerate(("爱丽丝", "鲍勃", "卡罗尔")):
        shop.distributor(name)
        shop.order(f"E{number}", buyer=f"o{name}", buyer_external_id="u-77", distributor_code=seller.code)

    found = shop.ask(lambda s: rings.find(s, Limits(), now=shop.now))

    assert [(len(ring.people), ring.shared) for ring in found] == [(3, "商城账号")]


def test_three_below_one_inviter_paid_under_one_name_are_held(shop):
    head = shop.distributor("店小二")
    for number, name in enumerate(("爱丽丝", "鲍勃", "卡罗尔")):
        person = shop.distributor(name, invited_by=head.code)
        gift = {"merchant_id": 1, "distributor_id": person.id, "fen": 2000, "kind": "manual", "why": {}, "by": "boss"}
        shop.write(lambda s, told=gift, no=number: bonuses.credit(s, **told, reference=f"m:{no}", now=shop.now))
        asked = {"request_key": name, "policy": Policy(), "real_name": "王五", "now": shop.now}
        shop.write(lambda s, who=person.id, told=asked: withdrawals.request(s, who, 1000, **told))

    assert [ring.shared for ring in shop.ask(lambda s: rings.find(s, Limits(), now=shop.now))] == ["收款姓名和邀请人"]
