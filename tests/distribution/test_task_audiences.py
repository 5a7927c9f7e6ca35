"""A task is for whom its audience names: everybody, a level, a tag."""

import pytest
from sqlalchemy import select

from distribution import levels, people_of
from distribution.refusals import Code, Refusal
from models import tables as t


def named(shop, audience):
    chosen = select(t.distributor.c.name).where(*people_of.named_by(audience)).order_by(t.distributor.c.id)
    return shop.ask(lambda s: list(s.scalars(chosen)))


@pytest.fixture
def people(shop):
    alice, bob = shop.distributor("爱丽丝"), shop.distributor("鲍勃")
    level = shop.write(lambda s: levels.make_level(s, "金牌", 1, by="老板", now=shop.now))
    shop.write(lambda s: levels.set_level(s, alice.id, level.id, by="老板", now=shop.now))
    shop.write(lambda s: levels.tag(s, bob.id, "老客", by="老板", now=shop.now))
    return level.id, shop.ask(levels.all_tags)[0].id


def test_each_kind_names_its_people(shop, people):
    level, tag = people

    assert named(shop, {"kind": "all"}) == ["爱丽丝", "鲍勃"]
    assert named(shop, {"kind": "level", "id": level}) == ["爱丽丝"]
    assert named(shop, {"kind": "tag", "id": tag}) == ["鲍勃"]
    assert named(shop, {"kind": "tag", "id": tag + 1}) == []


def test_an_audience_that_says_nothing_is_refused(shop):
    with pytest.raises(Refusal) as refused:
        named(shop, {"kind": "tag"})
    assert refused.value.code is Code.EMPTY_AUDIENCE
