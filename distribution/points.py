"""Points: thanks that are never money, kept apart from it; given for checking in and small daily tasks, they expire."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, insert, select
from sqlalchemy.orm import Session

from distribution.refusals import Code, Refusal
from distribution.rules.calendar import day_bounds, day_of
from models import PointEntry
from models import tables as t

_d, _e, _o, _p, _v = t.distributor.c, t.point_entry.c, t.order.c, t.poster.c, t.visit.c
CHECK_IN, SEVENTH_DAY = 5, 20
LIFETIME = dt.timedelta(days=365)
#: Daily task → (what to do, points).
DAILY = {"poster": ("生成一张海报", 5), "visit": ("有客户打开你的链接", 5), "order": ("有客户下单", 10)}


@dataclass(frozen=True, slots=True)
class CheckIn:
    """A day's check-in: points given now (0 when it was done before), days in a row, balance."""

    points: int
    days: int
    balance: int


@dataclass(frozen=True, slots=True)
class Daily:
    """One of today's small tasks; done ones have given their points."""

    name: str
    words: str
    points: int
    done: bool


def balance(session: Session, distributor_id: int) -> int:
    """How many points somebody has."""
    newest = select(_e.balance).where(_e.distributor_id == distributor_id).order_by(_e.id.desc()).limit(1)
    return session.scalar(newest) or 0


def add(session: Session, distributor_id: int, points: int, *, cause: str, now: dt.datetime) -> bool:
    """Give points, once for each ``cause``; False when that was given before."""
    _lock(session, distributor_id)
    known = select(_e.id).where(_e.distributor_id == distributor_id, _e.cause == cause)
    if session.scalar(known) is not None:
        return False
    _write(session, distributor_id, points, cause=cause, expires_at=now + LIFETIME, now=now)
    return True


def take(session: Session, distributor_id: int, points: int, *, cause: str, now: dt.datetime) -> None:
    """Use points up, once for each ``cause``; Refusal insufficient, duplicate_reference."""
    _lock(session, distributor_id)
    known = select(_e.id).where(_e.distributor_id == distributor_id, _e.cause == cause)
    if session.scalar(known) is not None:
        raise Refusal(Code.DUPLICATE_REFERENCE, reference=cause)
    if points <= 0 or balance(session, distributor_id) < points:
        raise Refusal(Code.INSUFFICIENT, wanted=points)
    _write(session, distributor_id, -points, cause=cause, expires_at=None, now=now)


def check_in(session: Session, distributor_id: int, *, now: dt.datetime) -> CheckIn:
    """Check in for today, once a day; every seventh day in a row gives more."""
    today = day_of(now)
    before = _row_before(session, distributor_id, today)
    days = before + 1
    points = SEVENTH_DAY if days % 7 == 0 else CHECK_IN
    given = add(session, distributor_id, points, cause=f"check_in:{today}", now=now)
    return CheckIn(points if given else 0, days, balance(session, distributor_id))


def daily(session: Session, distributor_id: int, *, now: dt.datetime) -> list[Daily]:
    """Today's small tasks; what was done since gives its points now."""
    today = day_of(now)
    found = []
    for name, (words, points) in DAILY.items():
        done = session.scalar(_done(name, distributor_id, today)) is not None
        if done:
            add(session, distributor_id, points, cause=f"{name}:{today}", now=now)
        found.append(Daily(name, words, points, done))
    return found


def expire(session: Session, *, now: dt.datetime, limit: int = 500) -> int:
    """Take away what was given a year ago and not used since, the oldest used first; how many people."""
    given = func.sum(_e.points).filter(_e.points > 0, _e.expires_at <= now)
    used = -func.coalesce(func.sum(_e.points).filter(_e.points < 0), 0)
    rows = session.execute(
        select(_e.distributor_id, given - used).group_by(_e.distributor_id).having(given > used).limit(limit)
    ).all()
    for person, over in rows:
        _lock(session, person)
        _write(session, person, -int(over), cause=f"expiry:{now.isoformat()}", expires_at=None, now=now)
    return len(rows)


def history(session: Session, distributor_id: int, limit: int = 20) -> list[PointEntry]:
    """Somebody's points as they came and went, the newest first."""
    chosen = select(PointEntry).where(_e.distributor_id == distributor_id).order_by(_e.id.desc()).limit(limit)
    return list(session.scalars(chosen))


def _write(
    session: Session, person: int, points: int, *, cause: str, expires_at: dt.datetime | None, now: dt.datetime
) -> None:
    left = balance(session, person) + points
    values = {"distributor_id": person, "cause": cause, "points": points, "balance": left}
    session.execute(insert(t.point_entry).values(**values, expires_at=expires_at, at=now))


def _row_before(session: Session, person: int, today: dt.date) -> int:
    """How many days in a row before ``today`` somebody checked in."""
    causes = select(_e.cause).where(_e.distributor_id == person, _e.cause.startswith("check_in:"))
    days = {dt.date.fromisoformat(cause.removeprefix("check_in:")) for cause in session.scalars(causes)}
    row = 0
    while today - dt.timedelta(days=row + 1) in days:
        row += 1
    return row


def _done(name: str, person: int, today: dt.date) -> Select[Any]:
    since, until = day_bounds(today)
    ways: dict[str, tuple[Any, Any, Any]] = {
        "poster": (_p.id, _p.distributor_id, _p.created_at),
        "visit": (_v.id, _v.distributor_id, _v.at),
        "order": (_o.id, _o.l1_id, _o.paid_at),
    }
    key, who, moment = ways[name]
    return select(key).where(who == person, moment >= since, moment < until).limit(1)


def _lock(session: Session, person: int) -> None:
    session.execute(select(_d.id).where(_d.id == person).with_for_update())
