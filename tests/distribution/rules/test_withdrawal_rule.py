"""Every limit of a withdrawal at the last fen that passes and the first that does not (R40-R45)."""

import datetime as dt

import pytest

from distribution.policy_parts import WithdrawalTerms
from distribution.refusals import Code, Refusal
from distribution.rules import withdrawal
from distribution.rules.withdrawal import Quote, Standing

AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
DEFAULT = WithdrawalTerms()
MINUTE, TICK = dt.timedelta(minutes=1), dt.timedelta(microseconds=1)


def terms(**more):
    return WithdrawalTerms(**more)


def check(fen=1000, *, channel="wechat", available=1_000_000, terms=DEFAULT, **more):
    return withdrawal.check(terms, fen, channel, Standing(AT, available, **more))


def refused(*args, **more):
    with pytest.raises(Refusal) as caught:
        check(*args, **more)
    return caught.value.code, caught.value.facts


def test_a_quote_adds_up():
    quote = check(250_000, terms=terms(tax="labour", fee_bp=33))

    assert quote == Quote(250_000, 825, 34_000, 215_175, 750_000)


def test_the_fee_is_floored_and_the_balance_of_the_shop_is_free():
    assert check(1999, terms=terms(fee_bp=10)).fee_fen == 1
    assert check(1999, channel="bank", terms=terms(fee_bp=10)).fee_fen == 1
    assert check(1999, channel="balance", terms=terms(fee_bp=10)).fee_fen == 0


@pytest.mark.parametrize("fen", [0, -1])
def test_nothing_is_no_amount(fen):
    assert refused(fen) == (Code.INVALID_AMOUNT, {"fen": fen})
    assert check(1, channel="bank", terms=terms(min_fen=0)).fen == 1


def test_the_minimum_itself_passes():
    assert check(1000).net_fen == 1000
    assert refused(999) == (Code.BELOW_MINIMUM, {"fen": 999, "minimum_fen": 1000, "available_fen": 1_000_000})


def test_the_maximum_itself_passes():
    assert check(5000, terms=terms(max_fen=5000)).fen == 5000
    assert refused(5001, terms=terms(max_fen=5000)) == (Code.ABOVE_MAXIMUM, {"fen": 5001, "maximum_fen": 5000})


def test_the_last_of_a_day_passes():
    assert check(today=1, terms=terms(max_per_day=2)).fen == 1000
    assert refused(today=2, terms=terms(max_per_day=2)) == (Code.TOO_MANY, {"per_day": 2})


def test_a_second_waits_for_the_first_only_where_that_is_asked():
    assert check(open=1).fen == 1000
    assert check(open=0, terms=terms(one_at_a_time=True)).fen == 1000
    assert refused(open=1, terms=terms(one_at_a_time=True)) == (Code.TOO_MANY, {"open": 1})


def test_what_is_left_after_fee_and_tax_must_reach_the_channels_minimum():
    tight = terms(min_fen=1, wechat_min_fen=10)

    assert check(10, terms=tight).net_fen == 10
    assert refused(9, terms=tight) == (Code.BELOW_CHANNEL_MINIMUM, {"fen": 9, "minimum_fen": 10})
    assert check(1, channel="bank", terms=tight).net_fen == 1
    eaten = terms(min_fen=1, fee_bp=10_000)
    facts = {"fen": 1, "minimum_fen": 1, "net_fen": 0}
    assert refused(1, channel="bank", terms=eaten) == (Code.BELOW_CHANNEL_MINIMUM, facts)


def test_a_shops_own_minimum_is_of_what_is_asked_and_wechats_of_what_arrives():
    costly = terms(min_fen=1, wechat_min_fen=1000, fee_bp=100)
    assert check(1000, terms=costly).net_fen == 990
    assert refused(999, terms=costly) == (Code.BELOW_CHANNEL_MINIMUM, {"fen": 999, "minimum_fen": 1000})
    costly = terms(min_fen=1, wechat_min_fen=10, fee_bp=1000)
    facts = {"fen": 10, "minimum_fen": 10, "net_fen": 9}
    assert refused(10, terms=costly) == (Code.BELOW_CHANNEL_MINIMUM, facts)
    assert check(11, terms=costly).net_fen == 10


def test_the_real_name_is_needed_from_its_amount_on():
    assert check(199_999, has_real_name=False).fen == 199_999
    assert refused(200_000, has_real_name=False) == (Code.REAL_NAME_REQUIRED, {"fen": 200_000})
    assert check(200_000).fen == 200_000


def test_the_whole_purse_passes_and_a_fen_more_does_not():
    assert check(5000, available=5000).left_fen == 0
    facts = {"fen": 5001, "available_fen": 5000, "owed_fen": 7}
    assert refused(5001, available=5000, owed_fen=7) == (Code.INSUFFICIENT, facts)


def test_the_first_of_several_reasons_is_told():
    all_at_once = terms(max_fen=10, max_per_day=1, one_at_a_time=True, min_fen=5, wechat_min_fen=1000)
    standing = {"available": 0, "today": 1, "open": 1, "has_real_name": False}

    assert refused(4, terms=all_at_once, **standing)[0] == Code.BELOW_MINIMUM
    assert refused(11, terms=all_at_once, **standing)[0] == Code.ABOVE_MAXIMUM
    assert refused(10, terms=all_at_once, **standing)[1] == {"per_day": 1}


@pytest.mark.parametrize(("limit", "fen", "two"), [(None, 10**9, False), (500, 499, False), (500, 500, True)])
def test_from_its_limit_on_two_must_agree(limit, fen, two):
    assert withdrawal.needs_second(terms(four_eyes_from_fen=limit), fen) is two


@pytest.mark.parametrize(
    ("policy_fen", "level_fen", "fen", "passes"),
    [(0, 0, 1, False), (500, 0, 500, True), (500, 0, 501, False), (500, 700, 700, True), (500, 700, 701, False)],
)
def test_up_to_the_larger_limit_nobody_is_asked(policy_fen, level_fen, fen, passes):
    policy = terms(auto_approve_up_to_fen=policy_fen)

    assert withdrawal.passes_by_itself(policy, fen, level_fen=level_fen) is passes


def test_what_two_must_agree_to_never_passes_by_itself():
    policy = terms(auto_approve_up_to_fen=500, four_eyes_from_fen=400)

    assert withdrawal.passes_by_itself(policy, 399)
    assert not withdrawal.passes_by_itself(terms(), 1)
    assert not withdrawal.passes_by_itself(policy, 400)


@pytest.mark.parametrize(
    ("minutes", "look"), [(0, 60), (59, 60), (60, 720), (719, 720), (720, 1380), (1380, 1441), (1440, 1441)]
)
def test_a_transfer_is_looked_after_at_each_reminder_and_when_it_is_closed(minutes, look):
    assert withdrawal.next_look(AT, AT + minutes * MINUTE) == AT + look * MINUTE


def test_after_its_end_a_transfer_is_looked_after_every_ten_minutes():
    assert withdrawal.next_look(AT, AT + 1441 * MINUTE) == AT + 1451 * MINUTE
    assert withdrawal.next_look(AT, AT + 60 * MINUTE - TICK) == AT + 60 * MINUTE


@pytest.mark.parametrize(("tries", "seconds"), [(0, 15), (1, 30), (2, 60), (5, 480), (6, 600), (7, 600), (5000, 600)])
def test_an_unknown_outcome_is_asked_after_ever_more_rarely(tries, seconds):
    assert withdrawal.backoff(tries) == dt.timedelta(seconds=seconds)
