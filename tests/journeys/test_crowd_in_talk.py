"""Ten thousand people are in the middle of a talk at once, each answered by another process every time."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import crowd_talk
import pytest
from sqlalchemy import select

from models import tables as t
from models.database import Database

pytestmark = [pytest.mark.slow, pytest.mark.redis, pytest.mark.timeout(180)]
PEOPLE, PROCESSES = 10_000, 4
#: Every tenth person ends the talk, which writes.
ENDING = 10


@pytest.fixture
def processes():
    """Processes that each keep one dispatcher."""
    pools = [ProcessPoolExecutor(1, mp_context=get_context("spawn")) for _ in range(PROCESSES)]
    yield pools
    for pool in pools:
        pool.shutdown(cancel_futures=True)


def round_of(pools, do, urls, shift, *, every=1):
    """One message of everybody; process ``shift`` further on than the number says. What went wrong."""
    people = range(0, PEOPLE, every)
    parts = [[who for who in people if (who // every + shift) % PROCESSES == each] for each in range(PROCESSES)]
    return [wrong for future in [pool.submit(do, urls, part) for pool, part in zip(pools, parts, strict=True)]
            for wrong in future.result()]  # fmt: skip


@pytest.mark.postgres
def test_ten_thousand_talks_over_four_processes_do_not_mix(processes, postgres_url, redis_url):
    database, urls = Database(postgres_url), (postgres_url, redis_url)

    assert round_of(processes, crowd_talk.begin, urls, 0) == []
    assert round_of(processes, crowd_talk.wander, urls, 1) == []
    assert round_of(processes, crowd_talk.tell, urls, 2, every=ENDING) == []

    k, m = t.ticket.c, t.member.c
    with database.reading() as session:
        rows = session.execute(select(m.openid, k.kind, k.text).join(t.member, m.id == k.member_id)).all()
    database.close()
    expected = {
        (crowd_talk.openid(number), crowd_talk.BEGINNINGS[number % 3][1], crowd_talk.words(number))
        for number in range(0, PEOPLE, ENDING)
    }
    assert len(rows) == PEOPLE // ENDING
    assert {tuple(row) for row in rows} == expected
