"""The mall tells where a parcel is: kept as told, given back, refused by field where it cannot be."""

import pytest
from web_shop import ORDER

NEWS = {
    "carrier": "顺丰",
    "tracking_no": "SF1234562233",
    "news": "到杭州转运中心",
    "news_at": "2026-11-23T08:40:00+08:00",
    "expected_on": "2026-11-24",
    "url": "https://mall.test/parcels/8866?x=1",
}


def test_the_last_news_is_kept_as_told_and_moves_no_money(shop, mall) -> None:
    shop.distributor("李娜")
    assert mall.order(state="shipped", version=2, shipment=NEWS).status_code == 200
    later = mall.order(state="shipped", version=3, shipment=NEWS | {"news": "派送中"})
    assert later.json["applied"] is True

    held = mall.send("GET", f"/orders/{ORDER['order_no']}").json["shipment"]
    assert held == NEWS | {"news": "派送中", "news_at": "2026-11-23T00:40:00Z"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"news_at": "今天"}, "news_at"),
        ({"expected_on": "2026-02-30"}, "expected_on"),
        ({"expected_on": "2026-11-24T00:00:00+08:00"}, "expected_on"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": 'https://a.test/"onclick='}, "url"),
        ({"news": "x" * 129}, "news"),
        ({"station": "杭州"}, "station"),
    ],
)
def test_what_cannot_be_is_refused_by_name(mall, wrong, field) -> None:
    answer = mall.order(shipment=NEWS | wrong)

    assert answer.status_code == 400
    assert field in str(answer.json["errors"])
