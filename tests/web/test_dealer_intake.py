"""POST /api/v1/dealer-orders: what dealers buy and sell, told by the mall under the same signature."""

import pytest
from web_shop import built

from distribution import dealers, policy
from web.intake import api

BOUGHT = {
    "order_no": "D1",
    "kind": "purchase",
    "state": "paid",
    "occurred_at": "2026-11-25T10:00:00+08:00",
    "lines": [{"line_no": 1, "sku": "AJ250", "quantity": 10, "list_fen": 10_000, "name": "即食阿胶糕"}],
}


@pytest.fixture
def low(shop):
    """A dealer below another one."""
    now = shop.clock.now()
    top, low = shop.distributor("安然"), shop.distributor("贝安")
    with shop.database.transaction() as session:
        document = {"dealers": {"grades_bp": {"总代": 5000, "二级": 7000}}}
        policy.publish(session, merchant_id=shop.merchant_id, document=document, effective_from=now, by="老板", now=now)
        above = dealers.appoint(session, shop.merchant_id, top.id, grade="总代", by="老板", now=now)
        dealers.appoint(session, shop.merchant_id, low.id, grade="二级", parent_id=above.id, by="老板", now=now)
    return low


@pytest.fixture
def post(shop, mall, low):
    return lambda **changes: mall.send("POST", "/dealer-orders", {**BOUGHT, "distributor_code": low.code, **changes})


def test_a_purchase_is_answered_with_what_the_chain_earns(post) -> None:
    answer = post().json

    assert (answer["applied"], answer["pays_fen"], answer["hq_fen"]) == (True, 70_000, 50_000)
    assert [(row["kind"], row["fen"], row["state"]) for row in answer["commissions"]] == [
        ("dealer_diff", 20_000, "pending")
    ]


def test_a_later_state_carries_the_order_on_and_a_repeat_changes_nothing(post) -> None:
    post()

    assert post(state="received").json["applied"]
    assert not post(state="paid").json["applied"]


def test_other_lines_under_a_known_number_are_a_contradiction(post) -> None:
    post()
    answer = post(lines=[{**BOUGHT["lines"][0], "quantity": 9}])

    assert (answer.status_code, answer.json["code"]) == (409, "lines_changed")


def test_a_refund_of_the_mall_takes_dealers_earnings_back(post, mall) -> None:
    post()
    lines = [{"line_no": 1, "quantity": 10, "fen": 70_000}]
    told = {"refund_no": "R1", "order_no": "D1", "state": "refunded", "occurred_at": BOUGHT["occurred_at"]}
    mall.send("POST", "/refunds", {**told, "lines": lines})

    answer = post(state="paid").json
    assert (answer["pays_fen"], answer["hq_fen"]) == (0, 0)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"kind": "gift"}, 400),
        ({"kind": "retail"}, 400),
        ({"state": "unpaid"}, 400),
        ({"distributor_code": "C0000"}, 422),
        ({"pays_by": "prepaid"}, 422),
    ],
)
def test_what_cannot_be_is_refused(post, changes, status) -> None:
    assert post(**changes).status_code == status


def test_a_customer_buys_from_the_dealers_shop(post) -> None:
    line = {"line_no": 1, "sku": "AJ250", "quantity": 1, "list_fen": 10_000, "paid_fen": 9_500}
    answer = post(kind="retail", lines=[line], buyer={"openid": "obuyer"}).json

    assert [(row["kind"], row["fen"]) for row in answer["commissions"]] == [
        ("dealer_retail", 2_500),
        ("dealer_diff", 2_000),
    ]


def test_the_description_names_the_door(shop) -> None:
    told = built(shop.parts, api).test_client().get("/api/v1/openapi.json").json

    assert "/api/v1/dealer-orders" in told["paths"]
    assert "DealerOrderBody" in told["components"]["schemas"]
