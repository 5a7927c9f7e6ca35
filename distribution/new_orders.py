"""Orders nobody has heard of yet: one or thousands, in the same handful of statements."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from distribution import agents, attribution, new_order_facts, new_order_rows, policy
from distribution.new_order_facts import Facts
from distribution.new_order_prices import Priced, Prices, Sale
from distribution.new_order_rows import NewOrder
from distribution.order_bindings import OrderBindings
from distribution.policy import Policy
from distribution.shapes import OrderOutcome, OrderReport


def record(
    session: Session,
    merchant_id: int,
    reports: Sequence[OrderReport],
    *,
    appid: str,
    now: dt.datetime,
    tell: bool = True,
) -> list[OrderOutcome]:
    """Take over orders nobody has heard of (their numbers all different).

    Early refunds are left to the caller. ``tell`` False: nobody is told, for orders of the past.
    """
    facts = new_order_facts.gather(session, merchant_id, reports, appid=appid, now=now)
    moments = {report.as_of for report in reports}
    terms = policy.in_force_at(session, merchant_id, moments)
    bound = OrderBindings(session, merchant_id, facts, reports)
    sales = [_traced(report, terms[report.as_of], facts, bound) for report in reports]
    bound.write()
    new_order_facts.look_up(session, facts, {sale.attributed for sale in sales if sale.attributed})
    regions = {code for report in reports for code in (attribution.codes_of(report.address) or {}).values()}
    appointed = agents.ever_of(session, merchant_id, regions)
    prices = Prices(session, merchant_id, facts, since=min(moments), appointed=appointed)
    made = [_made(sale, prices.of(sale)) for sale in sales]
    new_order_rows.write(session, merchant_id, made, facts, now=now, tell=tell)
    return new_order_rows.outcomes(made, facts)


def _made(sale: Sale, priced: Priced) -> NewOrder:
    return NewOrder(sale.report, sale.created_at, priced, sale.buyer.member_id if sale.buyer else None, _warnings(sale))


def _traced(report: OrderReport, terms: Policy, facts: Facts, bound: OrderBindings) -> Sale:
    at = report.as_of
    buyer = facts.buyers.get(report.buyer_openid or "")
    if report.decided:
        return Sale(report, at, terms, buyer, None, report.decided.distributor_id)
    by_code = facts.codes.get(report.distributor_code.strip().upper()) if report.distributor_code else None
    own = buyer.own_id if buyer else None
    owner = bound.owner(buyer, report, terms, by_code=by_code) if buyer is not None and own is None else None
    return Sale(report, at, terms, buyer, by_code, by_code or own or owner)


def _warnings(sale: Sale) -> tuple[str, ...]:
    """A code that is nobody's, or somebody's who is not active."""
    nobody = sale.by_code is None and sale.report.distributor_code and not sale.report.decided
    return ("unknown_distributor",) if nobody else ()
