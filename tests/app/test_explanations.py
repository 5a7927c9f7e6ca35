"""Why this amount, why not more: every explanation of every worked order case recomputes to the stored fen (§15.1)."""

import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.trial import cases, of_orders
from bot.explaining import nothing, sum_in_words
from distribution import explanations, policy, why_not
from distribution.explanations import Explanation
from distribution.refusals import Refusal
from models import Order, schema
from models import tables as t
from models.database import Database

FILE = Path(__file__).parent.parent / "cases" / "commission.dev.yaml"
CASES = [case for case in cases.read(FILE.read_text("utf-8")) if case.type == "order"]


class Gone(Exception):
    """Ends a transaction of which nothing shall stay."""


@pytest.fixture(scope="module")
def scratch():
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/cases.sqlite3")
        schema.upgrade(database)
        yield database
        database.close()


def full(told: Explanation, rounding: str) -> int:
    """The sum before caps, worked out from what the explanation says and nothing else."""
    why = told.facts
    if "fixed_fen" in why:
        whole = why["fixed_fen"] * why["quantity"]
        return whole * why["base_fen"] // why["of_base_fen"] if why["of_base_fen"] else 0
    fen = (why["base_fen"] * why["rate_bp"] + (5000 if rounding == "half_up" else 0)) // 10_000
    if "part" in why:
        place, of = why["part"]
        fen = fen - fen // of * (of - 1) if place == 0 else fen // of
    return fen


def worked_out(told: list[Explanation], terms: policy.Policy) -> list[int]:
    """Every explanation's fen: the full sum, cut by what is left of the person's order and of the line."""
    orders: dict[Any, int] = defaultdict(lambda: terms.order_cap_fen if terms.order_cap_fen is not None else 10**12)
    pools: dict[int, int] = {}
    found = []
    for one in told:
        if "base_fen" not in one.facts:
            found.append(0)
            continue
        pool = pools.setdefault(one.line_no, one.facts["base_fen"] * terms.line_cap_bp // 10_000)
        fen = full(one, one.facts.get("rounding", "floor"))
        if one.kind in ("l1", "l2", "l3"):
            fen = min(fen, orders[one.who])
        fen = min(fen, pool)
        if one.kind in ("l1", "l2", "l3"):
            orders[one.who] -= fen
        pools[one.line_no] = pool - fen
        found.append(fen)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_an_explanation_recomputes_to_what_is_stored_and_everybody_else_gets_a_reason(scratch, case) -> None:
    def attempt(session):
        try:
            of_orders.run(session, case)
        except Refusal:
            raise Gone from None
        check(session, case)
        raise Gone

    with pytest.raises(Gone):
        scratch.write(attempt)


def check(session, case) -> None:
    order = session.scalars(select(Order)).one()
    told = explanations.of_order(session, order)
    standing = stored(session)

    explained = defaultdict(int)
    for one, fen in zip(told, worked_out(told, policy.by_id(session, order.policy_id)), strict=True):
        if one.reason == "terminated":
            assert standing[one.line_no, one.kind, one.who] == 0
            continue
        assert one.fen == fen, one
        assert bool(fen) == (one.reason is None), one
        assert sum_in_words(one.facts) if fen else nothing(one.reason) != one.reason
        explained[one.line_no, one.kind, one.who] += fen
    assert {slot: fen for slot, fen in explained.items() if fen} == {slot: fen for slot, fen in standing.items() if fen}
    everybody_has_a_reason(session, order, told)


def stored(session) -> defaultdict[tuple[int, str, str], int]:
    c = t.commission.c
    rows = session.execute(
        select(t.order_line.c.line_no, c.kind, t.distributor.c.code, c.fen)
        .join(t.order_line, t.order_line.c.id == c.line_id)
        .join(t.distributor, t.distributor.c.id == c.distributor_id)
    )
    found: defaultdict[tuple[int, str, str], int] = defaultdict(int)
    for line_no, kind, code, fen in rows:
        found[line_no, kind, code] += fen
    return found


def everybody_has_a_reason(session, order: Order, told: list[Explanation]) -> None:
    paid = {one.who for one in told if one.fen}
    placed = {one.who: one.reason for one in told if one.who and not one.fen}
    for person, code in session.execute(select(t.distributor.c.id, t.distributor.c.code)):
        if code in paid:
            continue
        reason = placed.get(code) or why_not.reason_for(session, order, person)
        assert nothing(reason) != reason, f"{reason} has no words"
