"""Whose customer somebody is: what a click, an order or the merchant's hand makes of it, in four modes (R10-R15)."""

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum

from distribution.policy_parts import BindingTerms


class Verdict(StrEnum):
    """What came of it."""

    BIND = "bind"
    KEEP = "keep"
    SELF = "self"
    INVITE = "invited"
    NOT_NEW = "not_new"
    RENEW = "renewed"
    REBIND = "rebound"
    LOCK = "locked"
    NOBODY = "nobody"
    UNBIND = "unbound"
    TRANSFER = "transferred"
    RELEASE = "released"


@dataclass(frozen=True, slots=True)
class Held:
    """A customer's binding: valid in ``[bound_at, valid_until)``; None = for ever."""

    distributor_id: int
    bound_at: dt.datetime
    valid_until: dt.datetime | None = None
    protected_until: dt.datetime | None = None
    locked: bool = False

    def in_force(self, at: dt.datetime) -> bool:
        """Whether the term is not over at ``at``."""
        return self.valid_until is None or at < self.valid_until


@dataclass(frozen=True, slots=True)
class Invitation:
    """A competitor whom the first order before ``until`` makes the new one (R11)."""

    distributor_id: int
    made_at: dt.datetime
    until: dt.datetime


@dataclass(frozen=True, slots=True)
class Customer:
    """What is known of a customer; ``new_since`` is when the merchant first met the person (None: not asked)."""

    held: Held | None = None
    invitation: Invitation | None = None
    new_since: dt.datetime | None = None

    def holder(self, at: dt.datetime) -> Held | None:
        """The binding in force at ``at``."""
        return self.held if self.held is not None and self.held.in_force(at) else None


@dataclass(frozen=True, slots=True)
class Step:
    """The customer afterwards, and what came of it; ``owner`` is whose customer it was in that moment."""

    customer: Customer
    verdict: Verdict
    owner: int | None = None


def click(customer: Customer, *, clicked: int, own: int | None, at: dt.datetime, terms: BindingTerms) -> Step:
    """Somebody came by the code of ``clicked`` at ``at``; ``own`` is the distributor the customer is himself."""
    if own == clicked:
        return Step(customer, Verdict.SELF)
    held = customer.holder(at)
    if held is None:
        if not _is_new(customer, at, terms):
            return Step(customer, Verdict.NOT_NEW)
        return _bound(customer, clicked, Verdict.BIND, at=at, terms=terms)
    if held.distributor_id == clicked or held.locked:
        return Step(customer, Verdict.KEEP, held.distributor_id)
    return _compete(customer, held, clicked, at=at, terms=terms)


def order(
    customer: Customer, *, at: dt.datetime, terms: BindingTerms, decided: int | None = None, invited: bool = True
) -> Step:
    """An order is created at ``at``; ``owner`` of the answer is whom it counts for.

    ``decided``: the order came with this distributor's code, which binds nobody. ``invited`` is False where whoever
    made the open invitation may not earn now.
    """
    held, invitation = customer.holder(at), customer.invitation
    if decided is not None and (held is None or held.distributor_id != decided):
        return Step(customer, Verdict.KEEP, decided)
    after = replace(customer, invitation=None)
    if decided is None and invited and invitation is not None and at < invitation.until:
        return _bound(after, invitation.distributor_id, Verdict.REBIND, at=at, terms=terms)
    if held is None:
        return Step(after, Verdict.NOBODY)
    return _ordered(after, held, at, terms)


def transfer(customer: Customer, *, to: int, at: dt.datetime, terms: BindingTerms) -> Step:
    """The merchant gives the customer to ``to``, for a full new term (R15); what an order locked stays locked."""
    held = customer.holder(at)
    moved = _bound(replace(customer, invitation=None), to, Verdict.TRANSFER, at=at, terms=terms)
    if held is None or not held.locked or moved.customer.held is None:
        return moved
    return replace(moved, customer=replace(moved.customer, held=replace(moved.customer.held, locked=True)))


def end(customer: Customer, verdict: Verdict) -> Step:
    """The customer belongs to nobody from now on, and nobody's invitation is open (R15)."""
    return Step(replace(customer, held=None, invitation=None), verdict)


def _compete(customer: Customer, held: Held, clicked: int, *, at: dt.datetime, terms: BindingTerms) -> Step:
    if terms.mode in ("last_click", "first_order"):
        return _bound(customer, clicked, Verdict.BIND, at=at, terms=terms)
    protected = held.protected_until is not None and at < held.protected_until
    if terms.mode == "first_forever" or protected:
        return Step(customer, Verdict.KEEP, held.distributor_id)
    if terms.compete == "click":
        return _bound(customer, clicked, Verdict.BIND, at=at, terms=terms)
    made = Invitation(clicked, at, at + dt.timedelta(hours=terms.compete_ttl_hours))
    return Step(replace(customer, invitation=made), Verdict.INVITE, held.distributor_id)


def _ordered(customer: Customer, held: Held, at: dt.datetime, terms: BindingTerms) -> Step:
    owner = held.distributor_id
    if terms.mode == "first_order" and not held.locked:
        return Step(replace(customer, held=replace(held, locked=True)), Verdict.LOCK, owner)
    if terms.mode != "window" or not terms.renew_on_order:
        return Step(customer, Verdict.KEEP, owner)
    fresh = _held(owner, at, terms)
    # A renewal takes nothing away, whatever the terms are by now.
    valid = max(held.valid_until, fresh.valid_until) if held.valid_until and fresh.valid_until else None
    protected = max(held.protected_until or at, fresh.protected_until or at)
    longer = replace(held, valid_until=valid, protected_until=protected)
    return Step(replace(customer, held=longer), Verdict.RENEW, owner)


def _bound(customer: Customer, to: int, verdict: Verdict, *, at: dt.datetime, terms: BindingTerms) -> Step:
    return Step(replace(customer, held=_held(to, at, terms)), verdict, to)


def _held(distributor_id: int, at: dt.datetime, terms: BindingTerms) -> Held:
    if terms.mode != "window":
        return Held(distributor_id, at)
    valid, protected = dt.timedelta(days=terms.valid_days), dt.timedelta(days=terms.protect_days)
    return Held(distributor_id, at, at + valid, at + protected)


def _is_new(customer: Customer, at: dt.datetime, terms: BindingTerms) -> bool:
    if terms.new_window_seconds is None or customer.new_since is None:
        return True
    return customer.new_since <= at < customer.new_since + dt.timedelta(seconds=terms.new_window_seconds)
