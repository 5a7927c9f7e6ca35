"""Ordering dealers: prices of the order's own time, every fen accounted for, no loops, deposits that add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distribution import (
    agents,
    commissions,
    dealer_deposits,
    dealer_orders,
    dealers,
    ledger,
    members,
    policy,
    proof,
    refunds,
    settlement,
)
from distribution.dealer_shapes import Sale, SaleLine
from distribution.refusals import Code, Refusal
from distribution.rules import dealer as rule
from distribution.rules import goods
from distribution.shapes import RefundLine, RefundReport
from models import tables as t

GRADES = {"总代": 5000, "一级": 6000, "二级": 7000, "三级": 8000}
APPID = "wx0123456789abcdef"


@pytest.fixture
def chain(shop):
    """Top orders from headquarters, Mid below Top, Low below Mid."""
    publish(shop, {"dealers": {"grades_bp": GRADES}})
    top = appoint(shop, "安然", "总代")
    mid = appoint(shop, "贝安", "一级", top.id)
    return top, mid, appoint(shop, "陈晨", "二级", mid.id)


def publish(shop, document):
    shop.write(
        lambda s: policy.publish(s, merchant_id=1, document=document, effective_from=shop.now, by="boss", now=shop.now)
    )


def appoint(shop, name, grade, parent=None):
    person = shop.distributor(name)
    return shop.write(lambda s: dealers.appoint(s, 1, person.id, grade=grade, parent_id=parent, by="b", now=shop.now))


def sell(shop, dealer, no="D1", *, kind="purchase", state="paid", quantity=10, paid=None, **more):
    line = SaleLine(1, "AJ250", quantity, paid_fen=paid)
    sale = Sale(no, kind, dealer.distributor_id, state, shop.now, (line,), **more)
    return shop.write(lambda s: dealer_orders.record(s, 1, sale, appid=APPID, by="boss", now=shop.now))


def earned(told):
    return [(row["kind"], row["fen"]) for row in told.commissions]


def give_back(shop, pieces, no="R1", order="D1"):
    return shop.write(lambda s: dealer_orders.take_back(s, 1, order, {1: pieces}, refund_no=no, now=shop.now))


def refused(act) -> Code:
    with pytest.raises(Refusal) as refusal:
        act()
    return refusal.value.code


def test_a_purchase_pays_every_better_parent_the_difference(shop, chain):
    told = sell(shop, chain[2])

    assert (told.pays_fen, told.hq_fen) == (70_000, 50_000)
    assert earned(told) == [("dealer_diff", 10_000), ("dealer_diff", 10_000)]


def test_what_was_sold_for_nothing_pays_the_differences_at_the_shops_loss(shop, chain):
    told = sell(shop, chain[2], kind="retail", quantity=2, paid=0)
    assert earned(told) == [("dealer_diff", 2_000), ("dealer_diff", 2_000)]

    report = RefundReport("R1", "D1", "refunded", shop.now, (RefundLine(1, 1, 0),))
    shop.write(lambda s: refunds.record(s, 1, report, now=shop.now))
    left = shop.ask(lambda s: commissions.rows_of(s, 1))
    assert sum(row["fen"] for row in left) == 2_000
    assert [each for each in shop.ask(lambda s: list(proof.prove(s))) if not each.ok] == []


def test_a_retail_sale_pays_the_shop_its_margin_first(shop, chain):
    told = sell(shop, chain[2], kind="retail", quantity=1, paid=9_500)

    assert earned(told) == [("dealer_retail", 2_500), ("dealer_diff", 1_000), ("dealer_diff", 1_000)]
    assert told.hq_fen == 5_000


def test_a_return_uses_the_prices_of_the_order(shop, chain):
    sell(shop, chain[2])
    shop.write(lambda s: dealers.regrade(s, 1, chain[2].id, "总代", by="boss", now=shop.now))

    assert give_back(shop, 3) == 21_000
    again = sell(shop, chain[2], state="shipped")
    assert sum(row["fen"] for row in again.commissions) == 14_000
    assert (again.pays_fen, again.hq_fen) == (49_000, 35_000)


def test_a_new_grade_counts_for_the_next_order(shop, chain):
    shop.write(lambda s: dealers.regrade(s, 1, chain[2].id, "一级", by="boss", now=shop.now))
    told = sell(shop, chain[2])

    assert (told.pays_fen, earned(told)) == (60_000, [("dealer_diff", 10_000)])


def test_a_dealer_who_may_not_earn_leaves_his_difference_to_headquarters(shop, chain):
    shop.write(lambda s: members.freeze(s, chain[1].distributor_id, by="boss", reason="核实", now=shop.now))
    told = sell(shop, chain[2])

    assert (earned(told), told.hq_fen) == ([("dealer_diff", 10_000)], 60_000)


def test_a_stopped_dealer_cannot_order(shop, chain):
    shop.write(lambda s: dealers.set_state(s, 1, chain[2].id, "stopped", by="boss", now=shop.now))

    assert refused(lambda: sell(shop, chain[2])) == Code.DEALER_STOPPED


def test_what_dealers_earn_settles_as_any_commission(shop, chain):
    sell(shop, chain[2], state="received")
    shop.clock.advance(days=7)
    shop.write(lambda s: settlement.settle_due(s, now=shop.now))

    top = ledger.purse(chain[0].distributor_id, "available")
    assert shop.ask(lambda s: ledger.balance(s, top)) == 10_000
    give_back(shop, 10)
    assert shop.ask(lambda s: ledger.balance(s, top)) == 0


def test_a_repeat_changes_nothing_and_other_lines_are_refused(shop, chain):
    first, again = sell(shop, chain[2]), sell(shop, chain[2])

    assert (first.applied, again.applied) == (True, False)
    assert first.commissions == again.commissions
    assert refused(lambda: sell(shop, chain[2], quantity=9)) == Code.LINES_CHANGED
    assert refused(lambda: sell(shop, chain[1])) == Code.LINES_CHANGED


def test_a_closed_order_gives_everything_back(shop, chain):
    pay_in(shop, chain[2], 70_000)
    sell(shop, chain[2], pays_by="prepaid")
    told = sell(shop, chain[2], state="closed", pays_by="prepaid")

    assert (told.pays_fen, told.hq_fen) == (0, 0)
    assert deposit(shop, chain[2]) == 70_000


def pay_in(shop, dealer, fen, reference="银行1"):
    shop.write(lambda s: dealer_deposits.pay_in(s, 1, dealer.id, fen=fen, reference=reference, by="b", now=shop.now))


def deposit(shop, dealer):
    return shop.ask(lambda s: dealer_deposits.balance(s, dealer.id))


def test_a_deposit_pays_for_orders_and_takes_returns(shop, chain):
    pay_in(shop, chain[2], 100_000)
    sell(shop, chain[2], pays_by="prepaid")
    assert deposit(shop, chain[2]) == 30_000

    give_back(shop, 3)
    assert deposit(shop, chain[2]) == 51_000
    report = RefundReport("R2", "D1", "refunded", shop.now, (RefundLine(1, 7, 49_000),))
    shop.write(lambda s: refunds.record(s, 1, report, now=shop.now))
    assert deposit(shop, chain[2]) == 100_000


def test_an_order_above_the_deposit_is_refused(shop, chain):
    pay_in(shop, chain[2], 69_999)

    assert refused(lambda: sell(shop, chain[2], pays_by="prepaid")) == Code.DEPOSIT_TOO_SMALL
    assert deposit(shop, chain[2]) == 69_999


def test_one_payment_is_booked_once(shop, chain):
    pay_in(shop, chain[2], 100)

    assert refused(lambda: pay_in(shop, chain[1], 100)) == Code.DUPLICATE_REFERENCE


def test_dealers_never_stand_above_themselves(shop, chain):
    top, mid, low = chain

    assert refused(lambda: move(shop, top, low)) == Code.CYCLE
    assert refused(lambda: move(shop, mid, mid)) == Code.SELF
    move(shop, low, top)
    move(shop, mid, low)


def move(shop, dealer, parent):
    shop.write(lambda s: dealers.move(s, 1, dealer.id, parent.id, by="boss", now=shop.now))


def test_the_proof_finds_dealers_in_a_ring(shop, chain):
    ring = t.dealer.update().where(t.dealer.c.id == chain[0].id)
    shop.write(lambda s: s.execute(ring.values(parent_id=chain[2].id)))
    found = shop.ask(proof.prove)
    shop.write(lambda s: s.execute(ring.values(parent_id=None)))

    assert [finding.name for finding in found if not finding.ok] == ["no dealer stands above himself"]


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("dealer_order", {"returned_fen": 1}),
        ("dealer_order", {"pays_by": "outside"}),
        ("dealer_order", {"prices": []}),
        ("dealer_order", {"kind": "retail", "pays_by": "outside"}),
        ("dealer_deposit", {"fen": 70_001}),
    ],
)
def test_the_proof_finds_what_was_changed_by_hand(shop, chain, table, values):
    pay_in(shop, chain[2], 70_000)
    sell(shop, chain[2], pays_by="prepaid")
    rows = getattr(t, table)
    with shop.database.reading() as session:
        before = dict(session.execute(rows.select()).mappings().one())
    shop.write(lambda s: s.execute(rows.update().values(**values)))
    holds = shop.ask(proof.holds)
    shop.write(lambda s: s.execute(rows.update().values(**before)))

    assert not holds


def test_a_region_share_is_paid_only_where_it_was_asked_for(shop, chain):
    agent = shop.distributor("区域代理")
    shop.write(lambda s: agents.appoint(s, 1, agent.id, scope="district", code="330106", by="b", now=shop.now))
    address = {"province": "330000", "city": "330100", "district": "330106"}
    assert "region_district" not in dict(earned(sell(shop, chain[2], address=address)))
    publish(shop, {"dealers": {"grades_bp": GRADES, "region_share": True}})

    told = sell(shop, chain[2], "D2", address=address)
    assert dict(earned(told))["region_district"] == 700
    assert told.hq_fen + sum(fen for _, fen in earned(told)) == told.pays_fen


def test_nobody_is_told_what_others_pay(shop, chain):
    sell(shop, chain[2])
    with shop.database.reading() as session:
        whys = [row.why for row in session.execute(t.commission.select())]
        orders = session.execute(t.order.select()).all()

    assert {name for why in whys for name in why} <= {"base_fen", "source", "grade", "each_fen", "pieces"}
    assert {why["grade"] for why in whys} == {"总代", "一级"}
    assert len(orders) == 1
    assert len(shop.ask(lambda s: commissions.rows_of(s, orders[0].id))) == 2


links = st.lists(st.tuples(st.integers(0, 10_000), st.booleans()), min_size=1, max_size=6)


@given(links, st.integers(0, 10**6), st.integers(1, 50), st.sampled_from(["purchase", "retail"]), st.integers(0, 10**7))
def test_whatever_the_grades_everybody_is_paid_out_of_his_own_difference(grades, list_fen, qty, kind, paid):
    chain = [rule.Link(n, n, str(n), bp, None if ok or n == 0 else "frozen") for n, (bp, ok) in enumerate(grades)]
    priced = rule.prices(list_fen, chain)
    offered = rule.offers(kind, priced)
    diffs = sum(offer.get("each_fen", 0) for offer in offered)

    assert 0 <= diffs <= priced[0].unit_fen - min(price.unit_fen for price in priced)
    assert [offer["kind"] for offer in offered].count("dealer_retail") == (kind == "retail")
    if all(ok for _, ok in grades[1:]):
        assert diffs == priced[0].unit_fen - min(price.unit_fen for price in priced)
    unit, discount = rule.split_paid(paid, qty)
    assert unit * qty - discount == paid
    assert 0 <= discount < qty


@given(st.integers(0, 10**7), st.lists(st.integers(0, 9), max_size=12))
def test_returns_add_up_to_what_was_paid(paid, returned):
    left, pieces = paid, 30
    for wanted in [*returned, 30]:
        back = min(wanted, pieces)
        fen = goods.returned_fen(left, pieces, back)
        left, pieces = left - fen, pieces - back

    assert (left, pieces) == (0, 0)
