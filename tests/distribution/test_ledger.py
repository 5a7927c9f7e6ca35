"""What one posting promises, and many at once in the same words."""

import datetime as dt

import pytest
from sqlalchemy import select

from distribution import digests, ledger, ledger_bulk, proof
from distribution.ledger_bulk import Entry
from distribution.refusals import Code, Refusal
from models import tables as t

NOW = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
ALICE, BOB = ledger.purse(1, "available"), ledger.purse(2, "available")


@pytest.fixture
def books(database):
    """A database whose invariants hold when the test ends."""
    yield database
    with database.reading() as session:
        assert [finding.name for finding in proof.prove(session) if not finding.ok] == []


def post(database, reference, *moves, **more):
    def operation(session):
        return ledger.post(session, reference, moves, cause="gift", actor="boss", at=NOW, **more)

    return database.write(operation)


def post_all(database, *told):
    entries = [Entry(reference, moves, "gift", "boss") for reference, moves in told]

    def operation(session):
        held = ledger_bulk.hold(session, {name for one in entries for move in one.moves for name in move[:2]})
        ledger_bulk.post_all(session, entries, held, at=NOW)
        return {name: (account.id, account.fen) for name, account in held.items()}

    return database.write(operation)


def refused(operation, *args, **more):
    with pytest.raises(Refusal) as caught:
        operation(*args, **more)
    return caught.value.code, caught.value.facts


def balances(database, *names):
    with database.reading() as session:
        return list(ledger.balances(session, names).values())


def journal(database):
    with database.reading() as session:
        rows = session.execute(select(t.journal).order_by(t.journal.c.id)).mappings()
        return [dict(row) for row in rows]


def moves_of(database, journal_id):
    with database.reading() as session:
        return ledger.moves_of(session, journal_id)


def test_a_posting_is_written_as_it_was_told(books):
    moves = [("bank:x", ALICE, 7), ("bank:x", BOB, 3)]
    number = post(books, "manual:1", *moves)

    digest = digests.of_journal("manual:1", "gift", "boss", at=digests.moment(NOW), corrects=None, moves=moves)
    row = {"id": number, "reference": "manual:1", "cause": "gift", "actor": "boss", "at": NOW, "corrects_id": None}
    assert [{name: one[name] for name in [*row, "digest"]} for one in journal(books)] == [row | {"digest": digest}]
    assert moves_of(books, number) == moves
    assert balances(books, "bank:x", ALICE, BOB, "bank:none") == [-10, 7, 3, 0]


@pytest.mark.parametrize("fens", [(), (0,), (0, 0), (-1,), (5, -1)])
def test_nothing_and_less_than_nothing_cannot_be_moved(books, fens):
    with pytest.raises(ValueError, match=r"^a posting moves more than zero fen$"):
        post(books, "manual:1", *(("bank:x", ALICE, fen) for fen in fens))
    assert journal(books) == []


def test_a_move_of_nothing_among_others_is_left_out(books):
    assert moves_of(books, post(books, "manual:1", ("bank:x", ALICE, 0), ("bank:x", BOB, 1))) == [("bank:x", BOB, 1)]


def test_a_reference_is_used_once_and_a_repeat_knows_itself(books):
    move = ("bank:x", ALICE, 7)
    first = post(books, "manual:1", move)

    assert refused(post, books, "manual:1", move) == (Code.DUPLICATE_REFERENCE, {"reference": "manual:1", "same": True})
    for other in (("bank:x", ALICE, 8), ("bank:x", BOB, 7), ("bank:y", ALICE, 7)):
        assert refused(post, books, "manual:1", other)[1] == {"reference": "manual:1", "same": False}
    assert refused(post, books, "manual:1", move, move)[1]["same"] is False
    assert refused(post, books, "manual:1", move, corrects=first)[1]["same"] is False
    assert balances(books, ALICE) == [7]


def test_a_posting_is_taken_back_once_and_as_a_whole(books):
    first = post(books, "manual:1", ("bank:x", ALICE, 7), (ALICE, BOB, 2))
    second = books.write(lambda s: ledger.reverse(s, first, "manual:2", cause="mistake", actor="eve", at=NOW))

    assert moves_of(books, second) == [(BOB, ALICE, 2), (ALICE, "bank:x", 7)]
    told = {"reference": "manual:2", "cause": "mistake", "actor": "eve", "at": NOW, "corrects_id": first}
    assert told.items() <= journal(books)[1].items()
    assert balances(books, "bank:x", ALICE, BOB) == [0, 0, 0]
    again = refused(post, books, "manual:3", ("bank:x", ALICE, 1), corrects=first)
    assert again == (Code.DUPLICATE_REFERENCE, {"reference": "manual:3", "corrects": first, "same": False})


def test_what_is_not_there_cannot_be_taken_back(books):
    def back(session):
        return ledger.reverse(session, 99, "manual:2", cause="mistake", actor="eve", at=NOW)

    assert refused(books.write, back) == (Code.NOT_FOUND, {"what": "journal"})
    assert moves_of(books, 99) == []


def test_a_purse_pays_its_last_fen_and_not_one_more(books):
    post(books, "manual:1", ("bank:x", ALICE, 7), ("bank:x", BOB, 7))
    assert refused(post, books, "manual:2", (ALICE, "bank:x", 8)) == (
        Code.INSUFFICIENT, {"account": ALICE, "wanted_fen": 8},
    )  # fmt: skip

    post(books, "manual:2", (ALICE, "bank:x", 7), (BOB, "bank:x", 6))
    assert balances(books, ALICE, BOB) == [0, 1]


def test_the_purse_that_lacks_the_most_is_named(books):
    post(books, "manual:1", ("bank:x", ALICE, 10), ("bank:x", BOB, 10), ("bank:x", "distributor:3:pending", 90))
    third = ("distributor:3:pending", "bank:x", 90)

    assert refused(post, books, "manual:2", (ALICE, "bank:x", 13), (BOB, "bank:x", 12), third)[1]["account"] == ALICE
    assert refused(post, books, "manual:2", (ALICE, "bank:x", 12), (BOB, "bank:x", 13), third)[1]["account"] == BOB
    bank = ("bank:y", "fees:b", 999)
    assert refused(post, books, "manual:2", bank, third, (BOB, "bank:x", 11))[1] == {"account": BOB, "wanted_fen": 11}


def test_what_comes_and_goes_in_one_posting_is_counted_together(books):
    post(books, "manual:1", ("bank:x", ALICE, 5), (ALICE, BOB, 5), (BOB, "bank:x", 5))

    assert balances(books, "bank:x", ALICE, BOB) == [0, 0, 0]


@pytest.mark.parametrize(
    ("name", "guarded"),
    [
        ("distributor:1:pending", True),
        ("distributor:1:available", True),
        ("distributor:1:withdrawing", True),
        ("distributor:1:owed", False),
        ("distributor:1:withdrawn", False),
        ("distributor:available", True),
        ("merchant:1:available", False),
        ("dealer:1:prepaid", True),
        ("dealer:1:available", False),
        ("distributor:1:prepaid", False),
        ("bank:wechatpay", False),
    ],
)
def test_only_purses_are_guarded(name, guarded):
    assert ledger.guarded(name) is guarded


def test_accounts_have_names():
    assert (ledger.purse(7, "owed"), ledger.cost(3)) == ("distributor:7:owed", "merchant:3:commission")


def test_held_accounts_are_made_where_they_are_missing(books):
    post(books, "manual:1", ("bank:x", ALICE, 7))
    with books.transaction() as session:
        assert ledger.hold(session, [BOB, ALICE, ALICE]) == {ALICE: 7, BOB: 0}
        assert ledger.balance(session, ALICE) == 7
    with books.reading() as session:
        guarded = select(t.account.c.guarded).where(t.account.c.name.in_([ALICE, BOB]))
        assert list(session.scalars(guarded)) == [True, True]


def test_many_at_once_are_written_as_one_by_one(books):
    post(books, "manual:0", ("bank:x", ALICE, 7))
    told = [("manual:1", [("bank:x", BOB, 3), (ALICE, BOB, 7)]), ("manual:2", [(BOB, "bank:y", 10)])]
    held = post_all(books, *told)

    wanted = [("manual:1", None, "gift", "boss", NOW), ("manual:2", None, "gift", "boss", NOW)]
    rows = journal(books)[1:]
    assert [(r["reference"], r["corrects_id"], r["cause"], r["actor"], r["at"]) for r in rows] == wanted
    assert [moves_of(books, row["id"]) for row in rows] == [moves for _, moves in told]
    names = ("bank:x", ALICE, BOB, "bank:y")
    assert balances(books, *names) == [-10, 0, 0, 10] == [held[name][1] for name in names]


def test_nothing_at_once_is_nothing(books):
    assert post_all(books) == {}
    assert journal(books) == []


@pytest.mark.parametrize("fen", [0, -1])
def test_many_at_once_move_more_than_nothing_too(books, fen):
    with pytest.raises(ValueError, match=r"^a posting moves more than zero fen$"):
        post_all(books, ("manual:1", [("bank:x", ALICE, 1)]), ("manual:2", [("bank:x", ALICE, fen)]))


def test_one_used_reference_stops_all(books):
    post(books, "manual:2", ("bank:x", ALICE, 7))
    told = [(f"manual:{number}", [("bank:x", ALICE, 1)]) for number in (1, 2)]

    assert refused(post_all, books, *told) == (Code.DUPLICATE_REFERENCE, {"reference": "manual:1"})
    assert balances(books, ALICE) == [7]


def test_one_empty_purse_stops_all(books):
    post(books, "manual:0", ("bank:x", ALICE, 7))
    told = [("manual:1", [("bank:x", BOB, 1)]), ("manual:2", [(ALICE, "bank:x", 7)])]

    facts = {"account": ALICE, "wanted_fen": 8}
    assert refused(post_all, books, *told, ("manual:3", [(ALICE, "bank:x", 1)])) == (Code.INSUFFICIENT, facts)
    post_all(books, *told)
    assert balances(books, ALICE, BOB) == [0, 1]


def test_accounts_made_in_what_was_rolled_back_are_made_again(books):
    def both(session):
        held = {}
        ledger_bulk.post_all(session, [Entry("manual:1", [("bank:x", ALICE, 1)], "gift", "boss")], held, at=NOW)
        ledger_bulk.post_all(session, [Entry("manual:2", [(ALICE, "bank:x", 2)], "gift", "boss")], held, at=NOW)

    assert refused(books.write, both)[0] == Code.INSUFFICIENT
    post(books, "manual:1", ("bank:x", ALICE, 1))
    assert balances(books, ALICE) == [1]
