"""Bonuses: into the purse once, debts first, and the books know it."""

import pytest
from sqlalchemy import delete, update

from distribution import bonuses, earnings, proof, settlement, withdrawals
from distribution.policy import Policy
from distribution.refusals import Code, Refusal
from models import tables as t


class Undone(Exception):
    """Takes the answer out of a transaction that is rolled back."""


def give(shop, person, fen=5000, reference="manual:1"):
    return shop.write(
        lambda s: bonuses.credit(
            s,
            merchant_id=1,
            distributor_id=person.id,
            fen=fen,
            kind="manual",
            reference=reference,
            why={"name": "国庆"},
            by="boss",
            now=shop.now,
        )
    )


def purse(shop, person):
    return shop.ask(lambda s: earnings.purse(s, person.id))


def test_a_bonus_is_available_at_once(shop):
    alice = shop.distributor("爱丽丝")

    row = give(shop, alice)

    assert row.reference == "bonus:manual:1"
    assert purse(shop, alice).available_fen == 5000
    assert purse(shop, alice).total_fen == 5000


def test_the_same_reference_pays_once(shop):
    alice = shop.distributor("爱丽丝")
    give(shop, alice)

    with pytest.raises(Refusal) as refused:
        give(shop, alice)

    assert refused.value.code == Code.DUPLICATE_REFERENCE
    assert purse(shop, alice).available_fen == 5000


@pytest.mark.parametrize("fen", [0, -1])
def test_a_bonus_of_nothing_is_refused(shop, fen):
    alice = shop.distributor("爱丽丝")

    with pytest.raises(Refusal) as refused:
        give(shop, alice, fen)

    assert refused.value.code == Code.INVALID_AMOUNT


def test_a_bonus_makes_good_what_is_owed_first(shop):
    alice = shop.distributor("爱丽丝")
    shop.order("E1", "received", distributor_code=alice.code)
    shop.clock.advance(days=7)
    shop.write(lambda s: settlement.settle_due(s, now=shop.now))
    shop.write(lambda s: withdrawals.request(s, alice.id, 1000, request_key="k", policy=Policy(), now=shop.now))
    shop.refund("R1", "E1", 10_000)
    assert purse(shop, alice).owed_fen == 1000

    give(shop, alice, 1500)

    assert purse(shop, alice).owed_fen == 0
    assert purse(shop, alice).available_fen == 500


@pytest.mark.parametrize(
    "change",
    [
        update(t.bonus).values(fen=5001),
        update(t.bonus).values(reference="bonus:manual:2"),
        update(t.bonus).values(distributor_id=2),
        delete(t.bonus),
    ],
)
def test_the_proof_notices_a_bonus_changed_by_hand(shop, change):
    alice = shop.distributor("爱丽丝")
    shop.distributor("鲍勃")
    give(shop, alice)

    def tried(session):
        session.execute(change)
        raise Undone(proof.holds(session))

    with pytest.raises(Undone) as undone:
        shop.write(tried)
    assert undone.value.args == (False,)
