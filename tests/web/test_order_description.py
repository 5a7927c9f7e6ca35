"""The OpenAPI document describes what GET of an order and PUT of a product really answer."""

from web_shop import ORDER, PRODUCT


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


def test_every_fact_that_putting_a_product_answers_is_described(mall) -> None:
    told = mall.send("PUT", "/products/AJ250", PRODUCT).json

    document = mall.client.get("/api/v1/openapi.json").json
    answer = document["paths"]["/api/v1/products/{sku}"]["put"]["responses"]["200"]
    name = answer["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
    assert set(told) == set(document["components"]["schemas"][name]["properties"])
