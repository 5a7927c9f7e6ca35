"""A customer whom two claim: one decision with a reason, both are told, no existing order changes."""

import datetime as dt

import pytest
from sqlalchemy import select

from distribution import bindings, customers, disputes
from distribution.policy import Policy
from distribution.refusals import Refusal
from models import tables as t

DAY = dt.timedelta(days=1)


@pytest.fixture
def claimed(shop):
    """爱丽丝 has the customer and an order; 鲍勃 clicked too and claims, then 爱丽丝 answers."""
    alice, bob = shop.distributor("爱丽丝"), shop.distributor("鲍勃")
    member = shop.member("obuyer")
    for person in (alice, bob):
        how = {"policy": Policy(), "channel": "link", "at": shop.now, "now": shop.now}
        shop.write(lambda s, person=person, how=how: bindings.click(s, member, person.id, **how))
    shop.order("E1")
    rows = [
        shop.write(lambda s, p=person: disputes.claim(s, member, p.id, words="我先聊的", by="客服", now=shop.now))
        for person in (bob, alice)
    ]
    assert rows[0].id == rows[1].id
    return shop, alice, bob, member, rows[0].id


def decide(shop, dispute, winner):
    how = {"policy": Policy(), "by": "boss", "reason": "聊天记录在先", "now": shop.now}
    return shop.write(lambda s: disputes.decide(s, dispute, winner, **how))


def told(shop, person, dispute):
    o = t.outbox_row.c
    found = select(o.facts).where(o.once == f"notice:dispute:{dispute}:{person.id}")
    return [facts["text"] for facts in shop.ask(lambda s: s.scalars(found).all())]


def test_a_decision_for_the_claimant_moves_the_customer_for_a_full_term_and_tells_both(claimed):
    shop, alice, bob, member, dispute = claimed
    before = shop.ask(lambda s: s.execute(select(t.order)).all())
    decide(shop, dispute, bob.id)

    held = shop.ask(lambda s: bindings.binding_of(s, member, shop.now))
    assert (held.distributor_id, held.valid_until) == (bob.id, shop.now + 30 * DAY)
    assert shop.ask(lambda s: s.execute(select(t.order)).all()) == before
    for person, outcome in ((alice, "客户不归你"), (bob, "客户归你")):
        (text,) = told(shop, person, dispute)
        assert outcome in text
        assert "聊天记录在先" in text


def test_a_decision_for_the_holder_changes_no_binding(claimed):
    shop, alice, _, _, dispute = claimed
    before = shop.ask(lambda s: s.execute(select(t.binding)).all())
    decide(shop, dispute, alice.id)

    assert shop.ask(lambda s: s.execute(select(t.binding)).all()) == before


def test_a_decision_for_nobody_sets_the_customer_free(claimed):
    shop, _, _, member, dispute = claimed
    decide(shop, dispute, None)

    assert shop.ask(lambda s: bindings.binding_of(s, member, shop.now)) is None


def test_a_dispute_is_decided_once_and_only_between_its_sides(claimed):
    shop, alice, bob, _, dispute = claimed
    carol = shop.distributor("卡罗尔")
    with pytest.raises(Refusal):
        decide(shop, dispute, carol.id)
    decide(shop, dispute, bob.id)
    with pytest.raises(Refusal):
        decide(shop, dispute, alice.id)


def test_the_time_line_shows_every_click_order_and_decision_with_whom_it_speaks_of(claimed):
    shop, alice, bob, member, dispute = claimed
    shop.clock.advance(hours=1)
    decide(shop, dispute, bob.id)
    line = shop.ask(lambda s: customers.time_line(s, member))

    assert [each.kind for each in line[:1]] == ["transferred"]
    assert {(each.kind, each.who[0]) for each in line[1:]} == {
        ("bind", alice.code), ("keep", bob.code), ("renewed", alice.code), ("counted", alice.code),
    }  # fmt: skip
    assert line[0].reason == "聊天记录在先"
