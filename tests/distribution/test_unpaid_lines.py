"""Until payment the lines of an order may change, and commissions follow the lines that are paid."""

import pytest
from sqlalchemy import select

from distribution import orders, products, proof
from distribution.refusals import Refusal
from distribution.shapes import LineReport
from models import tables as t

CAKE, TEA = LineReport(1, "AJ250", "即食阿胶糕", 1, 10_000), LineReport(2, "TEA", "红枣茶", 2, 1_500)


@pytest.fixture
def alice(shop):
    return shop.distributor("爱丽丝")


def lines(shop):
    line = t.order_line.c
    return shop.ask(lambda s: [tuple(row) for row in s.execute(select(line.line_no, line.sku, line.quantity))])


def earned(shop):
    return [(row["line_no"], row["fen"]) for row in shop.ask(lambda s: orders.view(s, 1, "E1"))["commissions"]]


@pytest.mark.parametrize(
    ("paid", "sums"),
    [
        ((TEA,), [(2, 300)]),
        ((CAKE, TEA), [(1, 1000), (2, 300)]),
        ((LineReport(1, "AJ250", "即食阿胶糕", 3, 10_000),), [(1, 3000)]),
    ],
)
def test_what_is_paid_for_counts(shop, alice, paid, sums):
    shop.order("E1", "unpaid", 1, lines=(CAKE,), distributor_code=alice.code)
    shop.order("E1", "paid", 2, lines=paid, distributor_code=alice.code)

    assert lines(shop) == [(line.line_no, line.sku, line.quantity) for line in paid]
    assert earned(shop) == sums


def test_a_line_that_went_leaves_no_trace_that_the_proof_would_miss(shop, alice):
    shop.order("E1", "unpaid", 1, lines=(CAKE, TEA), distributor_code=alice.code)
    shop.order("E1", "unpaid", 2, lines=(TEA,), distributor_code=alice.code)

    assert [finding.name for finding in shop.ask(proof.prove) if not finding.ok] == []
    assert lines(shop) == [(2, "TEA", 2)]


def test_a_product_that_stays_is_sold_as_it_was_when_the_order_was_made(shop, alice):
    shop.order("E1", "unpaid", 1, lines=(CAKE,), distributor_code=alice.code)
    rule = {"rate_bp": {"l1": 5000}}
    shop.write(lambda s: products.set_rule(s, 1, 1, rule, by="老板", now=shop.now))
    shop.order("E1", "paid", 2, lines=(CAKE, TEA), distributor_code=alice.code)

    assert earned(shop)[0] == (1, 1000)
    shop.order("E2", "paid", 1, lines=(CAKE,), distributor_code=alice.code)
    assert shop.ask(lambda s: orders.view(s, 1, "E2"))["commissions"][0]["fen"] == 5000


def test_after_payment_lines_stand(shop, alice):
    shop.order("E1", "paid", 1, lines=(CAKE,), distributor_code=alice.code)
    with pytest.raises(Refusal):
        shop.order("E1", "shipped", 2, lines=(TEA,), distributor_code=alice.code)

    assert lines(shop) == [(1, "AJ250", 1)]
