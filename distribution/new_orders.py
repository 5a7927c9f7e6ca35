"""Orders nobody has heard of yet: one or thousands, in the same handful of statements."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from distribution import agents, attribution, binding_rows, bindings, new_order_facts, new_order_rows, policy
from distribution.binding_rows import Act
from distribution.new_order_facts import Buyer, Facts
from distribution.new_order_prices import Desk, Priced, Sale
from distribution.new_order_rows import NewOrder
from distribution.policy import Policy
from distribution.rules import binding as binding_rule
from distribution.rules.binding import Customer
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
    moments = {report.created_at or report.occurred_at for report in reports}
    terms = policy.in_force_at(session, merchant_id, moments)
    bound = _Bindings(session, merchant_id)
    sales = [_traced(report, terms[report.created_at or report.occurred_at], facts, bound) for report in reports]
    bound.write()
    new_order_facts.look_up(session, facts, {sale.attributed for sale in sales if sale.attributed})
    regions = {code for report in reports for code in (attribution.codes_of(report.address) or {}).values()}
    desk = Desk(session, merchant_id, facts, min(moments))
    desk.appointed = agents.ever_of(session, merchant_id, regions)
    made = [_made(sale, desk.priced(sale)) for sale in sales]
    new_order_rows.write(session, merchant_id, made, facts, now=now, tell=tell)
    return new_order_rows.outcomes(made, facts)


def _made(sale: Sale, priced: Priced) -> NewOrder:
    return NewOrder(sale.report, sale.created_at, priced, sale.buyer.member_id if sale.buyer else None, _warnings(sale))


def _traced(report: OrderReport, terms: Policy, facts: Facts, bound: "_Bindings") -> Sale:
    at = report.created_at or report.occurred_at
    buyer = facts.buyers.get(report.buyer_openid or "")
    if report.decided:
        return Sale(report, at, terms, buyer, None, report.decided.distributor_id)
    by_code = facts.codes.get(report.distributor_code.strip().upper()) if report.distributor_code else None
    own = buyer.own_id if buyer else None
    owner = bound.owner(buyer, report, terms, by_code=by_code) if buyer is not None and own is None else None
    return Sale(report, at, terms, buyer, by_code, by_code or own or owner)


class _Bindings:
    """Whose customers the buyers are; of those nobody ever bound, the evidence is written for all at once."""

    def __init__(self, session: Session, merchant_id: int) -> None:
        self._session, self._merchant_id = session, merchant_id
        self._seen: set[int] = set()
        self._notes: list[tuple[int, Act, str, int | None]] = []

    def owner(self, buyer: Buyer, report: OrderReport, terms: Policy, *, by_code: int | None) -> int | None:
        """Whom the order counts for by its buyer (R11-R14)."""
        at, name = report.created_at or report.occurred_at, f"{self._merchant_id}:{report.order_no}"
        if buyer.fresh and buyer.member_id not in self._seen:
            act = Act(
                "order", at, terms.binding, f"order:{name}", facts={} if by_code is None else {"decided": by_code}
            )
            step = binding_rule.order(Customer(), at=at, terms=terms.binding, decided=by_code)
            self._seen.add(buyer.member_id)
            self._notes.append((buyer.member_id, act, step.verdict, step.owner))
            return step.owner
        self.write()
        return bindings.owner_for_order(
            self._session, buyer.member_id, order=name, policy=terms, at=at, now=at, decided=by_code
        )

    def write(self) -> None:
        """Write the evidence that was put off."""
        binding_rows.note_all(self._session, self._notes)
        self._notes = []


def _warnings(sale: Sale) -> tuple[str, ...]:
    """A code that is nobody's, or somebody's who is not active."""
    nobody = sale.by_code is None and sale.report.distributor_code and not sale.report.decided
    return ("unknown_distributor",) if nobody else ()
