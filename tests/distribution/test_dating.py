"""An order's creation is told late: its commission follows the terms of that day, and the proof follows both."""

import datetime as dt

import pytest
from sqlalchemy import select, update

from distribution import policy, proof
from distribution.shapes import LineReport
from models import guards
from models import tables as t

DAY = dt.timedelta(days=1)
#: List price ¥100, ¥40 off.
LINES = (LineReport(1, "AJ250", "即食阿胶糕", 1, 10_000, 4_000),)
TEN, SIX, HALF = ({"l1": bp, "l2": 0} for bp in (1000, 600, 5000))
DATED = "what stands of an order dated anew is what its terms give"
FIRST = "every first row is what its reason gives"


class Undone(Exception):
    pass


@pytest.fixture
def bob(shop):
    shop.clock.advance(days=9)
    return shop.distributor("鲍勃")


def terms(shop, before, after):
    """What was in force until two days ago, and since."""
    for document, since in ((before, 8 * DAY), (after, 2 * DAY)):
        made = {"merchant_id": 1, "document": document, "effective_from": shop.now - since, "by": "老板"}
        shop.write(lambda s, made=made: policy.publish(s, **made, now=shop.now - 9 * DAY))


def dated_anew(shop, bob, **more):
    """The rows of an order whose shipping was told before its payment of three days ago."""
    told = {"distributor_code": bob.code, "lines": LINES} | more
    shop.order("E1", "shipped", 2, occurred_at=shop.now - DAY, **told)
    rows = shop.order("E1", "paid", 1, occurred_at=shop.now - 3 * DAY, **told).commissions
    return [row["fen"] for row in rows]


@pytest.mark.parametrize(
    ("before", "after", "rows"),
    [
        ({"base": "list_price"}, {"base": "paid_goods"}, [600, 400]),
        ({"store_rate_bp": TEN}, {"store_rate_bp": SIX}, [360, 240]),
        ({"store_rate_bp": HALF, "order_cap_fen": 500}, {"store_rate_bp": TEN}, [600, -100]),
        ({"store_rate_bp": TEN}, {"store_rate_bp": HALF, "order_cap_fen": 500}, [500, 100]),
        ({"base": "list_price", "store_rate_bp": SIX}, {"base": "paid_goods", "store_rate_bp": TEN}, [600]),
    ],
)
def test_a_moment_put_right_brings_what_its_terms_give_and_the_books_hold(shop, bob, before, after, rows):
    terms(shop, before, after)
    assert dated_anew(shop, bob) == rows

    shop.refund("R1", "E1", 3_001)
    assert shop.ask(proof.holds)


def findings_after(shop, change):
    """What the proof finds after ``change`` by a program that took the guards away; all of it is undone."""
    held = []
    try:
        with shop.database.transaction() as session:
            guards.remove(session.connection())
            session.execute(change)
            held += [each.name for each in proof.prove(session) if not each.ok]
            raise Undone
    except Undone:
        return set(held) - {"the guards of the books stand"}


def test_what_an_older_program_put_right_without_a_word_holds(shop, bob):
    terms(shop, {"base": "list_price", "order_cap_fen": 900}, {"base": "paid_goods"})
    assert dated_anew(shop, bob) == [600, 300]
    parties = {"places": [{"kind": "l1", "who": bob.id}, {"kind": "l2", "none": "no_inviter"}], "attributed": bob.id}

    assert findings_after(shop, update(t.order).values(parties=parties)) == set()


def test_any_one_amount_of_an_order_dated_anew_that_is_not_right_is_found(shop, bob):
    terms(shop, {"base": "list_price"}, {"base": "paid_goods"})
    assert dated_anew(shop, bob) == [600, 400]
    c = t.commission.c
    why = {"base_fen": 6010, "source": "store", "rate_bp": 1000, "rounding": "floor"}
    offer = {"kind": "l1", "who": bob.id, "source": "store", "bp": 1001}

    for cause in (c.cause == "order", c.cause != "order"):
        for fen in (c.fen + 1, c.fen - 1):
            assert DATED in findings_after(shop, update(t.commission).where(cause).values(fen=fen))
    assert FIRST in findings_after(shop, update(t.commission).where(c.cause == "order").values(why=why))
    assert DATED in findings_after(shop, update(t.order_line).values(offers=[offer]))


def test_a_first_row_of_another_base_is_found_where_nothing_was_put_right(shop, bob):
    shop.order("E1", "paid", 1, distributor_code=bob.code, lines=LINES)
    why = {"base_fen": 6001, "source": "store", "rate_bp": 1000, "rounding": "floor"}

    assert FIRST in findings_after(shop, update(t.commission).values(why=why))


@pytest.mark.parametrize(
    ("sku", "last", "back"), [("AJ500", "shipped", [6_300, 0]), ("AJ250", "closed", [6_400, 6_400])]
)
def test_of_a_line_that_is_worth_more_after_all_more_came_back(shop, bob, sku, last, back):
    terms(shop, {"base": "paid_with_freight"}, {"base": "paid_goods"})
    shop.write(lambda s: s.execute(update(t.product).values(rule={"disabled": True})))
    told = {"lines": (*LINES, LineReport(2, sku, "即食阿胶糕", 1, 6_000)), "distributor_code": bob.code}
    told |= {"freight_fen": 800, "occurred_at": shop.now - DAY}
    shop.order("E1", "shipped", 2, **told)
    shop.refund("R1", "E1", 6_300)
    shop.order("E1", last, 3, **told)
    shop.order("E1", "paid", 1, **told | {"occurred_at": shop.now - 3 * DAY})

    line = t.order_line.c
    assert shop.ask(lambda s: s.scalars(select(line.refunded_fen).order_by(line.id)).all()) == back
