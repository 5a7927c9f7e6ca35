"""The books add up whatever is posted in whatever order, and a reference is used once by whoever comes first."""

import datetime as dt
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from itertools import count
from multiprocessing import get_context

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from distribution import ledger, proof
from distribution.refusals import Code, Refusal
from models.database import Database

NOW = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
NAMES = ("bank:a", "fees:b", "distributor:1:available", "distributor:1:withdrawing", "distributor:2:available")
PAIRS = st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda pair: pair[0] != pair[1])
MOVES = st.lists(st.tuples(PAIRS, st.integers(1, 50)), min_size=1, max_size=4)
POSTS = st.lists(st.tuples(st.integers(1, 6), MOVES), min_size=1, max_size=12)
SUMS = {
    "all balances add up to zero",
    "every balance is the sum of its postings",
    "every journal transaction is as it was posted and sealed",
}
numbers = count(1)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(posts=POSTS)
def test_any_interleaving_of_postings_adds_up(database, posts):
    run, model, used = next(numbers), defaultdict(int), set()
    _empty(database)
    for reference, told in posts:
        moves = [(source, destination, fen) for (source, destination), fen in told]
        after = _moved(model, moves)
        allowed = reference not in used and all(fen >= 0 for name, fen in after.items() if ledger.guarded(name))
        assert _posted(database, f"manual:{run}:{reference}", moves) is allowed
        if allowed:
            model = after
            used.add(reference)
    with database.reading() as session:
        assert ledger.balances(session, NAMES) == {name: model[name] for name in NAMES}
        assert [each.name for each in proof.findings(session) if each.name in SUMS and not each.ok] == []


def _empty(database):
    """Nobody has anything: what is there goes to a bank."""
    with database.transaction() as session:
        held = ledger.balances(session, NAMES)
        moves = [
            (name, "bank:rest", fen) if fen > 0 else ("bank:rest", name, -fen) for name, fen in held.items() if fen
        ]
        if moves:
            ledger.post(session, f"manual:empty:{next(numbers)}", moves, cause="test", actor="test", at=NOW)


def _moved(model, moves):
    after = model.copy()
    for source, destination, fen in moves:
        after[source] -= fen
        after[destination] += fen
    return after


def _posted(database, reference, moves):
    try:
        with database.transaction() as session:
            ledger.post(session, reference, moves, cause="test", actor="test", at=NOW)
    except Refusal as refusal:
        return refusal.code not in (Code.DUPLICATE_REFERENCE, Code.INSUFFICIENT)
    return True


def _many(url, references):
    database = Database(url)
    try:
        return [_posted(database, reference, [("bank:a", "fees:b", 3)]) for reference in references]
    finally:
        database.close()


def test_two_processes_with_the_same_reference_post_it_once(database, database_url):
    references = [f"manual:{number}" for number in range(40)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        one, other = pool.map(_many, [database_url] * 2, [references] * 2)

    assert [a + b for a, b in zip(one, other, strict=True)] == [1] * 40
    with database.reading() as session:
        assert ledger.balance(session, "fees:b") == 120


def test_posting_between_known_accounts_takes_three_statements(database):
    moves = [("bank:a", "fees:b", 3), ("bank:a", "fees:c", 4)]
    assert _posted(database, "manual:1", moves)
    assert _posted(database, "manual:2", moves)
    said: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    with database.transaction() as session:
        ledger.post(session, "manual:3", moves, cause="test", actor="test", at=NOW)
        posting = [each.split()[0].lower() for each in said if "BEGIN" not in each]

    assert posting == ["insert", "insert", "update"]


def test_an_account_of_a_transaction_that_was_rolled_back_is_not_remembered(database):
    assert not _posted(database, "manual:1", [("bank:x", "bank:y", 3), ("distributor:1:available", "bank:y", 3)])
    assert _posted(database, "manual:2", [("bank:y", "bank:z", 3)])
    assert _posted(database, "manual:1", [("bank:x", "bank:y", 3)])

    with database.reading() as session:
        assert session.scalar(text("select count(*) from account")) == 3
        assert ledger.balance(session, "bank:y") == 0
