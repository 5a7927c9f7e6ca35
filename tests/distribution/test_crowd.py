"""Thirty-two processes ask one purse for withdrawals a thousand times: what is there is given out, and no more."""

from multiprocessing import get_context

import pytest

from distribution import earnings, policy, proof, settlement, withdrawals
from distribution.refusals import Code, Refusal
from distribution.shapes import LineReport
from models.database import Database, DatabaseDown

PROCESSES, TRIES, FEN = 32, 32, 1000
fork = get_context("fork")


def _asks(url, who, place, at, told):
    """One process: every try has a key of its own; a database that is too busy is asked again."""
    database, accepted, codes = Database(url, pool_size=1), 0, set()
    for number in range(TRIES):
        outcome = None
        while outcome is None:
            outcome = _once(database, who, f"k{place}-{number}", at)
        accepted += outcome == "accepted"
        codes.add(outcome)
    database.close()
    told.put((accepted, codes))


def _once(database, who, key, at):
    try:
        database.write(lambda s: withdrawals.request(s, who, FEN, request_key=key, policy=policy.Policy(), now=at))
    except DatabaseDown:
        return None
    except Refusal as refusal:
        return refusal.code
    return "accepted"


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.new_database
def test_a_crowd_of_processes_gets_what_the_purse_holds_and_no_more(shop, database_url):
    seller = shop.distributor("爱丽丝")
    lines = (LineReport(1, "AJ250", "即食阿胶糕", 1, 99_990),)
    shop.order("E1", "received", 1, distributor_code=seller.code, lines=lines)
    shop.clock.advance(days=7)
    shop.write(lambda s: settlement.settle_due(s, now=shop.now))
    assert shop.ask(lambda s: earnings.purse(s, seller.id)).available_fen == 9999
    shop.database.close()

    told = fork.SimpleQueue()
    crowd = [fork.Process(target=_asks, args=(database_url, seller.id, n, shop.now, told)) for n in range(PROCESSES)]
    for each in crowd:
        each.start()
    outcomes = [told.get() for _ in crowd]
    for each in crowd:
        each.join()

    assert sum(accepted for accepted, _ in outcomes) == 9
    assert set().union(*(codes for _, codes in outcomes)) == {"accepted", Code.INSUFFICIENT}
    purse = shop.ask(lambda s: earnings.purse(s, seller.id))
    assert (purse.available_fen, purse.withdrawing_fen) == (999, 9000)
    assert shop.ask(proof.holds)
