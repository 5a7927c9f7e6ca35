"""kill -9 while a crowd's orders are written: of each order all is there or nothing, and a repeat completes it."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from distribution.proof import holds
from models import tables as t

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

SERVICE = Path(__file__).parent / "posting.py"
KILLS, ORDERS = 6, 600


def start(url, shop, code):
    command = [sys.executable, str(SERVICE), url, shop.clock.now().isoformat(), code, str(ORDERS)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def told(session):
    """The orders that are there, those with their commissions, and those whose answer is kept."""
    o, c, a = t.order.c, t.commission.c, t.api_answer.c
    orders = set(session.scalars(select(o.order_no)))
    earning = select(o.order_no).join(t.commission, c.order_id == o.id).group_by(o.order_no).having(func.count() == 2)
    answered = select(a.webhook_id).where(a.status == 200)
    posted = select(t.journal.c.reference).where(t.journal.c.reference.like("order:%:commission"))
    return (
        orders,
        set(session.scalars(earning)),
        {webhook_id.removeprefix("id-") for webhook_id in session.scalars(answered)},
        {reference.split(":")[2] for reference in session.scalars(posted)},
    )


def test_killed_again_and_again_each_order_is_whole_or_not_there(shop, database_url) -> None:
    code = shop.distributor("李娜", inviter=shop.distributor("王芳").code).code
    dice, acknowledged, cut = random.Random(20261125), set(), 0
    for kill in range(1, KILLS + 1):
        service = start(database_url, shop, code)
        # What was there before is answered again at once: so many more are waited for.
        for _ in range(kill * ORDERS // (KILLS + 3)):
            acknowledged.add(service.stdout.readline().split()[0])
        time.sleep(dice.uniform(0, 0.01))
        service.kill()
        acknowledged |= {line.split()[0] for line in service.communicate()[0].splitlines() if line.endswith("e")}
        with shop.database.reading() as session:
            orders, *others = told(session)
            assert others == [orders] * 3
            assert acknowledged <= orders
            assert holds(session)
        cut += len(orders) < ORDERS

    last = start(database_url, shop, code)
    lines = [line.split() for line in last.communicate()[0].splitlines()]
    assert cut == KILLS, "the service was killed too late to matter"
    assert sorted(lines) == sorted([f"E{number}", "200", "True"] for number in range(ORDERS))
    with shop.database.reading() as session:
        orders, *others = told(session)
        assert len(orders) == ORDERS
        assert others == [orders] * 3
        assert holds(session)
