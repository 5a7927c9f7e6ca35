"""Posters from template to sale: what they are drawn in, whose code they bear, what they brought."""

import datetime as dt

import pytest

from distribution import bindings, poster_batches, poster_figures, poster_templates, posters
from distribution.policy import Policy
from distribution.refusals import Code, Refusal
from models import Poster, Product, Scene

HOUR = dt.timedelta(hours=1)


def poster(shop, person, purpose="shop", product_id=None) -> Poster:
    wanted = {"product_id": product_id, "purpose": purpose, "now": shop.now}
    poster_id = shop.write(lambda s: posters.prepare(s, person.id, **wanted))
    return shop.ask(lambda s: s.get(Poster, poster_id))


def scan(shop, scene_id: int, openid: str) -> None:
    code = shop.ask(lambda s: s.get(Scene, scene_id).code)
    member_id = shop.member(openid)
    shop.write(lambda s: bindings.scan(s, member_id, code, policy=Policy(), at=shop.now, now=shop.now))


def figures(shop, **more):
    span = {"since": shop.now - HOUR, "until": shop.now + HOUR}
    return shop.ask(lambda s: poster_figures.conversion(s, **span, **more))


def test_scans_become_customers_and_customers_orders(shop):
    one = poster(shop, shop.distributor("爱丽丝"), "product", 1)
    poster(shop, shop.distributor("鲍勃"), "shop")
    for openid in ("obuyer", "obuyer", "oanother"):
        scan(shop, one.scene_id, openid)
    shop.order("E1")
    (row,) = figures(shop)
    assert (row.key, row.scans, row.people, row.bindings, row.orders, row.fen) == ("clean", 3, 2, 2, 1, 10_000)
    assert row.rate_bp == 5000


def test_what_was_refunded_was_not_sold(shop):
    one = poster(shop, shop.distributor("爱丽丝"), "product", 1)
    scan(shop, one.scene_id, "obuyer")
    shop.order("E1")
    shop.refund("R1", "E1", 4_000)
    assert [row.fen for row in figures(shop)] == [6_000]


@pytest.mark.parametrize("by", ["poster", "template", "product", "kind", "channel"])
def test_the_sums_are_the_same_however_they_are_grouped(shop, by):
    alice = shop.distributor("爱丽丝")
    for purpose, product_id, openid in (("product", 1, "obuyer"), ("shop", None, "oother")):
        scan(shop, poster(shop, alice, purpose, product_id).scene_id, openid)
    shop.order("E1")
    rows = figures(shop, by=by)
    assert [sum(getattr(row, name) for row in rows) for name in ("scans", "bindings", "orders", "fen")] == [
        2,
        2,
        1,
        10_000,
    ]


def test_an_order_counts_for_the_last_poster_alone(shop):
    alice = shop.distributor("爱丽丝")
    scan(shop, poster(shop, alice, "product", 1).scene_id, "obuyer")
    scan(shop, poster(shop, alice, "shop").scene_id, "obuyer")
    shop.order("E1")
    assert [(row.key, row.orders) for row in figures(shop, by="kind") if row.orders] == [("shop", 1)]


def test_another_template_is_another_poster_with_a_code_of_its_own(shop):
    alice = shop.distributor("爱丽丝")
    before = poster(shop, alice, "product", 1)
    shop.write(lambda s: poster_templates.choose(s, 1, "product", "gallery", by="老板", now=shop.now))
    after = poster(shop, alice, "product", 1)
    assert (before.template, after.template) == ("clean", "gallery")
    assert before.scene_id != after.scene_id


@pytest.mark.parametrize("change", [{"price_fen": 1}, {"name": "新名"}, {"stock": 0}, {"image_url": "https://x.cn/a"}])
def test_a_poster_is_out_of_date_when_its_facts_change(shop, change):
    one = poster(shop, shop.distributor("爱丽丝"), "product", 1)
    before = shop.ask(lambda s: posters.work_of(s, one.id, now=shop.now)).facts_hash
    shop.write(lambda s: [setattr(s.get(Product, 1), *each) for each in change.items()])
    assert shop.ask(lambda s: posters.work_of(s, one.id, now=shop.now)).facts_hash != before


def test_a_changed_template_of_ones_own_makes_its_posters_out_of_date(shop):
    facts = {"title": "我的", "document": {"kinds": ["shop"]}, "background_id": None, "by": "老板", "now": shop.now}
    row = shop.write(lambda s: poster_templates.save(s, 1, None, **facts))
    shop.write(lambda s: poster_templates.choose(s, 1, "shop", f"own:{row.id}", by="老板", now=shop.now))
    one = poster(shop, shop.distributor("爱丽丝"))
    before = shop.ask(lambda s: posters.work_of(s, one.id, now=shop.now))
    shop.write(lambda s: poster_templates.save(s, 1, row.id, **facts | {"title": "新的"}))
    after = shop.ask(lambda s: posters.work_of(s, one.id, now=shop.now))
    assert before.own.document == {"kinds": ["shop"]}
    assert before.facts_hash != after.facts_hash


def test_a_template_belongs_to_its_merchant(shop):
    facts = {"title": "我的", "document": {}, "background_id": None, "by": "老板", "now": shop.now}
    row = shop.write(lambda s: poster_templates.save(s, 1, None, **facts))
    with pytest.raises(Refusal) as refused:
        shop.ask(lambda s: poster_templates.get(s, 2, row.id))
    assert refused.value.code == Code.NOT_FOUND


def test_what_is_printed_gets_a_lasting_code_and_is_counted(shop):
    before = shop.ask(posters.permanent_left)
    lasting = poster(shop, shop.distributor("爱丽丝"), "stand")
    assert shop.ask(lambda s: s.get(Scene, lasting.scene_id).permanent)
    assert shop.ask(posters.permanent_left) == before - 1


def test_a_temporary_code_is_made_anew_a_day_before_it_ends(shop):
    one = poster(shop, shop.distributor("爱丽丝"))
    ends = shop.now + dt.timedelta(days=30)
    shop.write(lambda s: posters.record_scene(s, one.scene_id, url="http://weixin.qq.com/q/x", expires_at=ends))
    assert shop.ask(lambda s: posters.work_of(s, one.id, now=ends - 26 * HOUR)).scene_url
    assert shop.ask(lambda s: posters.work_of(s, one.id, now=ends - 23 * HOUR)).scene_url is None


def test_a_batch_goes_on_where_it_stopped_and_counts_nobody_twice(shop):
    people = [shop.distributor(f"李{each}") for each in "娜芳敏静丽"]
    batch = shop.write(lambda s: poster_batches.start(s, 1, purpose="shop", by="老板", now=shop.now))
    assert batch.total == 5
    first = shop.ask(lambda s: poster_batches.following(s, batch, 2))
    assert first == [people[0].id, people[1].id]
    counted = {"at": 0, "reached": first[-1], "done": 2, "failed": 0}
    assert shop.write(lambda s: poster_batches.record(s, batch.id, **counted))
    assert not shop.write(lambda s: poster_batches.record(s, batch.id, **counted))
    now = shop.ask(lambda s: poster_batches.get(s, batch.id))
    assert (now.done, shop.ask(lambda s: poster_batches.following(s, now, 9))) == (2, [each.id for each in people[2:]])


def test_an_open_batch_is_not_begun_again(shop):
    shop.distributor("爱丽丝")
    begin = {"purpose": "shop", "by": "老板", "now": shop.now}
    one = shop.write(lambda s: poster_batches.start(s, 1, **begin))
    assert shop.write(lambda s: poster_batches.start(s, 1, **begin)).id == one.id
    shop.write(lambda s: poster_batches.finish(s, one.id, now=shop.now))
    assert shop.write(lambda s: poster_batches.start(s, 1, **begin)).id != one.id
    assert shop.ask(poster_batches.next_due) is not None


def test_a_batch_without_anybody_is_refused(shop):
    with pytest.raises(Refusal) as refused:
        shop.write(lambda s: poster_batches.start(s, 1, purpose="shop", by="老板", now=shop.now))
    assert refused.value.code == Code.EMPTY_AUDIENCE
