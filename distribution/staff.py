"""Operators of the console: their accounts, their log-ins, their sessions."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from distribution import audit
from distribution.refusals import Code, Refusal
from models import ConsoleSession, Operator
from models import tables as t
from models.states import Role

NAME_MOST = 40
#: Wrong passwords that cost nothing; then the wait doubles from 30 s up to 15 min.
_FREE_FAILURES = 4
_FIRST_WAIT = dt.timedelta(seconds=30)
_LONGEST_WAIT = dt.timedelta(minutes=15)
_SEEN_EVERY = dt.timedelta(minutes=1)
_o, _s = t.operator.c, t.console_session.c


@dataclass(frozen=True, slots=True)
class SessionTerms:
    """How long a log-in lasts without a page being opened, and altogether."""

    idle: dt.timedelta = dt.timedelta(minutes=30)
    whole: dt.timedelta = dt.timedelta(hours=12)


def count(session: Session) -> int:
    """How many accounts there are."""
    return int(session.scalar(select(func.count()).select_from(t.operator)) or 0)


def everyone(session: Session, merchant_id: int) -> list[Operator]:
    """The accounts of a merchant."""
    return list(session.scalars(select(Operator).where(_o.merchant_id == merchant_id).order_by(_o.id)))


def add(
    session: Session,
    *,
    merchant_id: int,
    name: str,
    role: str,
    password_hash: str,
    now: dt.datetime,
    by: str = "setup",
) -> Operator:
    """Make an account; Refusal name_taken for an empty, over-long or known name."""
    name = name.strip()
    if not name or len(name) > NAME_MOST or find_operator(session, name) is not None:
        raise Refusal(Code.NAME_TAKEN, name=name)
    row = Operator(merchant_id=merchant_id, name=name, role=Role(role), password_hash=password_hash, created_at=now)
    session.add(row)
    session.flush()
    _note(session, row, "operator.added", by=by, now=now)
    return row


def find_operator(session: Session, name: str) -> Operator | None:
    """The account with this name."""
    return session.scalars(select(Operator).where(_o.name == name)).first()


def get_operator(session: Session, merchant_id: int, operator_id: int) -> Operator:
    """A merchant's own account; Refusal not_found."""
    row = session.get(Operator, operator_id, with_for_update=True)
    if row is None or row.merchant_id != merchant_id:
        raise Refusal(Code.NOT_FOUND, what="operator")
    return row


def merchant_of(session: Session, operator_id: int) -> int:
    """Whose account it is; Refusal not_found."""
    row = session.get(Operator, operator_id)
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="operator")
    return row.merchant_id


def switch(
    session: Session, merchant_id: int, operator_id: int, *, active: bool, by: str, now: dt.datetime
) -> Operator:
    """Let an account in or keep it out (its sessions end at once); Refusal illegal_state for the last owner."""
    row = get_operator(session, merchant_id, operator_id)
    owners = [each for each in everyone(session, merchant_id) if each.role == Role.OWNER and each.active]
    if not active and [each.id for each in owners] == [row.id]:
        raise Refusal(Code.ILLEGAL_STATE, state="last owner")
    row.active = active
    session.flush()
    if not active:
        close_all(session, row.id)
    _note(session, row, "operator.enabled" if active else "operator.disabled", by=by, now=now)
    return row


def set_password(session: Session, operator_id: int, password_hash: str, *, by: str, now: dt.datetime) -> None:
    """Change a password; every session of the account ends."""
    row = session.get_one(Operator, operator_id, with_for_update=True)
    row.password_hash, row.failed_logins, row.wait_until = password_hash, 0, None
    session.flush()
    close_all(session, operator_id)
    _note(session, row, "operator.password", by=by, now=now)


def try_login(session: Session, operator_id: int, now: dt.datetime) -> bool:
    """Count a try before the password is looked at; False while the account waits after too many wrong ones."""
    row = session.get_one(Operator, operator_id, with_for_update=True, populate_existing=True)
    if row.wait_until is not None and now < row.wait_until:
        return False
    row.failed_logins += 1
    excess = row.failed_logins - _FREE_FAILURES
    if excess > 0:
        row.wait_until = now + min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(excess - 1, 10))
    session.flush()
    return True


def record_success(session: Session, operator_id: int) -> None:
    """The right password: the count starts anew."""
    session.execute(update(t.operator).where(_o.id == operator_id).values(failed_logins=0, wait_until=None))


def open_session(session: Session, operator_id: int, token_hash: str, now: dt.datetime) -> None:
    """A browser logged in; only the hash of its token is kept."""
    session.add(ConsoleSession(token_hash=token_hash, operator_id=operator_id, created_at=now, seen_at=now))
    row = session.get_one(Operator, operator_id)
    _note(session, row, "operator.login", by=row.name, now=now)


def session_operator(
    session: Session, token_hash: str, now: dt.datetime, terms: SessionTerms = SessionTerms()
) -> Operator | None:
    """Who is behind a token; None when nobody, or the session or the account has ended."""
    row = session.execute(select(_s.created_at, _s.seen_at, _s.operator_id).where(_s.token_hash == token_hash)).first()
    if row is None or now - row.seen_at > terms.idle or now - row.created_at > terms.whole:
        return None
    operator = session.get(Operator, row.operator_id)
    return operator if operator is not None and operator.active else None


def is_stale(session: Session, token_hash: str, now: dt.datetime) -> bool:
    """Whether the session was last seen long enough ago to be worth a write."""
    seen = session.scalar(select(_s.seen_at).where(_s.token_hash == token_hash))
    return seen is not None and now - seen > _SEEN_EVERY


def touch(session: Session, token_hash: str, now: dt.datetime) -> None:
    """The session is in use."""
    session.execute(update(t.console_session).where(_s.token_hash == token_hash).values(seen_at=now))


def close_session(session: Session, token_hash: str) -> None:
    """Log one browser out."""
    session.execute(delete(t.console_session).where(_s.token_hash == token_hash))


def close_all(session: Session, operator_id: int) -> None:
    """Log an account out everywhere."""
    session.execute(delete(t.console_session).where(_s.operator_id == operator_id))


def _note(session: Session, row: Operator, action: str, *, by: str, now: dt.datetime) -> None:
    facts = {"name": row.name, "role": row.role}
    subject = f"operator:{row.id}"
    audit.write(session, actor=by, action=action, subject=subject, merchant_id=row.merchant_id, facts=facts, now=now)
