"""Tasks: goals of net sales with a stage bonus, paid after the last possible refund (R52); never for heads (R4)."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from distribution import audit, bonuses, people_of, period_sales
from distribution.period_sales import Sales
from distribution.refusals import Code, Refusal
from distribution.rules import audience as audience_rule
from distribution.rules import task as rule
from distribution.rules.task import Tier
from models import Task, TaskResult
from models import tables as t
from models.states import DistributorState

_d, _r, _t = t.distributor.c, t.task_result.c, t.task.c
NAME_MOST = 30
Kind = Literal["sales", "invited"]
Mode = Literal["highest", "cumulative"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How far somebody is in a task now; ``next`` is the tier that is not reached yet."""

    task: Task
    net_fen: int
    bonus_fen: int
    next: Tier | None
    final: bool


def create(
    session: Session,
    merchant_id: int,
    *,
    name: str,
    kind: Kind,
    mode: Mode,
    tiers: Iterable[Tier],
    span: tuple[dt.datetime, dt.datetime],
    audience: Mapping[str, Any],
    by: str,
    now: dt.datetime,
) -> Task:
    """Open a task; Refusal invalid_task (no name, no time, no sane tier), empty_audience."""
    listed, name = rule.clean(tiers), name.strip()
    if not name or len(name) > NAME_MOST or span[0] >= span[1] or kind not in ("sales", "invited"):
        raise Refusal(Code.INVALID_TASK)
    row = Task(
        merchant_id=merchant_id, name=name, kind=kind, mode=mode, tiers=[_written(tier) for tier in listed],
        audience=audience_rule.clean(audience), from_at=span[0], until_at=span[1], state="open", created_by=by,
        created_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _note(session, row, "task.created", by=by, now=now)
    return row


def stop(session: Session, task_id: int, *, by: str, now: dt.datetime) -> Task:
    """Call a task off before anything was paid; Refusal not_found, illegal_state."""
    row = get(session, task_id, lock=True)
    paid = session.scalar(select(func.count()).where(_r.task_id == row.id))
    if row.state != "open" or paid:
        raise Refusal(Code.ILLEGAL_STATE, state=row.state, wanted="stopped")
    row.state, row.ended_at = "stopped", now
    session.flush()
    _note(session, row, "task.stopped", by=by, now=now)
    return row


def get(session: Session, task_id: int, *, lock: bool = False) -> Task:
    """The task; Refusal not_found."""
    row = session.get(Task, task_id, with_for_update=lock or None, populate_existing=lock)
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="task")
    return row


def evaluate(session: Session, task_id: int, *, now: dt.datetime) -> int:
    """Write the result of everybody whose sales of the task's time cannot change any more, and pay; how many.

    The task is done when nobody's sales are undecided. Nothing happens before the last refund is past.
    """
    row = get(session, task_id, lock=True)
    if row.state != "open" or not period_sales.may_be_final(session, row.merchant_id, row.until_at, now=now):
        return 0
    sold = {sales.distributor_id: sales for sales in _sales(session, row, now=now)}
    known = _known(session, row.id)
    written, waiting = 0, 0
    for person, about, state in _pairs(session, row):
        sales = sold.get(about)
        if sales is None or (person, about) in known:
            continue
        if sales.undecided or (state == DistributorState.FROZEN and now < row.until_at + period_sales.PATIENCE):
            waiting += 1
            continue
        _settle(session, row, person, sales, active=state == DistributorState.ACTIVE, now=now)
        written += 1
    if not waiting:
        row.state, row.ended_at = "done", now
        session.flush()
        _note(session, row, "task.done", by="clock", now=now)
    return written


def due(session: Session, *, now: dt.datetime) -> list[int]:
    """Tasks whose time is over and that are not done."""
    return list(session.scalars(select(_t.id).where(_t.state == "open", _t.until_at <= now).order_by(_t.id)))


def running_for(session: Session, distributor_id: int, *, now: dt.datetime) -> list[Standing]:
    """The tasks a person can still reach, or is waiting for, with how far: sales so far, completed ones only."""
    found = []
    for row in session.scalars(select(Task).where(_t.state == "open", _t.from_at <= now).order_by(_t.until_at)):
        if _names(session, row, distributor_id):
            found.append(_standing(session, row, distributor_id, now=now))
    return found


def results(session: Session, task_id: int) -> list[dict[str, Any]]:
    """Everybody's result, the greatest first: code, name, about (whose sales), net_fen, bonus_fen."""
    about = t.distributor.alias("about")
    rows = session.execute(
        select(_d.code, _d.name, about.c.name.label("about"), _r.net_fen, _r.bonus_fen, _r.at)
        .join(t.distributor, _d.id == _r.distributor_id)
        .join(about, about.c.id == _r.about_id)
        .where(_r.task_id == task_id)
        .order_by(_r.net_fen.desc(), _r.id)
    )
    return [dict(row._mapping) for row in rows]


def list_of(session: Session, merchant_id: int) -> list[Task]:
    """A merchant's tasks, the newest first."""
    return list(session.scalars(select(Task).where(_t.merchant_id == merchant_id).order_by(_t.id.desc()).limit(100)))


def tiers_of(row: Task) -> list[Tier]:
    """The tiers of a task in rising order."""
    return [Tier(each["reach_fen"], each["bonus_fen"]) for each in row.tiers]


def _settle(session: Session, row: Task, person: int, sales: Sales, *, active: bool, now: dt.datetime) -> None:
    fen = rule.bonus(tiers_of(row), sales.net_fen, cast(Mode, row.mode)) if active else 0
    session.add(
        TaskResult(
            task_id=row.id, distributor_id=person, about_id=sales.distributor_id, net_fen=sales.net_fen,
            bonus_fen=fen, at=now,
        )
    )  # fmt: skip
    session.flush()
    if fen:
        bonuses.credit(
            session, merchant_id=row.merchant_id, distributor_id=person, fen=fen, kind="task",
            reference=f"task:{row.id}:{person}:{sales.distributor_id}",
            why={"name": row.name, "task_id": row.id, "net_fen": sales.net_fen, "about_id": sales.distributor_id},
            by="clock", now=now,
        )  # fmt: skip


def _pairs(session: Session, row: Task, person: int | None = None) -> list[tuple[int, int, str]]:
    """(who is paid, whose sales, state of the paid): oneself, or everybody one invited in the task's time."""
    one = [] if person is None else [_d.id == person]
    who = [*one, _d.state.in_((DistributorState.ACTIVE, DistributorState.FROZEN)), *people_of.named_by(row.audience)]
    found = select(_d.id, _d.id, _d.state).where(*who)
    if row.kind == "invited":
        guest = t.distributor.alias("guest")
        came = (guest.c.applied_at >= row.from_at, guest.c.applied_at < row.until_at)
        found = select(_d.id, guest.c.id, _d.state).join(guest, guest.c.inviter_id == _d.id).where(*who, *came)
    return [(person, about, state) for person, about, state in session.execute(found.order_by(_d.id))]


def _sales(session: Session, row: Task, *, now: dt.datetime, people: Collection[int] | None = None) -> list[Sales]:
    return period_sales.of_period(session, row.merchant_id, (row.from_at, row.until_at), now=now, people=people)


def _standing(session: Session, row: Task, person: int, *, now: dt.datetime) -> Standing:
    about = {each for _, each, _ in _pairs(session, row, person)}
    sold = _sales(session, row, now=now, people=about)
    tiers, mode = tiers_of(row), cast(Mode, row.mode)
    # Of several invited people each is a goal of its own; the best one is shown.
    net = max((sales.net_fen for sales in sold), default=0)
    earned = sum(rule.bonus(tiers, sales.net_fen, mode) for sales in sold)
    final = now >= row.until_at and not any(sales.undecided for sales in sold)
    return Standing(row, net, earned, rule.following(tiers, net), final)


def _names(session: Session, row: Task, person: int) -> bool:
    return session.scalar(select(_d.id).where(_d.id == person, *people_of.named_by(row.audience))) is not None


def _known(session: Session, task_id: int) -> set[tuple[int, int]]:
    rows = session.execute(select(_r.distributor_id, _r.about_id).where(_r.task_id == task_id))
    return {(person, about) for person, about in rows}


def _written(tier: Tier) -> dict[str, int]:
    return {"reach_fen": tier.reach_fen, "bonus_fen": tier.bonus_fen}


def _note(session: Session, row: Task, action: str, *, by: str, now: dt.datetime) -> None:
    facts = {"name": row.name}
    subject = f"task:{row.id}"
    audit.write(session, actor=by, action=action, subject=subject, merchant_id=row.merchant_id, facts=facts, now=now)
