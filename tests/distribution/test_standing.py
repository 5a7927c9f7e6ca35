"""How people stood, who may join and how, and the tree that only the merchant moves."""

import datetime as dt

import pytest
from sqlalchemy import select

from distribution import appointments, levels, members, standing, team
from distribution.policy import JoinTerms, Policy
from distribution.refusals import Code, Refusal
from distribution.shapes import LineReport
from distribution.standing import Standing
from models import tables as t

HOUR = dt.timedelta(hours=1)


def at(shop, person, moment):
    return shop.ask(lambda s: standing.at(s, [person.id], moment))[person.id]


def test_state_and_level_can_be_asked_of_every_past_moment(shop):
    alice, begin = shop.distributor("爱丽丝"), shop.now
    gold = shop.write(lambda s: levels.make_level(s, "金牌", 1, by="boss", now=shop.now))
    shop.clock.advance(hours=1)
    shop.write(lambda s: levels.set_level(s, alice.id, gold.id, by="boss", now=shop.now))
    shop.clock.advance(hours=1)
    shop.write(lambda s: members.freeze(s, alice.id, by="boss", reason="核查", now=shop.now))
    shop.clock.advance(hours=1)
    shop.write(lambda s: members.resume(s, alice.id, by="boss", reason="没事", now=shop.now))
    shop.write(lambda s: levels.set_level(s, alice.id, None, by="boss", now=shop.now))

    assert [at(shop, alice, begin + hour * HOUR) for hour in range(4)] == [
        Standing("active", None), Standing("active", "金牌"), Standing("frozen", "金牌"), Standing("active", None),
    ]  # fmt: skip
    assert [why for _, _, value, _, why in shop.ask(lambda s: standing.history(s, alice.id)) if value == "frozen"] == [
        "核查"
    ]


def join(shop, openid, terms, name="李娜"):
    member = shop.member(openid)
    facts = {"name": name, "phone": "13900000000", "invite_code": None, "terms_version": "1"}
    return shop.write(lambda s: members.apply(s, member, **facts, policy=terms, now=shop.now))


def test_where_the_merchant_names_people_nobody_may_apply_and_he_may_appoint(shop):
    terms, member = Policy(join_mode="assigned"), shop.member("o1")
    with pytest.raises(Refusal) as refused:
        join(shop, "o1", terms)
    assert refused.value.code is Code.ASSIGNED_ONLY
    facts = {"name": "李娜", "phone": "13900000000", "invite_code": None, "policy": terms, "by": "boss"}
    row = shop.write(lambda s: appointments.appoint(s, member, **facts, now=shop.now))

    assert row.state == "active"
    events = t.distributor_event.c
    found = select(events.actor).where(events.value == "active")
    assert shop.ask(lambda s: s.scalars(found).all()) == ["boss"]


@pytest.mark.parametrize(
    ("terms", "passes"),
    [
        (JoinTerms(spend_fen=15_000), True),
        (JoinTerms(spend_fen=15_001), False),
        (JoinTerms(orders=1), True),
        (JoinTerms(orders=2), False),
        (JoinTerms(skus=("AJ250", "NONE")), True),
        (JoinTerms(match="all", skus=("AJ250", "NONE")), False),
        (JoinTerms(match="all", spend_fen=15_000, orders=1, skus=("AJ250",)), True),
        (JoinTerms(match="all", spend_fen=15_000, orders=2), False),
        (JoinTerms(spend_fen=99_999, orders=1), True),
        (JoinTerms(), False),
    ],
)
def test_a_condition_counts_what_was_received_less_what_came_back(shop, terms, passes):
    twenty = (LineReport(1, "AJ250", "即食阿胶糕", 2, 10_000),)
    shop.order("E1", "received", lines=twenty)
    shop.refund("R1", "E1", 5000)
    shop.order("E2", "received")
    shop.refund("R2", "E2", 10_000, quantity=1)
    shop.order("E3", "paid")
    policy = Policy(join_mode="condition", join=terms)
    if passes:
        assert join(shop, "obuyer", policy).state == "active"
        return
    with pytest.raises(Refusal) as refused:
        join(shop, "obuyer", policy)
    assert refused.value.code is Code.CONDITION_NOT_MET


@pytest.fixture
def chain(shop):
    """A over B over C over D, and X alone."""
    people = {}
    for name, above in (("小安", None), ("小白", "小安"), ("小陈", "小白"), ("小丁", "小陈"), ("小夏", None)):
        people[name] = shop.distributor(name, invited_by=people[above].code if above else None)
    return people


def move(shop, person, inviter):
    to = inviter.id if inviter else None
    shop.write(lambda s: team.move(s, person.id, to, by="boss", reason="协商", now=shop.now))


def uplines(shop, person):
    return shop.ask(lambda s: team.uplines(s, person.id))


def test_a_moved_person_takes_everybody_below_along_and_orders_stay(shop, chain):
    a, b, c, d, x = chain.values()
    shop.order("E1", distributor_code=d.code)
    before = shop.ask(lambda s: s.execute(select(t.order.c.parties, t.order.c.l2_id)).all())
    move(shop, c, x)

    assert [uplines(shop, each) for each in (b, c, d)] == [[a.id], [x.id], [c.id, x.id]]
    assert shop.ask(lambda s: s.execute(select(t.order.c.parties, t.order.c.l2_id)).all()) == before
    move(shop, c, None)
    assert (uplines(shop, c), uplines(shop, d)) == ([], [c.id])


@pytest.mark.parametrize(
    ("who", "to", "code"),
    [("小安", "小安", Code.SELF), ("小安", "小丁", Code.CYCLE), ("小丁", "小陈", Code.ALREADY_BOUND)],
)
def test_a_move_that_would_close_a_ring_or_change_nothing_is_refused(shop, chain, who, to, code):
    before = shop.ask(lambda s: s.execute(select(t.team_path)).all())
    with pytest.raises(Refusal) as refused:
        move(shop, chain[who], chain[to])

    assert refused.value.code is code
    assert shop.ask(lambda s: s.execute(select(t.team_path)).all()) == before
