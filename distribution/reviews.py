"""People under review: settlement and withdrawals wait while a person looks; each can read why."""

import datetime as dt

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from distribution import audit, notices
from distribution.refusals import Code, Refusal
from distribution.rules.calendar import shown_full
from models import Review
from models import tables as t
from models.upsert import upsert

_a, _r = t.compliance_alarm.c, t.review.c


def held() -> Select[tuple[int]]:
    """The people under review, to be left out of what pays."""
    return select(_r.distributor_id).where(_r.ended_at.is_(None))


def of_distributor(session: Session, distributor_id: int) -> Review | None:
    """The open review of somebody, with the reason the person may read."""
    return session.scalars(select(Review).where(_r.distributor_id == distributor_id, _r.ended_at.is_(None))).first()


def refuse_held(session: Session, distributor_id: int) -> None:
    """Refusal under_review, with the reason, while somebody is under review."""
    row = of_distributor(session, distributor_id)
    if row is not None:
        raise Refusal(Code.UNDER_REVIEW, reason=row.reason, since=row.since)


def in_question(session: Session, distributor_id: int) -> bool:
    """Whether a ring that nobody has decided on names somebody: no withdrawal of his passes by itself meanwhile."""
    open_rings = select(_a.facts).where(_a.kind == "ring", _a.decided_at.is_(None))
    return any(distributor_id in facts["people"] for facts in session.scalars(open_rings))


def begin(session: Session, distributor_id: int, *, alarm_id: int, reason: str, now: dt.datetime) -> bool:
    """Hold somebody and tell the reason; False when a review is open already."""
    row = {"distributor_id": distributor_id, "alarm_id": alarm_id, "reason": reason, "since": now}
    fresh = upsert(session, t.review).values(row).on_conflict_do_nothing()
    review_id = session.execute(fresh.returning(_r.id)).scalar()
    if review_id is None:
        return False
    _note(session, distributor_id, "review.begun", {"reason": reason}, by="guard", now=now)
    text = f"你的账户要人工复核一下：待结算和提现先等一等，钱都在，新订单照常计佣。\n原因：{reason}\n有疑问回复“人工”。"
    _tell(session, distributor_id, text, "复核中", once=f"review:{review_id}", now=now)
    return True


def end(session: Session, alarm_id: int, *, by: str, reason: str, now: dt.datetime) -> list[int]:
    """End the reviews of an alarm and tell the people; who they were."""
    ended = session.execute(
        update(t.review)
        .where(_r.alarm_id == alarm_id, _r.ended_at.is_(None))
        .values(ended_at=now, ended_by=by)
        .returning(_r.id, _r.distributor_id)
    ).all()
    for review_id, person in ended:
        _note(session, person, "review.ended", {"reason": reason}, by=by, now=now)
        text = f"人工复核结束了：{reason}\n待结算和提现恢复正常。"
        _tell(session, person, text, "复核结束", once=f"review:{review_id}:ended", now=now)
    return sorted(person for _, person in ended)


def _tell(session: Session, person: int, text: str, status: str, *, once: str, now: dt.datetime) -> None:
    facts = {"thing": "账户复核", "status": status, "time": shown_full(now)}
    notices.tell(session, person, "state", text, once=once, facts=facts, now=now)


def _note(session: Session, person: int, action: str, facts: dict[str, object], *, by: str, now: dt.datetime) -> None:
    audit.write(session, actor=by, action=action, subject=f"distributor:{person}", facts=facts, now=now)
