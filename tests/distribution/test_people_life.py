"""Joining, the inviter tree, bindings, levels and tags."""

import pytest

from distribution import bindings, campaigns, earnings, levels, materials, members, policy, posters, team
from distribution.posters import Drawing, Ready
from distribution.refusals import Code, Refusal
from distribution.rules.binding import Verdict
from models.states import RecipientState


def apply(shop, member_id, name="李娜", invite_code=None, phone="13900000000"):
    return shop.write(
        lambda s: members.apply(
            s,
            member_id,
            name=name,
            phone=phone,
            invite_code=invite_code,
            terms_version="1",
            policy=policy.Policy(),
            now=shop.now,
        )
    )


def click(shop, member_id, person, now=None):
    at = now or shop.now
    return shop.write(
        lambda s: bindings.click(s, member_id, person.id, policy=policy.Policy(), channel="link", at=at, now=shop.now)
    )


def test_an_applicant_waits_and_cannot_apply_twice(shop):
    member_id = shop.member("o1")
    assert apply(shop, member_id).state == "pending"
    with pytest.raises(Refusal) as refused:
        apply(shop, member_id)

    assert refused.value.code is Code.ALREADY_APPLIED


def test_a_rejected_applicant_may_apply_again_after_a_day(shop):
    member_id = shop.member("o1")
    row = apply(shop, member_id)
    shop.write(lambda s: members.reject(s, row.id, by="boss", reason="资料不全", now=shop.now))
    with pytest.raises(Refusal) as refused:
        apply(shop, member_id)
    shop.clock.advance(days=1)

    assert refused.value.code is Code.REAPPLY_LATER
    assert apply(shop, member_id).state == "pending"


def test_a_customer_who_applies_has_his_distributor_as_inviter(shop):
    alice = shop.distributor("爱丽丝")
    member_id = shop.member("o1")
    click(shop, member_id, alice)

    assert apply(shop, member_id).inviter_id == alice.id


def test_rings_of_any_length_are_refused(shop):
    alice = shop.distributor("爱丽丝")
    bob = shop.distributor("鲍勃", invited_by=alice.code)
    carol = shop.distributor("卡罗尔", invited_by=bob.code)
    for child, parent, code in (
        (alice, carol, Code.CYCLE),
        (alice, alice, Code.SELF),
        (carol, alice, Code.ALREADY_BOUND),
    ):
        with pytest.raises(Refusal) as refused:
            shop.write(lambda s, child=child, parent=parent: team.join(s, child.id, parent.id))
        assert refused.value.code is code

    assert shop.ask(lambda s: team.uplines(s, carol.id)) == [bob.id, alice.id]
    assert shop.ask(lambda s: team.sizes(s, alice.id)) == {1: 1, 2: 1}


def test_a_bound_customer_stays_until_the_term_ends(shop):
    alice, bob = shop.distributor("爱丽丝"), shop.distributor("鲍勃")
    customer = shop.member("o1")

    assert click(shop, customer, alice) is Verdict.BIND
    assert click(shop, customer, bob) is Verdict.KEEP
    shop.clock.advance(days=30)
    assert click(shop, customer, bob) is Verdict.BIND


def test_an_order_belongs_to_whoever_held_the_customer_when_it_was_made(shop):
    alice, bob = shop.distributor("爱丽丝"), shop.distributor("鲍勃")
    click(shop, shop.member("obuyer"), alice)
    made = shop.now
    shop.clock.advance(days=31)
    click(shop, shop.member("obuyer"), bob)
    outcome = shop.order("E1", created_at=made)

    assert [row["who"] for row in outcome.commissions] == [alice.code]


def test_nobody_is_bound_by_his_own_code(shop):
    alice = shop.distributor("爱丽丝")

    assert click(shop, alice.member_id, alice) is Verdict.SELF


def test_a_frozen_person_earns_nothing_new_and_a_terminated_one_loses_what_is_pending(shop):
    alice = shop.distributor("爱丽丝")
    shop.order("E1", distributor_code=alice.code)
    shop.write(lambda s: members.freeze(s, alice.id, by="boss", reason="核查", now=shop.now))
    assert shop.order("E2", distributor_code=alice.code).commissions == []
    shop.write(lambda s: members.terminate(s, alice.id, by="boss", reason="刷单", now=shop.now))

    assert shop.ask(lambda s: earnings.purse(s, alice.id)).pending_fen == 0


def test_unfollowing_long_ago_does_not_undo_a_newer_follow(shop):
    member_id = shop.member("o1")
    early = shop.now
    shop.clock.advance(minutes=1)
    shop.write(lambda s: members.record_follow(s, member_id, at=shop.now, now=shop.now))
    shop.write(lambda s: members.record_unfollow(s, member_id, at=early, now=shop.now))

    from models import Member

    assert shop.ask(lambda s: s.get(Member, member_id).following)


def test_a_campaign_reaches_its_level_alone_and_each_once(shop):
    alice, bob = shop.distributor("爱丽丝"), shop.distributor("鲍勃")
    gold = shop.write(lambda s: levels.make_level(s, "金牌", 2, by="boss", now=shop.now))
    shop.write(lambda s: levels.set_level(s, bob.id, gold.id, by="boss", now=shop.now))
    material = shop.write(
        lambda s: materials.create(s, 1, title="上新", text="好物", picture_id=None, by="boss", now=shop.now)
    )
    plan = {"material_id": material.id, "audience": {"kind": "level", "id": gold.id}, "send_at": shop.now}
    row = shop.write(lambda s: campaigns.plan(s, 1, by="boss", now=shop.now, **plan))
    assert shop.ask(lambda s: campaigns.preview(s, row.audience)) == [(bob.code, "鲍勃")]
    shop.write(lambda s: campaigns.approve(s, row.id, by="boss", now=shop.now))

    assert shop.write(lambda s: campaigns.feed(s, now=shop.now)) == 1
    assert shop.write(lambda s: campaigns.feed(s, now=shop.now)) == 0
    sent = {"state": RecipientState.SENT, "way": "customer", "now": shop.now}
    shop.write(lambda s: campaigns.record_delivery(s, 1, **sent))
    assert shop.write(lambda s: campaigns.close_finished(s, now=shop.now)) == 1
    assert alice.code not in str(shop.ask(lambda s: campaigns.recipients(s, row.id)))


def test_what_is_sent_to_everybody_reaches_whose_level_permits_it(shop):
    alice, bob = shop.distributor("爱丽丝"), shop.distributor("鲍勃")
    silent = shop.write(lambda s: levels.make_level(s, "新人", 1, by="boss", now=shop.now))
    shop.write(lambda s: levels.set_level(s, bob.id, silent.id, by="boss", now=shop.now))
    everybody = {"kind": "all"}

    def reached(audience):
        return [code for code, _ in shop.ask(lambda s: campaigns.preview(s, audience))]

    assert reached(everybody) == [alice.code, bob.code]
    shaped = {"mode": "any", "need": {}, "keep": {}, "permissions": {"daily_broadcast": False}}
    shop.write(lambda s: levels.shape_level(s, silent.id, **shaped, by="boss", now=shop.now))
    assert reached(everybody) == [alice.code]
    # A level or a tag is chosen on purpose.
    assert reached({"kind": "level", "id": silent.id}) == [bob.code]
    shop.write(lambda s: levels.tag(s, bob.id, "宝妈", by="boss", now=shop.now))
    assert reached({"kind": "tag", "id": 1}) == [bob.code]


def test_a_poster_is_drawn_once_and_again_when_the_price_changes(shop):
    alice = shop.distributor("爱丽丝")

    def ask(key):
        return shop.write(
            lambda s: posters.ask(s, alice.id, product_id=1, purpose="product", request_key=key, now=shop.now)
        )

    drawing = ask("a")
    assert isinstance(drawing, Drawing)
    later = shop.clock.now().replace(year=2027)
    shop.write(lambda s: posters.record_scene(s, 1, url="http://weixin.qq.com/q/x", expires_at=later))
    work = shop.ask(lambda s: posters.work_of(s, drawing.poster_id, now=shop.now))
    from distribution import pictures

    picture = shop.write(lambda s: pictures.store(s, b"jpeg", "image/jpeg", now=shop.now))
    drawn = {"picture_id": picture, "media_id": "m1", "media_until": later, "facts_hash": work.facts_hash}
    shop.write(lambda s: posters.record_drawn(s, drawing.poster_id, **drawn))
    assert ask("b") == Ready("m1")

    from models import Product

    shop.write(lambda s: setattr(s.get(Product, 1), "price_fen", 1))
    assert isinstance(ask("c"), Drawing)
