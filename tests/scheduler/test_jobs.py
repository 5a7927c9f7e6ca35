"""The clock: due dates are rows, missed hours are caught up, two workers do no harm."""

import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

from sqlalchemy import func, insert, select, update
from worker_bench import APP_ID, World

from distribution import heartbeats, ledger, orders, payouts, policy, proof, reminders
from distribution.shapes import LineReport, OrderReport
from models import tables as t
from models.database import Database
from scheduler import jobs
from scheduler.gate import Gate


def sell(world: World, code: str, number: int, *, received: bool = True) -> None:
    now = world.clock.now()
    line = LineReport(1, "AJ250", "即食阿胶糕 250g", 1, 8900)
    how = {"buyer_external_id": f"u{number}", "distributor_code": code}
    report = OrderReport(f"E{number}", "received" if received else "paid", 1, now, (line,), **how)
    with world.database.transaction() as session:
        orders.record(session, 1, report, appid=APP_ID, now=now)


def code_of(world: World, distributor_id: int) -> str:
    with world.database.reading() as session:
        return str(session.scalar(select(t.distributor.c.code).where(t.distributor.c.id == distributor_id)))


def available(world: World, distributor_id: int) -> int:
    with world.database.reading() as session:
        return ledger.balance(session, ledger.purse(distributor_id, "available"))


def test_a_commission_is_settled_at_its_moment_within_a_jump(world: World) -> None:
    _, _, distributor_id = world.person()
    sell(world, code_of(world, distributor_id), 1)
    assert world.runner.run_due() is not None

    world.jump(days=6, hours=23)
    assert available(world, distributor_id) == 0
    world.jump(hours=2)
    assert available(world, distributor_id) == 890
    with world.database.reading() as session:
        told = t.outbox_row.c.once.like("notice:settled:%")
        assert session.scalar(select(func.count()).select_from(t.outbox_row).where(told)) == 1


def test_missed_days_are_caught_up_from_the_rows(world: World) -> None:
    _, _, distributor_id = world.person()
    code = code_of(world, distributor_id)
    for number in range(5):
        sell(world, code, number)
    world.advance(days=30)
    world.runner.run_due()

    assert available(world, distributor_id) == 5 * 890
    with world.database.reading() as session:
        assert proof.holds(session)


def test_settling_at_once_from_many_sides_settles_once(world: World) -> None:
    ids = [world.person(name)[2] for name in ("王静", "李娜", "赵磊")]
    for number in range(30):
        sell(world, code_of(world, ids[number % 3]), number)
    world.advance(days=8)
    threads = [threading.Thread(target=jobs.settle, args=(world.parts,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [available(world, each) for each in ids] == [8900] * 3
    with world.database.reading() as session:
        settled = select(func.count()).where(t.journal.c.reference.like("commission:%:settled"))
        assert proof.holds(session)
        assert session.scalar(settled) <= 12


def test_the_proof_shouts_and_keeps_what_it_found(world: World) -> None:
    _, _, distributor_id = world.person()
    sell(world, code_of(world, distributor_id), 1)
    assert jobs.prove(world.parts)
    with world.database.transaction() as session:
        session.execute(update(t.account).values(balance_fen=t.account.c.balance_fen + 1))

    assert not jobs.prove(world.parts)
    with world.database.reading() as session:
        _, found = heartbeats.last(session, "prove") or (None, {})
    assert "every balance is the sum of its postings" in found["broken"]


def test_a_worker_gives_signs_of_life_and_is_forgotten_when_dead(world: World) -> None:
    jobs.beat(world.parts, "one")
    world.advance(days=3)
    jobs.beat(world.parts, "two")
    assert jobs.prune(world.parts) == 1

    with world.database.reading() as session:
        assert list(heartbeats.workers(session)) == ["two"]


def test_nothing_to_do_means_no_next_moment(world: World) -> None:
    assert world.runner.run_due() is None


def test_a_round_alone_waits_for_those_inside_and_keeps_others_out() -> None:
    gate, order = Gate(), []

    def alone() -> None:
        with gate.alone():
            order.append("alone")

    with gate.inside():
        waiting = threading.Thread(target=alone)
        waiting.start()
        time.sleep(0.05)
        order.append("inside")
    waiting.join(5)
    with gate.inside():
        order.append("after")

    assert order == ["inside", "alone", "after"]


def test_the_timetable_does_the_work_in_the_background(world: World) -> None:
    openid, member_id, _ = world.person()
    world.notice(member_id)
    world.runner.start()
    try:
        end = time.monotonic() + 10
        while not world.received(openid):
            assert time.monotonic() < end
            time.sleep(0.05)
    finally:
        world.runner.stop()

    assert world.row("n").state == "done"


def test_a_worker_proves_the_books_first_and_ends_on_sigterm_after_what_is_in_hand(sqlite_database: Database) -> None:
    script = (
        "import sys\n"
        "from datetime import UTC, datetime\n"
        "from types import SimpleNamespace as Bag\n"
        "from models.database import Database\n"
        "from scheduler.parts import Parts\n"
        "from scheduler.runner import Runner\n"
        "clock = Bag(now=lambda: datetime(2026, 11, 23, tzinfo=UTC))\n"
        "parts = Parts(Database(sys.argv[1]), clock, None, None, None, None, None)\n"
        "Runner(parts, 'w').run_forever()\n"
    )
    command = [sys.executable, "-c", script, str(sqlite_database.url)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert "worker.started" in worker.stdout.readline()
        worker.send_signal(signal.SIGTERM)

        assert worker.wait(20) == 0
    with sqlite_database.reading() as session:
        assert heartbeats.last(session, "prove") is not None


def test_a_due_moment_is_that_of_the_earliest_row(world: World) -> None:
    _, _, distributor_id = world.person()
    sell(world, code_of(world, distributor_id), 1)
    world.runner.run_due()

    assert jobs.next_due(world.parts) == world.clock.now() + timedelta(days=7)


def test_books_that_do_not_add_up_stop_the_payouts(world: World) -> None:
    with world.database.transaction() as session:
        session.execute(insert(t.account).values(name="merchant:9:commission", guarded=False, balance_fen=7))

    assert not jobs.prove(world.parts)
    with world.database.reading() as session:
        stop = payouts.stopped(session)
    assert stop is not None
    assert stop.cause == "proof"


def test_who_waits_for_a_sum_hears_once_that_it_came_and_not_in_quiet_hours(world: World) -> None:
    openid, _, distributor_id = world.person()
    now = world.clock.now()
    with world.database.transaction() as session:
        quiet = {"quiet_hours": [10, 12]}
        policy.publish(session, merchant_id=1, document=quiet, effective_from=now, by="boss", now=now)
        reminders.wish(session, distributor_id, 890, now=now)
    sell(world, code_of(world, distributor_id), 1)
    world.jump(days=7, minutes=1)
    world.post(f"/people/{openid}/say", text="在吗")

    assert not [text for _, text in world.received(openid) if "你等的" in text]
    world.jump(hours=2)
    world.jump(hours=24)
    assert [text for _, text in world.received(openid) if "你等的 ¥8.90 到了" in text] != []
    assert len([text for _, text in world.received(openid) if "你等的" in text]) == 1
