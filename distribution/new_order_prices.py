"""What new orders come to: places, offers, bases and shares; what is the same for many of them is worked out once."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from distribution import agents, agreements, attribution, new_order_facts
from distribution.new_order_facts import Buyer, Facts
from distribution.policy import Policy
from distribution.policy_parts import Band
from distribution.products import SoldAs
from distribution.rules import commission, goods, lifecycle, rates
from distribution.rules.commission import Offer, Place, Remains, Share
from distribution.rules.goods import Deductions, Line
from distribution.rules.regions import Agent
from distribution.shapes import LineReport, OrderReport


@dataclass(slots=True)
class Sale:
    """A report with the terms of its creation and whom it is traced back to."""

    report: OrderReport
    created_at: dt.datetime
    terms: Policy
    buyer: Buyer | None
    by_code: int | None
    attributed: int | None

    @property
    def himself(self) -> int | None:
        """The distributor that the buyer is himself, in whatever state."""
        return self.buyer.himself if self.buyer else None


@dataclass(slots=True)
class Priced:
    """What a sale comes to; alike ones of one call share it, so that nothing of it is ever changed."""

    terms: Policy
    parties: dict[str, Any]
    places: Sequence[Place]
    lines: Sequence[Line]
    paid: Sequence[int]
    bases: Sequence[int]
    offers: Sequence[list[Offer]]
    shares: Sequence[Share]


class Prices:
    """What the sales of one call come to; nobody is made, bound or written here."""

    def __init__(
        self, session: Session, merchant_id: int, facts: Facts, *, since: dt.datetime, appointed: set[str]
    ) -> None:
        """``since``: the earliest creation of the call's orders; only regions in ``appointed`` may have an agent."""
        self._session, self._merchant_id, self._facts, self._since = session, merchant_id, facts, since
        self._priced: dict[tuple[Any, ...], Priced] = {}
        self._places: dict[tuple[int, int | None, int | None], list[Place]] = {}
        self._offers: dict[tuple[Any, ...], list[Offer]] = {}
        #: Lists of places, by identity, that hold at whatever moment of the call an order was created.
        self._kept: set[int] = set()
        self._appointed = appointed

    def of(self, sale: Sale) -> Priced:
        """What the sale comes to (R16-R29)."""
        report, places = sale.report, self._placed(sale)
        region = attribution.codes_of(report.address) if report.address else None
        office = self._office(region, sale.created_at) if region else []
        if office or report.decided or id(places) not in self._kept:
            return self._price(sale, places, office=office, region=region)
        name = (
            id(places), report.lines, report.coupon_fen, report.points_fen, report.freight_fen,
            lifecycle.is_paid(report.state), tuple(region.items()) if region else None,
        )  # fmt: skip
        found = self._priced.get(name)
        if found is None:
            found = self._priced[name] = self._price(sale, places, office=office, region=region)
        return found

    def _price(
        self, sale: Sale, places: list[Place], *, office: list[Agent], region: Mapping[str, str] | None
    ) -> Priced:
        report, terms = sale.report, sale.terms
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
        return Priced(
            terms=terms, places=places, lines=lines, paid=paid, bases=bases, offers=offers,
            parties=attribution.document(places, office, region, sale.attributed, decided=report.decided),
            shares=[one for one in shares if not earners[one.distributor_id].gone],
        )  # fmt: skip

    def _placed(self, sale: Sale) -> list[Place]:
        name = (sale.terms.id, sale.attributed, sale.himself)
        if name in self._places:
            return self._places[name]
        above = self._facts.above[sale.attributed] if sale.attributed else []
        found = commission.positions(sale.terms, attributed=sale.attributed, uplines=above, buyer=sale.himself)
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
        if self._appointed.isdisjoint(region.values()):
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


def _line(told: LineReport, sold: SoldAs) -> Line:
    return Line(told.line_no, told.quantity, told.unit_fen, told.discount_fen, sold.category, sold.cost_fen, sold.rule)
