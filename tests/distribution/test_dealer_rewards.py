"""Bringing dealers up pays only what they really bought; what cannot be shipped goes back as a refund."""

import pytest

from distribution import cultivation, dealer_lists, dealer_orders, dealers, ledger, policy, shortages
from distribution.dealer_shapes import Sale, SaleLine
from distribution.refusals import Code, Refusal
from distribution.shapes import LineReport

APPID = "wx0123456789abcdef"
TWO = (LineReport(1, "AJ250", "即食阿胶糕", 2, 10_000),)


@pytest.fixture
def pair(shop):
    """Low was appointed below Top."""
    document = {"dealers": {"grades_bp": {"总代": 5000, "二级": 7000}}}
    shop.write(
        lambda s: policy.publish(s, merchant_id=1, document=document, effective_from=shop.now, by="b", now=shop.now)
    )
    top = appoint(shop, "安然", "总代")
    return top, appoint(shop, "贝安", "二级", top.id)


def appoint(shop, name, grade, parent=None):
    person = shop.distributor(name)
    return shop.write(lambda s: dealers.appoint(s, 1, person.id, grade=grade, parent_id=parent, by="b", now=shop.now))


def buy(shop, dealer, no="D1", state="received"):
    sale = Sale(no, "purchase", dealer.distributor_id, state, shop.now, (SaleLine(1, "AJ250", 1),))
    shop.write(lambda s: dealer_orders.record(s, 1, sale, appid=APPID, by="boss", now=shop.now))


def reward(shop, dealer, fen):
    [record] = shop.ask(lambda s: cultivation.records(s, dealer.id))
    return shop.write(lambda s: cultivation.reward(s, 1, record["id"], fen, by="boss", now=shop.now))


def refused(act) -> Code:
    with pytest.raises(Refusal) as refusal:
        act()
    return refusal.value.code


def test_nobody_is_rewarded_for_a_dealer_who_bought_nothing(shop, pair):
    assert refused(lambda: reward(shop, pair[1], 1)) == Code.NO_PURCHASES
    buy(shop, pair[1], state="paid")
    assert refused(lambda: reward(shop, pair[1], 1)) == Code.NO_PURCHASES


def test_a_mentor_is_rewarded_once_out_of_real_purchases(shop, pair):
    buy(shop, pair[1])

    assert refused(lambda: reward(shop, pair[1], 7_001)) == Code.NO_PURCHASES
    assert reward(shop, pair[1], 700).distributor_id == pair[0].distributor_id
    assert refused(lambda: reward(shop, pair[1], 700)) == Code.DUPLICATE_REFERENCE
    assert shop.ask(lambda s: cultivation.records(s, pair[1].id))[0]["rewarded_fen"] == 700


def test_the_record_stays_whatever_becomes_of_the_chain(shop, pair):
    shop.write(lambda s: dealers.regrade(s, 1, pair[1].id, "总代", by="boss", now=shop.now))
    shop.write(lambda s: dealers.move(s, 1, pair[1].id, None, by="boss", now=shop.now))

    events = [(each["event"], each["mentor_code"]) for each in shop.ask(lambda s: cultivation.records(s, pair[1].id))]
    assert [event for event, _ in events] == ["moved", "regraded", "appointed"]
    assert [bool(mentor) for _, mentor in events] == [False, True, True]


def test_a_dealer_sees_his_own_price_of_what_can_be_bought(shop, pair):
    terms = shop.ask(lambda s: policy.in_force(s, 1, shop.now))
    [own] = shop.ask(lambda s: dealer_lists.own_prices(s, pair[1], terms))

    assert (own.product.sku, own.unit_fen, own.margin_fen) == ("AJ250", 7_000, 3_000)


def test_a_merchant_sees_dealers_with_their_deposit_and_purchases(shop, pair):
    buy(shop, pair[1])

    rows = shop.ask(lambda s: dealer_lists.dealers_of(s, 1))
    assert [(row["name"], row["parent_name"], row["deposit_fen"], row["bought_fen"]) for row in rows] == [
        ("安然", None, 0, 0),
        ("贝安", "安然", 0, 7_000),
    ]
    shown = shop.ask(lambda s: dealer_lists.order(s, 1, "D1"))
    assert [line.unit_fen for line in shown.lines] == [7_000]
    assert [each["order_no"] for each in shop.ask(lambda s: dealer_lists.orders_of(s, 1, pair[1].id))] == ["D1"]


def missing(shop, quantity=1, refund_no="OOS-1"):
    told = {"quantity": quantity, "refund_no": refund_no, "by": "boss", "now": shop.now}
    return shop.write(lambda s: shortages.cannot_ship(s, 1, "E1", 1, **told))


def test_a_paid_line_that_cannot_be_shipped_gives_commission_back(shop):
    ann = shop.distributor("安然")
    shop.order("E1", distributor_code=ann.code, lines=TWO)

    assert missing(shop) == 10_000
    purse = ledger.purse(ann.id, "pending")
    assert shop.ask(lambda s: ledger.balance(s, purse)) == 1_000
    assert not shop.refund("OOS-1", "E1", 10_000, quantity=1)


def test_what_was_shipped_or_is_gone_cannot_be_missing(shop):
    shop.order("E1", lines=TWO)
    assert refused(lambda: missing(shop, quantity=3)) == Code.ILLEGAL_STATE
    shop.order("E1", "shipped", 2, lines=TWO)

    assert refused(lambda: missing(shop)) == Code.ILLEGAL_STATE
