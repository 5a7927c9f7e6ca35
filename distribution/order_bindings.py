"""Whose customers the buyers of new orders are (R11-R14); what orders do to bindings is written for all at once."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from distribution import binding_rows, bindings
from distribution.binding_rows import Act
from distribution.new_order_facts import Buyer, Facts
from distribution.policy import Policy
from distribution.rules import binding as rule
from distribution.rules.binding import Customer, Held, Verdict
from distribution.shapes import OrderReport

#: What an order may come to without anybody winning or losing the customer.
_QUIET = (Verdict.KEEP, Verdict.NOBODY, Verdict.RENEW, Verdict.LOCK)


@dataclass(slots=True)
class _Stand:
    """A customer as the rows will say, and the moment of the last thing that was done to him."""

    customer: Customer
    newest: dt.datetime | None = None


class OrderBindings:
    """The customers among the buyers of one call. Whoever may change hands is left to ``bindings``."""

    def __init__(self, session: Session, merchant_id: int, facts: Facts, reports: Sequence[OrderReport]) -> None:
        self._session, self._merchant_id = session, merchant_id
        self._notes: list[tuple[int, Act, str, int | None]] = []
        self._longer: dict[int, Held] = {}
        buyers = {name: buyer for name, buyer in facts.buyers.items() if buyer.own_id is None}
        self._stands = {buyer.member_id: _Stand(Customer()) for buyer in buyers.values() if buyer.fresh}
        met = {buyer.member_id for buyer in buyers.values() if not buyer.fresh}
        if met:
            # Who was invited, or whose order was told of before, may change hands.
            named = [(buyers[name], each) for each in reports if (name := each.buyer_openid or "") in buyers]
            told = binding_rows.told_before(session, {(buyer.member_id, self._channel(each)) for buyer, each in named})
            found = binding_rows.uninvited(session, met - told)
            self._stands |= {member: _Stand(*each) for member, each in found.items()}

    def owner(self, buyer: Buyer, report: OrderReport, terms: Policy, *, by_code: int | None) -> int | None:
        """Whom the order counts for by its buyer."""
        at, stand = report.as_of, self._stands.get(buyer.member_id)
        if stand is None or (stand.newest is not None and at < stand.newest):
            return self._singly(buyer, report, terms, by_code=by_code)
        step = rule.order(stand.customer, at=at, terms=terms.binding, decided=by_code)
        if step.verdict not in _QUIET:
            return self._singly(buyer, report, terms, by_code=by_code)
        if step.customer != stand.customer and step.customer.held is not None:
            self._longer[buyer.member_id] = step.customer.held
        stand.customer, stand.newest = step.customer, at
        facts = {} if by_code is None else {"decided": by_code}
        act = Act("order", at, terms.binding, self._channel(report), facts=facts)
        self._notes.append((buyer.member_id, act, step.verdict, step.owner))
        return step.owner

    def write(self) -> None:
        """Write what was put off: the bindings that last longer or are locked, and the evidence."""
        binding_rows.prolong(self._session, self._longer)
        binding_rows.note_all(self._session, self._notes)
        self._longer, self._notes = {}, []

    def _singly(self, buyer: Buyer, report: OrderReport, terms: Policy, *, by_code: int | None) -> int | None:
        self.write()
        self._stands.pop(buyer.member_id, None)
        at, name = report.as_of, self._channel(report).removeprefix("order:")
        return bindings.owner_for_order(
            self._session, buyer.member_id, order=name, policy=terms, at=at, now=at, decided=by_code
        )

    def _channel(self, report: OrderReport) -> str:
        return f"order:{self._merchant_id}:{report.order_no}"
