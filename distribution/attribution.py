"""Who an order belongs to and who shares in it, frozen when it is first heard of (R13, R16-R19, R60)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from distribution import agents, agreements, bindings, policy, standing, team
from distribution.policy import Policy
from distribution.rules import commission as rule
from distribution.rules.rates import Person
from distribution.rules.regions import SCOPES, Agent
from distribution.shapes import Decided
from models import Order
from models import tables as t
from models.states import DistributorState

_d = t.distributor.c


def attribute(session: Session, order: Order, code: str | None, decided: Decided | None = None) -> tuple[str, ...]:
    """Freeze the parties of an order; warnings for a code that is nobody's or somebody's who is not active.

    What was ``decided`` by hand stands; else a given code decides alone; else a distributor's own purchase is his, else
    the buyer's binding at the order's creation decides (R13). A position whose person is not active then stays empty
    for ever.
    """
    terms = policy.in_force(session, order.merchant_id, order.created_at)
    decided = decided or _decided_before(order)
    by_code = _active_with_code(session, code) if code and not decided else None
    attributed = decided.distributor_id if decided else by_code or _of_buyer(session, order)
    if by_code and _distributor_of(session, order.buyer_id) is None:
        _bound_to(session, order, decided=by_code)
    order.parties = parties(session, order, terms, attributed, decided=decided)
    places = places_of(order)
    ids = [place.person.id if place.person else None for place in places] + [None] * 3
    order.l1_id, order.l2_id, order.l3_id = ids[:3]
    return ("unknown_distributor",) if code and by_code is None and not decided else ()


def parties(
    session: Session, order: Order, terms: Policy, attributed: int | None, *, decided: Decided | None = None
) -> dict[str, Any]:
    """Who stands in which position of an order under ``terms``, and the agents of its region, as of its creation."""
    places, shared = _places(session, order, terms, attributed), _agents(session, order)
    return document(places, shared, region_of(order), attributed, decided=decided)


def document(
    places: Sequence[rule.Place],
    shared: Sequence[Agent],
    region: Mapping[str, str] | None,
    attributed: int | None,
    *,
    decided: Decided | None = None,
) -> dict[str, Any]:
    """The parties as they are kept with an order."""
    told: dict[str, Any] = {"places": [_told(each) for each in places], "attributed": attributed}
    if shared:
        told["agents"] = [{"who": agent.id, "scope": agent.scope} for agent in shared]
    if region:
        told["region"] = dict(region)
    if decided:
        told["decided"] = {"who": decided.distributor_id}
    return told


def origin(session: Session, order: Order, code: str | None) -> int | None:
    """The distributor an order is traced back to, whether or not that one may earn."""
    decided = _decided_before(order)
    if decided:
        return decided.distributor_id
    return (_active_with_code(session, code) if code else None) or _of_buyer(session, order)


def places_of(order: Order) -> list[rule.Place]:
    """The positions frozen with an order."""
    return read_places(order.parties)


def read_places(told: Mapping[str, Any]) -> list[rule.Place]:
    """The positions that ``parties`` wrote down."""
    return [_place(each) for each in told.get("places", [])]


def agents_of(order: Order) -> list[Agent]:
    """The regional agents frozen with an order."""
    return [Agent(told["who"], told["scope"]) for told in order.parties.get("agents", [])]  # type: ignore[attr-defined]


def terminated(session: Session, ids: set[int]) -> set[int]:
    """Who of them is gone for good; nobody goes before this transaction ends."""
    # The key-share lock waits for a termination under way, which voids what it sees, and then sees its outcome.
    found = select(_d.id, _d.state).where(_d.id.in_(ids)).order_by(_d.id).with_for_update(read=True, key_share=True)
    return {row.id for row in session.execute(found) if row.state == DistributorState.TERMINATED}


def _places(session: Session, order: Order, terms: Policy, attributed: int | None) -> list[rule.Place]:
    buyer = bindings.own_id(session, order.buyer_id) if order.buyer_id is not None else None
    uplines = team.uplines(session, attributed) if attributed else []
    found = rule.positions(terms, attributed=attributed, uplines=uplines, buyer=buyer)
    ids = [person for _, person, _ in found if person is not None]
    stood = standing.at(session, ids, order.created_at)
    own = agreements.of(session, order.merchant_id, ids, order.created_at)
    return [filled(kind, who, none, stood=stood, own=own) for kind, who, none in found]


def filled(
    kind: str,
    who: int | None,
    none: str | None,
    *,
    stood: Mapping[int, standing.Standing],
    own: Mapping[int, Mapping[str, int]],
) -> rule.Place:
    """A position with its person as he stood; empty where he was not active (R3)."""
    if who is None:
        return rule.Place(kind, None, none)
    if stood[who].state != DistributorState.ACTIVE:
        return rule.Place(kind, None, f"not_active:{stood[who].state}")
    return rule.Place(kind, Person(who, stood[who].level_name, own.get(who)))


def frozen_region(order: Order) -> Mapping[str, str] | None:
    """The codes of the region an order was sent to at its creation; None while no address was told."""
    told: Mapping[str, str] | None = (order.parties or {}).get("region")  # type: ignore[assignment]
    return told


def region_of(order: Order) -> Mapping[str, str] | None:
    """The region that counts: the first that was told (R60)."""
    return frozen_region(order) or codes_of(order.address)


def codes_of(address: Mapping[str, Any] | None) -> dict[str, str] | None:
    """The region codes an address names."""
    return {scope: str(address[scope]) for scope in SCOPES if address.get(scope)} or None if address else None


def _agents(session: Session, order: Order) -> list[Agent]:
    region = region_of(order)
    if region is None:
        return []
    found = agents.for_address(session, order.merchant_id, region, order.created_at)
    return [Agent(agent.distributor_id, agent.scope) for agent in found]


def _told(place: rule.Place) -> dict[str, Any]:
    if place.person is None:
        return {"kind": place.kind, "none": place.none}
    more = {"level": place.person.level, "personal": place.person.personal}
    return {"kind": place.kind, "who": place.person.id} | {name: value for name, value in more.items() if value}


def _place(told: dict[str, Any]) -> rule.Place:
    if "who" not in told:
        return rule.Place(told["kind"], None, told["none"])
    return rule.Place(told["kind"], Person(told["who"], told.get("level"), told.get("personal")))


def _decided_before(order: Order) -> Decided | None:
    told = (order.parties or {}).get("decided")
    return Decided(told["who"]) if isinstance(told, dict) else None


def _active_with_code(session: Session, code: str) -> int | None:
    found = select(_d.id).where(_d.code == code.strip().upper(), _d.state == DistributorState.ACTIVE)
    return session.scalar(found)


def _distributor_of(session: Session, member_id: int | None) -> int | None:
    if member_id is None:
        return None
    stands = or_(_d.state == DistributorState.ACTIVE, _d.state == DistributorState.FROZEN)
    return session.scalar(select(_d.id).where(_d.member_id == member_id, stands))


def _of_buyer(session: Session, order: Order) -> int | None:
    return _distributor_of(session, order.buyer_id) or _bound_to(session, order)


def _bound_to(session: Session, order: Order, *, decided: int | None = None) -> int | None:
    """Whose customer the buyer is when the order is created, which may rebind, renew or lock (R11-R14)."""
    if order.buyer_id is None:
        return None
    name, at = f"{order.merchant_id}:{order.order_no}", order.created_at
    terms = policy.in_force(session, order.merchant_id, at)
    return bindings.owner_for_order(session, order.buyer_id, order=name, policy=terms, at=at, now=at, decided=decided)
