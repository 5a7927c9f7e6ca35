"""A distributor as malls may see one: standing, level, upline, balances."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import earnings
from models import tables as t


def show(session: Session, code: str) -> dict[str, Any] | None:
    """State, level, upline and balances in fen (none negative: a debt is ``owed_fen``); None for a code of nobody."""
    person, upline, level = t.distributor, t.distributor.alias("upline"), t.level
    row = session.execute(
        select(person.c.id, person.c.code, person.c.state, level.c.name.label("level"), upline.c.code.label("upline"))
        .select_from(
            person.outerjoin(upline, upline.c.id == person.c.inviter_id).outerjoin(
                level, level.c.id == person.c.level_id
            )
        )
        .where(person.c.code == code.strip().upper())
    ).first()
    if row is None:
        return None
    purse = earnings.purse(session, row.id)
    return {
        "code": row.code,
        "state": row.state,
        "level": row.level,
        "upline": row.upline,
        "pending_fen": purse.pending_fen,
        "available_fen": purse.available_fen,
        "withdrawing_fen": purse.withdrawing_fen,
        "withdrawn_fen": purse.withdrawn_fen,
        "owed_fen": purse.owed_fen,
    }
