"""The sample shop's customers: how they come, what they buy, what they send back."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace

from app.demo.cast import ACTORS, GOODS, SHOWN_CUSTOMERS, Actor, Good
from app.demo.stage import Stage
from distribution import bindings, orders, refunds
from distribution.rules.calendar import local
from distribution.shapes import LineReport, OrderReport, RefundLine, RefundReport

Scene = tuple[dt.datetime, Callable[[dt.datetime], object]]

_ADDRESS = {"province": "330000", "city": "330100", "district": "330106"}
_SENT_BACK = 0.07
_COME_AGAIN = 0.8


def customers(actor: Actor) -> list[str]:
    """The names under which a distributor's customers are known on stage."""
    own = [f"{actor.name}的客户 {number}" for number in range(1, actor.customers + 1)]
    place = ACTORS.index(actor)
    if 1 <= place <= len(SHOWN_CUSTOMERS):
        own[0] = SHOWN_CUSTOMERS[place - 1]
    return own


def sales(stage: Stage) -> Iterator[Scene]:
    """Every visit, order and refund of every customer."""
    for actor in ACTORS:
        for name in customers(actor):
            since = stage.dice.uniform(0.3, actor.days_ago - 0.5)
            first = stage.moment(since, stage.dice.randrange(11, 20), stage.dice.randrange(60))
            yield first, _visit(stage, name, actor)
            yield from _orders(stage, name, first + dt.timedelta(minutes=25))


def _visit(stage: Stage, name: str, actor: Actor) -> Callable[[dt.datetime], None]:
    def visit(at: dt.datetime) -> None:
        member, person = stage.member(name, at), stage.distributors[actor.name]
        bindings.record_visit(stage.session, person, "link", member_id=member, at=at)
        bindings.click(stage.session, member, person, policy=stage.policy(at), channel="link", at=at, now=at)

    return visit


def _orders(stage: Stage, name: str, at: dt.datetime) -> Iterator[Scene]:
    latest = stage.now - dt.timedelta(minutes=5)
    while at < latest:
        yield from _order(stage, name, at)
        if stage.dice.random() > _COME_AGAIN:
            return
        at += dt.timedelta(days=stage.dice.uniform(4, 20))


def _order(stage: Stage, name: str, at: dt.datetime) -> Iterator[Scene]:
    report = _report(stage, name, at)
    yield at, lambda now: orders.record(stage.session, stage.merchant_id, report, appid=stage.appid, now=now)
    for version, state, days in ((2, "shipped", 1.1), (3, "received", 3.4)):
        later = at + dt.timedelta(days=days)
        if later < stage.now:
            yield later, _goes_on(stage, report, version, state)
    back = at + dt.timedelta(days=stage.dice.uniform(4, 16))
    if stage.dice.random() < _SENT_BACK and back < stage.now:
        yield back, _send_back(stage, report)


def _goes_on(stage: Stage, report: OrderReport, version: int, state: str) -> Callable[[dt.datetime], object]:
    def go_on(now: dt.datetime) -> object:
        shipment = {"carrier": "顺丰", "tracking_no": f"SF{report.order_no[1:]}"}
        later = replace(report, version=version, state=state, occurred_at=now, shipment=shipment)
        return orders.record(stage.session, stage.merchant_id, later, appid=stage.appid, now=now)

    return go_on


def _send_back(stage: Stage, report: OrderReport) -> Callable[[dt.datetime], object]:
    line = report.lines[0]
    paid = line.unit_fen * line.quantity - line.discount_fen

    def send_back(now: dt.datetime) -> object:
        lines = (RefundLine(line.line_no, line.quantity, paid),)
        refund = RefundReport(f"R{report.order_no[1:]}", report.order_no, "refunded", now, lines)
        return refunds.record(stage.session, stage.merchant_id, refund, now=now)

    return send_back


def _report(stage: Stage, name: str, at: dt.datetime) -> OrderReport:
    stage.orders += 1
    chosen = stage.dice.sample([good for good in GOODS if good.stock], k=stage.dice.choice((1, 1, 1, 2)))
    return OrderReport(
        order_no=f"E{local(at):%Y%m%d}{stage.orders:03d}",
        state="paid",
        version=1,
        occurred_at=at,
        created_at=at,
        lines=tuple(_line(stage, number, good) for number, good in enumerate(chosen, 1)),
        buyer_openid=stage.openids[name],
        freight_fen=stage.dice.choice((0, 0, 800)),
        address=_ADDRESS,
    )


def _line(stage: Stage, number: int, good: Good) -> LineReport:
    quantity = stage.dice.choice((1, 1, 1, 2, 3))
    discount = stage.dice.choice((0, 0, 0, 500))
    return LineReport(number, good.sku, good.name, quantity, good.price_fen, discount)
