"""Whose customer somebody is, at the very edges of every term (R10-R15)."""

import datetime as dt
from dataclasses import replace

import pytest

from distribution.policy_parts import BindingTerms
from distribution.rules import binding
from distribution.rules.binding import Customer, Held, Invitation, Step, Verdict

AT = dt.datetime(2026, 3, 1, 4, 0, tzinfo=dt.UTC)
TICK, DAY, HOUR = dt.timedelta(microseconds=1), dt.timedelta(days=1), dt.timedelta(hours=1)
TERMS = BindingTerms()
ANN, BEN, CAT = 1, 2, 3
MODES = ("window", "first_forever", "first_order", "last_click")
FRESH = Held(BEN, AT, AT + 30 * DAY, AT + 15 * DAY)


def terms(**more):
    return BindingTerms(**more)


def held(*, ends=30 * DAY, protects=DAY, **more):
    return Held(ANN, AT - DAY, AT + ends, AT + protects, **more)


def click(customer, *, by=BEN, own=None, terms=TERMS):
    return binding.click(customer, clicked=by, own=own, at=AT, terms=terms)


def order(customer, **more):
    return binding.order(customer, at=AT, terms=more.pop("terms", TERMS), **more)


@pytest.mark.parametrize(("left", "counts"), [(TICK, True), (0 * TICK, False), (-TICK, False)])
def test_a_term_is_over_in_its_last_moment(left, counts):
    bound = held(ends=left)

    assert bound.in_force(AT) is counts
    assert Customer(bound).holder(AT) == (bound if counts else None)


def test_without_an_end_a_binding_is_for_ever():
    assert Held(ANN, AT).in_force(AT + 100_000 * DAY)
    assert Customer().holder(AT) is None


@pytest.mark.parametrize("who", [Customer(), Customer(held())])
def test_nobody_binds_himself(who):
    assert click(who, by=BEN, own=BEN) == Step(who, Verdict.SELF)


def test_a_distributor_may_be_the_customer_of_another():
    assert click(Customer(), by=BEN, own=CAT).owner == BEN


@pytest.mark.parametrize("mode", MODES)
def test_the_first_click_binds_for_the_terms_of_its_mode(mode):
    bound = FRESH if mode == "window" else Held(BEN, AT)

    assert click(Customer(), terms=terms(mode=mode)) == Step(Customer(bound), Verdict.BIND, BEN)


def test_a_click_binds_anew_in_the_moment_the_old_term_ends():
    assert click(Customer(held(ends=0 * DAY))) == Step(Customer(FRESH), Verdict.BIND, BEN)
    assert click(Customer(held(ends=TICK))).owner == ANN


@pytest.mark.parametrize(
    ("met", "verdict"),
    [
        (0 * TICK, Verdict.BIND),
        (60 * dt.timedelta(seconds=1) - TICK, Verdict.BIND),
        (60 * dt.timedelta(seconds=1), Verdict.NOT_NEW),
        (-TICK, Verdict.NOT_NEW),
    ],
)
def test_only_who_is_new_is_bound_where_that_is_asked(met, verdict):
    customer = Customer(new_since=AT - met)
    step = click(customer, terms=terms(new_window_seconds=60))

    assert step.verdict is verdict
    assert (step.customer == customer) is (verdict is Verdict.NOT_NEW)
    assert step.owner == (BEN if verdict is Verdict.BIND else None)


def test_a_window_asks_nothing_of_whom_the_merchant_never_met():
    assert click(Customer(), terms=terms(new_window_seconds=60)).verdict is Verdict.BIND
    assert click(Customer(new_since=AT - DAY)).verdict is Verdict.BIND


@pytest.mark.parametrize("mode", MODES)
def test_ones_own_customer_and_a_locked_one_stay(mode):
    mine, locked = Customer(held()), Customer(held(locked=True))

    assert click(mine, by=ANN, terms=terms(mode=mode)) == Step(mine, Verdict.KEEP, ANN)
    assert click(locked, by=BEN, terms=terms(mode=mode)) == Step(locked, Verdict.KEEP, ANN)


@pytest.mark.parametrize("mode", ["last_click", "first_order"])
def test_where_the_last_click_wins_no_protection_helps(mode):
    assert click(Customer(held()), terms=terms(mode=mode)) == Step(Customer(Held(BEN, AT)), Verdict.BIND, BEN)


def test_where_the_first_is_for_ever_no_click_helps():
    kept = Customer(Held(ANN, AT - 900 * DAY))

    assert click(kept, terms=terms(mode="first_forever")) == Step(kept, Verdict.KEEP, ANN)


@pytest.mark.parametrize(("protects", "verdict"), [(TICK, Verdict.KEEP), (0 * TICK, Verdict.BIND)])
def test_protection_is_over_in_its_last_moment(protects, verdict):
    kept = Customer(held(protects=protects))
    step = click(kept, terms=terms(compete="click"))

    assert step.verdict is verdict
    assert step.customer == (kept if verdict is Verdict.KEEP else Customer(FRESH))
    assert step.owner == (ANN if verdict is Verdict.KEEP else BEN)


def test_a_competitor_is_invited_for_exactly_his_hours():
    kept = Customer(held(protects=0 * DAY))
    step = click(kept, terms=terms(compete_ttl_hours=5))

    assert step == Step(replace(kept, invitation=Invitation(BEN, AT, AT + 5 * HOUR)), Verdict.INVITE, ANN)


def test_who_was_never_protected_can_be_competed_for():
    assert click(Customer(Held(ANN, AT - DAY))).verdict is Verdict.INVITE


@pytest.mark.parametrize("who", [Customer(), Customer(held(), Invitation(CAT, AT, AT + HOUR))])
def test_a_code_given_with_the_order_decides_alone_and_binds_nobody(who):
    assert order(who, decided=BEN) == Step(who, Verdict.KEEP, BEN)


def test_the_holders_own_code_is_an_order_of_his_customer():
    invited = Customer(held(), Invitation(CAT, AT, AT + HOUR))
    step = order(invited, decided=ANN)

    assert (step.owner, step.verdict, step.customer.invitation) == (ANN, Verdict.RENEW, None)


@pytest.mark.parametrize(
    ("left", "invited", "owner"), [(TICK, True, BEN), (0 * TICK, True, ANN), (-TICK, True, ANN), (HOUR, False, ANN)]
)
def test_an_invitation_wins_the_first_order_before_its_end(left, invited, owner):
    who = Customer(held(), Invitation(BEN, AT - HOUR, AT + left))
    step = order(who, invited=invited)

    assert (step.owner, step.customer.invitation) == (owner, None)
    assert step.verdict is (Verdict.REBIND if owner == BEN else Verdict.RENEW)
    assert (step.customer.held == FRESH) is (owner == BEN)


def test_an_invitation_wins_after_the_old_term_too():
    who = Customer(held(ends=-DAY), Invitation(BEN, AT - HOUR, AT + HOUR))

    assert order(who) == Step(Customer(FRESH), Verdict.REBIND, BEN)


def test_an_order_of_nobody_s_customer_counts_for_nobody():
    over = Customer(held(ends=0 * DAY), Invitation(BEN, AT - DAY, AT))

    assert order(over) == Step(replace(over, invitation=None), Verdict.NOBODY)


@pytest.mark.parametrize(
    ("ends", "protects", "until", "protected"),
    [
        (5 * DAY, 5 * DAY, 30 * DAY, 15 * DAY),
        (40 * DAY, 20 * DAY, 40 * DAY, 20 * DAY),
        (40 * DAY, -DAY, 40 * DAY, 15 * DAY),
    ],
)
def test_an_order_renews_and_never_shortens(ends, protects, until, protected):
    step = order(Customer(held(ends=ends, protects=protects)))

    assert step.customer.held == Held(ANN, AT - DAY, AT + until, AT + protected)
    assert (step.verdict, step.owner) == (Verdict.RENEW, ANN)


def test_what_was_for_ever_stays_for_ever_when_it_is_renewed():
    step = order(Customer(Held(ANN, AT - DAY)))

    assert step.customer.held == Held(ANN, AT - DAY, None, AT + 15 * DAY)


@pytest.mark.parametrize("settings", [{"renew_on_order": False}, *({"mode": mode} for mode in MODES[1::2])])
def test_where_nothing_renews_an_order_changes_nothing(settings):
    kept = Customer(held())

    assert order(kept, terms=terms(**settings)) == Step(kept, Verdict.KEEP, ANN)


def test_the_first_order_locks_and_the_second_keeps():
    first = order(Customer(held()), terms=terms(mode="first_order"))
    locked = Customer(held(locked=True))

    assert first == Step(locked, Verdict.LOCK, ANN)
    assert order(locked, terms=terms(mode="first_order")) == Step(locked, Verdict.KEEP, ANN)


@pytest.mark.parametrize(
    ("before", "locked"),
    [(None, False), (held(), False), (held(locked=True), True), (held(ends=0 * DAY, locked=True), False)],
)
def test_a_transfer_is_a_full_new_term_and_keeps_the_lock(before, locked):
    who = Customer(before, Invitation(CAT, AT, AT + HOUR))
    step = binding.transfer(who, to=BEN, at=AT, terms=TERMS)

    assert step == Step(Customer(replace(FRESH, locked=locked)), Verdict.TRANSFER, BEN)


def test_an_end_leaves_nobody_and_no_invitation():
    who = Customer(held(), Invitation(BEN, AT, AT + HOUR), AT)

    assert binding.end(who, Verdict.RELEASE) == Step(Customer(new_since=AT), Verdict.RELEASE)
