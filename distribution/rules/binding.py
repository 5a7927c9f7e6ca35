"""Whose customer somebody is after a click or a scan (R10-R14)."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from distribution.policy_parts import BindingTerms


class Verdict(StrEnum):
    """What a click does to a customer's binding."""

    BIND = "bind"
    KEEP = "keep"
    SELF = "self"


@dataclass(frozen=True, slots=True)
class Held:
    """The binding a customer has now; it is valid in ``[bound_at, valid_until)``."""

    distributor_id: int
    valid_until: dt.datetime | None


def decide(held: Held | None, *, clicked: int, own: int | None, at: dt.datetime) -> Verdict:
    """A free customer is bound by the first click; a bound one stays until the term ends (R10, R12)."""
    if own == clicked:
        return Verdict.SELF
    if held is None or (held.valid_until is not None and at >= held.valid_until):
        return Verdict.BIND
    return Verdict.KEEP


def valid_until(terms: BindingTerms, bound_at: dt.datetime) -> dt.datetime:
    """The first moment at which a binding made at ``bound_at`` is over."""
    return bound_at + dt.timedelta(days=terms.valid_days)
