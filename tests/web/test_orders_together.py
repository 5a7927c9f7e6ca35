"""Orders that arrive at once share transactions; each has its own answer, its own refusal, its own webhook-id."""

import json
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import event, select, text
from web_shop import APP_ID, ORDER, Mall

from distribution import earnings, ledger, order_rows
from distribution.api_answers import Asked
from distribution.proof import holds
from distribution.shapes import LineReport, OrderReport
from models import tables as t
from web.order_intake import OrderIntake

LANES = 16


@contextmanager
def commits(database):
    """Counts what is committed meanwhile."""
    counted = []
    listener = lambda _: counted.append(True)  # noqa: E731
    event.listen(database.engine, "commit", listener)
    yield counted
    event.remove(database.engine, "commit", listener)


@contextmanager
def busy(shop, order_no="E-first"):
    """Nobody writes (on SQLite) or writes this order (on PostgreSQL) until the end, when a crowd has come."""
    with shop.database.transaction() as session:
        order_rows.serialize(session, f"{shop.merchant_id}:{order_no}")
        yield
        time.sleep(0.5)


@pytest.fixture
def post(shop, mall):
    """Posts an order with some names changed, as one of many threads."""
    lanes = threading.local()

    def send(no, webhook_id=None, **changes):
        if not hasattr(lanes, "mall"):
            lanes.mall = Mall(mall.client.application.test_client(), shop.clock.now)
        return lanes.mall.send(
            "POST", "/orders", ORDER | {"order_no": no} | changes, webhook_id=webhook_id or f"id-{no}"
        )

    return send


def crowd(shop, post, asked):
    """The answers to all of it, which comes while the first order is being written."""
    with ThreadPoolExecutor(len(asked) + 1) as pool:
        with busy(shop):
            first = pool.submit(post, "E-first")
            time.sleep(0.1)
            answers = [pool.submit(post, **each) for each in asked]
        assert first.result().status_code == 200
        return [each.result() for each in answers]


def orders_of(shop):
    with shop.database.reading() as session:
        return sorted(session.scalars(select(t.order.c.order_no).where(t.order.c.order_no != "E-first")))


def test_many_orders_at_once_are_all_there_in_few_transactions(shop, mall, post) -> None:
    upline = shop.distributor("王芳")
    seller = shop.distributor("李娜", inviter=upline.code)
    numbers = [f"E{number}" for number in range(20 * LANES)]
    with commits(shop.database) as committed, ThreadPoolExecutor(LANES) as pool:
        answers = list(pool.map(lambda no: post(no, distributor_code=seller.code, buyer={"openid": f"o{no}"}), numbers))

    assert {each.status_code for each in answers} == {200}
    assert [each.json["order_no"] for each in answers] == numbers
    shown = [[(row["who"], row["fen"]) for row in each.json["commissions"]] for each in answers]
    assert shown == [[(seller.code, 1780), (upline.code, 890)]] * len(numbers)
    assert orders_of(shop) == sorted(numbers)
    assert len(committed) < len(numbers) / 2
    with shop.database.reading() as session:
        assert holds(session)


def test_a_bad_order_in_a_crowd_is_refused_alone(shop, mall, post) -> None:
    post("E-old")
    bad = [
        {"no": "E-dear", "coupon_fen": 10**6},
        {"no": "E-old", "webhook_id": "id-other", "version": 2, "buyer": {"openid": "o-other"}},
        {"no": "E-odd", "lines": [ORDER["lines"][0], ORDER["lines"][0]]},
    ]
    good = [{"no": f"E{number}", "buyer": {"openid": f"o{number}"}} for number in range(9)]
    with commits(shop.database) as committed:
        answers = crowd(shop, post, [*good[:4], *bad, *good[4:]])

    refused = answers[4:7]
    assert [(each.status_code, each.json["code"]) for each in refused] == [
        (422, "invalid_order"), (409, "buyer_changed"), (422, "invalid_order"),
    ]  # fmt: skip
    assert {each.status_code for each in answers[:4] + answers[7:]} == {200}
    assert orders_of(shop) == sorted(["E-old", *(each["no"] for each in good)])
    assert len(committed) < len(good)


def test_a_refusal_in_a_crowd_is_not_remembered(shop, mall, post) -> None:
    good = [{"no": f"E{number}"} for number in range(3)]
    answers = crowd(shop, post, [*good, {"no": "E-dear", "coupon_fen": 10**6}])

    assert answers[3].status_code == 422
    assert post("E-dear").status_code == 200


def test_a_refusal_that_comes_late_is_undone_whole(shop, mall, post) -> None:
    seller = shop.distributor()
    post("E1", webhook_id="v1", state="unpaid", distributor_code=seller.code)
    moves = [(ledger.cost(shop.merchant_id), ledger.BANK, 5)]
    how = {"cause": "test", "actor": "test", "at": shop.clock.now()}
    with shop.database.transaction() as session:
        for no in ("E1", "E2"):
            ledger.post(session, f"order:{shop.merchant_id}:{no}:commission", moves, **how)
    more = {"distributor_code": seller.code}
    answers = crowd(shop, post, [{"no": "E1", "version": 2} | more, {"no": "E3"} | more])

    assert [(each.status_code, each.json.get("code")) for each in answers] == [
        (422, "duplicate_reference"),
        (200, None),
    ]
    assert (mall.send("GET", "/orders/E1").json["state"], orders_of(shop)) == ("unpaid", ["E1", "E3"])
    answers = crowd(shop, post, [{"no": "E2"} | more, {"no": "E4"} | more])
    assert [each.status_code for each in answers] == [422, 200]


def test_one_id_from_many_sides_has_one_effect_and_one_answer(shop, mall, post) -> None:
    seller = shop.distributor()
    same = {"no": "E1", "webhook_id": "same", "distributor_code": seller.code}
    answers = crowd(shop, post, [same] * 8)

    assert {each.data for each in answers} == {answers[0].data}
    assert (answers[0].status_code, answers[0].json["applied"]) == (200, True)
    assert len(answers[0].json["commissions"]) == 1


def test_two_services_that_are_sent_the_same_orders_record_each_once(shop, another_connection) -> None:
    seller, dice = shop.distributor(), random.Random(7)
    services = [OrderIntake(another_connection(), shop.clock, APP_ID) for _ in range(2)]
    asked = [(service, number) for service in services for number in range(120)]
    dice.shuffle(asked)

    def post(one):
        service, number = one
        line = LineReport(1, "S", "货", 1, 10_000)
        report = OrderReport(
            f"E{number % 60}", ("paid", "shipped")[number // 60], 1 + number // 60, shop.clock.now(), (line,),
            buyer_openid=f"o{number % 60 % 7}", distributor_code=seller.code,
        )  # fmt: skip
        told = service.take(shop.merchant_id, Asked(f"id-{number}", "hash"), report)
        return number, json.dumps(told.answer, sort_keys=True)

    with ThreadPoolExecutor(LANES) as pool:
        answers = list(pool.map(post, asked))
    assert len(set(answers)) == 120
    with shop.database.reading() as session:
        assert earnings.purse(session, seller.id).pending_fen == 60_000
        assert holds(session)


def test_an_id_in_a_crowd_with_two_bodies_serves_one_of_them(shop, mall, post) -> None:
    post("E-old", webhook_id="old")
    asked = [
        {"no": "E1", "webhook_id": "same"}, {"no": "E2", "webhook_id": "same"},
        {"no": "E3", "webhook_id": "old"}, {"no": "E-old", "webhook_id": "old"}, {"no": "E4"},
    ]  # fmt: skip
    answers = crowd(shop, post, asked)

    assert sorted(each.status_code for each in answers[:2]) == [200, 409]
    assert [each.status_code for each in answers[2:]] == [409, 200, 200]
    assert {each.json["code"] for each in answers if each.status_code == 409} == {"webhook_id_reused"}
    assert len(orders_of(shop)) == 3


def test_versions_of_one_order_in_a_crowd_end_with_the_highest(shop, mall, post) -> None:
    said = [{"no": "E1", "webhook_id": f"v{version}", "version": version} for version in range(1, 9)]
    said[7] |= {"state": "received"}
    answers = crowd(shop, post, said[::-1])

    assert {each.status_code for each in answers} == {200}
    assert answers[0].json["applied"]
    held = mall.send("GET", "/orders/E1").json
    assert (held["version"], held["state"]) == (8, "received")


_ACCIDENT = {
    "sqlite": (
        "create trigger accident before insert on \"order\" when new.order_no = 'E-bad'"
        " begin select raise(abort, 'an accident'); end",
    ),
    "postgresql": (
        "create function accident() returns trigger language plpgsql as $$ begin"
        " if new.order_no = 'E-bad' then raise exception 'an accident'; end if; return new; end $$",
        'create trigger accident before insert on "order" for each row execute function accident()',
    ),
}


@pytest.mark.new_database
def test_an_order_that_cannot_be_written_troubles_nobody_else(shop, mall, post) -> None:
    seller = shop.distributor()
    with shop.database.transaction() as session:
        for statement in _ACCIDENT[shop.database.engine.dialect.name]:
            session.execute(text(statement))
    answers = crowd(shop, post, [{"no": "E1", "distributor_code": seller.code}, {"no": "E-bad"}, {"no": "E2"}])

    assert [each.status_code for each in answers] == [200, 500, 200]
    assert len(answers[0].json["commissions"]) == 1
    assert orders_of(shop) == ["E1", "E2"]
