"""The proof notices bindings, evidence and standing that somebody changed by hand."""

import datetime as dt

import pytest
from sqlalchemy import insert, text, update

from distribution import bindings, policy, proof
from distribution.proof_of_bindings import OF_BINDINGS
from models import tables as t

HOUR = dt.timedelta(hours=1)


class _Undone(Exception):
    pass


@pytest.fixture
def customer(shop):
    """Somebody who was 爱丽丝's for an hour, and is 鲍勃's."""
    terms = policy.Policy(binding={"mode": "last_click"})
    member = shop.member("ocustomer")
    for name in ("爱丽丝", "鲍勃"):
        person = shop.distributor(name)
        how = {"policy": terms, "channel": "link", "at": shop.now, "now": shop.now}
        shop.write(lambda s, person=person, how=how: bindings.click(s, member, person.id, **how))
        shop.clock.advance(hours=1)
    return shop


def broken_by(shop, *changes):
    """Which of the rules on bindings no longer hold after the changes, which are undone."""
    found = []
    try:
        with shop.database.transaction() as session:
            for change in changes:
                session.execute(change)
            found += [each.name for each in proof.prove(session) if not each.ok and each.name in OF_BINDINGS]
            raise _Undone
    except _Undone:
        return set(found)


def test_nothing_is_wrong_with_what_the_shop_wrote(customer):
    assert broken_by(customer) == set()


def test_bindings_that_overlap_are_noticed(customer):
    longer = update(t.binding).where(t.binding.c.ended_at.is_not(None)).values(ended_at=customer.now)

    assert broken_by(customer, longer) == {"the bindings of a customer do not overlap"}


def test_a_binding_that_ends_before_it_begins_is_noticed(customer):
    early = update(t.binding).where(t.binding.c.ended_at.is_not(None)).values(ended_at=customer.now - 9 * HOUR)

    assert broken_by(customer, early) == {"no binding ends before it begins or after its term"}


def test_an_open_binding_without_its_event_is_noticed(customer):
    later = update(t.binding).where(t.binding.c.ended_at.is_(None)).values(bound_at=customer.now - HOUR / 2)

    assert broken_by(customer, later) == {"every open binding has the event that made it"}


def test_a_customer_of_himself_is_noticed(customer):
    carol = customer.distributor("卡罗尔")
    own = {"member_id": carol.member_id, "distributor_id": carol.id, "bound_at": customer.now, "locked": False}

    assert "nobody is his own customer" in broken_by(customer, insert(t.binding).values(**own))


@pytest.mark.parametrize("change", [{"state": "frozen"}, {"level_id": 1}])
def test_a_standing_without_its_event_is_noticed(customer, change):
    level = insert(t.level).values(id=1, name="金牌", rank=1, mode="any", need={}, keep={}, permissions={})
    changed = update(t.distributor).where(t.distributor.c.id == 1).values(**change)

    assert broken_by(customer, level, changed) == {"everybody stands as the last event says"}


def test_a_second_open_binding_is_noticed_where_the_index_is_gone(customer):
    open_again = update(t.binding).values(ended_at=None)

    assert "a customer has at most one open binding" in broken_by(customer, text("drop index binding_open"), open_again)
