"""Every way in which the reports of one order can come ends in the same states and the same money."""

import datetime as dt
from collections import Counter
from itertools import permutations

import pytest
from sqlalchemy import select

from distribution import orders, refunds, settlement
from distribution.shapes import LineReport, OrderReport, RefundLine, RefundReport
from models import tables as t

HOUR = dt.timedelta(hours=1)
TWO = (LineReport(1, "AJ250", "即食阿胶糕", 1, 10_000), LineReport(2, "AJ250", "即食阿胶糕", 1, 3_333))
#: What the mall reports, the first first; "end" is received or closed.
STORIES = {
    "one case": ("unpaid", "paid", "end", "A opened", "A closed", "A refunded"),
    "every state": ("unpaid", "paid", "shipped", "end", "A refunded"),
    "two refunds": ("paid", "end", "A opened", "A refunded", "B refunded"),
    "a case that was closed, a refund": ("paid", "end", "A opened", "A closed", "B refunded"),
    "a case that stays open": ("paid", "end", "A opened", "B opened", "B closed"),
}
FEN = {"A": 4000, "B": 1001}
#: What is left of ¥100.00 and ¥33.33 for (who sold, who invited), and the rows of which line wait in the end.
ENDS = {
    "one case": (600 + 333, 300 + 166, "available"),
    "every state": (600 + 333, 300 + 166, "available"),
    "two refunds": (499 + 333, 249 + 166, "available"),
    "a case that was closed, a refund": (899 + 333, 449 + 166, "available"),
    "a case that stays open": (1000 + 333, 500 + 166, "pending"),
}


def report(word, number, no, *, start, code, end):
    """What the mall says in its ``number``-th report about order ``no``."""
    at = start + number * HOUR
    if " " not in word:
        state, more = (end if word == "end" else word), {"buyer_openid": f"o{no}", "distributor_code": code}
        return OrderReport(no, state, number + 1, at, TWO, **more)
    case, state = word.split()
    return RefundReport(f"{case}{no}", no, state, at, (RefundLine(1, 0, FEN[case]),))


def tell(session, told, now):
    if isinstance(told, OrderReport):
        orders.record(session, 1, told, appid="wx0123456789abcdef", now=now)
    else:
        refunds.record(session, 1, told, now=now)


def ends(session):
    """How often each end came: the order's state and creation, its lines that are not void, what each person has."""
    c, o, line = t.commission.c, t.order.c, t.order_line.c
    shown = (
        select(o.order_no, o.state, o.created_at, line.line_no, c.distributor_id, c.state.label("row"), c.fen)
        .join_from(t.order, t.order_line, line.order_id == o.id)
        .outerjoin(t.commission, c.line_id == line.id)
    )
    found = {}
    for row in session.execute(shown):
        told = found.setdefault(row.order_no, {"order": (row.state, row.created_at), "rows": set(), "fen": Counter()})
        told["rows"] |= {(row.line_no, row.row)} if row.row not in (None, "void") else set()
        told["fen"][row.distributor_id] += row.fen or 0
    return Counter((one["order"], frozenset(one["rows"]), frozenset((+one["fen"]).items())) for one in found.values())


@pytest.mark.parametrize("end", ["received", "closed"])
@pytest.mark.parametrize("story", STORIES)
def test_reports_in_every_order_end_alike(shop, database_kind, story, end):
    alice = shop.distributor("爱丽丝")
    bob = shop.distributor("鲍勃", invited_by=alice.code)
    words, start = STORIES[story], shop.now
    # Every way on SQLite, every twenty-fourth on PostgreSQL.
    ways = list(permutations(range(len(words))))[:: 1 if database_kind == "sqlite" else 24]
    shop.clock.advance(hours=len(words))
    told = {"start": start, "code": bob.code, "end": end}
    for place in range(len(words)):
        with shop.database.transaction() as session:
            for no, way in enumerate(ways):
                tell(session, report(words[way[place]], way[place], f"E{no}", **told), shop.now)
    shop.clock.advance(days=7)
    while shop.write(lambda s: settlement.settle_due(s, now=shop.now)):
        pass

    sold, invited, first = ENDS[story]
    wanted = (
        (set(), set()) if end == "closed" else ({(1, first), (2, "available")}, {(bob.id, sold), (alice.id, invited)})
    )
    assert shop.ask(ends) == {((end, start), *map(frozenset, wanted)): len(ways)}
