"""A statement tells every fen of a month, and its rows add up to what the books moved."""

import datetime as dt

from distribution import earnings, settlement, statements, transfers, withdrawals
from distribution.policy import Policy
from distribution.rules.calendar import day_of
from distribution.shapes import LineReport
from distribution.transfers import TransferNews

TERMS = Policy.model_validate({"withdraw": {"fee_bp": 60, "tax": "labour"}})


def told(shop, person):
    return shop.ask(lambda s: statements.month(s, person.id, day_of(shop.now)))


def worth(shop, person):
    purse = shop.ask(lambda s: earnings.purse(s, person.id))
    return purse.pending_fen + purse.available_fen + purse.withdrawing_fen - purse.owed_fen


def live(shop, person):
    """Two orders, a paid withdrawal with fee and tax, and a refund that leaves a debt."""
    lines = (LineReport(1, "AJ250", "糕", 1, 1_000_000),)
    shop.order("E1", "received", distributor_code=person.code, lines=lines)
    shop.clock.advance(days=7)
    shop.write(lambda s: settlement.settle_due(s, now=shop.now))
    row = shop.write(lambda s: withdrawals.request(s, person.id, 100_000, request_key="k", policy=TERMS, now=shop.now))
    shop.write(lambda s: withdrawals.approve(s, row.no, by="boss", version=1, now=shop.now))
    shop.write(lambda s: transfers.begin(s, row.no, now=shop.now))
    shop.write(lambda s: transfers.record(s, row.no, TransferNews("SUCCESS"), source="query", now=shop.now))
    shop.refund("R1", "E1", 400_000)
    shop.clock.advance(days=31)
    shop.order("E2", "paid", distributor_code=person.code)
    return row


def test_the_rows_of_a_month_add_up_to_what_the_books_moved(shop):
    alice = shop.distributor("爱丽丝")
    row = live(shop, alice)
    before, now = shop.ask(lambda s: statements.month(s, alice.id, dt.date(2026, 11, 30))), told(shop, alice)

    assert before.closing_fen == sum(each.fen for each in before.rows) == -40_000
    assert {each.kind: (each.number, each.fen) for each in before.rows} == {
        "commission": ("E1", 100_000),
        "withdrawal": (row.no, -row.net_fen),
        "fee": (row.no, -600),
        "tax": (row.no, -4_000),
        "taken_back": ("E1", -40_000),
    }
    assert (now.opening_fen, now.closing_fen) == (before.closing_fen, worth(shop, alice))


def test_a_person_in_debt_reads_which_order_it_is_of(shop):
    alice = shop.distributor("爱丽丝")
    live(shop, alice)

    assert shop.ask(lambda s: statements.owing(s, alice.id)) == {"E1": 40_000}
    assert told(shop, alice).left["owed"] == -40_000
