"""One act after the other on a customer; one that is heard of late is put in its place and what followed is redone."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import binding_notices, binding_rows, standing
from distribution.binding_rows import Act, Span
from distribution.rules import binding as rule
from distribution.rules.binding import Customer, Step, Verdict
from models import tables as t
from models.states import DistributorState


def perform(session: Session, member_id: int, act: Act, *, now: dt.datetime, told: bool = True) -> Step:
    """Do ``act`` to the customer, as if everything had been heard of in the order in which it happened.

    Orders made in between keep whom they counted for (R16). ``told``: winners and losers hear of it.
    """
    met = binding_rows.lock(session, member_id)
    before = binding_rows.load(session, member_id, met)
    newest = binding_rows.newest(session, member_id)
    if newest is not None and act.at < newest:
        step = _insert(session, member_id, act, before)
    else:
        step = _step(session, before, act)
        binding_rows.save(session, member_id, before, step.customer, at=act.at)
    who = act.distributor_id if act.act == "click" else step.owner
    binding_rows.note(session, member_id, act, str(step.verdict), who=who)
    if told:
        after = binding_rows.load(session, member_id, met)
        binding_notices.changed(session, member_id, before, after, act=act, now=now)
    return step


def _insert(session: Session, member_id: int, act: Act, before: Customer) -> Step:
    """Everything once more with ``act`` in its place; evidence is added, never changed."""
    held = [each for each in binding_rows.acts(session, member_id, act.terms) if not _same_order(each, act)]
    place = sum(1 for each in held if each.at <= act.at)
    spans: list[Span] = []
    customer, mine = Customer(None, None, before.new_since), None
    for each in [*held[:place], act, *held[place:]]:
        step = _step(session, customer, each)
        mine = step if each is act else mine
        _follow(spans, customer, step.customer, each.at)
        customer = step.customer
    for span in binding_rows.rewrite(session, member_id, spans, customer.invitation):
        if span.held.bound_at != act.at:
            late = Act("", span.held.bound_at, act.terms, act.channel, facts={"after": act.act})
            binding_rows.note(session, member_id, late, "bind", who=span.held.distributor_id, derived=True)
    assert mine is not None
    return mine


def _follow(spans: list[Span], before: Customer, after: Customer, at: dt.datetime) -> None:
    old, new = before.held, after.held
    if old is not None and (new is None or (old.distributor_id, old.bound_at) != (new.distributor_id, new.bound_at)):
        spans[-1] = Span(old, min(at, old.valid_until or at))
        old = None
    if new is not None:
        spans[-1 if old is not None else len(spans) :] = [Span(new)]


def _step(session: Session, customer: Customer, act: Act) -> Step:
    if act.act == "click" and act.distributor_id is not None:
        return rule.click(customer, clicked=act.distributor_id, own=None, at=act.at, terms=act.terms)
    if act.act == "order":
        decided = act.facts.get("decided")
        return rule.order(
            customer, at=act.at, terms=act.terms, decided=decided, invited=_may_earn(session, customer, act)
        )
    if act.act == "transfer" and act.distributor_id is not None:
        return rule.transfer(customer, to=act.distributor_id, at=act.at, terms=act.terms)
    if act.act == "release":
        return _released(customer, act)
    return rule.end(customer, Verdict.UNBIND)


def _released(customer: Customer, act: Act) -> Step:
    """Whoever is gone loses what is his, and nothing else."""
    held, invitation = customer.held, customer.invitation
    if held is not None and held.distributor_id == act.distributor_id:
        held = None
    if invitation is not None and invitation.distributor_id == act.distributor_id:
        invitation = None
    return Step(Customer(held, invitation, customer.new_since), Verdict.RELEASE, act.distributor_id)


def _may_earn(session: Session, customer: Customer, act: Act) -> bool:
    if customer.invitation is None:
        return True
    who = customer.invitation.distributor_id
    return standing.at(session, [who], act.at)[who].state == DistributorState.ACTIVE


def _same_order(one: Act, other: Act) -> bool:
    return one.act == other.act == "order" and one.channel == other.channel


def active(session: Session, distributor_id: int) -> bool:
    """Whether somebody may be given customers; nobody goes before this transaction ends."""
    d = t.distributor.c
    # Waits for a termination under way, which sets free the customers it sees.
    found = select(d.state).where(d.id == distributor_id).with_for_update(read=True, key_share=True)
    return session.scalar(found) == DistributorState.ACTIVE
