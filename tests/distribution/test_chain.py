"""The chain over the books: sealed in batches, late-comers found, kept rows refused, repairs accepted by name."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.exc import IntegrityError

from distribution import audit, chain, heartbeats, ledger, proof, repairs
from distribution.refusals import Code, Refusal
from models import fingerprints, guards
from models import tables as t

MOVE = ("bank:till", "bank:gifts", 5)


def post(shop, reference, moves=(MOVE,), **more):
    return shop.write(lambda s: ledger.post(s, reference, moves, cause="test", actor="test", at=shop.now, **more))


def sealed(shop):
    return chain.seal_all(shop.database.write, now=shop.now)


def broken(shop):
    with shop.database.snapshot() as session:
        return {finding.name: finding.rows for finding in proof.prove(session) if not finding.ok}


def past_the_program(shop, *statements):
    """Run SQL as another program would, which first takes the guards away and puts them back at the end."""
    with create_engine(shop.database.url).connect() as connection:
        guards.remove(connection)
        for statement in statements:
            connection.execute(text(statement))
        guards.install(connection)
        connection.commit()


def test_batches_follow_each_other_and_leave_nothing_out(shop):
    for number in range(7):
        post(shop, f"manual:{number}")
    made = []
    while one := shop.write(lambda s: chain.seal_next(s, "journal", now=shop.now, batch=3)):
        made.append(one)

    assert [each.entries for each in made] == [3, 3, 1]
    assert shop.ask(lambda s: chain.head(s, "journal")) == made[-1].digest
    assert broken(shop) == {}


def test_the_audit_trail_has_a_chain_of_its_own(shop):
    shop.write(lambda s: audit.write(s, actor="a", action="b", subject="c", facts={"键": [1, None]}, now=shop.now))
    assert [each.book for each in sealed(shop)] == ["audit"]
    past_the_program(shop, "update audit set actor = 'z'")

    assert "every entry of the audit trail is as it was written and sealed" in broken(shop)
    past_the_program(shop, "update audit set actor = 'a'")


def test_an_entry_that_comes_after_its_place_was_sealed_is_found(shop):
    for number in range(3):
        post(shop, f"manual:{number}")
    sealed(shop)
    columns = "(id, reference, cause, actor, at, digest)"
    late = f"insert into journal {columns} values (0, 'manual:l', '', '', '2026-11-23', 'x')"
    past_the_program(shop, late)

    rows = broken(shop)["every journal transaction is as it was posted and sealed"]
    assert "journal 0 (manual:l) came after its place was sealed" in rows
    past_the_program(shop, "delete from journal where id = 0")


@pytest.mark.parametrize("change", ["update {} set id = id + 1", "delete from {}"])
@pytest.mark.parametrize("table", sorted(guards.KEPT))
def test_the_database_refuses_to_change_what_is_kept(shop, table, change):
    seller = shop.distributor("爱丽丝")
    shop.order("E1", "paid", 1, distributor_code=seller.code)
    seen = {"member_id": 1, "kind": "seen", "channel": "test", "facts": {}, "at": shop.now}
    shop.write(lambda s: s.execute(insert(t.binding_event).values(seen)))
    sealed(shop)
    change = change.replace("id = id + 1", "fen = fen + 1") if table == "commission" else change
    assert shop.ask(lambda s: s.scalar(text(f"select count(*) from {table}"))) > 0

    with pytest.raises(IntegrityError), shop.database.engine.begin() as connection:
        connection.execute(text(change.format(table)))


def test_a_missing_guard_is_a_finding(shop):
    with shop.database.engine.begin() as connection:
        guards.remove(connection)
    assert "the guards of the books stand" in broken(shop)

    with shop.database.engine.begin() as connection:
        guards.install(connection)
    assert broken(shop) == {}


def test_a_row_repaired_by_hand_is_accepted_by_name_and_reason(shop):
    shop.distributor("爱丽丝")
    past_the_program(shop, "update distributor set phone = '13900000000'")
    assert broken(shop).keys() >= {"every row of distributor is as it was written"}

    rows = shop.write(lambda s: repairs.accept(s, by="boss", reason="号码登错", now=shop.now))
    assert rows == ["distributor 1"]
    assert broken(shop) == {}
    who = select(t.audit_entry.c.actor).where(t.audit_entry.c.action == "ledger.accepted")
    assert shop.ask(lambda s: s.scalar(who)) == "boss"


def test_a_transaction_is_taken_back_once_by_one_that_names_it(shop):
    first = post(shop, "manual:1")
    shop.write(lambda s: ledger.reverse(s, first, "manual:2", cause="mistake", actor="boss", at=shop.now))
    assert shop.ask(lambda s: ledger.balance(s, "bank:gifts")) == 0

    with pytest.raises(Refusal) as refused:
        shop.write(lambda s: ledger.reverse(s, first, "manual:3", cause="mistake", actor="boss", at=shop.now))
    assert refused.value.code is Code.DUPLICATE_REFERENCE
    assert refused.value.facts["corrects"] == first


@pytest.mark.parametrize(("fen", "same"), [(5, True), (6, False)])
def test_a_used_reference_is_refused_and_says_whether_it_said_the_same(shop, fen, same):
    post(shop, "manual:1")
    with pytest.raises(Refusal) as refused:
        post(shop, "manual:1", [(MOVE[0], MOVE[1], fen)])

    assert refused.value.code is Code.DUPLICATE_REFERENCE
    assert refused.value.facts["same"] is same


@pytest.mark.postgres  # SQLite has one writer
def test_sealing_waits_for_who_may_still_bring_an_earlier_entry(shop, another_connection):
    other = another_connection()
    with other.transaction() as slow:
        ledger.post(slow, "manual:slow", [MOVE], cause="test", actor="test", at=shop.now)
        with ThreadPoolExecutor(1) as pool:
            quick = [("bank:a", "bank:b", 1)]
            pool.submit(post, shop, "manual:quick", quick).result(10)
        assert sealed(shop) == []
    assert [each.entries for each in sealed(shop)] == [2]
    assert broken(shop) == {}


def test_every_new_fingerprint_is_taken_by_the_transaction_that_writes(shop):
    seller = shop.distributor("爱丽丝")
    shop.order("E1", "paid", 1, distributor_code=seller.code)
    with shop.database.reading() as session:
        kinds = set(session.scalars(text("select kind from fingerprint")))
        left = session.scalar(text("select count(*) from touched"))

    assert kinds >= {"account", "commission", "distributor", "order", "order_line"}
    assert kinds <= set(fingerprints.KINDS)
    assert left == 0


def test_a_page_of_big_books_shows_what_the_hourly_proof_found(shop):
    post(shop, "manual:1")
    assert shop.ask(proof.latest)[1] is None
    facts = {"ok": False, "broken": ["all balances add up to zero"], "rows": {"all balances add up to zero": ["fen=1"]}}
    shop.write(lambda s: heartbeats.beat(s, "prove", now=shop.now, facts=facts))
    columns = "(id, reference, cause, actor, at, digest)"
    past_the_program(shop, f"insert into journal {columns} values (90000, 'manual:2', '', '', '2026-11-23', 'x')")
    shown, at = shop.ask(proof.latest)

    assert at == shop.now
    assert [each.rows for each in shown if not each.ok] == [["fen=1"]]
    past_the_program(shop, "delete from journal where id = 90000")
