"""A customer who wants another distributor: a dispute that the customer opens and the merchant decides."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from distribution import binding_rows, disputes
from distribution.refusals import Code, Refusal
from models import Dispute, Distributor
from models import tables as t
from models.states import DistributorState

_d, _e, _x = t.distributor.c, t.binding_event.c, t.dispute.c
#: Whose code a customer came by so long ago, or whom a merchant decided about, is not asked about any more.
_SEEN_WITHIN, _SETTLED_FOR = dt.timedelta(days=90), dt.timedelta(days=7)
_MOST = 20


def others(session: Session, member_id: int, holder_id: int, *, now: dt.datetime) -> list[Distributor]:
    """Active distributors by whose codes and links a customer came, the newest first; not the holder, not himself."""
    came = (_e.member_id == member_id, _e.act == "click", _e.at > now - _SEEN_WITHIN, _e.distributor_id != holder_id)
    last = select(_e.distributor_id, func.max(_e.id).label("last")).where(*came).group_by(_e.distributor_id).subquery()
    found = (
        select(Distributor)
        .join(last, last.c.distributor_id == _d.id)
        .where(_d.state == DistributorState.ACTIVE, _d.member_id != member_id)
        .order_by(last.c.last.desc())
        .limit(_MOST)
    )
    return list(session.scalars(found))


def ask(session: Session, member_id: int, to: int, *, now: dt.datetime) -> Dispute:
    """Write down that a customer wants to be served by an active distributor; both distributors hear of it.

    Raises Refusal too_many while one is open, or for a week after it was decided; illegal_state where ``to`` is not
    active; self; not_found.
    """
    person = session.get(Distributor, to)
    if person is None or person.state != DistributorState.ACTIVE:
        raise Refusal(Code.ILLEGAL_STATE, what="distributor")
    if person.member_id == member_id:
        raise Refusal(Code.SELF)
    binding_rows.lock(session, member_id)
    standing = of_customer(session, member_id, now=now)
    if standing is not None:
        raise Refusal(Code.TOO_MANY, what="dispute")
    by = f"member:{member_id}"
    return disputes.claim(session, member_id, to, words="客户本人申请换成这位", by=by, now=now)


def of_customer(session: Session, member_id: int, *, now: dt.datetime) -> Dispute | None:
    """The dispute about a customer that is open, or that the customer opened and a merchant decided within a week."""
    mine = _x.opened_by == f"member:{member_id}"
    fresh = _x.decided_at.is_(None) | (mine & (_x.decided_at > now - _SETTLED_FOR))
    return session.scalars(select(Dispute).where(_x.member_id == member_id, fresh).order_by(_x.id.desc())).first()
