"""Who buys from each other in a circle, or shares what should be one person's own; read from the rows."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from distribution.rules import compliance as rule
from distribution.rules import masking
from distribution.rules.compliance import Limits
from models import tables as t
from models.states import DistributorState

_d, _m, _o, _w = t.distributor.c, t.member.c, t.order.c, t.withdrawal.c
_STANDING = (DistributorState.ACTIVE, DistributorState.FROZEN)
_WORDS = {"phone": "手机号", "payee": "收款姓名和邀请人", "account": "商城账号"}


@dataclass(frozen=True, slots=True)
class Ring:
    """People to be looked at together; ``shared`` names what they have in common, empty for a circle of purchases.

    ``orders``, for two alone: how many each bought from the other. Two may be a couple, so that nothing is held.
    """

    people: tuple[int, ...]
    shared: str = ""
    orders: tuple[int, ...] = ()

    @property
    def subject(self) -> str:
        """The same for the same people, whatever was found."""
        return "ring:" + "-".join(map(str, self.people))


def find(session: Session, limits: Limits, *, now: dt.datetime) -> list[Ring]:
    """Every ring of the last days: circles of purchases, then shared phones, payees, mall accounts, then pairs."""
    since = now - dt.timedelta(days=limits.ring_days)
    bought = _bought_from(session, since)
    circles = rule.circles(bought, limits.ring_people)
    found = [Ring(tuple(sorted(group))) for group in circles]
    for mark, people in rule.sharing(_marks(session, since), limits.ring_people):
        found.append(Ring(tuple(sorted(people)), _WORDS[mark.partition(":")[0]]))
    for one, other in rule.pairs(bought, _sold(session, bought, since), limits):
        if not any({one, other} <= group for group in circles):
            found.append(Ring((one, other), orders=(bought[one][other], bought[other][one])))
    return list({ring.subject: ring for ring in reversed(found)}.values())


def reason(session: Session, ring: Ring, person: int, limits: Limits) -> str:
    """What one of the ring may read about it; the others by their masked names."""
    others = session.execute(select(_d.id, _d.name).where(_d.id.in_(ring.people)).order_by(_d.id))
    names = "、".join(masking.name(name) for who, name in others if who != person)
    if ring.shared:
        return f"你和 {names} 用了相同的{ring.shared}。"
    return f"你和 {names} 在近 {limits.ring_days} 天里互相下单，绕成了一圈。"


def _bought_from(session: Session, since: dt.datetime) -> dict[int, dict[int, int]]:
    """Distributor → the distributors on whose account that one bought as a customer, with how many orders."""
    bought: dict[int, dict[int, int]] = defaultdict(dict)
    rows = session.execute(
        select(_d.id, _o.l1_id, func.count())
        .join(t.order, _o.buyer_id == _d.member_id)
        .where(_o.paid_at >= since, _o.l1_id.is_not(None), _o.l1_id != _d.id, _d.state.in_(_STANDING))
        .group_by(_d.id, _o.l1_id)
    )
    for buyer, seller, orders in rows:
        bought[buyer][seller] = orders
    return bought


def _sold(session: Session, bought: Mapping[int, Mapping[int, int]], since: dt.datetime) -> dict[int, int]:
    """How many orders of the same days counted for each of those who bought from each other."""
    both = {one for one, sellers in bought.items() for other in sellers if one in bought.get(other, {})}
    rows = session.execute(
        select(_o.l1_id, func.count()).where(_o.paid_at >= since, _o.l1_id.in_(both)).group_by(_o.l1_id)
    )
    return {seller: orders for seller, orders in rows}


def _marks(session: Session, since: dt.datetime) -> dict[int, set[str]]:
    marks: dict[int, set[str]] = defaultdict(set)
    for kind, question in (("phone", _phones()), ("payee", _payees(since)), ("account", _accounts(since))):
        for person, *told in session.execute(question):
            if all(part is not None for part in told):
                marks[person].add(":".join([kind, *map(str, told)]))
    return marks


def _phones() -> Select[Any]:
    return select(_d.id, _d.phone).where(_d.state.in_(_STANDING))


def _payees(since: dt.datetime) -> Select[Any]:
    """Names are common: the same name counts only below the same inviter."""
    paid = select(_d.id, _w.payee_name, _d.inviter_id).join(t.withdrawal, _w.distributor_id == _d.id)
    return paid.where(_w.requested_at >= since, _d.inviter_id.is_not(None))


def _accounts(since: dt.datetime) -> Select[Any]:
    bought = select(_d.id, _o.merchant_id, _o.buyer_external_id).join(t.order, _o.buyer_id == _d.member_id)
    return bought.where(_o.paid_at >= since, _o.buyer_external_id.is_not(None), _d.state.in_(_STANDING))
