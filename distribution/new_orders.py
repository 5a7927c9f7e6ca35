"""Orders nobody has heard of yet: one or thousands, in the same handful of statements."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from distribution import (
    agents,
    agreements,
    attribution,
    binding_rows,
    bindings,
    new_order_facts,
    new_order_rows,
    policy,
)
from distribution.binding_rows import Act
from distribution.new_order_facts import Buyer, Facts
from distribution.new_order_rows import NewOrder
from distribution.policy import Policy
from distribution.policy_parts import Band
from distribution.products import SoldAs
from distribution.rules import binding as binding_rule
from distribution.rules import commission, goods, lifecycle, rates
from distribution.rules.binding import Customer
from distribution.rules.commission import Offer, Place, Remains
from distribution.rules.goods import Deductions, Line
from distribution.rules.regions import Agent
from distribution.shapes import LineReport, OrderOutcome, OrderReport


@dataclass(frozen=True, slots=True)
class _Sale:
    """A report with the terms of its creation and whom it is traced back to."""

    report: OrderReport
    created_at: dt.datetime
    terms: Policy
    buyer: Buyer | None
    by_code: int | None
    attributed: int | None


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
    terms = {moment: policy.in_force(session, merchant_id, moment) for moment in moments}
    bound = _Bindings(session, merchant_id)
    sales = [_traced(report, terms[report.created_at or report.occurred_at], facts, bound) for report in reports]
    bound.write()
    new_order_facts.look_up(session, facts, {sale.attributed for sale in sales if sale.attributed})
    regions = {code for report in reports for code in (attribution.codes_of(report.address) or {}).values()}
    desk = _Desk(session, merchant_id, facts, min(moments))
    desk.appointed = agents.ever_of(session, merchant_id, regions)
    made = [desk.made(sale) for sale in sales]
    new_order_rows.write(session, merchant_id, made, facts, now=now, tell=tell)
    return [new_order_rows.outcome(each, facts) for each in made]


def _traced(report: OrderReport, terms: Policy, facts: Facts, bound: "_Bindings") -> _Sale:
    at = report.created_at or report.occurred_at
    buyer = facts.buyers.get(report.buyer_openid or "")
    if report.decided:
        return _Sale(report, at, terms, buyer, None, report.decided.distributor_id)
    by_code = facts.codes.get(report.distributor_code.strip().upper()) if report.distributor_code else None
    own = buyer.own_id if buyer else None
    owner = bound.owner(buyer, report, terms, by_code=by_code) if buyer is not None and own is None else None
    return _Sale(report, at, terms, buyer, by_code, by_code or own or owner)


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


class _Desk:
    """Prices the sales of one call; what is the same for many of them is worked out once."""

    def __init__(self, session: Session, merchant_id: int, facts: Facts, since: dt.datetime) -> None:
        self._session, self._merchant_id, self._facts, self._since = session, merchant_id, facts, since
        self._places: dict[tuple[int, int | None, int | None], list[Place]] = {}
        self._offers: dict[tuple[Any, ...], list[Offer]] = {}
        self._kept: set[int] = set()
        #: The regions that may have an agent; nobody is looked for elsewhere.
        self.appointed: set[str] = set()

    def made(self, sale: _Sale) -> NewOrder:
        """The order as it will be written."""
        report, terms = sale.report, sale.terms
        places, region = self._placed(sale), attribution.codes_of(report.address)
        office = self._office(region, sale.created_at) if region else []
        lines = [_line(told, self._facts.sold_as(told.sku)) for told in report.lines]
        off = Deductions(report.coupon_fen, report.points_fen, report.freight_fen)
        paid = goods.paid_amounts(lines, off, kind=terms.base)
        bases = [
            goods.commission_base(line, kind=terms.base, paid_fen=fen, left_fen=fen, pieces=line.quantity)
            for line, fen in zip(lines, paid, strict=True)
        ]
        band = rates.band_of(terms, sum(bases)) if terms.amount_bands else None
        offers = [self._offered(terms, line, places, office=office, band=band) for line in lines]
        stands = [
            Remains(line.line_no, offered, line.quantity, line.quantity, fen, base, base)
            for line, offered, fen, base in zip(lines, offers, paid, bases, strict=True)
        ]
        earned = lifecycle.is_paid(report.state)
        shares = commission.shares(commission.outcomes(terms, stands)) if earned else []
        earners = self._facts.earners
        return NewOrder(
            report=report, created_at=sale.created_at, terms=terms,
            buyer_id=sale.buyer.member_id if sale.buyer else None,
            parties=attribution.document(places, office, region, sale.attributed, decided=report.decided),
            places=places, lines=lines,
            paid=paid, bases=bases, offers=offers,
            shares=[one for one in shares if not earners[one.distributor_id].gone],
            warnings=_warnings(sale),
        )  # fmt: skip

    def _placed(self, sale: _Sale) -> list[Place]:
        own = sale.buyer.own_id if sale.buyer else None
        name = (sale.terms.id, sale.attributed, own)
        if name in self._places:
            return self._places[name]
        above = self._facts.above[sale.attributed] if sale.attributed else []
        found = commission.positions(sale.terms, attributed=sale.attributed, uplines=above, buyer=own)
        ids = [who for _, who, _ in found if who is not None]
        stood = self._facts.stood(ids, sale.created_at)
        personal = self._agreed(ids, sale.created_at)
        places = [attribution.filled(kind, who, none, stood=stood, own=personal) for kind, who, none in found]
        if self._facts.unchanged_since(ids, self._since):
            self._places[name] = places
            self._kept.add(id(places))
        return places

    def _agreed(self, ids: Sequence[int], at: dt.datetime) -> Mapping[int, Mapping[str, int]]:
        agreed = [who for who in ids if self._facts.earners[who].has_agreements]
        return agreements.of(self._session, self._merchant_id, agreed, at) if agreed else {}

    def _office(self, region: Mapping[str, str], at: dt.datetime) -> list[Agent]:
        if self.appointed.isdisjoint(region.values()):
            return []
        found = agents.for_address(self._session, self._merchant_id, region, at)
        unknown = {each.distributor_id for each in found} - self._facts.earners.keys()
        if unknown:
            new_order_facts.look_up(self._session, self._facts, unknown)
        return [Agent(each.distributor_id, each.scope) for each in found]

    def _offered(
        self, terms: Policy, line: Line, places: list[Place], *, office: list[Agent], band: Band | None
    ) -> list[Offer]:
        """Offers do not depend on amounts: lines of one product, sold by the same people, are offered the same."""
        if office or id(places) not in self._kept:
            return commission.offers(terms, line, places, agents=office, band=band)
        name = (terms.id, id(places), line.category, id(line.rule), band)
        if name not in self._offers:
            self._offers[name] = commission.offers(terms, line, places, agents=office, band=band)
        return self._offers[name]


def _warnings(sale: _Sale) -> tuple[str, ...]:
    """A code that is nobody's, or somebody's who is not active."""
    nobody = sale.report.distributor_code and sale.by_code is None and not sale.report.decided
    return ("unknown_distributor",) if nobody else ()


def _line(told: LineReport, sold: SoldAs) -> Line:
    return Line(told.line_no, told.quantity, told.unit_fen, told.discount_fen, sold.category, sold.cost_fen, sold.rule)
