"""What somebody who may not ask is told of his standing: why, since when, and that his money is there."""

from typing import Any

from sqlalchemy.orm import Session

from distribution import earnings, members

_STOPPED = ("frozen", "terminated", "rejected")


def of_person(session: Session, distributor_id: int | None, state: str | None) -> dict[str, Any]:
    """``reason``, ``since``, ``available_fen`` and ``pending_fen`` of somebody stopped or rejected; else nothing."""
    if distributor_id is None or state not in _STOPPED:
        return {}
    row = members.get_distributor(session, distributor_id)
    purse = earnings.purse(session, distributor_id)
    return {
        "reason": row.reason,
        "since": row.decided_at,
        "available_fen": purse.available_fen,
        "pending_fen": purse.pending_fen,
    }
