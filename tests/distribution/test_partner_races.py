"""Several at once: one region, one agreement, one deposit, one ring of dealers, on both databases."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from distribution import agents, agreements, dealer_deposits, dealer_orders, dealers, policy
from distribution.dealer_shapes import Sale, SaleLine
from distribution.refusals import Code, Refusal
from models.database import DatabaseDown


def at_once(connect, work, times=8):
    """What ``work(database, number)`` answers on as many connections at once; refusals by their code."""
    databases = [connect() for _ in range(times)]

    def one(number):
        try:
            work(databases[number], number)
        except Refusal as refusal:
            return refusal.code
        except DatabaseDown:
            return None
        return "done"

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


@pytest.fixture
def people(shop):
    return [shop.distributor(name) for name in ("安然", "贝安", "陈晨")]


def test_one_of_many_gets_a_region(shop, people, another_connection):
    def appoint(database, number):
        who = people[number % 3].id
        database.write(lambda s: agents.appoint(s, 1, who, scope="city", code="330100", by="b", now=shop.now))

    answers = at_once(another_connection, appoint)
    assert answers.count("done") == 1
    assert set(answers) <= {"done", Code.REGION_TAKEN, None}


def test_one_of_many_agreements_with_a_person_stands(shop, people, another_connection):
    def agree(database, number):
        rates = {"l1": number}
        database.write(lambda s: agreements.make(s, 1, people[0].id, rates=rates, by="b", now=shop.now))

    assert at_once(another_connection, agree).count("done") == 1


@pytest.fixture
def chain(shop, people):
    document = {"dealers": {"grades_bp": {"总代": 5000}}}
    shop.write(
        lambda s: policy.publish(s, merchant_id=1, document=document, effective_from=shop.now, by="b", now=shop.now)
    )
    return [
        shop.write(lambda s, who=who: dealers.appoint(s, 1, who.id, grade="总代", by="b", now=shop.now))
        for who in people
    ]


def test_dealers_who_are_moved_at_once_never_form_a_ring(shop, chain, another_connection):
    def move(database, number):
        child, parent = chain[number % 3].id, chain[(number + 1) % 3].id
        database.write(lambda s: dealers.move(s, 1, child, parent, by="b", now=shop.now))

    assert Code.CYCLE in at_once(another_connection, move, 6)


def test_a_deposit_pays_for_as_many_orders_as_it_can(shop, chain, another_connection):
    who = chain[0]
    shop.write(lambda s: dealer_deposits.pay_in(s, 1, who.id, fen=10_000, reference="b1", by="b", now=shop.now))

    def buy(database, number):
        line = (SaleLine(1, "AJ250", 1),)
        sale = Sale(f"D{number}", "purchase", who.distributor_id, "paid", shop.now, line, pays_by="prepaid")
        database.write(lambda s: dealer_orders.record(s, 1, sale, appid="wx", by="b", now=shop.now))

    assert at_once(another_connection, buy).count("done") == 2
    assert shop.ask(lambda s: dealer_deposits.balance(s, who.id)) == 0
