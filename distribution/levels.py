"""Levels and tags: how merchants sort their distributors, for lists and campaigns; neither changes a rate."""

import datetime as dt

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from distribution import audit
from distribution.refusals import Code, Refusal
from models import Level, Tag
from models import tables as t


def all_levels(session: Session) -> list[Level]:
    """Every level, the lowest first."""
    return list(session.scalars(select(Level).order_by(t.level.c.rank)))


def all_tags(session: Session) -> list[Tag]:
    """Every tag by name."""
    return list(session.scalars(select(Tag).order_by(t.tag.c.name)))


def make_level(session: Session, name: str, rank: int, *, by: str, now: dt.datetime) -> Level:
    """Add a level; Refusal name_taken."""
    name = name.strip()
    if not name or session.scalar(select(t.level.c.id).where(t.level.c.name == name)) is not None:
        raise Refusal(Code.NAME_TAKEN, name=name)
    row = Level(name=name, rank=rank)
    session.add(row)
    session.flush()
    audit.write(session, actor=by, action="level.made", subject=f"level:{row.id}", facts={"name": name}, now=now)
    return row


def set_level(session: Session, distributor_id: int, level_id: int | None, *, by: str, now: dt.datetime) -> None:
    """Give a level by hand; None takes it away."""
    if level_id is not None and session.get(Level, level_id) is None:
        raise Refusal(Code.NOT_FOUND, what="level")
    session.execute(update(t.distributor).where(t.distributor.c.id == distributor_id).values(level_id=level_id))
    _note(session, distributor_id, "distributor.level", {"level_id": level_id}, by=by, now=now)


def tag(session: Session, distributor_id: int, name: str, *, by: str, now: dt.datetime) -> None:
    """Put a tag on a distributor, making the tag where it is new."""
    name = name.strip()
    if not name or len(name) > 30:
        raise Refusal(Code.NAME_TAKEN, name=name)
    found = session.scalar(select(t.tag.c.id).where(t.tag.c.name == name))
    tag_id = found or session.scalar(insert(t.tag).values(name=name).returning(t.tag.c.id))
    pair = {"distributor_id": distributor_id, "tag_id": tag_id}
    if tag_id not in tag_ids(session, distributor_id):
        session.execute(insert(t.distributor_tag).values(**pair))
        _note(session, distributor_id, "distributor.tagged", {"tag": name}, by=by, now=now)


def untag(session: Session, distributor_id: int, tag_id: int, *, by: str, now: dt.datetime) -> None:
    """Take a tag off."""
    row = t.distributor_tag
    session.execute(delete(row).where(row.c.distributor_id == distributor_id, row.c.tag_id == tag_id))
    _note(session, distributor_id, "distributor.untagged", {"tag_id": tag_id}, by=by, now=now)


def tag_ids(session: Session, distributor_id: int) -> set[int]:
    """The tags somebody wears."""
    row = t.distributor_tag
    return set(session.scalars(select(row.c.tag_id).where(row.c.distributor_id == distributor_id)))


def _note(
    session: Session, distributor_id: int, action: str, facts: dict[str, object], *, by: str, now: dt.datetime
) -> None:
    audit.write(session, actor=by, action=action, subject=f"distributor:{distributor_id}", facts=facts, now=now)
