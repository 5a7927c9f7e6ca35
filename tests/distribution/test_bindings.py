"""Whose customer somebody is: every timeline in every mode, reports in any order, the merchant's hand, the evidence."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count, pairwise
from random import Random

import pytest
from binding_model import BindingModel
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import select

from distribution import bindings, customer_moves, expiries, members
from distribution.policy import Policy
from distribution.policy_parts import BindingTerms
from distribution.refusals import Refusal
from distribution.rules.binding import Verdict
from models import tables as t

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
MODES = ("window", "first_forever", "first_order", "last_click")
QUICK = settings(
    max_examples=120, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
#: Hours that fall on both sides of every edge: protection, term, the invitation's end.
GAPS = some.sampled_from((1, 23, 24, 25, 5 * 24, 14 * 24, 15 * 24 - 1, 15 * 24, 16 * 24, 30 * 24 - 1, 30 * 24))
DEEDS = some.sampled_from(("click", "click", "click", "order", "order", "unbind", "transfer"))
TIMELINES = some.lists(some.tuples(GAPS, DEEDS, some.sampled_from("XYZ")), min_size=1, max_size=8)
TERMS = some.tuples(some.sampled_from(MODES), some.sampled_from(("order", "click")), some.booleans())


def terms(mode="window", compete="order", renew=True, **more):
    return Policy(binding=BindingTerms(mode=mode, compete=compete, renew_on_order=renew, **more))


class Customers:
    """Customers of three distributors; each is new."""

    def __init__(self, shop):
        self.shop, self.begin, self.numbers = shop, shop.now, count(1)
        self.people = {
            name: shop.distributor(who).id for name, who in zip("XYZ", ("小夏", "小叶", "小周"), strict=True)
        }
        self.names = {key: name for name, key in self.people.items()} | {None: None}

    def new(self):
        return self.shop.member(f"ocustomer{next(self.numbers)}")

    def click(self, member, who, hour, policy, now=None):
        at = self.begin + hour * HOUR
        how = {"policy": policy, "channel": "link", "at": at, "now": now or at}
        return self.shop.write(lambda s: bindings.click(s, member, self.people[who], **how))

    def order(self, member, hour, policy, no=None, **more):
        at = self.begin + hour * HOUR
        how = {"order": no or f"1:{member}:{hour}", "policy": policy, "at": at, "now": at, **more}
        return self.names[self.shop.write(lambda s: bindings.owner_for_order(s, member, **how))]

    def move(self, member, hour, policy, to=None):
        how = {"policy": policy, "by": "boss", "reason": "协商", "now": self.begin + hour * HOUR}
        if to is not None:
            self.shop.write(lambda s: customer_moves.transfer(s, member, self.people[to], **how))
            return
        # Nobody's customer cannot be unbound.
        with suppress(Refusal):
            self.shop.write(lambda s: customer_moves.unbind(s, member, **how))

    def holder(self, member, hour):
        held = self.shop.ask(lambda s: bindings.binding_of(s, member, self.begin + hour * HOUR))
        return self.names[held.distributor_id] if held else None

    def events(self, member):
        e = t.binding_event.c
        found = select(e.kind, e.channel, e.distributor_id).where(e.member_id == member).order_by(e.id)
        return [tuple(row) for row in self.shop.ask(lambda s: s.execute(found).all())]


@pytest.fixture
def customers(shop):
    return Customers(shop)


def timed(timeline):
    hour = 0
    for gap, deed, who in timeline:
        hour += gap
        yield hour, deed, who if deed in ("click", "transfer") else None


@QUICK
@given(timeline=TIMELINES, how=TERMS)
def test_every_timeline_counts_for_whom_the_small_model_says(customers, timeline, how):
    member, policy, model = customers.new(), terms(*how), BindingModel(*how)
    told = []
    for hour, deed, who in timed(timeline):
        model.take(hour, deed, who)
        if deed == "click":
            customers.click(member, who, hour, policy)
        elif deed == "order":
            told.append(customers.order(member, hour, policy))
        else:
            customers.move(member, hour, policy, who)
        assert customers.holder(member, hour) == model.owner

    assert told == model.orders


@QUICK
@given(timeline=TIMELINES, how=TERMS, seed=some.integers(0, 9999))
def test_clicks_and_orders_heard_of_in_any_order_end_in_the_same_binding(customers, timeline, how, seed):
    member, policy, model = customers.new(), terms(*how), BindingModel(*how)
    deeds = [each for each in timed(timeline) if each[1] in ("click", "order")]
    for hour, deed, who in deeds:
        model.take(hour, deed, who)
    end = (deeds[-1][0] if deeds else 0) + 1
    for hour, deed, who in Random(seed).sample(deeds, len(deeds)):
        for _ in range(2 if deed == "order" else 1):
            customers.order(member, hour, policy) if deed == "order" else customers.click(member, who, hour, policy)
    model.take(end, "order")

    assert customers.order(member, end, policy) == model.owner


def test_the_first_order_inside_the_invitation_rebinds_and_is_repeated_in_vain(customers):
    member, policy = customers.new(), terms()
    customers.click(member, "X", 0, policy)
    assert customers.click(member, "Y", 20 * 24, policy) is Verdict.INVITE

    answers = [customers.order(member, 20 * 24 + 23, policy, no="1:E1") for _ in range(3)]
    assert answers == ["Y", "Y", "Y"]
    assert [kind for kind, _, _ in customers.events(member)] == ["bind", "invited", "rebound"]


def test_an_order_that_is_told_late_with_its_moment_counts_for_whoever_held_the_customer_then(customers):
    member, policy = customers.new(), terms("last_click")
    customers.click(member, "X", 0, policy)
    customers.click(member, "Y", 10, policy)

    assert customers.order(member, 20, policy, no="1:E1") == "Y"
    assert customers.order(member, 5, policy, no="1:E1") == "X"
    assert customers.holder(member, 20) == "Y"


def test_a_frozen_competitor_gets_nobody_by_his_invitation(customers):
    member, policy = customers.new(), terms()
    customers.click(member, "X", 0, policy)
    customers.click(member, "Y", 20 * 24, policy)
    frozen = customers.begin + (20 * 24 + 1) * HOUR
    customers.shop.write(lambda s: members.freeze(s, customers.people["Y"], by="boss", reason="核查", now=frozen))

    assert customers.order(member, 20 * 24 + 2, policy) == "X"


def test_a_code_that_comes_with_an_order_binds_nobody_and_renews_the_holder_alone(customers):
    member, policy = customers.new(), terms()
    customers.click(member, "X", 0, policy)

    assert customers.order(member, 24, policy, decided=customers.people["Y"]) == "Y"
    assert (customers.holder(member, 29 * 24), customers.holder(member, 30 * 24)) == ("X", None)
    customers.order(member, 48, policy, decided=customers.people["X"])
    assert customers.holder(member, 30 * 24) == "X"


@pytest.mark.parametrize(("seconds", "verdict"), [(-1, Verdict.NOT_NEW), (0, Verdict.BIND), (29, Verdict.BIND)])
def test_only_new_customers_are_bound_where_the_merchant_says_so(customers, seconds, verdict):
    member, policy = customers.new(), terms("first_forever", new_window_seconds=30)
    at = customers.begin + seconds * dt.timedelta(seconds=1)
    how = {"policy": policy, "channel": "link", "at": at, "now": at}

    assert customers.shop.write(lambda s: bindings.click(s, member, customers.people["X"], **how)) is verdict


def test_a_customer_older_than_the_window_is_not_bound_any_more(customers):
    member, policy = customers.new(), terms("window", new_window_seconds=3600)

    assert customers.click(member, "X", 1, policy) is Verdict.NOT_NEW
    assert customers.order(member, 2, policy) is None


def test_two_bindings_of_one_customer_never_overlap_whatever_was_heard_late(customers):
    member, policy = customers.new(), terms("last_click")
    for who, hour in (("X", 10), ("Y", 30), ("Z", 20), ("X", 25), ("Y", 5)):
        customers.click(member, who, hour, policy)
    b = t.binding.c
    kept = select(b.bound_at, b.ended_at).where(b.member_id == member).order_by(b.bound_at)
    spans = [row for row in customers.shop.ask(lambda s: s.execute(kept).all()) if row.ended_at != row.bound_at]

    assert all(one.ended_at == other.bound_at for one, other in pairwise(spans))
    assert [customers.holder(member, hour) for hour in (5, 10, 20, 25, 30)] == ["Y", "X", "Z", "X", "Y"]


def test_who_is_terminated_loses_customers_and_invitations_at_once(customers):
    member, policy = customers.new(), terms()
    customers.click(member, "X", 0, policy)
    customers.click(member, "Y", 20 * 24, policy)
    for who, hour in (("Y", 20 * 24 + 1), ("X", 20 * 24 + 3)):
        at = customers.begin + hour * HOUR
        person = customers.people[who]
        customers.shop.write(
            lambda s, person=person, at=at: members.terminate(s, person, by="b", reason="违规", now=at)
        )
        assert customers.order(member, hour + 1, policy) == {"Y": "X", "X": None}[who]


def notices_of(shop, like):
    o = t.outbox_row.c
    found = select(o.facts).where(o.once.like(f"notice:{like}")).order_by(o.id)
    return [facts["text"] for facts in shop.ask(lambda s: s.scalars(found).all())]


def test_winner_and_loser_of_a_customer_are_told(customers):
    member, policy = customers.new(), terms("last_click")
    customers.click(member, "X", 0, policy)
    customers.click(member, "Y", 1, policy)

    assert len(notices_of(customers.shop, "bound:%")) == 2
    (lost,) = notices_of(customers.shop, "lost:%")
    assert "之前的订单和佣金都不变" in lost


def test_a_distributor_is_reminded_three_days_before_and_told_the_day_after_once_a_day(customers):
    shop, policy = customers.shop, terms()
    for _ in range(2):
        customers.click(customers.new(), "X", 1, policy)
    moments = []
    while (due := shop.ask(expiries.next_due)) is not None:
        shop.clock.advance(seconds=max(0, (due - shop.now).total_seconds()))
        moments.append((due - customers.begin).days)
        assert shop.write(lambda s: expiries.run(s, now=shop.now)) == 2
        assert shop.write(lambda s: expiries.run(s, now=shop.now)) == 0

    assert moments == [27, 31]
    assert ["2 位" in text for text in notices_of(shop, "customers_%")] == [True, True]


def test_a_renewed_binding_is_no_loss_and_is_reminded_of_again(customers):
    member, policy, shop = customers.new(), terms(), customers.shop
    customers.click(member, "X", 1, policy)
    shop.clock.advance(days=28)
    assert shop.write(lambda s: expiries.run(s, now=shop.now)) == 1
    customers.order(member, 28 * 24, policy)
    shop.clock.advance(days=28)

    assert shop.write(lambda s: expiries.run(s, now=shop.now)) == 1
    assert len(notices_of(shop, "customers_expiring%")) == 2
    assert notices_of(shop, "customers_ended%") == []


def test_an_order_of_the_mall_rebinds_at_its_creation_once_however_often_it_is_reported(customers):
    shop, member = customers.shop, customers.shop.member("obuyer")
    customers.click(member, "X", 0, terms())
    customers.click(member, "Y", 20 * 24, terms())
    shop.clock.advance(days=20, hours=2)
    for state, version in (("unpaid", 1), ("unpaid", 1), ("paid", 2), ("received", 3)):
        shop.order("E1", state, version, created_at=shop.now)
        shop.clock.advance(hours=1)
    first = select(t.order.c.l1_id).where(t.order.c.order_no == "E1")

    assert shop.ask(lambda s: s.scalar(first)) == customers.people["Y"]
    assert [kind for kind, _, _ in customers.events(member)] == ["bind", "invited", "rebound"]


def test_many_clicks_at_once_bind_a_customer_to_one(customers, another_connection):
    member, policy, shop = customers.new(), terms("first_forever"), customers.shop
    databases = [another_connection() for _ in range(4)]
    people = [customers.people[name] for name in "XYZX"]

    def click(number):
        how = {"policy": policy, "channel": "link", "at": shop.now, "now": shop.now}
        return databases[number].write(lambda s: bindings.click(s, member, people[number], **how))

    with ThreadPoolExecutor(4) as pool:
        verdicts = list(pool.map(click, range(4)))
    assert sorted(verdicts) == [Verdict.BIND, Verdict.KEEP, Verdict.KEEP, Verdict.KEEP]
