"""Rows that somebody repaired by hand: accepted as they are now, with a name and a reason in the audit trail."""

import datetime as dt

from sqlalchemy.orm import Session

from distribution import audit
from models import fingerprints


def accept(session: Session, *, by: str, reason: str, now: dt.datetime) -> list[str]:
    """Take the fingerprint anew of every row that has none or another; these rows ("commission 7").

    The books themselves (journal, audit trail) cannot be accepted: they are corrected by further entries.
    """
    connection = session.connection()
    found = [(kind, row_id) for kind in fingerprints.KINDS for row_id in fingerprints.differing(connection, kind)]
    for kind in {kind for kind, _ in found}:
        fingerprints.retake(connection, kind, [row_id for each, row_id in found if each == kind])
    fingerprints.forget_left_over(connection)
    rows = [f"{kind} {row_id}" for kind, row_id in found]
    if rows:
        facts = {"reason": reason, "rows": rows}
        audit.write(session, actor=by, action="ledger.accepted", subject="ledger", facts=facts, now=now)
    return rows
