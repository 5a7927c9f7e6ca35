"""Paid but not to be shipped: only pieces of a paid order that are still there go back (R81)."""

import pytest

from distribution import earnings, shortages
from distribution.refusals import Code, Refusal
from distribution.shapes import LineReport

THREE = (LineReport(1, "AJ250", "即食阿胶糕", 3, 3_333),)


@pytest.fixture
def alice(shop):
    return shop.distributor("爱丽丝")


def cannot_ship(shop, quantity=1, *, order_no="E1", line_no=1, refund_no="Q1"):
    return shop.write(
        lambda s: shortages.cannot_ship(
            s, 1, order_no, line_no, quantity=quantity, refund_no=refund_no, by="仓库", now=shop.now
        )
    )


def refused(*args, **more):
    with pytest.raises(Refusal) as caught:
        cannot_ship(*args, **more)
    return caught.value.code


def pending(shop, person):
    return shop.ask(lambda s: earnings.purse(s, person.id)).pending_fen


@pytest.mark.parametrize(("quantity", "fen", "left"), [(1, 3_333, 666), (2, 6_666, 333), (3, 9_999, 0)])
def test_pieces_go_back_with_their_commission(shop, alice, quantity, fen, left):
    shop.order("E1", lines=THREE, distributor_code=alice.code)

    assert cannot_ship(shop, quantity) == fen
    assert pending(shop, alice) == left


def test_no_more_goes_back_than_is_there(shop, alice):
    shop.order("E1", lines=THREE, distributor_code=alice.code)
    cannot_ship(shop, 2)

    assert refused(shop, 2, refund_no="Q2") is Code.ILLEGAL_STATE
    assert refused(shop, 0, refund_no="Q2") is Code.ILLEGAL_STATE
    assert cannot_ship(shop, 1, refund_no="Q2") == 3_333


def test_the_same_refund_is_not_made_twice(shop, alice):
    shop.order("E1", lines=THREE, distributor_code=alice.code)
    cannot_ship(shop, 1)

    assert refused(shop, 1) is Code.ILLEGAL_STATE
    assert pending(shop, alice) == 666


@pytest.mark.parametrize("state", ["unpaid", "shipped", "received", "closed"])
def test_only_a_paid_order_waits_for_its_goods(shop, alice, state):
    shop.order("E1", state, lines=THREE, distributor_code=alice.code)

    assert refused(shop) is Code.ILLEGAL_STATE


def test_what_is_not_there_is_said(shop, alice):
    shop.order("E1", lines=THREE, distributor_code=alice.code)

    assert refused(shop, order_no="E2") is Code.NOT_FOUND
    assert refused(shop, line_no=2) is Code.UNKNOWN_LINE
