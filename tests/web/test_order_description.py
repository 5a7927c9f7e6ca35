"""The OpenAPI document describes what GET of an order really answers."""

from web_shop import ORDER


def test_every_fact_of_an_order_and_its_explanations_is_described(shop, mall) -> None:
    seller = shop.distributor("李娜")
    now = shop.clock.now().isoformat()
    mall.order(distributor_code=seller.code, state="received", coupon_fen=100, occurred_at=now)

    told = mall.send("GET", f"/orders/{ORDER['order_no']}").json

    shapes = mall.client.get("/api/v1/openapi.json").json["components"]["schemas"]
    described = shapes["Order"]["properties"]
    assert set(told) <= set(described)
    for name in ("lines", "commissions", "explanations"):
        known = described[name]["items"]["properties"]
        assert told[name]
        assert all(set(row) <= set(known) for row in told[name])
    for row in told["explanations"]:
        assert set(row["why"]) <= set(shapes["Why"]["properties"])
        assert row["kind"] in described["explanations"]["items"]["properties"]["kind"]["enum"]
