"""Quiet hours: when a merchant's people are left in peace, unless it is about their money."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from distribution import policy
from distribution.rules.calendar import SHANGHAI, local
from models import tables as t


def until(session: Session, merchant_id: int | None, *, now: dt.datetime) -> dt.datetime | None:
    """When the quiet hours that are running now end; None outside of them. Without a merchant: the first one's."""
    if merchant_id is None:
        merchant_id = session.scalar(select(func.min(t.merchant.c.id)))
    if merchant_id is None:
        return None
    return end_of(policy.in_force(session, merchant_id, now).quiet_hours, now)


def end_of(hours: tuple[int, int] | None, now: dt.datetime) -> dt.datetime | None:
    """The end of the running quiet hours (from, until) in Shanghai; (22, 8) spans midnight, (8, 8) is never."""
    if hours is None or hours[0] == hours[1]:
        return None
    start, end = hours
    there = local(now)
    quiet = start <= there.hour < end if start < end else there.hour >= start or there.hour < end
    if not quiet:
        return None
    day = there.date() + dt.timedelta(days=1 if there.hour >= end else 0)
    return dt.datetime.combine(day, dt.time(end), SHANGHAI).astimezone(dt.UTC)
