"""Four workers settle at once and are killed twenty times: everything ends as if one had run once."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from distribution import earnings, settlement
from distribution.shapes import LineReport
from models import tables as t

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

WORKER = Path(__file__).parent / "settling.py"
KILLS, WORKERS, PEOPLE = 20, 4, 60
ORDERS = 2 * PEOPLE
#: So many people a worker may settle before it is killed: all the killed together cannot come to the end.
CHUNKS = 2


@pytest.fixture
def team(shop):
    """Sixty people, each below the one before, with orders that are all due."""
    people = [shop.distributor("李甲")]
    for number in range(1, PEOPLE):
        people.append(shop.distributor(f"李{chr(0x5200 + number)}", invited_by=people[-1].code))
    lines = tuple(LineReport(number, f"S{number}", "糕", 1, 10_000) for number in (1, 2, 3))
    for number in range(ORDERS):
        shop.order(f"E{number}", "received", distributor_code=people[number % PEOPLE].code, lines=lines)
    shop.refund("R1", "E0", 5_000)
    shop.clock.advance(days=7)
    return people


def start(url, shop, limit):
    command = [sys.executable, str(WORKER), url, shop.now.isoformat(), str(limit)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def gone(workers):
    for worker in workers:
        worker.kill()
        worker.communicate()


def test_killed_again_and_again_they_settle_everything_once(shop, team, database_url):
    dice = random.Random(20261124)
    for _ in range(KILLS // WORKERS):
        workers = [start(database_url, shop, 2) for _ in range(WORKERS)]
        for worker in workers:
            worker.stdout.readline()
        for worker in workers:
            worker.stdin.write("go\n" * CHUNKS)
            worker.stdin.flush()
        for worker in dice.sample(workers, dice.randint(0, 3)):
            worker.stdout.readline()
        time.sleep(dice.uniform(0, 0.05))
        gone(workers)
    left = shop.ask(lambda s: s.scalar(select(func.count()).where(t.commission.c.state == "pending")))
    done = shop.ask(lambda s: s.scalar(select(func.count()).where(t.commission.c.state == "available")))
    last = [start(database_url, shop, 2) for _ in range(WORKERS)]
    for worker in last:
        worker.stdin.close()
    ended = [worker.wait(60) for worker in last]

    assert left > 0, "the workers were killed too late to matter"
    assert done > 0, "the workers were killed too early to matter"
    assert ended == [0] * WORKERS
    while shop.write(lambda s: settlement.settle_due(s, now=shop.now)):
        pass
    purses = [shop.ask(lambda s, person=person: earnings.purse(s, person.id)) for person in team]
    assert sum(purse.pending_fen for purse in purses) == 0
    assert sum(purse.available_fen for purse in purses) == ORDERS * 3000 + (ORDERS - ORDERS // PEOPLE) * 1500 - 500
    told = select(func.count(), func.count(t.outbox_row.c.once.distinct())).where(
        t.outbox_row.c.once.startswith("notice:settled:")
    )
    messages, different = shop.ask(lambda s: s.execute(told).one())
    settlements = select(func.count()).where(t.journal.c.reference.like("commission:%:settled"))
    assert messages == different == shop.ask(lambda s: s.scalar(settlements))
