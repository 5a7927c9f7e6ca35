"""Codes that die: which posters are made anew, and how many a day."""

import datetime as dt

import pytest
from sqlalchemy import update

from distribution import poster_renewals, posters
from models import OutboxRow, Poster, Product
from models import tables as t

DAY = dt.timedelta(days=1)


@pytest.fixture
def dying(shop):
    """A poster that was asked for yesterday and whose code dies in two days."""
    return poster(shop, shop.distributor("爱丽丝"))


def poster(shop, person, *, purpose="shop", product_id=None, asked=DAY, ends=2 * DAY) -> Poster:
    wanted = {"product_id": product_id, "purpose": purpose, "now": shop.now}

    def make(session):
        session.execute(update(t.member).where(t.member.c.id == person.member_id).values(following=True))
        row = session.get(Poster, posters.prepare(session, person.id, **wanted))
        row.asked_at = shop.now - asked
        posters.record_scene(session, row.scene_id, url="http://weixin.qq.com/q/x", expires_at=shop.now + ends)
        return row

    return shop.write(make)


def put(shop, **more) -> int:
    return shop.write(lambda s: poster_renewals.put(s, now=shop.now, **more))


def test_a_dying_code_in_use_is_made_anew_once_a_day(shop, dying):
    assert put(shop) == 1
    assert put(shop) == 0
    row = shop.ask(lambda s: s.query(OutboxRow).filter(t.outbox_row.c.kind == "poster").one())
    assert row.facts["poster_id"] == dying.id


@pytest.mark.parametrize(
    "facts", [{"ends": 4 * DAY}, {"asked": 61 * DAY}, {"ends": -8 * DAY}], ids=["lives", "forgotten", "long dead"]
)
def test_what_lives_or_is_forgotten_is_left_alone(shop, facts):
    poster(shop, shop.distributor("爱丽丝"), **facts)
    assert put(shop) == 0


def test_what_has_sold_out_is_not_sent_again(shop):
    poster(shop, shop.distributor("爱丽丝"), purpose="product", product_id=1)
    shop.write(lambda s: setattr(s.get(Product, 1), "unavailable_since", shop.now))
    assert put(shop) == 0


def test_nobody_is_sent_a_heap_and_a_day_has_its_measure(shop):
    alice = shop.distributor("爱丽丝")
    for purpose in ("shop", "invitation", "card", "campaign"):
        poster(shop, alice, purpose=purpose)
    poster(shop, shop.distributor("鲍勃"))
    assert put(shop, limit=2) == 2
    assert put(shop) == 2
