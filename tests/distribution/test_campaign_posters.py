"""Campaigns' own posters: offered while the campaign runs, to its people alone, counted for it."""

import datetime as dt

import pytest

from distribution import (
    bindings,
    campaign_posters,
    campaigns,
    materials,
    poster_batches,
    poster_figures,
    posters,
    products,
)
from distribution.policy import Policy
from distribution.products import ProductFacts
from distribution.refusals import Code, Refusal
from models import Poster, Product, Scene

DAY = dt.timedelta(days=1)


def campaign(shop, *, template="festival", product_id=None, title="春茶节"):
    def make(session):
        facts = {"by": "老板", "now": shop.now}
        about = materials.create(
            session, 1, title=title, text="第二件半价", picture_id=None, product_id=product_id, **facts
        )
        everyone = {"audience": {"kind": "all"}, "send_at": shop.now, "poster_template": template}
        row = campaigns.plan(session, 1, material_id=about.id, **everyone, **facts)
        campaigns.approve(session, row.id, **facts)
        campaigns.feed(session, now=shop.now)
        return row.id

    return shop.write(make)


def running(shop, person, later=dt.timedelta()):
    return shop.ask(lambda s: campaign_posters.running(s, person.id, now=shop.now + later))


def drawn(shop, person, campaign_id):
    wanted = {"purpose": "campaign", "campaign_id": campaign_id, "now": shop.now}
    poster_id = shop.write(lambda s: posters.prepare(s, person.id, **wanted))
    return shop.ask(lambda s: posters.work_of(s, poster_id, now=shop.now))


def test_a_running_campaign_offers_its_people_their_poster(shop):
    alice = shop.distributor("爱丽丝")
    number = campaign(shop)
    later = shop.distributor("鲍勃")
    assert running(shop, alice) == [(number, "春茶节")]
    assert running(shop, later) == []
    assert running(shop, alice, 15 * DAY) == []


def test_without_a_template_there_is_none(shop):
    alice = shop.distributor("爱丽丝")
    number = campaign(shop, template=None)
    assert running(shop, alice) == []
    with pytest.raises(Refusal) as refused:
        drawn(shop, alice, number)
    assert refused.value.code == Code.NOT_FOUND


def test_it_is_drawn_in_the_campaigns_template_about_the_campaign(shop):
    work = drawn(shop, shop.distributor("爱丽丝"), campaign(shop))
    assert (work.kind, work.template, work.product, work.price_fen) == ("campaign", "festival", "春茶节", 0)


def test_about_a_product_it_shows_the_product_and_waits_while_that_is_gone(shop):
    alice = shop.distributor("爱丽丝")
    number = campaign(shop, product_id=1)
    work = drawn(shop, alice, number)
    product = shop.ask(lambda s: s.get(Product, 1))
    assert (work.product, work.price_fen, work.slogan) == (product.name, product.price_fen, "春茶节")
    gone = ProductFacts(product.name, product.price_fen, 0)
    shop.write(lambda s: products.put(s, 1, product.sku, gone, now=shop.now))
    assert running(shop, alice) == []


def test_two_campaigns_are_two_posters_and_each_has_its_own_figures(shop):
    alice = shop.distributor("爱丽丝")
    for title in ("春茶节", "端午"):
        drawn(shop, alice, campaign(shop, title=title))
    scene = shop.ask(lambda s: s.query(Scene).order_by(Scene.id.desc()).first())
    buyer = shop.member("obuyer")
    shop.write(lambda s: bindings.scan(s, buyer, scene.code, policy=Policy(), at=shop.now, now=shop.now))
    shop.order("E1")
    span = {"since": shop.now - DAY, "until": shop.now + DAY, "by": "campaign"}
    [row] = shop.ask(lambda s: poster_figures.conversion(s, **span))
    assert (row.key, row.scans, row.orders, row.fen) == (f"{scene.campaign_id} 端午", 1, 1, 10_000)
    assert len(shop.ask(lambda s: s.query(Poster).all())) == 2


def test_a_batch_of_a_campaign_is_for_its_people(shop):
    alice = shop.distributor("爱丽丝")
    number = campaign(shop)
    shop.distributor("鲍勃")
    begin = {"purpose": "campaign", "campaign_id": number, "by": "老板", "now": shop.now}
    batch = shop.write(lambda s: poster_batches.start(s, 1, **begin))
    assert shop.ask(lambda s: poster_batches.following(s, batch, 9)) == [alice.id]


def test_a_struck_price_and_a_logo_make_posters_anew(shop):
    wanted = {"purpose": "product", "product_id": 1, "now": shop.now}
    alice = shop.distributor("爱丽丝")
    poster_id = shop.write(lambda s: posters.prepare(s, alice.id, **wanted))
    before = shop.ask(lambda s: posters.work_of(s, poster_id, now=shop.now)).facts_hash
    shop.write(lambda s: setattr(s.get(Product, 1), "struck_fen", 99_900))
    after = shop.ask(lambda s: posters.work_of(s, poster_id, now=shop.now))
    assert (after.struck_fen, after.facts_hash == before) == (99_900, False)
