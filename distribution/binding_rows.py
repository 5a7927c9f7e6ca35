"""The rows behind a customer: the bindings one after the other, the open invitation, and the events for ever."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from distribution.policy_parts import BindingTerms
from distribution.rules.binding import Customer, Held, Invitation
from models import tables as t
from models.direct import Direct, as_rows, insert_rows, read_instant, stored

_b, _e, _i = t.binding.c, t.binding_event.c, t.customer_invitation.c
_IDLE = ("self", "ignored")
#: The channel where a customer found an old account again: told to nobody but the merchant.
RECOVERED = "recovered"
_UNINVITED = Direct(
    "select m.id, b.distributor_id, b.bound_at, b.valid_until, b.protected_until, b.locked,"
    " (select max(e.at) from binding_event e where e.member_id = m.id and e.act <> ''"
    f" and e.kind not in {_IDLE!r})"
    " from @each(:rows) cross join member m left join binding b on b.member_id = m.id and b.ended_at is null"
    " where m.id = cast(r.value ->> 0 as bigint)"
    " and not exists (select 1 from customer_invitation i where i.member_id = m.id)"
)
_TOLD_BEFORE = Direct(
    "select e.member_id from @each(:rows) cross join binding_event e"
    " where e.member_id = cast(r.value ->> 0 as bigint) and e.channel = r.value ->> 1"
)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done to a customer at ``at``, under ``terms``; ``channel`` is how (R15)."""

    act: str
    at: dt.datetime
    terms: BindingTerms
    channel: str
    distributor_id: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Span:
    """A binding during ``[held.bound_at, ended_at)``; None: it is the open one."""

    held: Held
    ended_at: dt.datetime | None = None


def lock(session: Session, member_id: int) -> dt.datetime | None:
    """Keep everybody else from this customer until the transaction ends; when the person was first met."""
    m = t.member.c
    return session.scalar(select(m.created_at).where(m.id == member_id).with_for_update(key_share=True))


def load(session: Session, member_id: int, new_since: dt.datetime | None) -> Customer:
    """The customer as the rows say now."""
    row = session.execute(select(*_HELD).where(_b.member_id == member_id, _b.ended_at.is_(None))).first()
    open_one = select(_i.distributor_id, _i.made_at, _i.until).where(_i.member_id == member_id)
    invitation = session.execute(open_one).first()
    return Customer(Held(*row) if row else None, Invitation(*invitation) if invitation else None, new_since)


def uninvited(session: Session, members: Iterable[int]) -> dict[int, tuple[Customer, dt.datetime | None]]:
    """Those of many members who have no open invitation, as the rows say now, each with his ``newest`` moment."""
    found: dict[int, tuple[Customer, dt.datetime | None]] = {}
    rows = as_rows((member,) for member in members)
    for member, who, bound_at, valid, protected, locked, last in _UNINVITED.rows(session, rows=rows):
        since = read_instant(bound_at)
        held = Held(who, since, read_instant(valid), read_instant(protected), bool(locked)) if since else None
        found[member] = (Customer(held), read_instant(last))
    return found


def told_before(session: Session, channels: Iterable[tuple[int, str]]) -> set[int]:
    """The members of whom something by that channel was noted before."""
    return {member for (member,) in _TOLD_BEFORE.rows(session, rows=as_rows(channels))}


def save(session: Session, member_id: int, before: Customer, after: Customer, *, at: dt.datetime) -> None:
    """Write what one step at ``at`` changed."""
    if before.held != after.held:
        if before.held is not None and _name(before.held) != (_name(after.held) if after.held else None):
            ended = min(at, before.held.valid_until or at)
            session.execute(update(t.binding).where(*_open(member_id)).values(ended_at=ended))
            before = replace(before, held=None)
        if before.held is None and after.held is not None:
            session.execute(insert(t.binding).values(member_id=member_id, **_values(after.held)))
        elif after.held is not None:
            session.execute(update(t.binding).where(*_open(member_id)).values(**_values(after.held)))
    if before.invitation != after.invitation:
        _invite(session, member_id, after.invitation)


def prolong(session: Session, held: Mapping[int, Held]) -> None:
    """Write the open bindings of these members, which are still the same ones but last longer or are locked."""
    if held:
        changed = ("valid_until", "protected_until", "locked")
        longer = update(t.binding).where(_b.member_id == bindparam("of_member"), _b.ended_at.is_(None))
        told = [{"of_member": member} | {f"to_{each}": getattr(one, each) for each in changed}
                for member, one in held.items()]  # fmt: skip
        session.execute(longer.values({each: bindparam(f"to_{each}") for each in changed}), told)


def rewrite(session: Session, member_id: int, spans: Sequence[Span], invitation: Invitation | None) -> list[Span]:
    """Make the rows say these spans; those that were not there before. A row that is in none of them held no moment."""
    found = select(_b.id, _b.distributor_id, _b.bound_at).where(_b.member_id == member_id)
    held = {(row.distributor_id, row.bound_at): row.id for row in session.execute(found)}
    wanted = {_name(span.held) for span in spans}
    gone = [row_id for name, row_id in held.items() if name not in wanted]
    session.execute(update(t.binding).where(_b.id.in_(gone)).values(ended_at=_b.bound_at))
    # The open one comes last: there is never a second.
    for span in sorted(spans, key=lambda each: each.ended_at is None):
        values = _values(span.held) | {"ended_at": span.ended_at}
        row_id = held.get(_name(span.held))
        if row_id is None:
            session.execute(insert(t.binding).values(member_id=member_id, **values))
        else:
            session.execute(update(t.binding).where(_b.id == row_id).values(**values))
    _invite(session, member_id, invitation)
    return [span for span in spans if _name(span.held) not in held]


def note(
    session: Session, member_id: int, act: Act, kind: str, *, who: int | None = None, derived: bool = False
) -> None:
    """Add to the evidence what came of an act; ``derived``: an older act is seen in another light by now."""
    facts = act.facts if derived else {**act.facts, "terms": act.terms.model_dump(mode="json")}
    values = {"member_id": member_id, "distributor_id": who, "act": "" if derived else act.act, "kind": str(kind)}
    session.execute(insert(t.binding_event).values(**values, channel=act.channel, facts=facts, at=act.at))


def note_all(session: Session, notes: Sequence[tuple[int, Act, str, int | None]]) -> None:
    """Add to the evidence what came of many acts: member, act, kind, and whose customer it found."""
    rows = [
        (member_id, who, act.act, str(kind), act.channel, act.facts | {"terms": act.terms.model_dump(mode="json")},
         stored(act.at))
        for member_id, act, kind, who in notes
    ]  # fmt: skip
    if rows:
        names = ("member_id", "distributor_id", "act", "kind", "channel", "facts", "at")
        insert_rows(session, t.binding_event, names, rows)


def newest(session: Session, member_id: int) -> dt.datetime | None:
    """The moment of the last thing that was done to the customer."""
    last: dt.datetime | None = session.scalar(select(func.max(_e.at)).where(*_acts(member_id)))
    return last


def recorded(session: Session, member_id: int, channel: str) -> tuple[dt.datetime, int | None] | None:
    """When the act of this channel was last said to have been, and whose customer it found."""
    found = select(_e.at, _e.distributor_id).where(*_acts(member_id), _e.channel == channel).order_by(_e.id.desc())
    row = session.execute(found.limit(1)).first()
    return (row.at, row.distributor_id) if row else None


def acts(session: Session, member_id: int, otherwise: BindingTerms) -> list[Act]:
    """Everything that was done to the customer in its order; an order counts at the moment it was last said to have."""
    rows = session.execute(select(t.binding_event).where(*_acts(member_id)).order_by(_e.at, _e.id)).all()
    last = {row.channel: row.id for row in sorted(rows, key=lambda row: row.id) if row.act == "order"}
    return [
        Act(row.act, row.at, _terms(row.facts, otherwise), row.channel, row.distributor_id,
            {name: value for name, value in row.facts.items() if name != "terms"})
        for row in rows if row.act != "order" or row.channel == "order" or last[row.channel] == row.id
    ]  # fmt: skip


def _terms(facts: dict[str, Any], otherwise: BindingTerms) -> BindingTerms:
    return BindingTerms.model_validate(facts["terms"]) if "terms" in facts else otherwise


def _acts(member_id: int) -> tuple[Any, ...]:
    return _e.member_id == member_id, _e.act != "", _e.kind.not_in(_IDLE)


def _open(member_id: int) -> tuple[Any, ...]:
    return _b.member_id == member_id, _b.ended_at.is_(None)


_HELD = (_b.distributor_id, _b.bound_at, _b.valid_until, _b.protected_until, _b.locked)


def _name(held: Held) -> tuple[int, dt.datetime]:
    return held.distributor_id, held.bound_at


def _values(held: Held) -> dict[str, Any]:
    return {name: getattr(held, name) for name in Held.__slots__}


def _invite(session: Session, member_id: int, made: Invitation | None) -> None:
    session.execute(delete(t.customer_invitation).where(_i.member_id == member_id))
    if made is not None:
        values = {name: getattr(made, name) for name in Invitation.__slots__}
        session.execute(insert(t.customer_invitation).values(member_id=member_id, **values))
