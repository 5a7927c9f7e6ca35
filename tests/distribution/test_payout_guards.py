"""What stands between an approval and money that leaves: two people, the day's limit, the stop."""

import datetime as dt

import pytest
from sqlalchemy import select, text

from distribution import debts, earnings, ledger, payouts, policy, proof, settlement, transfers, withdrawals
from distribution.refusals import Code, Refusal
from distribution.rules.tax import Payment, labour_tax, platform_tax, withheld
from distribution.shapes import LineReport
from distribution.transfers import TransferNews
from models import tables as t


def terms(**withdraw):
    return policy.Policy.model_validate({"withdraw": withdraw})


@pytest.fixture
def rich(shop):
    """A distributor with ¥1,000.00 available."""
    alice = shop.distributor("爱丽丝")
    earn(shop, alice, "E1", 1_000_000)
    return alice


def earn(shop, person, no, fen):
    shop.order(no, "received", distributor_code=person.code, lines=(LineReport(1, "AJ250", "糕", 1, fen),))
    shop.clock.advance(days=7)
    shop.write(lambda s: settlement.settle_due(s, now=shop.now))


def ask(shop, person, fen, key="k1", **more):
    rules = more.pop("policy", policy.Policy())
    return shop.write(
        lambda s: withdrawals.request(s, person.id, fen, request_key=key, policy=rules, now=shop.now, **more)
    )


def approve(shop, row, by, version=None):
    return shop.write(lambda s: withdrawals.approve(s, row.no, by=by, version=version or row.version, now=shop.now))


def purse(shop, person):
    return shop.ask(lambda s: earnings.purse(s, person.id))


def refused(work):
    with pytest.raises(Refusal) as caught:
        work()
    return caught.value.code


def test_a_large_sum_waits_for_a_second_person(shop, rich):
    row = ask(shop, rich, 50_000, policy=terms(four_eyes_from_fen=50_000, auto_approve_up_to_fen=90_000))
    assert (row.state, approve(shop, row, "老板").state) == ("requested", "requested")
    assert refused(lambda: approve(shop, row, "老板", 2)) is Code.OTHER_PERSON_NEEDED

    assert approve(shop, row, "财务", 2).state == "approved"


def test_approvals_stop_at_the_days_limit_and_go_on_the_next_day(shop, rich):
    document = {"withdraw": {"daily_cap_fen": 50_000}}
    shop.write(
        lambda s: policy.publish(s, merchant_id=1, document=document, effective_from=shop.now, by="boss", now=shop.now)
    )
    first, second = ask(shop, rich, 30_000), ask(shop, rich, 30_000, "k2")
    approve(shop, first, "老板")
    assert refused(lambda: approve(shop, second, "老板")) is Code.PAYOUT_DAY_LIMIT
    shop.clock.advance(days=1)

    assert approve(shop, second, "老板").state == "approved"


def test_while_payouts_are_stopped_nothing_is_sent_and_nothing_is_lost(shop, rich):
    row = approve(shop, ask(shop, rich, 30_000), "老板")
    assert shop.write(lambda s: payouts.stop(s, cause="proof", reason="对不上", by="clock", now=shop.now))
    assert not shop.write(lambda s: payouts.stop(s, cause="proof", reason="对不上", by="clock", now=shop.now))
    assert shop.write(lambda s: transfers.begin(s, row.no, now=shop.now)) is None
    shop.write(lambda s: s.execute(t.outbox_row.update().values(state="done", done_at=shop.now)))

    assert shop.write(lambda s: payouts.resume(s, by="老板", reason="核对过", now=shop.now)) == 1
    assert shop.write(lambda s: transfers.begin(s, row.no, now=shop.now)).net_fen == 30_000
    assert refused(lambda: shop.write(lambda s: payouts.resume(s, by="老板", reason="", now=shop.now)))


def test_a_bank_transfer_is_paid_by_hand_and_leaves_by_its_own_account(shop, rich):
    row = ask(shop, rich, 30_000, channel="bank", payee_account="6222", policy=terms(fee_bp=60))
    row = approve(shop, row, "老板")
    paid = shop.write(
        lambda s: transfers.by_hand(s, row.no, paid=True, by="财务", note="F1", version=row.version, now=shop.now)
    )

    assert (paid.state, paid.net_fen) == ("paid", 29_820)
    assert shop.ask(lambda s: ledger.balance(s, ledger.BANK_TRANSFER)) == 29_820
    assert shop.ask(lambda s: s.scalar(select(t.outbox_row.c.id).where(t.outbox_row.c.kind == "payout"))) is None


def test_a_top_up_that_failed_gives_everything_back(shop, rich):
    row = approve(shop, ask(shop, rich, 30_000, channel="balance", policy=terms(fee_bp=60)), "老板")
    shop.write(
        lambda s: transfers.by_hand(s, row.no, paid=False, by="财务", note="错", version=row.version, now=shop.now)
    )

    assert (row.fee_fen, purse(shop, rich).available_fen) == (0, 100_000)


def test_what_a_quote_shows_is_what_is_paid_and_the_tax_goes_on_within_the_month(shop, rich):
    rules = terms(tax="labour")
    quotes, rows = [], []
    for number, fen in enumerate((60_000, 40_000)):
        quotes.append(
            shop.ask(lambda s, fen=fen: withdrawals.quote(s, rich.id, fen, policy=rules, now=shop.now)).net_fen
        )
        rows.append(ask(shop, rich, fen, f"k{number}", policy=rules))

    assert [row.tax_fen for row in rows] == [0, 4_000]
    assert [row.net_fen for row in rows] == quotes


def test_what_was_released_is_no_income_but_was_one_of_the_days_requests(shop, rich):
    row = ask(shop, rich, 60_000, policy=terms(tax="labour"))
    shop.write(lambda s: withdrawals.reject(s, row.no, by="boss", reason="核对", version=1, now=shop.now))
    again = ask(shop, rich, 60_000, "k2", policy=terms(tax="labour"))

    assert again.tax_fen == 0
    assert refused(lambda: ask(shop, rich, 1000, "k3", policy=terms(max_per_day=2))) is Code.TOO_MANY


def test_one_at_a_time_waits_until_the_first_has_ended(shop, rich):
    rules = terms(one_at_a_time=True)
    row = ask(shop, rich, 1000, policy=rules)
    assert refused(lambda: ask(shop, rich, 1000, "k2", policy=rules)) is Code.TOO_MANY
    shop.write(lambda s: withdrawals.reject(s, row.no, by="boss", reason="核对", version=1, now=shop.now))

    assert ask(shop, rich, 1000, "k3", policy=rules).state == "requested"


@pytest.mark.parametrize(
    ("fen", "more", "code"),
    [
        (0, {"min_fen": 5}, Code.INVALID_AMOUNT),
        (4, {"min_fen": 5, "max_fen": 3}, Code.BELOW_MINIMUM),
        (9, {"min_fen": 5, "max_fen": 8, "max_per_day": 1}, Code.ABOVE_MAXIMUM),
        (8, {"min_fen": 5, "max_fen": 8}, Code.BELOW_CHANNEL_MINIMUM),
        (300_000, {"name_required_from_fen": 200_000}, Code.REAL_NAME_REQUIRED),
        (150_000, {"name_required_from_fen": 200_000}, Code.INSUFFICIENT),
    ],
)
def test_the_first_thing_that_is_wrong_is_the_answer(shop, rich, fen, more, code):
    assert refused(lambda: ask(shop, rich, fen, policy=terms(**more), real_name=None)) is code


@pytest.mark.parametrize(
    ("yuan", "tax"),
    [(800, 0), (801, 20), (1000, 4000), (4000, 64_000), (5000, 80_000), (30_000, 520_000), (70_000, 1_540_000)],
)
def test_labour_tax_of_a_month(yuan, tax):
    assert labour_tax(yuan * 100) == tax


def test_platform_tax_adds_up_over_the_months_in_a_row():
    at = dt.datetime(2026, 3, 10, tzinfo=dt.UTC)
    before = [Payment(1_000_000, 9_000, at.replace(month=2))]

    assert platform_tax(1_000_000, 1) == 9_000
    assert withheld("platform", 1_000_000, before=before, at=at) == 9_000
    assert withheld("platform", 1_000_000, before=[], at=at.replace(year=2025, month=9)) == 0


@pytest.fixture
def owing(shop, rich):
    """Alice was paid ¥1,000.00 and the order came back."""
    row = approve(shop, ask(shop, rich, 100_000), "老板")
    shop.write(lambda s: transfers.begin(s, row.no, now=shop.now))
    shop.write(lambda s: transfers.record(s, row.no, TransferNews("SUCCESS"), source="query", now=shop.now))
    shop.refund("R1", "E1", 1_000_000)
    return rich


def give_up(shop, person, fen, by="老板"):
    return shop.write(lambda s: debts.write_off(s, person.id, fen, merchant_id=1, by=by, reason="老伙伴", now=shop.now))


def test_a_merchant_gives_up_a_debt_and_no_more_than_it(shop, owing):
    give_up(shop, owing, 60_000)

    assert purse(shop, owing).owed_fen == 40_000
    assert refused(lambda: give_up(shop, owing, 40_001)) is Code.INVALID_AMOUNT


def test_a_large_debt_is_given_up_by_two(shop, owing):
    document = {"withdraw": {"four_eyes_from_fen": 10_000}}
    shop.write(
        lambda s: policy.publish(s, merchant_id=1, document=document, effective_from=shop.now, by="boss", now=shop.now)
    )
    row = give_up(shop, owing, 60_000)
    agree = lambda by: shop.write(lambda s: debts.agree(s, row.id, merchant_id=1, by=by, now=shop.now))  # noqa: E731
    assert (row.state, purse(shop, owing).owed_fen) == ("waiting", 100_000)
    assert refused(lambda: agree("老板")) is Code.OTHER_PERSON_NEEDED

    assert (agree("财务").state, purse(shop, owing).owed_fen) == ("done", 40_000)
    assert refused(lambda: agree("财务")) is Code.ILLEGAL_STATE


class _Undone(Exception):
    pass


@pytest.mark.parametrize(
    "change",
    [
        "update debt_write_off set fen = fen + 1",
        "update debt_write_off set needs_second = true",
        "update debt_write_off set state = 'waiting', decided_by = null, done_at = null",
        "update withdrawal set channel = 'bank'",
        "update withdrawal set needs_second = true",
    ],
)
def test_the_proof_notices_what_somebody_changed_by_hand(shop, owing, change):
    give_up(shop, owing, 60_000)

    def by_hand(session):
        session.execute(text(change))
        raise _Undone([each.name for each in proof.prove(session) if not each.ok])

    with pytest.raises(_Undone) as undone:
        shop.write(by_hand)
    assert undone.value.args[0]
