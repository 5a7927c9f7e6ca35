"""Contests: prizes for the best net sales of a period, paid when no refund can change them any more (R53)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import audit, bonuses, notices, period_sales
from distribution.refusals import Code, Refusal
from distribution.rules import ranking as rule
from distribution.rules.calendar import shown_full
from distribution.rules.money import yuan
from models import Contest, ContestPlace
from models import tables as t
from models.states import DistributorState

_c, _d, _p = t.contest.c, t.distributor.c, t.contest_place.c
NAME_MOST, PRIZES_MOST = 30, 100


def create(
    session: Session,
    merchant_id: int,
    *,
    name: str,
    prizes_fen: Sequence[int],
    span: tuple[dt.datetime, dt.datetime],
    by: str,
    now: dt.datetime,
) -> Contest:
    """Open a contest with a prize for the first, second … place; Refusal invalid_task. Without prizes it only ranks."""
    name = name.strip()
    sane = len(prizes_fen) <= PRIZES_MOST and all(fen >= 0 for fen in prizes_fen)
    if not name or len(name) > NAME_MOST or span[0] >= span[1] or not sane:
        raise Refusal(Code.INVALID_TASK)
    row = Contest(
        merchant_id=merchant_id, name=name, prizes_fen=list(prizes_fen), from_at=span[0], until_at=span[1],
        state="open", created_by=by, created_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _note(session, row, "contest.created", by=by, now=now)
    return row


def stop(session: Session, contest_id: int, *, by: str, now: dt.datetime) -> Contest:
    """Call a contest off; Refusal not_found, illegal_state."""
    row = get(session, contest_id, lock=True)
    if row.state != "open":
        raise Refusal(Code.ILLEGAL_STATE, state=row.state, wanted="stopped")
    row.state, row.ended_at = "stopped", now
    session.flush()
    _note(session, row, "contest.stopped", by=by, now=now)
    return row


def get(session: Session, contest_id: int, *, lock: bool = False) -> Contest:
    """The contest; Refusal not_found."""
    row = session.get(Contest, contest_id, with_for_update=lock or None, populate_existing=lock)
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="contest")
    return row


def evaluate(session: Session, contest_id: int, *, now: dt.datetime) -> list[rule.Place]:
    """Fix the places and pay the prizes, once every order of the period is decided; until then nothing.

    A place belongs to who is active then: others are passed over, as if without sales.
    """
    row = get(session, contest_id, lock=True)
    if row.state != "open" or not period_sales.may_be_final(session, row.merchant_id, row.until_at, now=now):
        return []
    sold = period_sales.of_period(session, row.merchant_id, (row.from_at, row.until_at), now=now)
    if any(sales.undecided for sales in sold):
        return []
    active = set(session.scalars(select(_d.id).where(_d.state == DistributorState.ACTIVE)))
    entries = [
        rule.Entry(sales.distributor_id, sales.net_fen, sales.reached_at)
        for sales in sold
        if sales.reached_at is not None and sales.distributor_id in active
    ]
    places = rule.places(entries, row.prizes_fen)
    for place in places:
        _settle(session, row, place, now=now)
    row.state, row.ended_at = "done", now
    session.flush()
    _note(session, row, "contest.done", by="clock", now=now)
    return places


def due(session: Session, *, now: dt.datetime) -> list[int]:
    """Contests whose time is over and that are not done."""
    return list(session.scalars(select(_c.id).where(_c.state == "open", _c.until_at <= now).order_by(_c.id)))


def results(session: Session, contest_id: int) -> list[dict[str, Any]]:
    """The final places, the first one first: place, code, name, net_fen, reached_at, prize_fen."""
    rows = session.execute(
        select(_p.place, _d.code, _d.name, _p.net_fen, _p.reached_at, _p.prize_fen)
        .join(t.distributor, _d.id == _p.distributor_id)
        .where(_p.contest_id == contest_id)
        .order_by(_p.place)
    )
    return [dict(row._mapping) for row in rows]


def list_of(session: Session, merchant_id: int) -> list[Contest]:
    """A merchant's contests, the newest first."""
    chosen = select(Contest).where(_c.merchant_id == merchant_id).order_by(_c.id.desc()).limit(100)
    return list(session.scalars(chosen))


def _settle(session: Session, row: Contest, place: rule.Place, *, now: dt.datetime) -> None:
    session.add(
        ContestPlace(
            contest_id=row.id, distributor_id=place.who, place=place.place, net_fen=place.net_fen,
            reached_at=place.reached_at, prize_fen=place.prize_fen,
        )
    )  # fmt: skip
    session.flush()
    if place.prize_fen:
        why = {"name": f"{row.name} 第 {place.place} 名", "contest_id": row.id, "net_fen": place.net_fen}
        bonuses.credit(
            session, merchant_id=row.merchant_id, distributor_id=place.who, fen=place.prize_fen, kind="prize",
            reference=f"contest:{row.id}:{place.who}", why=why | {"place": place.place}, by="clock", now=now,
        )  # fmt: skip
    else:
        _tell(session, row, place, now=now)


def _tell(session: Session, row: Contest, place: rule.Place, *, now: dt.datetime) -> None:
    notices.tell(
        session,
        place.who,
        "ranking",
        f"“{row.name}”结果出来了：你是第 {place.place} 名，成交 {yuan(place.net_fen)}。",
        once=f"contest:{row.id}:{place.who}",
        facts={"thing": "排行结果", "status": f"第 {place.place} 名", "time": shown_full(now)},
        now=now,
    )


def _note(session: Session, row: Contest, action: str, *, by: str, now: dt.datetime) -> None:
    facts = {"name": row.name}
    subject = f"contest:{row.id}"
    audit.write(session, actor=by, action=action, subject=subject, merchant_id=row.merchant_id, facts=facts, now=now)
