"""Commission rows that could not be settled: held back with the reason until a person has looked, nobody else waits."""

import datetime as dt
from typing import Any

from sqlalchemy import Select, func, insert, literal, select, update
from sqlalchemy.orm import Session

from distribution import audit
from distribution.refusals import Code, Refusal
from distribution.settlement_credits import Earned
from models import tables as t
from models.listed import numbers

_c, _h = t.commission.c, t.settlement_hold.c


def held() -> Select[Any]:
    """Ids of the rows that are held back now."""
    return select(_h.commission_id).where(_h.cleared_at.is_(None))


def hold_back(session: Session, earned: Earned, *, what: str, now: dt.datetime) -> None:
    """Hold back the rows that could not be settled, and say so in the journal."""
    own = numbers(session, [earned.ids], "row")
    rows = select(own.c.row, literal(earned.distributor_id), literal(what), literal(now, _h.at.type))
    session.execute(insert(t.settlement_hold).from_select(["commission_id", "distributor_id", "what", "at"], rows))
    subject, facts = f"distributor:{earned.distributor_id}", {"commission_id": earned.first, "what": what}
    audit.write(session, actor="clock", action="settlement.held", subject=subject, facts=facts, now=now)


def of_merchant(session: Session, merchant_id: int, limit: int = 200) -> list[dict[str, Any]]:
    """What is held back of a merchant's rows: person, order, fen, why and since when."""
    found = (
        select(_h.id, _h.what, _h.at, _c.fen, _c.distributor_id, t.order.c.order_no)
        .add_columns(t.distributor.c.name, t.distributor.c.code)
        .join(t.commission, _c.id == _h.commission_id)
        .join(t.order, t.order.c.id == _c.order_id)
        .join(t.distributor, t.distributor.c.id == _c.distributor_id)
        .where(_h.cleared_at.is_(None), _c.merchant_id == merchant_id)
    )
    return [dict(row._mapping) for row in session.execute(found.order_by(_h.id).limit(limit))]


def count(session: Session) -> int:
    """How many rows are held back now."""
    return int(session.scalar(select(func.count()).select_from(t.settlement_hold).where(_h.cleared_at.is_(None))) or 0)


def try_again(session: Session, merchant_id: int, distributor_id: int, *, by: str, now: dt.datetime) -> int:
    """A person looked: the next run tries this person's held rows of the merchant again; how many. Or not_found."""
    own = select(_c.id).where(_c.merchant_id == merchant_id, _c.distributor_id == distributor_id)
    freed = (
        update(t.settlement_hold)
        .where(_h.cleared_at.is_(None), _h.commission_id.in_(own))
        .values(cleared_at=now, cleared_by=by)
        .returning(_h.id)
    )
    rows = len(session.execute(freed).all())
    if not rows:
        raise Refusal(Code.NOT_FOUND, what="settlement_hold")
    subject = f"distributor:{distributor_id}"
    audit.write(
        session, actor=by, action="settlement.freed", subject=subject, merchant_id=merchant_id, facts={"rows": rows},
        now=now,
    )  # fmt: skip
    return rows
