"""What is owed, who gives it up, and what of it is written down (R33)."""

import pytest
from sqlalchemy import select

from distribution import debts, ledger, policy
from distribution.refusals import Code, Refusal
from models import tables as t

#: Money comes from nowhere here, so what people earned does not explain what they have.
NOT_PROVED = {
    "earned equals pending, available, withdrawing and paid less what is owed",
    "the rows of every event equal its postings",
}


def move(shop, no, *moves):
    shop.write(lambda s: ledger.post(s, f"manual:{no}", moves, cause="test", actor="test", at=shop.now))


def purse(person, kind):
    return ledger.purse(person.id, kind)


def balances(shop, *names):
    return list(shop.ask(lambda s: ledger.balances(s, names)).values())


def owe(shop, person, fen):
    move(shop, f"owe:{person.id}:{fen}", (purse(person, "owed"), "bank:x", fen))


def refused(work, *args, **more):
    with pytest.raises(Refusal) as caught:
        work(*args, **more)
    return caught.value.code, caught.value.facts


@pytest.fixture
def people(shop):
    return shop.distributor("爱丽丝"), shop.distributor("鲍勃")


@pytest.fixture
def two_needed(shop):
    """From ¥1.00 on a second operator must agree."""
    document = {"withdraw": {"four_eyes_from_fen": 100}}
    shop.write(
        lambda s: policy.publish(s, merchant_id=1, document=document, effective_from=shop.now, by="boss", now=shop.now)
    )


def give_up(shop, person, fen, *, by="老板", merchant_id=1):
    more = {"merchant_id": merchant_id, "by": by, "reason": "老伙伴", "now": shop.now}
    return shop.write(lambda s: debts.write_off(s, person.id, fen, **more))


def agree(shop, row, *, by="财务", merchant_id=1, what=debts.agree):
    return shop.write(lambda s: what(s, row.id, merchant_id=merchant_id, by=by, now=shop.now))


def rows_of(shop, table, *columns):
    return shop.ask(lambda s: [tuple(row) for row in s.execute(select(*columns).order_by(table.c.id))])


def take_back(shop, owed_to):
    shop.write(lambda s: debts.take_back(s, "manual:back", owed_to, cause="refund", at=shop.now))


@pytest.mark.parametrize(
    ("available", "asked", "left", "owed"), [(10, 10, 0, 0), (9, 10, 0, -1), (0, 10, 0, -10), (11, 10, 1, 0)]
)
def test_what_is_not_available_becomes_debt(shop, people, available, asked, left, owed):
    alice = people[0]
    if available:
        move(shop, "give", ("bank:x", purse(alice, "available"), available))
    take_back(shop, {(alice.id, 1): asked})

    assert balances(shop, purse(alice, "available"), purse(alice, "owed"), ledger.cost(1)) == [left, owed, asked]


def test_several_merchants_take_from_one_purse_in_their_order(shop, people):
    alice, bob = people
    move(shop, "give", ("bank:x", purse(alice, "available"), 12), ("bank:x", purse(bob, "available"), 1))
    take_back(shop, {(bob.id, 1): 3, (alice.id, 2): 9, (alice.id, 1): 10})

    names = [purse(person, kind) for person in people for kind in ("available", "owed")]
    assert balances(shop, *names, ledger.cost(1), ledger.cost(2)) == [0, -7, 0, -2, 13, 9]
    told = rows_of(shop, t.journal, t.journal.c.reference, t.journal.c.cause, t.journal.c.actor, t.journal.c.at)[-1]
    assert told == ("manual:back", "refund", "orders", shop.now)
    assert shop.ask(lambda s: ledger.moves_of(s, 2))[0] == (purse(alice, "available"), ledger.cost(1), 10)


@pytest.mark.parametrize(
    ("owed", "available", "paid"), [(10, 10, 10), (1, 9, 1), (10, 9, 9), (9, 10, 9), (0, 10, 0), (10, 0, 0), (0, 0, 0)]
)
def test_debt_is_paid_as_far_as_it_goes(shop, people, owed, available, paid):
    alice = people[0]
    for no, fen, pair in (("a", available, ("bank:x", "available")), ("b", owed, ("owed", "bank:x"))):
        names = [name if ":" in name else purse(alice, name) for name in pair]
        if fen:
            move(shop, no, (*names, fen))

    assert shop.write(lambda s: debts.make_good(s, alice.id, "manual:good", at=shop.now)) == paid
    assert balances(shop, purse(alice, "owed"), purse(alice, "available")) == [paid - owed, available - paid]
    told = rows_of(shop, t.journal, t.journal.c.reference, t.journal.c.cause, t.journal.c.actor)[-1:]
    assert (told == [("manual:good", "netting", "clock")]) is (paid > 0)


def test_a_debt_is_given_up_to_the_last_fen(shop, people):
    alice = people[0]
    owe(shop, alice, 100)
    assert refused(give_up, shop, alice, 101) == (Code.INVALID_AMOUNT, {"fen": 101, "owed_fen": 100})
    assert refused(give_up, shop, alice, 0) == (Code.INVALID_AMOUNT, {"fen": 0, "owed_fen": 100})
    assert refused(give_up, shop, alice, -1)[0] == Code.INVALID_AMOUNT
    row = give_up(shop, alice, 100)

    assert (row.state, row.needs_second, row.fen, row.asked_by, row.decided_by) == ("done", False, 100, "老板", "老板")
    assert (row.reason, row.asked_at, row.done_at, row.merchant_id) == ("老伙伴", shop.now, shop.now, 1)
    assert balances(shop, purse(alice, "owed"), "merchant:1:written_off") == [0, -100]
    assert debts.written_off(7) == "merchant:7:written_off"
    assert refused(give_up, shop, alice, 1)[1] == {"fen": 1, "owed_fen": 0}


def test_who_owed_is_told_and_it_is_written_down(shop, people):
    owe(shop, people[0], 12_345)
    row = give_up(shop, people[0], 12_345)

    a, o = t.audit_entry.c, t.outbox_row.c
    noted = rows_of(shop, t.audit_entry, a.actor, a.action, a.subject, a.merchant_id, a.facts, a.at)[-2:]
    facts = {"fen": 12_345, "reason": "老伙伴"}
    told = ("debt.write_off_asked", "debt.written_off")
    subject = f"distributor:{people[0].id}"
    assert noted == [("老板", action, subject, 1, facts, shop.now) for action in told]
    ((once, notice),) = [each for each in rows_of(shop, t.outbox_row, o.once, o.facts) if "debt" in (each[0] or "")]
    assert once == f"notice:debt:{row.id}"
    assert "店铺免去了你的欠款 ¥123.45，不用再从佣金里抵。\n原因：老伙伴\n回复“我的收益”看合计。" in str(notice["text"])
    shown = {"thing": "欠款减免", "amount": "¥123.45", "time": "2026-11-23 10:00", "status": "已减免"}
    assert (notice["facts"], notice["kind"]) == (shown, "settlement")


def test_what_waits_cannot_be_given_up_twice(shop, people, two_needed):
    alice = people[0]
    owe(shop, alice, 300)
    assert give_up(shop, alice, 99).state == "done"
    row = give_up(shop, alice, 100)

    assert (row.state, row.needs_second, row.decided_by) == ("waiting", True, None)
    assert refused(give_up, shop, alice, 102) == (Code.INVALID_AMOUNT, {"fen": 102, "owed_fen": 101})
    assert give_up(shop, alice, 101).state == "waiting"
    owe(shop, people[1], 5)
    assert give_up(shop, people[1], 5).state == "done"


def test_a_second_person_agrees_once(shop, people, two_needed):
    owe(shop, people[0], 300)
    row = give_up(shop, people[0], 200)
    assert refused(agree, shop, row, merchant_id=2) == (Code.NOT_FOUND, {"what": "write_off"})
    assert refused(agree, shop, row, by="老板") == (Code.OTHER_PERSON_NEEDED, {})
    shop.clock.advance(hours=1)
    done = agree(shop, row)

    assert (done.state, done.fen, done.decided_by, done.done_at) == ("done", 200, "财务", shop.now)
    assert refused(agree, shop, row) == (Code.ILLEGAL_STATE, {"state": "done", "wanted": "done"})
    assert balances(shop, purse(people[0], "owed")) == [-100]
    journal = rows_of(shop, t.journal, t.journal.c.reference, t.journal.c.cause, t.journal.c.actor, t.journal.c.at)
    assert journal[-1] == (f"debt:{row.id}:written_off", "write-off", "财务", shop.now)
    missing = type("Row", (), {"id": 99})
    assert refused(agree, shop, missing) == (Code.NOT_FOUND, {"what": "write_off"})


@pytest.mark.parametrize(("paid", "given_up"), [(0, 200), (100, 200), (101, 199), (299, 1)])
def test_only_what_is_still_owed_is_given_up(shop, people, two_needed, paid, given_up):
    alice = people[0]
    owe(shop, alice, 300)
    row = give_up(shop, alice, 200)
    if paid:
        move(shop, "paid", ("bank:x", purse(alice, "owed"), paid))

    assert agree(shop, row).fen == given_up


def test_a_debt_that_was_paid_meanwhile_cannot_be_given_up(shop, people, two_needed):
    alice = people[0]
    owe(shop, alice, 300)
    row = give_up(shop, alice, 200)
    move(shop, "paid", ("bank:x", purse(alice, "owed"), 300))

    assert refused(agree, shop, row) == (Code.INVALID_AMOUNT, {"fen": 0})
    assert agree(shop, row, by="老板", what=debts.drop).state == "dropped"


def test_what_was_dropped_is_over(shop, people, two_needed):
    owe(shop, people[0], 300)
    row = give_up(shop, people[0], 200)
    assert refused(agree, shop, row, merchant_id=2, what=debts.drop)[0] == Code.NOT_FOUND
    agree(shop, row, what=debts.drop)

    noted = rows_of(shop, t.audit_entry, t.audit_entry.c.actor, t.audit_entry.c.action)[-1]
    assert noted == ("财务", "debt.write_off_dropped")
    assert refused(agree, shop, row) == (Code.ILLEGAL_STATE, {"state": "dropped", "wanted": "done"})
    assert refused(agree, shop, row, what=debts.drop)[0] == Code.ILLEGAL_STATE
    assert give_up(shop, people[0], 300).state == "waiting"


def test_lists_tell_who_owes_the_most_and_what_waits(shop, people, two_needed):
    alice, bob = people
    owe(shop, alice, 300)
    owe(shop, bob, 400)
    owe(shop, shop.distributor("卡罗尔"), 7)
    move(shop, "paid", ("bank:x", ledger.purse(3, "owed"), 7))
    rows = [give_up(shop, *each) for each in ((alice, 50), (alice, 100), (bob, 150), (alice, 120))]

    def listed(person, fen, waiting):
        return {"id": person.id, "name": person.name, "code": person.code, "fen": fen, "waiting_fen": waiting}

    assert shop.ask(debts.everyone) == [listed(bob, 400, 150), listed(alice, 250, 220)]
    assert shop.ask(lambda s: debts.everyone(s, 1)) == [listed(bob, 400, 150)]
    waits = shop.ask(lambda s: debts.waiting(s, 1))
    assert [(row.id, name) for row, name in waits] == [
        (rows[1].id, "爱丽丝"), (rows[2].id, "鲍勃"), (rows[3].id, "爱丽丝"),
    ]  # fmt: skip
    assert shop.ask(lambda s: debts.waiting(s, 2)) == []


def test_of_equal_debts_the_older_member_is_first(shop, people):
    for person in reversed(people):
        owe(shop, person, 300)

    assert [row["id"] for row in shop.ask(debts.everyone)] == [person.id for person in people]
    assert all(row["waiting_fen"] == 0 for row in shop.ask(debts.everyone))
