"""The rows of an order and their postings, column by column: earned, changed, frozen, taken back (R3, R30, R35)."""

import datetime as dt

import pytest
from sqlalchemy import select

from distribution import commissions, ledger, settlement
from distribution.commissions import Change
from distribution.shapes import LineReport
from models import Order
from models import tables as t

TWO = (LineReport(1, "AJ250", "即食阿胶糕", 1, 10_000), LineReport(2, "AJ250", "即食阿胶糕", 1, 3_333))


class Undone(Exception):
    """What was tried is taken back; it holds the answer."""


@pytest.fixture
def team(shop):
    alice = shop.distributor("爱丽丝")
    return alice, shop.distributor("鲍勃", invited_by=alice.code)


def placed(shop, team, no="E1", state="paid", version=1, **more):
    return shop.order(no, state, version, distributor_code=team[1].code, lines=TWO, **more)


def received(shop, team, no="E1"):
    """An order whose commissions are settled."""
    placed(shop, team, no, "received")
    shop.clock.advance(days=7)
    shop.write(lambda s: settlement.settle_due(s, now=shop.now))


def rows(session, *names, order=1):
    c = t.commission.c
    found = select(*(c[name] for name in names)).where(c.order_id == order).order_by(c.id)
    return [tuple(row) for row in session.execute(found)]


def postings(session, last=1):
    found = session.execute(select(t.journal).order_by(t.journal.c.id.desc()).limit(last))
    return [(row.reference, row.cause, row.actor, row.at, ledger.moves_of(session, row.id)) for row in found][::-1]


def change(shop, **more):
    return Change("refund:R9", "refund:1:R9", {"told": "x"}, more.get("due_at"), shop.now)


def tried(shop, operation):
    """What an operation on the first order gives, with its rows and last postings; all of it is taken back."""

    def whole(session):
        answer = operation(session, session.get(Order, 1))
        raise Undone(answer, rows(session, "line_id", "kind", "distributor_id", "fen", "state"), postings(session, 3))

    with pytest.raises(Undone) as undone:
        shop.write(whole)
    return undone.value.args


def test_first_rows_say_everything(shop, team):
    alice, bob = team
    placed(shop, team, state="unpaid")
    shop.clock.advance(hours=1)
    placed(shop, team, version=2)

    named = "merchant_id order_id line_id kind distributor_id fen cause state paid_at due_at settled_at created_at"
    told = ("order", "pending", shop.now, None, None, shop.now)
    slots = [(1, "l1", bob, 1000), (1, "l2", alice, 500), (2, "l1", bob, 333), (2, "l2", alice, 166)]
    wanted = [(1, 1, line, kind, who.id, fen, *told) for line, kind, who, fen in slots]
    assert shop.ask(lambda s: rows(s, *named.split())) == wanted
    assert [why["rate_bp"] for (why,) in shop.ask(lambda s: rows(s, "why"))] == [1000, 500, 1000, 500]
    cost = ledger.cost(1)
    moves = [(cost, ledger.purse(who.id, "pending"), fen) for _, _, who, fen in slots]
    assert shop.ask(postings) == [("order:1:E1:commission", "order E1", "orders", shop.now, moves)]


def test_nothing_earned_writes_nothing(shop, team):
    placed(shop, team, state="unpaid")
    answer, found, _ = tried(shop, lambda s, order: commissions.earn(s, order, [], [], now=shop.now))

    assert (answer, found) == (None, [])


def test_rows_are_shown_with_line_code_and_why(shop, team):
    placed(shop, team, state="received")
    shown = shop.ask(lambda s: commissions.rows_of(s, 1))

    due = (shop.now + dt.timedelta(days=7)).isoformat()
    first = {"who": team[1].code, "kind": "l1", "line_no": 1, "fen": 1000, "state": "pending"}
    why = {"base_fen": 10_000, "source": "store", "rate_bp": 1000, "rounding": "floor", "due_at": due}
    assert shown[0] == {**first, "why": why}
    assert [(row["who"], row["line_no"]) for row in shown[1:]] == [
        (team[0].code, 1), (team[1].code, 2), (team[0].code, 2),
    ]  # fmt: skip
    placed(shop, team, "E2")
    assert "due_at" not in shop.ask(lambda s: commissions.rows_of(s, 2))[0]["why"]


def test_only_this_orders_waiting_rows_begin_to_freeze(shop, team):
    received(shop, team)
    placed(shop, team, "E2")
    placed(shop, team, "E3")
    before = shop.ask(lambda s: rows(s, "due_at"))
    shop.write(lambda s: commissions.start_freeze(s, 1, shop.now + dt.timedelta(days=1)))
    placed(shop, team, "E2", "received", 2)

    assert shop.ask(lambda s: rows(s, "due_at")) == before
    assert set(shop.ask(lambda s: rows(s, "due_at", order=2))) == {(shop.now + dt.timedelta(days=7),)}
    assert set(shop.ask(lambda s: rows(s, "due_at", order=3))) == {(None,)}


def test_a_change_is_added_up_per_person_and_told_from_what_stands(shop, team):
    alice, bob = team
    placed(shop, team)
    shop.refund("R1", "E1", 4000)
    wanted = {(1, "l1", bob.id): 500, (2, "l1", bob.id): 300, (1, "l2", alice.id): 301, (2, "l3", alice.id): 7}
    changed, found, journal = tried(shop, lambda s, order: commissions.adjust(s, order, wanted, change(shop)))

    assert changed == {bob.id: -133, alice.id: 8}
    assert found[-4:] == [
        (1, "l1", bob.id, -100, "pending"),
        (2, "l1", bob.id, -33, "pending"),
        (1, "l2", alice.id, 1, "pending"),
        (2, "l3", alice.id, 7, "pending"),
    ]
    purses, cost = [ledger.purse(who.id, "pending") for who in (bob, alice)], ledger.cost(1)
    moves = [(purses[0], cost, 100), (purses[0], cost, 33), (cost, purses[1], 1), (cost, purses[1], 7)]
    assert journal[-1] == ("refund:1:R9:commission", "refund:R9", "orders", shop.now, moves)


def test_new_rows_say_why_and_when_they_fall_due(shop, team):
    placed(shop, team)
    due = shop.now + dt.timedelta(days=3)

    def whole(session, order):
        commissions.adjust(session, order, {(1, "l1", team[1].id): 1}, change(shop, due_at=due))
        return rows(session, "cause", "why", "due_at", "settled_at", "paid_at", "created_at")[-1]

    wanted = ("refund:R9", {"told": "x"}, due, None, shop.now, shop.now)
    assert tried(shop, whole)[0] == wanted


def test_what_stands_as_wanted_is_left_alone(shop, team):
    bob = team[1]
    placed(shop, team)
    wanted = {(1, "l1", bob.id): 1000, (2, "l1", bob.id): 333}
    changed, found, journal = tried(shop, lambda s, order: commissions.adjust(s, order, wanted, change(shop)))

    assert (changed, len(found), journal[-1][0]) == ({}, 4, "order:1:E1:commission")


@pytest.mark.parametrize("fen", [1000, 999])
def test_only_the_slot_that_can_never_earn_again_ends_void(shop, team, fen):
    bob = team[1]
    placed(shop, team)
    over = {(1, "l1", bob.id), (9, "l1", bob.id)}
    wanted = {(1, "l1", bob.id): fen}
    _, found, _ = tried(shop, lambda s, order: commissions.adjust(s, order, wanted, change(shop), over=over))

    assert {row[:3] for row in found if row[4] == "void"} == {(1, "l1", bob.id)}
    assert len({row[:3] for row in found}) == 4


def test_another_place_and_another_person_on_the_line_do_not_end_with_it(shop, team):
    alice, bob = team
    placed(shop, team)

    def whole(session, order):
        beside = {(1, "l3", bob.id): 5, (1, "l1", alice.id): 5}
        commissions.adjust(session, order, beside, change(shop))
        commissions.adjust(session, order, {}, change(shop), over={(1, "l1", bob.id)})

    found = tried(shop, whole)[1]
    assert {row[:3] for row in found if row[4] == "void"} == {(1, "l1", bob.id)}


def test_every_place_of_a_person_is_taken_back_by_its_own_row(shop, team):
    bob = team[1]
    placed(shop, team)

    def whole(session, order):
        commissions.adjust(session, order, {(1, "l3", bob.id): 5}, change(shop))
        return commissions.void_pending(session, bob.id, actor="boss", now=shop.now)

    taken, found, _ = tried(shop, whole)
    assert taken == 1338
    assert {row[:4] for row in found if row[3] < 0} == {
        (1, "l1", bob.id, -1000), (1, "l3", bob.id, -5), (2, "l1", bob.id, -333),
    }  # fmt: skip


def test_what_was_voided_stays_as_it_is(shop, team):
    bob = team[1]
    placed(shop, team)
    shop.write(lambda s: commissions.void_pending(s, bob.id, actor="boss", now=shop.now))
    wanted = {(1, "l1", bob.id): 5}

    assert tried(shop, lambda s, order: commissions.adjust(s, order, wanted, change(shop)))[0] == {}


def test_a_settled_slot_changes_what_is_available(shop, team):
    alice, bob = team
    received(shop, team)
    wanted = {(1, "l1", bob.id): 900, (1, "l2", alice.id): 510, (2, "l3", bob.id): 3}

    def whole(session, order):
        changed = commissions.adjust(session, order, wanted, change(shop), over={(1, "l1", bob.id)})
        return changed, rows(session, "state", "settled_at")[-3:]

    (changed, settled), found, journal = tried(shop, whole)
    assert changed == {bob.id: -97, alice.id: 10}
    assert settled == [("available", shop.now), ("available", shop.now), ("pending", None)]
    assert found[-3][:4] == (1, "l1", bob.id, -100)
    cost = ledger.cost(1)
    gained = [(cost, ledger.purse(alice.id, "available"), 10), (cost, ledger.purse(bob.id, "pending"), 3)]
    taken = [(ledger.purse(bob.id, "available"), cost, 100)]
    assert journal[-2:] == [
        ("refund:1:R9:commission", "refund:R9", "orders", shop.now, gained),
        ("refund:1:R9:clawback", "refund:R9", "orders", shop.now, taken),
    ]


def test_several_lines_are_taken_back_from_one_purse_at_once(shop, team):
    bob = team[1]
    received(shop, team)
    wanted = {(1, "l1", bob.id): 0, (2, "l1", bob.id): 0}
    _, _, journal = tried(shop, lambda s, order: commissions.adjust(s, order, wanted, change(shop)))

    assert journal[-1][0] == "refund:1:R9:clawback"
    assert journal[-1][4] == [(ledger.purse(bob.id, "available"), ledger.cost(1), 1333)]


def test_who_owes_pays_first_out_of_what_comes_back(shop, team):
    bob = team[1]
    received(shop, team)
    owed, available = ledger.purse(bob.id, "owed"), ledger.purse(bob.id, "available")

    def whole(session, order):
        ledger.post(session, "manual:1", [(owed, "bank:x", 60)], cause="test", actor="test", at=shop.now)
        wanted = {(1, "l1", bob.id): 1001, (2, "l1", bob.id): 330}
        commissions.adjust(session, order, wanted, change(shop))
        return ledger.balances(session, [owed, available])

    balances, _, journal = tried(shop, whole)
    assert balances == {owed: 0, available: 1333 + 1 - 3 - 60}
    assert journal[-1][:4] == (f"refund:1:R9:{bob.id}:netting", "netting", "clock", shop.now)


def test_everything_that_waits_is_taken_back_from_one_person(shop, team):
    alice, bob = team
    received(shop, team)
    placed(shop, team, "E2")
    placed(shop, team, "E3", "received")
    shop.refund("R1", "E3", 10_000)
    shop.refund("R2", "E2", 4_000)
    paid_at = shop.now
    shop.clock.advance(hours=1)
    taken = shop.write(lambda s: commissions.void_pending(s, bob.id, actor="boss", now=shop.now))

    assert taken == 600 + 333 + 333
    named = "merchant_id order_id line_id kind distributor_id fen cause state paid_at due_at settled_at created_at why"
    told = ("terminated", "void", paid_at, None, None, shop.now, {"reason": "terminated"})
    ends = [row for order in (1, 2, 3) for row in shop.ask(lambda s, o=order: rows(s, *named.split(), order=o))]
    assert [row for row in ends if row[6] == "terminated"] == [
        (1, 2, 3, "l1", bob.id, -600, *told),
        (1, 2, 4, "l1", bob.id, -333, *told),
        (1, 3, 6, "l1", bob.id, -333, *told),
    ]
    assert {(row[1], row[4], row[7]) for row in ends if row[4] == bob.id} == {
        (1, bob.id, "available"), (2, bob.id, "void"), (3, bob.id, "void"),
    }  # fmt: skip
    assert {row[7] for row in ends if row[4] == alice.id and row[2] != 5} == {"available", "pending"}
    pending, cost = ledger.purse(bob.id, "pending"), ledger.cost(1)
    moves = [(pending, cost, fen) for fen in (600, 333, 333)]
    assert shop.ask(postings) == [(f"distributor:{bob.id}:voided", "terminated", "boss", shop.now, moves)]


def test_who_has_nothing_waiting_loses_nothing(shop, team):
    received(shop, team)
    before = shop.ask(lambda s: postings(s))

    assert shop.write(lambda s: commissions.void_pending(s, team[1].id, actor="boss", now=shop.now)) == 0
    assert shop.ask(lambda s: postings(s)) == before
    assert {state for (state,) in shop.ask(lambda s: rows(s, "state"))} == {"available"}
