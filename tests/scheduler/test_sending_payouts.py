"""Payouts: one number, asked about before it is paid, whatever is lost on the way."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from worker_bench import World

from distribution import ledger, outbox, transfers, withdrawals
from scheduler import jobs
from wechat.pay import Transfer


def test_an_approved_withdrawal_waits_for_its_payee_who_gets_the_link(world: World) -> None:
    openid, _, distributor_id = world.person()
    no = world.withdraw(distributor_id)
    world.runner.run_due()

    assert world.withdrawal(no).transfer_state == "WAIT_USER_CONFIRM"
    assert world.bank() == [(no, "WAIT_USER_CONFIRM")]
    assert f"/h5/withdrawals/{no}" in world.received(openid)[-1][1]


def test_a_confirmed_transfer_is_paid_by_the_next_question(world: World) -> None:
    openid, _, distributor_id = world.person()
    no = world.withdraw(distributor_id)
    world.runner.run_due()
    world.post(f"/transfers/{no}/confirm")
    world.jump(hours=2)

    assert world.withdrawal(no).state == "paid"
    assert "到账了" in world.received(openid)[-1][1]


@pytest.mark.parametrize("lost", ["before", "after"])
def test_a_lost_answer_is_asked_about_and_paid_once(world: World, lost: str) -> None:
    _, _, distributor_id = world.person()
    no = world.withdraw(distributor_id)
    world.fault("transfer-bills", lost=lost)
    world.runner.run_due()
    assert world.withdrawal(no).transfer_state == "UNKNOWN"

    world.jump(minutes=5)
    assert world.bank() == [(no, "WAIT_USER_CONFIRM")]
    assert world.withdrawal(no).transfer_state == "WAIT_USER_CONFIRM"


def test_a_worker_that_died_after_the_call_does_not_pay_again(world: World) -> None:
    openid, _, distributor_id = world.person()
    no = world.withdraw(distributor_id)
    with world.database.transaction() as session:
        outbox.claim(session, "died", now=world.clock.now(), limit=1)
        payout = transfers.begin(session, no, now=world.clock.now())
    assert payout is not None
    assert world.parts.pay is not None
    world.parts.pay.create_transfer(Transfer(no, openid, payout.net_fen))

    world.jump(minutes=2)
    assert world.bank() == [(no, "WAIT_USER_CONFIRM")]
    assert world.withdrawal(no).transfer_state == "WAIT_USER_CONFIRM"


def test_a_worker_that_died_before_the_call_is_made_good(world: World) -> None:
    _, _, distributor_id = world.person()
    no = world.withdraw(distributor_id)
    with world.database.transaction() as session:
        outbox.claim(session, "died", now=world.clock.now(), limit=1)
        transfers.begin(session, no, now=world.clock.now())

    world.jump(minutes=2)
    assert world.bank() == [(no, "WAIT_USER_CONFIRM")]


def test_a_short_balance_waits_under_the_same_number(world: World) -> None:
    _, _, distributor_id = world.person()
    no = world.withdraw(distributor_id)
    world.fault("transfer-bills", errcode="NOT_ENOUGH", http=403)
    due = world.runner.run_due()

    assert due is not None
    assert due - world.clock.now() >= timedelta(minutes=5)
    assert world.bank() == []
    world.jump(minutes=15)
    assert world.bank() == [(no, "WAIT_USER_CONFIRM")]


def test_reminders_come_at_1_12_and_23_hours_and_the_money_comes_back_at_24(world: World) -> None:
    openid, _, distributor_id = world.person()
    no = world.withdraw(distributor_id)
    world.runner.run_due()
    for hours in (2, 11, 11):
        world.post(f"/people/{openid}/say", text="在")
        world.jump(hours=hours)

    assert sum("还有一笔提现等你确认" in text for _, text in world.received(openid)) == 3
    world.jump(hours=1)
    assert world.withdrawal(no).state == "released"
    with world.database.reading() as session:
        assert ledger.balance(session, ledger.purse(distributor_id, "available")) == 6000


def test_a_withdrawal_taken_back_returns_when_the_bank_says_so(world: World) -> None:
    openid, _, distributor_id = world.person()
    no = world.withdraw(distributor_id)
    world.runner.run_due()
    with world.database.transaction() as session:
        withdrawals.cancel(session, no, by="member", now=world.clock.now())

    world.jump(minutes=2)
    assert world.withdrawal(no).state == "released"
    assert world.bank() == [(no, "CANCELLED")]
    assert "撤回完成" in world.received(openid)[-1][1]


def test_taking_back_what_is_already_paid_finds_it_paid(world: World) -> None:
    _, _, distributor_id = world.person()
    no = world.withdraw(distributor_id)
    world.runner.run_due()
    with world.database.transaction() as session:
        withdrawals.cancel(session, no, by="member", now=world.clock.now())
    world.post(f"/transfers/{no}/confirm")

    world.jump(minutes=2)
    assert world.withdrawal(no).state == "paid"


def test_without_wechat_pay_payouts_wait(world: World) -> None:
    _, _, distributor_id = world.person()
    no = world.withdraw(distributor_id)
    worker = world.another("poor", pay=None)

    assert worker.run_due() == world.clock.now() + timedelta(minutes=10)
    assert world.withdrawal(no).state == "approved"


def test_an_unanswered_question_is_not_asked_in_a_storm(world: World) -> None:
    _, _, distributor_id = world.person()
    world.withdraw(distributor_id)
    world.runner.run_due()
    world.fault("out-bill-no", http=500, times=50)
    world.advance(hours=1, seconds=1)

    assert jobs.reconcile(world.parts) == 0
    assert jobs.reconcile(world.parts) == 0
    assert world.runner.run_due() == world.clock.now() + timedelta(minutes=1)


def test_two_workers_pay_each_number_once(world: World) -> None:
    numbers = [world.withdraw(world.person(name)[2]) for name in ("王静", "李娜", "赵磊", "孙鹏")]
    second = world.another("second", pace=replace(world.parts.pace, threads=2))
    world.runner.start()
    second.start()
    try:
        _wait_until(lambda: all(world.withdrawal(no).transfer_state == "WAIT_USER_CONFIRM" for no in numbers))
    finally:
        world.runner.stop()
        second.stop()

    assert sorted(world.bank()) == sorted((no, "WAIT_USER_CONFIRM") for no in numbers)


def _wait_until(true: Callable[[], bool], seconds: float = 15.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)
