"""Invented orders, priced as a real one would be: every place with its sum and reason, nothing written (佣金试算)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import attribution, members, replay
from distribution.policy import Policy
from distribution.refusals import Code, Refusal
from distribution.rules import commission
from distribution.rules.commission import Place
from distribution.rules.goods import Deductions, Line
from distribution.rules.rates import Person
from distribution.rules.regions import Agent
from models import Order
from models import tables as t
from models.states import OrderState

_d = t.distributor.c
#: Below every real id.
_INVENTED = {-1: "推广人", -2: "邀请人", -3: "上级邀请人"}


@dataclass(frozen=True, slots=True)
class SampleOrder:
    """An order that nobody placed; ``seller`` None: invented people with these ``levels`` (l1, l2, l3)."""

    lines: Sequence[Line]
    off: Deductions = field(default_factory=Deductions)
    seller: str | None = None
    levels: Sequence[str | None] = ()
    #: The one who sells is the buyer.
    own_purchase: bool = False
    address: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What one place on one line earns: ``why`` as explanations hold it, or the ``reason`` why it is nothing."""

    line_no: int
    kind: str
    who: str | None
    fen: int
    why: dict[str, Any]
    reason: str | None


def price(session: Session, merchant_id: int, terms: Policy, sample: SampleOrder, *, now: dt.datetime) -> list[Told]:
    """Every place of the order under ``terms``, created ``now``; Refusal unknown_invite_code for a seller nobody is."""
    places, agents = _parties(session, merchant_id, terms, sample, now=now)
    outcomes = replay.sample(terms, sample.lines, sample.off, places, agents=agents)
    names = _names(session, {one.who for one in outcomes if one.who}) if sample.seller or agents else {}
    if sample.seller is None:
        names |= _INVENTED
    return [Told(one.line_no, one.kind, names.get(one.who or 0), one.fen, one.why, one.reason) for one in outcomes]


def _parties(
    session: Session, merchant_id: int, terms: Policy, sample: SampleOrder, *, now: dt.datetime
) -> tuple[list[Place], list[Agent]]:
    seller = members.find_by_code(session, sample.seller) if sample.seller else None
    if sample.seller and seller is None:
        raise Refusal(Code.UNKNOWN_INVITE_CODE, invite_code=sample.seller)
    order = Order(
        merchant_id=merchant_id, order_no="", state=OrderState.UNPAID, version=1, created_at=now,
        buyer_id=seller.member_id if seller and sample.own_purchase else None,
        address=dict(sample.address) if sample.address else None,
    )  # fmt: skip
    order.parties = attribution.parties(session, order, terms, seller.id if seller else None)
    agents = attribution.agents_of(order)
    return (attribution.places_of(order) if seller else _invented(terms, sample)), agents


def _invented(terms: Policy, sample: SampleOrder) -> list[Place]:
    levels = [*sample.levels, None, None, None]
    found = commission.positions(terms, attributed=-1, uplines=(-2, -3), buyer=-1 if sample.own_purchase else None)
    return [
        Place(kind, None, none) if who is None else Place(kind, Person(who, levels[-who - 1]))
        for kind, who, none in found
    ]


def _names(session: Session, ids: set[int]) -> dict[int, str]:
    rows = session.execute(select(_d.id, _d.name, _d.code).where(_d.id.in_(ids)))
    return {row.id: f"{row.name} {row.code}" for row in rows}


def known(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """(code, name) of distributors by id."""
    found: dict[int, tuple[str, str]] = {}
    for first in range(0, len(ids), 500):
        some = select(_d.id, _d.code, _d.name).where(_d.id.in_(ids[first : first + 500]))
        found |= {row.id: (row.code, row.name) for row in session.execute(some)}
    return found
