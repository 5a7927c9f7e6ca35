"""The account in the way of one that moves: who never earned, invited or held anything gives way to it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Column, Exists, delete, exists, insert, literal, select, union_all
from sqlalchemy.orm import Session

from distribution import audit, ledger, members, team
from models import Distributor
from models import tables as t
from models.states import DistributorState as State

_d, _e = t.distributor.c, t.distributor_event.c
#: Who has not passed yet, or was turned down.
APPLICANTS = (State.PENDING, State.REJECTED)
#: What stands of everybody who ever applied, and what only tells of somebody: it goes with the row and holds nothing.
HARMLESS = frozenset(
    {
        "binding_event", "distributor_day", "distributor_event", "distributor_span", "distributor_tag", "team_path",
        "ticket", "visit",
    }
)  # fmt: skip
#: What the rows of other tables mean where they name somebody; those that are not here are told as ``used``.
_MEANINGS = {
    "earned": {"bonus", "commission", "debt_write_off", "order", "settlement_hold", "withdrawal"},
    "invited": {"distributor"},
    "customers": {"binding", "customer_invitation", "dispute"},
    "partner": {"agreement", "dealer", "region_agent"},
}
_SAID = ("standing", *_MEANINGS, "used")
_FOUND = "已找回原来的账号"
_MEANT = {table: meaning for meaning, tables in _MEANINGS.items() for table in tables}


@dataclass(frozen=True, slots=True)
class InTheWay:
    """The account a WeChat has already.

    ``holds`` says why it stays: standing, earned, invited, customers, partner, used; it gives way where that is empty.
    """

    distributor: Distributor
    holds: tuple[str, ...]


def find(session: Session, member_id: int, *, locked: bool = False) -> InTheWay | None:
    """The account in the way of one that is to move to this WeChat; None where there is none."""
    asked = select(Distributor).where(_d.member_id == member_id)
    if locked:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(asked).first()
    return None if row is None else InTheWay(row, _holds(session, row))


def change_places(session: Session, mover: Distributor, other: Distributor, *, by: str, now: dt.datetime) -> None:
    """Let two accounts change their WeChats: ``other``, which gives way, is kept with all that was written of it.

    It can never be passed; whoever applies again from its new WeChat begins afresh, the inviter included.
    """
    if other.state == State.PENDING:
        members.reject(session, other.id, by=by, reason=_FOUND, now=now, told=False)
    if other.inviter_id is not None:
        team.move(session, other.id, None, by=by, reason=_FOUND, now=now)
        session.refresh(other)
    to, back = other.member_id, mover.member_id
    # Nobody has two accounts even for a moment, so that one of them has to stand somewhere else meanwhile.
    meanwhile = {"appid": "", "openid": f"changing:{other.id}", "following": False, "notices": False, "created_at": now}
    spare = session.scalars(insert(t.member).values(meanwhile).returning(t.member.c.id)).one()
    for row, member_id in ((other, spare), (mover, to), (other, back)):
        row.member_id = member_id
        session.flush()
    session.execute(delete(t.member).where(t.member.c.id == spare))
    facts = {"before": to, "after": back, "reason": f"给找回的账号 {mover.code} 让位"}
    audit.write(session, actor=by, action="distributor.wechat", subject=f"distributor:{other.id}", facts=facts, now=now)


def _holds(session: Session, row: Distributor) -> tuple[str, ...]:
    asked = [select(literal(meaning)).where(names) for meaning, names in _named(row.id)]
    found = set(session.scalars(union_all(*asked)))
    return tuple(each for each in _SAID if each in found)


def _named(distributor_id: int) -> Iterator[tuple[str, Exists]]:
    """Every place that may name somebody, and what it means to stand there."""
    yield "standing", exists().where(_d.id == distributor_id, _d.state.not_in(APPLICANTS))
    was = (_e.distributor_id == distributor_id, _e.kind == "state", _e.value.not_in(APPLICANTS))
    yield "standing", exists().where(*was)
    purses = [ledger.purse(distributor_id, name) for name in (*ledger.PURSES, "owed")]
    yield "earned", exists().where(t.account.c.name.in_(purses), t.account.c.balance_fen != 0)
    for column in naming():
        if column.table.name not in HARMLESS:
            yield _MEANT.get(column.table.name, "used"), exists().where(column == distributor_id)


def naming() -> list[Column[int]]:
    """Every column of the database that names a distributor."""
    columns = (column for table in t.distributor.metadata.sorted_tables for column in table.c)
    return [each for each in columns if any(key.column is _d.id for key in each.foreign_keys)]
