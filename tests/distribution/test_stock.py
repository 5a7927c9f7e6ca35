"""A product that has gone: nobody shares it any more, who did hears of it once, and it comes back by itself."""

import pytest

from distribution import campaigns, materials, members, posters, products
from distribution.products import ProductFacts
from distribution.refusals import Code, Refusal
from models import tables as t


def put(shop, stock=0, **more):
    facts = ProductFacts("即食阿胶糕", 10_000, stock, **more)
    return shop.write(lambda s: products.put(s, 1, "AJ250", facts, now=shop.now))


def share(shop, who, key="k1"):
    ask = {"product_id": 1, "purpose": "product", "request_key": key, "now": shop.now}
    return shop.write(lambda s: posters.ask(s, who.id, **ask))


def told(shop):
    with shop.database.reading() as session:
        rows = session.execute(t.outbox_row.select().where(t.outbox_row.c.kind == "notice")).all()
    return [row.member_id for row in rows if row.facts["kind"] == "stock"]


@pytest.fixture
def ann(shop):
    return shop.distributor("安然")


def test_who_shared_it_hears_once_that_it_has_gone(shop, ann):
    shop.distributor("贝安")
    share(shop, ann)
    put(shop)
    put(shop)
    put(shop, 5, on_sale=False)

    assert told(shop) == [ann.member_id]


def test_who_shared_it_more_than_a_week_ago_is_left_alone(shop, ann):
    share(shop, ann)
    shop.clock.advance(days=7, seconds=1)
    put(shop)

    assert told(shop) == []


def test_wanting_the_poster_again_counts_as_sharing(shop, ann):
    share(shop, ann)
    shop.clock.advance(days=6)
    share(shop, ann, "k2")
    shop.clock.advance(days=6)
    put(shop)

    assert told(shop) == [ann.member_id]


def test_a_product_that_comes_back_and_goes_again_is_told_of_again(shop, ann):
    share(shop, ann)
    put(shop)
    shop.clock.advance(days=1)
    put(shop, 3)
    put(shop, 0)

    assert told(shop) == [ann.member_id, ann.member_id]


def test_a_frozen_person_is_not_told(shop, ann):
    share(shop, ann)
    shop.write(lambda s: members.freeze(s, ann.id, by="boss", reason="核实", now=shop.now))
    put(shop)

    assert told(shop) == []


def test_no_poster_is_made_of_what_cannot_be_bought(shop, ann):
    put(shop)
    with pytest.raises(Refusal) as refusal:
        share(shop, ann)
    put(shop, 1)

    assert refusal.value.code == Code.SOLD_OUT
    share(shop, ann)


def test_material_is_withdrawn_and_comes_back_with_its_product(shop, ann):
    what = {"title": "上新", "text": "好物", "picture_id": None, "product_id": 1, "by": "boss", "now": shop.now}
    row = shop.write(lambda s: materials.create(s, 1, **what))
    put(shop)
    assert shop.ask(lambda s: materials.about(s, None)) == []

    put(shop, 1)
    assert [each.id for each in shop.ask(lambda s: materials.about(s, None))] == [row.id]


def test_a_campaign_about_what_has_gone_cannot_be_approved(shop, ann):
    what = {"title": "上新", "text": "好物", "picture_id": None, "product_id": 1, "by": "boss", "now": shop.now}
    row = shop.write(lambda s: materials.create(s, 1, **what))
    draft = shop.write(
        lambda s: campaigns.plan(
            s, 1, material_id=row.id, audience={"kind": "all"}, send_at=shop.now, by="boss", now=shop.now
        )
    )
    put(shop)
    with pytest.raises(Refusal) as refusal:
        shop.write(lambda s: campaigns.approve(s, draft.id, by="boss", now=shop.now))

    assert refusal.value.code == Code.SOLD_OUT


def test_a_campaign_waits_while_its_product_has_gone(shop, ann):
    what = {"title": "上新", "text": "好物", "picture_id": None, "product_id": 1, "by": "boss", "now": shop.now}
    row = shop.write(lambda s: materials.create(s, 1, **what))
    plan = {"material_id": row.id, "audience": {"kind": "all"}, "send_at": shop.now, "by": "boss", "now": shop.now}
    draft = shop.write(lambda s: campaigns.plan(s, 1, **plan))
    shop.write(lambda s: campaigns.approve(s, draft.id, by="boss", now=shop.now))
    put(shop)
    assert shop.write(lambda s: campaigns.feed(s, now=shop.now)) == 0

    put(shop, 1)
    assert shop.write(lambda s: campaigns.feed(s, now=shop.now)) == 1
