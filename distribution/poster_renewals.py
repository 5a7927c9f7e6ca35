"""Posters whose code is about to die: those still in use get a new one, a bounded number a day."""

import datetime as dt
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from distribution import outbox
from distribution.rules.calendar import SHANGHAI, day_of, shown_day
from models import tables as t
from models.states import DistributorState

#: A code is made anew when it has so long to live, for a poster that was wanted within so long.
BEFORE, ASKED_WITHIN = dt.timedelta(days=3), dt.timedelta(days=60)
#: One that died longer ago is in nobody's hands any more.
_GONE = dt.timedelta(days=7)
#: WeChat makes 100,000 codes a day for an account; people who ask come first. Nobody is sent a heap at once.
PER_DAY, PER_PERSON = 2_000, 3
_MORNING = dt.time(9)
_p, _s, _d, _m, _product = t.poster.c, t.scene.c, t.distributor.c, t.member.c, t.product.c


def put(session: Session, *, now: dt.datetime, limit: int = PER_DAY) -> int:
    """Have today's dying codes made anew and their posters sent from nine in the morning on; how many."""
    day = day_of(now)
    found = session.execute(_dying(now, limit)).all()
    morning = dt.datetime.combine(day, _MORNING, SHANGHAI).astimezone(dt.UTC)
    put_now = 0
    for poster_id, member_id, ends in found:
        facts, once = {"poster_id": poster_id, "renew": shown_day(ends)}, f"renew:{poster_id}:{day}"
        put_now += outbox.put(
            session, "poster", facts, once=once, member_id=member_id, now=now, not_before=max(now, morning)
        )
    return put_now


def anything(session: Session) -> bool:
    """Whether any poster bears a code that can die."""
    asked = (
        select(_p.id).join(t.scene, _s.id == _p.scene_id).where(_p.asked_at.is_not(None), _s.expires_at.is_not(None))
    )
    return session.scalar(asked.limit(1)) is not None


def _dying(now: dt.datetime, limit: int) -> Select[Any]:
    place = func.row_number().over(partition_by=_p.distributor_id, order_by=(_p.asked_at.desc(), _p.id.desc()))
    in_use = (
        select(_p.id, _d.member_id, _s.expires_at, place.label("place"))
        .join(t.scene, _s.id == _p.scene_id)
        .join(t.distributor, _d.id == _p.distributor_id)
        .join(t.member, _m.id == _d.member_id)
        .outerjoin(t.product, _product.id == _p.product_id)
        .where(_p.asked_at >= now - ASKED_WITHIN, _s.expires_at <= now + BEFORE, _s.expires_at > now - _GONE)
        .where(_d.state == DistributorState.ACTIVE, _m.following, _m.notices)
        .where(or_(_p.product_id.is_(None), _product.unavailable_since.is_(None)))
        .subquery()
    )
    chosen = select(in_use.c.id, in_use.c.member_id, in_use.c.expires_at).where(in_use.c.place <= PER_PERSON)
    return chosen.order_by(in_use.c.expires_at, in_use.c.id).limit(limit)
