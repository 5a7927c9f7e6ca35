"""Money a case says somebody has, earned the real way: orders whose whole price is his commission."""

import datetime as dt

from app.trial.desk import Desk, openid
from distribution import earnings, members, orders, products, settlement
from distribution.shapes import LineReport, OrderReport

_SKU = "trial-earning"


def earn(desk: Desk, who: str, fen: int, *, due: dt.datetime) -> str:
    """A commission of ``fen`` that falls due at ``due``; the number of its order."""
    facts = products.ProductFacts(name="试算", price_fen=0, stock=1)
    product = products.put(desk.session, desk.merchant_id, _SKU, facts, now=desk.opened_at)
    if product.rule is None:
        rule = {"rate_bp": {"l1": 10_000}}
        products.set_rule(desk.session, desk.merchant_id, product.id, rule, by="trial", now=desk.opened_at)
    number = f"earning{next(desk.numbers)}"
    code = members.get_distributor(desk.session, desk.distributor(who)).code
    at = due - dt.timedelta(days=desk.policy.freeze_days)
    _post(desk, number, "received", 1, fen=fen, code=code, at=at)
    return number


def available(desk: Desk, who: str) -> int:
    """What somebody may withdraw, less what he owes, in fen."""
    purse = earnings.purse(desk.session, desk.distributor(who))
    return purse.available_fen - purse.owed_fen


def take_back(desk: Desk, who: str, fen: int, number: str, *, at: dt.datetime) -> None:
    """The order that earned ``fen`` is closed: everything is taken back, from where it is or as debt."""
    code = members.get_distributor(desk.session, desk.distributor(who)).code
    _post(desk, number, "closed", 2, fen=fen, code=code, at=at)


def settle(desk: Desk, *, at: dt.datetime) -> None:
    """A whole run of the settlement."""
    while settlement.settle_due(desk.session, now=at):
        pass


def _post(desk: Desk, number: str, state: str, version: int, *, fen: int, code: str, at: dt.datetime) -> None:
    line = LineReport(1, _SKU, "试算", 1, fen)
    report = OrderReport(
        number, state, version, at, (line,), buyer_openid=openid("earning-customer"), distributor_code=code
    )
    orders.record(desk.session, desk.merchant_id, report, appid=desk.appid, now=at)
