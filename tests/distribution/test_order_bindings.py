"""What orders of one call do to bindings is what each would have done by itself, in every mode."""

import random
from itertools import count

import pytest
from sqlalchemy import or_, select
from two_shops import APPID, HOUR, ONE

from distribution import bindings, order_bindings, orders, policy
from distribution.policy_parts import BindingTerms
from distribution.shapes import OrderReport
from models import tables as t

TERMS = [
    {"mode": "window"},
    {"mode": "window", "compete": "click", "protect_days": 1},
    {"mode": "window", "renew_on_order": False, "valid_days": 2, "protect_days": 1},
    {"mode": "first_forever"},
    {"mode": "first_order"},
    {"mode": "last_click"},
]


def play(shop, terms, seed):
    """Clicks and calls of several orders, some of them heard of late; the same ones for the same seed."""
    dice, at = random.Random(seed), shop.now
    document = {"binding": BindingTerms(**terms).model_dump()}
    facts = {"merchant_id": 1, "document": document, "effective_from": at, "by": "boss", "now": at}
    shop.write(lambda s: policy.publish(s, **facts))
    people = [shop.distributor(name) for name in ("爱丽丝", "鲍勃")]
    customers = [shop.member(f"o{number}") for number in range(4)]
    numbers = count(1)
    for _ in range(14):
        at += dice.choice([1, 5, 30]) * HOUR
        if dice.random() < 0.4:
            who, member = dice.choice(people).id, dice.choice(customers)
            shop.write(lambda s, who=who, member=member, at=at: click(s, member, who, at=at))
        told = [some_order(dice, next(numbers), at, people) for _ in range(dice.randint(1, 5))]
        shop.write(lambda s, told=told, at=at: orders.record_all(s, 1, told, appid=APPID, now=at))
    return left_by(shop)


def click(session, member, who, *, at):
    terms = policy.in_force(session, 1, at)
    return bindings.click(session, member, who, policy=terms, channel="link", at=at, now=at)


def some_order(dice, number, at, people):
    code = dice.choice([None, None, None, people[0].code, "NOBODY"])
    created = at - dice.choice([0, 0, 0, 0, 3, 40]) * HOUR
    return OrderReport(
        f"E{number}",
        "paid",
        1,
        at,
        ONE,
        buyer_openid=f"o{dice.randrange(6)}",
        distributor_code=code,
        created_at=created,
    )


def left_by(shop):
    o, b, e, m, i, x = (
        each.c for each in (t.order, t.binding, t.binding_event, t.member, t.customer_invitation, t.outbox_row)
    )
    asked = (
        select(o.order_no, o.l1_id, o.parties).order_by(o.order_no),
        select(m.openid, *(each for each in b if each.name not in ("id", "member_id")))
        .join(t.member, m.id == b.member_id)
        .order_by(m.openid, b.bound_at, b.ended_at, b.distributor_id),
        select(m.openid, *(each for each in e if each.name not in ("id", "member_id")))
        .join(t.member, m.id == e.member_id)
        .order_by(m.openid, e.id),
        select(m.openid, i.distributor_id, i.until).join(t.member, m.id == i.member_id).order_by(m.openid),
        select(x.once, x.facts)
        .where(or_(x.once.like("notice:bound:%"), x.once.like("notice:lost:%")))
        .order_by(x.once),
    )
    return [[tuple(row) for row in shop.ask(lambda s, each=each: s.execute(each).all())] for each in asked]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("terms", TERMS, ids=lambda terms: "-".join(map(str, terms.values())))
def test_orders_of_one_call_bind_as_each_would_alone(shop, other, monkeypatch, terms, seed):
    together = play(shop, terms, seed)
    monkeypatch.setattr(order_bindings, "_QUIET", ())
    assert play(other, terms, seed) == together
